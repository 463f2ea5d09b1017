"""PDFs of pictures, as scanners make them, drawn from PDFs of text."""

import io
from collections.abc import Sequence

import pypdfium2 as pdfium

RESOLUTION = 200  # dots an inch, as most scanners are set


def scanned(data: bytes, *, rotate: int = 0) -> bytes:
    """A PDF whose pages are pictures of the other's, each turned by `rotate` degrees with the clock."""
    source, made = pdfium.PdfDocument(data), pdfium.PdfDocument.new()
    for page in source:
        # A viewer turns the page back.
        bitmap = page.render(scale=RESOLUTION / 72, grayscale=True, rotation=(360 - rotate) % 360)
        size = page.get_size() if rotate % 180 == 0 else page.get_size()[::-1]
        picture = made.new_page(*size)
        _put(made, picture, bitmap, (0, 0, *size))
        picture.set_rotation(rotate)
    return _saved(made)


def with_picture(data: bytes, picture: pdfium.PdfBitmap, box: Sequence[float]) -> bytes:
    """The PDF with a picture on its first page; `box` is its left, bottom, width and height in points."""
    document = pdfium.PdfDocument(data)
    _put(document, document[0], picture, box)
    return _saved(document)


def drawn(data: bytes, page: int = 0) -> pdfium.PdfBitmap:
    """A picture of a page."""
    return pdfium.PdfDocument(data)[page].render(scale=RESOLUTION / 72, grayscale=True)


def _put(document: pdfium.PdfDocument, page: pdfium.PdfPage, bitmap: object, box: Sequence[float]) -> None:
    left, bottom, width, height = box
    image = pdfium.PdfImage.new(document)
    image.set_bitmap(bitmap)
    image.set_matrix(pdfium.PdfMatrix().scale(width, height).translate(left, bottom))
    page.insert_obj(image)
    page.gen_content()


def _saved(document: pdfium.PdfDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()
