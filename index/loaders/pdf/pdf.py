"""PDF: text by page through pdfium, which is fast, freely licensed and not safe to use from two threads."""

import threading
from collections.abc import Sequence
from itertools import groupby

from index.documents.document import normalise
from index.documents.places import PagePlace, packed
from index.loaders import ocr
from index.loaders.builder import Builder, Loaded, Unreadable
from index.loaders.later import BEING_READ
from index.loaders.pdf.edges import without_repetitions
from index.loaders.pdf.flow import Block, blocks_of, goes_on
from index.loaders.pdf.interrupted import uninterrupted
from index.loaders.pdf.ligatures import with_ligatures
from index.loaders.pdf.page import Page
from index.loaders.pdf.pages import Read, read
from index.loaders.pdf.ruled_headers import with_ruled_headers
from index.loaders.pdf.style import style_of
from index.loaders.pdf.tables import with_headers
from index.loaders.pdf.title import title_of

MOST_REASONS = 3  # why a file can't be read at all

_PDFIUM = threading.Lock()
_HINT = f"; scans are read after {ocr.INSTALL}"


def load_pdf(data: bytes) -> Loaded:
    """The text of a PDF by page, without what repeats at the edges of its pages."""
    with _PDFIUM:
        found = read(data)
    if not found.put_off and not any(page.lines or page.comments for page in found.pages):
        raise Unreadable("; ".join(_unread(found)[:MOST_REASONS]) or "no text on any page")
    return loaded_of(found.pages, found.metadata, _unread(found))


def loaded_of(pages: Sequence[Page], metadata: dict[str, str], unread: Sequence[str]) -> Loaded:
    """The content of these pages, `title` of `metadata` taken out of it."""
    lines = without_repetitions(with_ligatures([page.lines for page in pages]))
    style = style_of(lines)
    lines = with_headers(with_ruled_headers(lines, style.vocabulary))
    blocks = uninterrupted([blocks_of(one, style) for one in lines])
    builder = Builder()
    places = _build(builder, pages, blocks)
    title = metadata.pop("title", "") or title_of(blocks, style)
    return builder.build(title=title, metadata=metadata, unread=unread, places=packed(places))


def _build(
    builder: Builder, pages: Sequence[Page], page_blocks: Sequence[Sequence[Block]]
) -> list[PagePlace]:
    """Appends the blocks of all pages, with the comments at the end of theirs; the places of all of them."""
    places: list[PagePlace] = []
    open_ended = False
    for number, (page, blocks) in enumerate(zip(pages, page_blocks, strict=True), 1):
        runs_on = open_ended and bool(blocks) and not blocks[0].level and goes_on(blocks[0].text)
        builder.start_page()
        for index, block in enumerate(blocks):
            before = block.before if index else " " if runs_on else "\n\n"
            start = builder.add(block.text, before=before, level=block.level)
            changed = normalise(block.text) != block.text  # its offsets no longer hold
            places += [
                page.place(start + (0 if changed else at), number, box, scanned)
                for at, box, scanned in block.places
            ]
        for comment in page.comments:
            builder.add(comment)
        open_ended = (blocks[-1].open_ended and not page.comments) if blocks else open_ended
    return places


def _unread(found: Read) -> tuple[str, ...]:
    """What is not read, page by page; the pages that are pictures in one."""
    unread = [
        f"page {number}: {reason}" for number, page in enumerate(found.pages, 1) for reason in page.unread
    ]
    if found.put_off:
        left = [number for number, page in enumerate(found.pages, 1) if page.pictures]
        return (f"page{'s' if len(left) > 1 else ''} {_runs(left)}: {BEING_READ}", *unread, *found.unread)
    pictures = [number for number, page in enumerate(found.pages, 1) if page.picture]
    if pictures:
        which = f"{len(pictures)} of {len(found.pages)} pages, which seem to be scanned: {_runs(pictures)}"
        read = ocr.available()
        unread.insert(0, f"no text could be read on {which}" if read else f"no text on {which}{_HINT}")
    return (*unread, *found.unread)


def _runs(numbers: Sequence[int]) -> str:
    """The numbers, runs of them shortened: 1, 3-5."""
    groups = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    runs = [[number for _, number in group] for _, group in groups]
    return ", ".join("-".join(map(str, dict.fromkeys((run[0], run[-1])))) for run in runs)
