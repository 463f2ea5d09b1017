import pytest

from index import Document, Passage
from qa import Span
from qa.answering.lists import is_list
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


BY_LINES = "Values:\n\n1. Quality\n2. Care\n3. Patience\n\nQuality and Care came late."


@pytest.mark.parametrize(
    ("names", "listed"), [(["Quality", "Care", "Patience"], True), (["Care", "late"], False)]
)
def test_all_lines_of_a_list_are_taken_for_one_sooner(names: list[str], listed: bool) -> None:
    page = Passage(2, Document("values", BY_LINES), 0, len(BY_LINES))
    items = [item(name, page) for name in names]
    assert is_list(Forms(0.4, 0.15, 0.45), items) is listed
