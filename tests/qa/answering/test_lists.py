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
