import pytest

from index import Document, Passage
from qa import Span
from qa.answering.lists import completed, is_list
from qa.reading.reader import Forms

TEXT = "Jupiter and Saturn are gas giants, Uranus, Neptune and the far Titania not, says Saturn's discoverer."
PASSAGE = Passage(1, Document("planets", TEXT), 0, len(TEXT))


def item(text: str, passage: Passage = PASSAGE, probability: float = 0.9) -> Span:
    start = passage.document.text.index(text)
    return Span(passage, start, start + len(text), probability)


@pytest.mark.parametrize(("likely", "listed"), [(0.9, True), (0.3, True), (0.05, False)])
def test_the_reader_says_whether_a_list_is_asked_for(likely: float, listed: bool) -> None:
    items = [item("Jupiter"), item("Saturn")]
    assert is_list(Forms(1 - likely, likely, 0.0), items) is listed


def test_one_item_is_no_list() -> None:
    assert not is_list(Forms(0.0, 1.0, 0.0), [item("Jupiter")])


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
