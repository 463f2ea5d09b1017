import pytest

from index import Document, Passage
from qa import Span
from qa.answering.lists import completed, names_several

TEXT = "Jupiter and Saturn are gas giants, Uranus, Neptune and the far Titania not, says Saturn's discoverer."
QUESTION = "What is a gas giant?"
PASSAGE = Passage(1, Document("planets", TEXT), 0, len(TEXT))


def item(text: str, passage: Passage = PASSAGE, probability: float = 0.9) -> Span:
    start = passage.document.text.index(text)
    return Span(passage, start, start + len(text), probability)


def names(question: str, *told: Span) -> bool:
    """Whether the question gets a list of these, where the first of them is the best single answer too."""
    return names_several(question, told[:1], told)


def test_two_items_of_one_passage_make_a_list() -> None:
    assert names(QUESTION, item("Jupiter"), item("Saturn"))


def test_one_item_or_the_same_twice_make_none() -> None:
    assert not names(QUESTION, item("Jupiter"))
    assert not names(QUESTION, item("Saturn"), item("Saturn's"))


def test_a_list_without_the_best_single_answer_is_none() -> None:
    told = [item("Jupiter"), item("Saturn")]
    assert names_several(QUESTION, [item("Jupiter and Saturn")], told)
    assert names_several(QUESTION, [item("Saturn"), item("discoverer")], told)
    assert not names_several(QUESTION, [item("discoverer"), item("Saturn")], told)
    assert not names_several(QUESTION, [], told)


def test_words_that_follow_each_other_are_one_thing() -> None:
    text = "It is kept at minus 18 degrees there."
    passage = Passage(3, Document("vault", text), 0, len(text))
    assert not names("At what temperature is it kept?", item("minus", passage), item("18 degrees", passage))


def test_figures_are_cells_of_a_table_and_no_list() -> None:
    text = "Revenue | 2022: $ 5,931 | 2021: $ 7,103 (20 %) | Titan and Rhea"
    passage = Passage(4, Document("report", text), 0, len(text))
    figures = [item(figure, passage) for figure in ("$ 5,931", "$ 7,103", "20 %")]
    moons = [item("Titan", passage), item("Rhea", passage)]
    assert not names("What was the revenue?", *figures)
    assert names("What was the revenue?", *figures, *moons)


def test_items_of_different_passages_make_none() -> None:
    other = Passage(2, Document("other", "Neptune is an ice giant."), 0, 24)
    assert not names(QUESTION, item("Jupiter"), item("Neptune", other))


def test_a_question_for_a_reason_or_a_time_gets_a_phrase() -> None:
    told = [item("Jupiter"), item("Saturn")]
    assert names("Who are the giants?", *told)
    for question in ("Why is Saturn there?", "how are they called", "When was it?", "What did Saturn do?"):
        assert not names(question, *told)


@pytest.mark.parametrize(
    ("best", "told", "whole"),
    [
        ("Jupiter", ["Jupiter"], ["Jupiter", "Saturn"]),
        ("Saturn", [], ["Saturn", "Jupiter"]),
        ("Uranus", ["Uranus"], ["Uranus", "Neptune", "far Titania"]),
        ("gas giants", ["Jupiter"], ["Jupiter"]),
    ],
)
def test_what_is_enumerated_with_the_best_answer_belongs_to_the_list(
    best: str, told: list[str], whole: list[str]
) -> None:
    unsure = [item(name, probability=0.1) for name in ("Neptune", "far Titania", "Jupiter", "Saturn")]
    found = completed(QUESTION, [item(best)], unsure, [item(name) for name in told])
    assert [one.text for one in found] == whole


@pytest.mark.parametrize("question", ["Which planet is a gas giant?", "Why is it a giant?"])
def test_a_question_for_one_thing_or_a_reason_gets_no_more_items(question: str) -> None:
    told = (item("Jupiter"),)
    assert completed(question, told, [item("Saturn", probability=0.1)], told) == told
    assert completed(question, [], [item("Saturn", probability=0.1)], told) == told


def test_figures_are_not_added_to_a_list() -> None:
    text = "Rhea, 1672 and Titan"
    passage = Passage(5, Document("moons", text), 0, len(text))
    told = (item("Rhea", passage),)
    assert completed("Who is a moon?", told, [item("1672", passage), item("Titan", passage)], told) == told
