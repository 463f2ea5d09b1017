"""The pages of a PDF as pdfium reads them, one after the other: lines, comments, what can't be read."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.loaders import later, ocr
from index.loaders.builder import Unreadable, one_line
from index.loaders.pdf.annotations import annotations_of
from index.loaders.pdf.drawn import drawn_on
from index.loaders.pdf.fields import with_written
from index.loaders.pdf.glyphs import Box
from index.loaders.pdf.grids import Rules
from index.loaders.pdf.layout import in_reading_order
from index.loaders.pdf.lines import fragments_of
from index.loaders.pdf.page import Page
from index.loaders.pdf.pictures import is_picture, pictures_on, with_pictures
from index.loaders.pdf.ruled import with_ruled
from index.loaders.process.forked import in_order

MAX_PAGES = 10_000  # more is an archive rather than a document, and minutes of work
MAX_STRUCK = 80  # characters of struck-out text that are repeated when it is told of

_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_NO_TITLE = re.compile(  # what programs write there: figures alone, file names, that there is none
    r"^[\d\W]+\Z|\.(?:docx?|pdf|indd|tex|rtf|xlsx?|pptx?|dvi)\Z"
    r"|^\(?(?:untitled|anonymous|unspecified|microsoft word)\b",
    re.I,
)
_XFA = (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """A whole PDF: its pages, what it says of itself, and what of all of it can't be read.

    `put_off`: its pictures are left for later.
    """

    pages: Sequence[Page]
    metadata: dict[str, str]
    unread: tuple[str, ...]
    put_off: bool = False


def read(data: bytes) -> Read:
    """All of a PDF; only one thread may be in here at a time."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable("it is encrypted; remove its password first") from error
        raise Unreadable("it is damaged: no PDF reader can open it") from error
    try:
        if len(document) > MAX_PAGES:
            raise Unreadable(f"it has {len(document):,} pages; the limit is {MAX_PAGES:,}")
        form = document.get_formtype()
        if form != raw.FORMTYPE_NONE:
            document.init_forms()
        pages = in_order(lambda index: _page(document, index), len(document))
        count = sum(bool(page.pictures) for page in pages)
        put_off = bool(count) and ocr.available() and later.put_off(count)
        if not put_off:
            pages = with_pictures(document, pages)
        return Read(pages, _metadata(document), _unread(document, form), put_off)
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    """One page; an empty one for a damaged page among others."""
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        _log.warning("page %d can't be read: %s", index + 1, error)
        return Page(unread=("the page is damaged",))
    try:
        notes = annotations_of(page)
        drawn = drawn_on(page)
        rules = Rules(drawn, tables=not notes.written)
        fragments, struck = fragments_of(page, rules, notes.struck)
        lines = in_reading_order(with_ruled(fragments, rules))
        if notes.written:
            lines = with_written(lines, notes.written)
        if struck:
            notes.unread.append(f"struck out: {' '.join(struck)[:MAX_STRUCK]}")
        shape: Box = page.get_bbox()
        picture = not lines and is_picture(page)
        pictures = (
            (shape,)
            if picture
            else pictures_on(page, drawn.images, lines)
            if lines and ocr.available()
            else ()
        )
        comments, unread = tuple(notes.comments), tuple(dict.fromkeys(notes.unread))
        return Page(lines, comments, unread, picture, pictures, shape, page.get_rotation())
    finally:
        page.close()


def _unread(document: pdfium.PdfDocument, form: int) -> tuple[str, ...]:
    """What of the whole file is not read: forms of another kind, files in it."""
    unread = ["fields of an XFA form; print it to a new PDF to have them read"] if form in _XFA else []
    attached = raw.FPDFDoc_GetAttachmentCount(document)
    unread += [f"attached files: {attached}"] if attached > 0 else []
    return tuple(unread)


def _metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    given = document.get_metadata_dict()
    title, author = (one_line(given.get(name, "")) for name in ("Title", "Author"))
    date = _DATE.match(given.get("CreationDate", ""))
    return {
        "title": "" if _NO_TITLE.search(title) or len(title) < 4 else title,
        "author": "" if _NO_TITLE.search(author) else author,
        "date": "-".join(part for part in date.groups() if part) if date else "",
    }
