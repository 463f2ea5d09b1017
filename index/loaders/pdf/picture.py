"""A page of a PDF as it looks: for the process that reads files, which has limits on time and memory."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.documents.names import clean_name
from index.loaders.archive import Member, members
from index.loaders.builder import Unreadable
from index.loaders.load import read

MOST_PIXELS = 4_000_000  # of one picture: A4 at 200 dots per inch
LONGEST_SIDE = 6_000
_QUALITY = 82
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
    with _opened(data) as document:
        return [document.get_page_size(index) for index in range(len(document))]


def picture(data: bytes, page: int, width: int) -> bytes:
    """The page, counted from 1, as a WebP about that many pixels wide; of fewer if it were too large."""
    with _opened(data) as document:
        if not 1 <= page <= len(document):
            raise Unreadable(f"it has no page {page:,}")
        try:
            shown = document[page - 1]
        except pdfium.PdfiumError as error:
            raise Unreadable(f"page {page:,} is damaged") from error
        across, down = (max(side, 1.0) for side in shown.get_size())
        scale = min(width / across, (MOST_PIXELS / (across * down)) ** 0.5, LONGEST_SIDE / max(across, down))
        bitmap = shown.render(scale=scale, may_draw_forms=True)
        file = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(file, "WEBP", quality=_QUALITY, method=1)
        return file.getvalue()


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
