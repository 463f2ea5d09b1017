import pytest

from index import Document, Passage
from qa import Span
from qa.answering.lists import completed, is_list, names_several
from qa.reading.reader import Forms

TEXT = "Jupiter and Saturn are gas giants, Uranus, Neptune and the far Titania not, says Saturn's discoverer."
PASSAGE = Passage(1, Document("planets", TEXT), 0, len(TEXT))


def item(text: str, passage: Passage = PASSAGE, probability: float = 0.9) -> Span:
    start = passage.document.text.index(text)
    return Span(passage, start, start + len(text), probability)


def names(*selected: Span) -> bool:
    """Whether these make a list, where the first of them is the best single answer too."""
    return names_several(selected[:1], selected)


def test_two_items_of_one_passage_make_a_list() -> None:
    assert names(item("Jupiter"), item("Saturn"))


def test_one_item_or_the_same_twice_make_none() -> None:
    assert not names(item("Jupiter"))
    assert not names(item("Saturn"), item("Saturn's"))


def test_a_list_without_the_best_single_answer_is_none() -> None:
    selected = [item("Jupiter"), item("Saturn")]
    assert names_several([item("Jupiter and Saturn")], selected)
    assert names_several([item("Saturn"), item("discoverer")], selected)
    assert not names_several([item("discoverer"), item("Saturn")], selected)
    assert not names_several([], selected)


def test_words_that_follow_each_other_are_one_thing() -> None:
    text = "It is kept at minus 18 degrees there."
    passage = Passage(3, Document("vault", text), 0, len(text))
    assert not names(item("minus", passage), item("18 degrees", passage))


def test_figures_are_cells_of_a_table_and_no_list() -> None:
    text = "Revenue | 2022: $ 5,931 | 2021: $ 7,103 (20 %) | Titan and Rhea"
    passage = Passage(4, Document("report", text), 0, len(text))
    figures = [item(figure, passage) for figure in ("$ 5,931", "$ 7,103", "20 %")]
    moons = [item("Titan", passage), item("Rhea", passage)]
    assert not names(*figures)
    assert names(*figures, *moons)


def test_items_of_different_passages_make_none() -> None:
    other = Passage(2, Document("other", "Neptune is an ice giant."), 0, 24)
    assert not names(item("Jupiter"), item("Neptune", other))


@pytest.mark.parametrize(
    ("likely", "names_them", "listed"),
    [(0.9, False, True), (0.3, True, True), (0.3, False, False), (0.05, True, False)],
)
def test_the_reader_says_whether_a_list_is_asked_for_and_what_it_finds_decides_the_rest(
    likely: float, names_them: bool, listed: bool
) -> None:
    items = [item("Jupiter"), item("Saturn")]
    spans = items[:1] if names_them else [item("discoverer")]
    assert is_list(Forms(1 - likely, likely, 0.0), spans, items) is listed
    assert not is_list(Forms(0.0, 1.0, 0.0), spans, items[:1])


@pytest.mark.parametrize(
    ("best", "selected", "whole"),
    [
        ("Jupiter", ["Jupiter"], ["Jupiter", "Saturn"]),
        ("Saturn", [], ["Saturn", "Jupiter"]),
        ("Uranus", ["Uranus"], ["Uranus", "Neptune", "far Titania"]),
        ("gas giants", ["Jupiter"], ["Jupiter"]),
    ],
)
def test_what_is_enumerated_with_the_best_answer_belongs_to_the_list(
    best: str, selected: list[str], whole: list[str]
) -> None:
    unsure = [item(name, probability=0.1) for name in ("Neptune", "far Titania", "Jupiter", "Saturn")]
    found = completed([item(best)], unsure, [item(name) for name in selected])
    assert [one.text for one in found] == whole


def test_without_a_best_answer_nothing_is_added() -> None:
    selected = (item("Jupiter"),)
    assert completed([], [item("Saturn", probability=0.1)], selected) == selected


def test_figures_are_not_added_to_a_list() -> None:
    text = "Rhea, 1672 and Titan"
    passage = Passage(5, Document("moons", text), 0, len(text))
    selected = (item("Rhea", passage),)
    assert completed(selected, [item("1672", passage), item("Titan", passage)], selected) == selected
