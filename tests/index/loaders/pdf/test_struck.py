"""Text with a line through it no longer holds; underlined text does."""

from index.documents.document import Document
from index.loaders import load_bytes
from tests.index.loaders.pdf.test_pdf import Words, pdf_of

# In Helvetica 10 "thirty euros" stands from 96.7 to 146.1.
LINE: list[Words] = [(50, 700, "The fee is thirty euros forty euros a year.")]


def with_drawing(words: list[Words], drawing: str) -> Document:
    return load_bytes(pdf_of(words, drawing=drawing), "made.pdf")


def stroke(left: float, right: float, y: float) -> str:
    return f"{left} {y} {right - left} 0.6 re f "


def test_a_line_through_words_takes_them_out_and_is_told_of() -> None:
    document = with_drawing(LINE, stroke(96.5, 146.3, 702.6))
    assert document.text == "The fee is forty euros a year."
    assert document.unread == ("page 1: struck out: thirty euros",)


def test_a_stroked_line_strikes_too() -> None:
    assert with_drawing(LINE, "0.5 w 96.5 702.6 m 146.3 702.6 l S").text == "The fee is forty euros a year."


def test_an_underline_strikes_nothing() -> None:
    for y in (698.5, 697, 699.5):
        document = with_drawing(LINE, stroke(96.5, 146.3, y))
        assert document.text == LINE[0][2]
        assert not document.unread


def test_a_rule_across_the_page_strikes_nothing() -> None:
    assert with_drawing(LINE, stroke(20, 580, 702.6)).text == LINE[0][2]


def test_a_broad_mark_behind_words_strikes_nothing() -> None:
    drawing = "1 1 0 rg 99 698 52 10 re f 1 1 0 RG 10 w 96.5 702.6 m 146.3 702.6 l S"
    assert with_drawing(LINE, drawing).text == LINE[0][2]


def test_a_line_through_a_part_of_a_word_takes_out_that_part() -> None:
    words: list[Words] = [(50, 700, "within thirtysixty days")]
    assert with_drawing(words, stroke(78.5, 102, 702.6)).text == "within sixty days"
