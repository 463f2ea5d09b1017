"""A document beside the chat: its whole text in its place, with pages, tables and the quotes marked."""

import pytest

from index import Document
from quoth.web import document_view
from tests.quoth.web.parsed import Parsed


def view(document: Document, start: int, end: int) -> Parsed:
    return Parsed(document_view.document_view(document, start, end, [(start, end)]))


@pytest.mark.parametrize(
    "text", ["quote", "x" * 999 + "quote" + "y" * 999, "a\n\nquote\nb", "quote " + "z" * 999]
)
def test_the_quote_is_marked_in_the_whole_text(text: str) -> None:
    start = text.index("quote")
    parsed = view(Document("a.txt", text), start, start + 5)
    assert parsed.marked == ["quote"]
    assert all(line in parsed.text for line in text.split("\n"))


def test_a_quote_over_several_cells_is_marked_in_each_of_them_as_one_place() -> None:
    text = "Item | Price\nBolt | 3.20\nNut | 1.10"
    parsed = view(Document("a.csv", text), text.index("Bolt"), text.index("\nNut"))
    assert "table" in parsed.tags
    assert parsed.marked == ["Bolt", "3.20"]
    assert parsed.attributes["data-at"] == [str(text.index("Bolt"))] * 2


def test_empty_lines_around_a_paragraph_are_not_shown_and_change_no_place() -> None:
    text = "\n\nThe first paragraph.\n\nThe second.\n\n"
    parsed = view(Document("a.txt", text), text.index("second"), text.index("second") + 6)
    assert "Text of a.txt" in parsed.attributes["aria-label"]
    assert parsed.text.endswith("The first paragraph.\n\nThe second.")
    assert parsed.marked == ["second"]
    blank = view(Document("a.txt", "Item | Price\n\n\nBolt | 3"), 0, 4)
    assert blank.marked == ["Item"]


def test_each_page_says_which_it_is() -> None:
    parsed = view(Document("a.pdf", "First page.\nSecond page.", pages=(0, 12)), 12, 18)
    assert "page 1 of 2" in parsed.text and "page 2 of 2" in parsed.text
    assert parsed.attributes["data-page"] == ["1", "2"]
    assert parsed.marked == ["Second"]


def test_of_a_long_document_a_part_is_shown_with_the_way_to_the_others() -> None:
    line = "A line of text.\n"
    text = line * (3 * document_view.AROUND // len(line)) + "The quote.\n" + line * 2 * document_view.AROUND
    start = text.index("The quote.")
    parsed = view(Document("a.txt", text), start, start + 10)
    assert parsed.marked == ["The quote."]
    assert "Show what stands before" in parsed.text and "Show what comes after" in parsed.text
    assert len(parsed.text) < 2 * document_view.AROUND + 500
