"""A page as a picture: as large as asked, never too large, and of the very file that was meant."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from index import DocumentError, Limits
from index.documents.places import Places
from index.loaders import load_bytes
from index.loaders.builder import Unreadable
from index.loaders.pdf.picture import LONGEST_SIDE, MOST_PIXELS, original, picture, shapes
from index.loaders.process.pictures import SourcePdf, page_picture
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of


def drawn(data: bytes, page: int = 1, width: int = 600) -> Image.Image:
    return Image.open(io.BytesIO(picture(data, page, width)))


def test_it_is_as_wide_as_asked_and_has_the_shape_of_the_page() -> None:
    data = pdf_of(PARAGRAPH)
    assert shapes(data) == [(600.0, 800.0)]
    assert drawn(data, width=300).size == (300, 400)
    assert shapes(pdf_of(PARAGRAPH, rotate=90)) == [(800.0, 600.0)]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_the_ink_of_a_quote_is_inside_its_rectangles(rotate: int) -> None:
    data = pdf_of(PARAGRAPH, rotate=rotate)
    document = load_bytes(data, "made.pdf")
    image = drawn(data, width=900).convert("L")
    blank = image.copy()
    for _, left, top, right, bottom in Places(document.places).rectangles(0, len(document.text)):
        x0, y0 = round(left * image.width) - 3, round(top * image.height) - 3
        x1, y1 = round(right * image.width) + 3, round(bottom * image.height) + 3
        blank.paste(255, (x0, y0, x1, y1))
    assert image.getextrema()[0] < 100, "there is ink"  # type: ignore[operator]
    assert blank.getextrema()[0] > 200, "and none outside of the rectangles"  # type: ignore[operator]


@pytest.mark.parametrize("shape", ["0 0 20000 20000", "0 0 14400 3", "0 0 3 14400"])
def test_a_huge_page_makes_no_huge_picture(shape: str) -> None:
    image = drawn(pdf_of(PARAGRAPH).replace(b"0 0 600 800", shape.encode()), width=100_000)
    assert image.width * image.height <= 1.01 * MOST_PIXELS
    assert max(image.size) <= LONGEST_SIDE + 1


def test_a_scan_is_shown_turned_as_its_camera_was_and_page_by_page() -> None:
    file = io.BytesIO()
    frames = [Image.new("L", (400, 300), shade) for shade in (250, 20)]
    turned = Image.Exif()
    turned[0x0112] = 6
    frames[0].save(file, "JPEG", exif=turned)
    assert shapes(file.getvalue()) == [(300, 400)]
    assert drawn(file.getvalue(), width=150).size == (150, 200)
    file = io.BytesIO()
    frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:])
    assert shapes(file.getvalue()) == [(400, 300)] * 2
    assert drawn(file.getvalue(), page=2).convert("L").getextrema()[1] < 60  # type: ignore[operator]
    with pytest.raises(Unreadable, match="no page 3"):
        picture(file.getvalue(), 3, 600)
    with pytest.raises(Unreadable, match="damaged"):
        shapes(b"\x89PNG\r\n\x1a\n and no more")


def test_what_cannot_be_shown_says_why(tmp_path: Path) -> None:
    data = pdf_of(PARAGRAPH)
    with pytest.raises(Unreadable, match="no page 2"):
        picture(data, 2, 600)
    with pytest.raises(Unreadable, match="damaged"):
        picture(data[:200], 1, 600)
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(Unreadable, match="has changed"):
        original(tmp_path / "a.pdf", "", "0" * 64)


def test_a_picture_that_takes_too_long_is_an_error_and_the_next_one_is_made(tmp_path: Path) -> None:
    slow = tmp_path / "slow.pdf"
    lines = [(50.0, 700.0, "word " * 400)] * 60_000
    slow.write_bytes(pdf_of(lines))
    source = SourcePdf("", hashlib.sha256(slow.read_bytes()).hexdigest())
    with pytest.raises(DocumentError, match="takes longer than"):
        page_picture(slow, "slow.pdf", source, 1, 1600, Limits(seconds=0.1))
    quick = tmp_path / "quick.pdf"
    quick.write_bytes(pdf_of(PARAGRAPH))
    source = SourcePdf("", hashlib.sha256(quick.read_bytes()).hexdigest())
    assert page_picture(quick, "quick.pdf", source, 1, 600, Limits())
