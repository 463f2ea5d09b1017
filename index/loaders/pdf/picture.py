"""A page of a PDF or a scan as it looks: for the process that reads files, within its limits."""

import hashlib
import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageOps

from index.documents.names import clean_name
from index.loaders.archive import Member, members
from index.loaders.builder import Unreadable
from index.loaders.load import read

MOST_PIXELS = 4_000_000  # of one picture: A4 at 200 dots per inch
LONGEST_SIDE = 6_000
_QUALITY = 82
_SCANS = ("PNG", "JPEG", "TIFF")
CHANGED = "the file has changed since it was added"

Shape = tuple[float, float]  # width and height of a page as it is shown, in points


def original(path: Path, inner: str, sha256: str) -> bytes:
    """The bytes of the file, or of what is at `inner` in it; Unreadable unless one has that SHA-256."""
    outer = read(path, path.name)
    data = _member(outer, inner) if inner else outer
    if sha256 not in (hashlib.sha256(one).hexdigest() for one in (data, outer)):
        raise Unreadable(CHANGED)
    return data


def shapes(data: bytes) -> list[Shape]:
    """The width and height of each page."""
    if not _is_pdf(data):
        return [picture.size for picture in _scans(data)]
    with _opened(data) as document:
        return [document.get_page_size(index) for index in range(len(document))]


def picture(data: bytes, page: int, width: int) -> bytes:
    """The page, counted from 1, as a WebP about that many pixels wide; of fewer if it were too large."""
    if not _is_pdf(data):
        return _scan(data, page, width)
    with _opened(data) as document:
        if not 1 <= page <= len(document):
            raise Unreadable(f"it has no page {page:,}")
        try:
            shown = document[page - 1]
        except pdfium.PdfiumError as error:
            raise Unreadable(f"page {page:,} is damaged") from error
        across, down = (max(side, 1.0) for side in shown.get_size())
        bitmap = shown.render(scale=_scale(across, down, width), may_draw_forms=True)
        return _webp(bitmap.to_pil())


def _scale(across: float, down: float, width: int) -> float:
    """Pixels to a unit of a page of that size, for about `width` of them and never too many."""
    return min(width / across, math.sqrt(MOST_PIXELS / (across * down)), LONGEST_SIDE / max(across, down))


def _webp(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.convert("RGB").save(file, "WEBP", quality=_QUALITY, method=1)
    return file.getvalue()


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _scans(data: bytes) -> Iterator[Image.Image]:
    """The pictures in a file of pictures, turned as they are shown."""
    try:
        with Image.open(io.BytesIO(data), formats=_SCANS) as file:
            for number in range(getattr(file, "n_frames", 1) if file.format == "TIFF" else 1):
                file.seek(number)
                yield ImageOps.exif_transpose(file)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable("it is damaged: the picture can't be opened") from error


def _scan(data: bytes, page: int, width: int) -> bytes:
    found = next(islice(_scans(data), max(page - 1, 0), None), None)
    if page < 1 or found is None:
        raise Unreadable(f"it has no page {page:,}")
    scale = min(_scale(found.width, found.height, width), 1)
    size = max(round(found.width * scale), 1), max(round(found.height * scale), 1)
    return _webp(found.convert("RGB").resize(size))


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise Unreadable("it is damaged: no PDF reader can open it") from error
    try:
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        yield document
    finally:
        document.close()


def _member(data: bytes, inner: str) -> bytes:
    """What lies at that path in an archive."""
    for member in members(data, "archive"):
        if isinstance(member, Member) and clean_name(member.name).removeprefix("archive/") == inner:
            content = member.read()
            if isinstance(content, Unreadable):
                raise content
            return content
    raise Unreadable(CHANGED)
