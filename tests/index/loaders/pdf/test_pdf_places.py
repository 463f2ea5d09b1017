"""The rectangle of a quote covers its words on the page."""

import pypdfium2 as pdfium
import pytest

from index.documents.document import Document
from index.documents.places import Places
from index.loaders import load_bytes
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, Words, pdf_of
from tests.index.loaders.pdf.test_pdf_tables import TWO, figures

TABLE: list[Words] = [*TWO, *figures(688, "Tea", "5", "6"), *figures(676, "Milk", "7", "8")]


def covered(document: Document, data: bytes, quote: str) -> str:
    """The text that pdfium finds in the rectangles of the quote."""
    start = document.text.index(quote)
    page = pdfium.PdfDocument(data)[0]
    textpage = page.get_textpage()
    rectangles = Places(document.places).rectangles(start, start + len(quote))
    assert {number for number, *_ in rectangles} == {1}
    return " ".join(
        textpage.get_text_bounded(600 * left - 0.5, 800 * (1 - bottom), 600 * right + 0.5, 800 * (1 - top))
        for _, left, top, right, bottom in rectangles
    )


@pytest.mark.parametrize("quote", ["eleven men", "stayed there all through the winter", "grey book"])
def test_of_prose(quote: str) -> None:
    data = pdf_of(PARAGRAPH)
    words = covered(load_bytes(data, "made.pdf"), data, quote).split()
    assert set(quote.split()) <= {word.strip(".,") for word in words}


@pytest.mark.parametrize("figure", ["2022: 5", "2021: 8"])
def test_of_a_cell_it_holds_that_cell_alone(figure: str) -> None:
    data = pdf_of(TABLE)
    assert covered(load_bytes(data, "made.pdf"), data, figure.split(": ")[1]).strip() == figure[-1]


def test_on_a_turned_page_the_rectangle_is_that_of_the_page_as_it_is_shown() -> None:
    document = load_bytes(pdf_of([(100, 400, "Turned.")], rotate=90), "turned.pdf")
    page, left, top, right, bottom = Places(document.places).rectangles(0, 3)[0]
    assert page == 1
    assert left == pytest.approx(0.5, abs=0.01)
    assert top == pytest.approx(100 / 600, abs=0.01)
    assert right > left
    assert bottom - top == pytest.approx(33 / 600, abs=0.02)
