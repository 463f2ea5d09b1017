"""PDF: text by page through pdfium, which is fast, freely licensed and not safe to use from two threads."""

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.pdf.flow import MAX_HEADING, Block, blocks_of, style_of
from index.loaders.pdf.lines import Line, lines_of
from index.loaders.pdf.tables import with_headers
from index.loaders.process.forked import in_order

MAX_PAGES = 10_000  # more is an archive rather than a document, and minutes of work

EDGE_LINES = 3  # at the top and at the foot of a page: where running headers and page numbers stand
MIN_REPEATING_PAGES = 3  # what stands on two pages may stand there for a reason
REPEATING_SHARE = 0.4  # of the pages: left and right pages may have headers of their own

_FIGURES = re.compile(r"\d+")
_PAGE_OF = re.compile(r"page \d{1,5} of \d{1,5}", re.I)  # a page number wherever it stands at an edge
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–]?\s*(?:\d{1,5}|[ivxlc]{1,7})\s*[-–]?(?:\s*(?:of|von|/)\s*\d+)?", re.I
)
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_NO_TITLE = re.compile(  # what programs write there: figures alone, file names
    r"^[\d\W]+\Z|\.(?:docx?|pdf|indd|tex|rtf|xlsx?|pptx?|dvi)\Z|^(?:untitled|microsoft word)\b", re.I
)

Key = tuple[str, str]  # a line's text without its figures, and the edge of the page that it stands at

_PDFIUM = threading.Lock()
_log = logging.getLogger(__name__)


def load_pdf(data: bytes) -> Loaded:
    """The text of a PDF by page, without what repeats at the edges of its pages."""
    with _PDFIUM:
        pages, scanned, metadata = _read(data)
    if not any(pages):
        raise Unreadable("no text on any page; it seems to be scanned")
    metadata["unread"] = _unread(scanned, len(pages))
    pages = _without_repetitions(pages)
    style = style_of(pages)
    page_blocks = [blocks_of(with_headers(lines), style) for lines in pages]
    builder = Builder()
    open_ended = False
    for blocks in page_blocks:
        runs_on = open_ended and bool(blocks) and not blocks[0].level and blocks[0].text[0].islower()
        builder.start_page()
        for index, block in enumerate(blocks):
            before = block.before if index else " " if runs_on else "\n\n"
            builder.add(block.text, before=before, level=block.level)
        open_ended = blocks[-1].open_ended if blocks else open_ended
    title = metadata.pop("title", "") or _title(next(filter(None, page_blocks), []))
    return builder.build(title=title, metadata=metadata)


def _title(blocks: Sequence[Block]) -> str:
    """The headings in the largest type on the first page; a title page often has two or three lines of it."""
    highest = min((block.level for block in blocks if block.level), default=0)
    lines = [block.text for block in blocks if highest and block.level == highest]
    return ", ".join(lines[:3])[:MAX_HEADING]


def _read(data: bytes) -> tuple[list[list[Line]], list[int], dict[str, str]]:
    """The lines of every page, the numbers of those with pictures alone, and the file's own metadata.

    Only called by the holder of the lock.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Unreadable("it is encrypted; remove its password first") from error
        raise Unreadable("it is damaged: no PDF reader can open it") from error
    try:
        if len(document) > MAX_PAGES:
            raise Unreadable(f"it has {len(document):,} pages; the limit is {MAX_PAGES:,}")
        pages = in_order(lambda index: _page(document, index), len(document))
        scanned = [number for number, lines in enumerate(pages, 1) if lines is None]
        return [lines or [] for lines in pages], scanned, _metadata(document)
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, index: int) -> list[Line] | None:
    """The lines of one page, none of a damaged page among others; None where there are pictures alone."""
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        _log.warning("page %d can't be read: %s", index + 1, error)
        return []
    try:
        lines = lines_of(page)
        pictures = not lines and any(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=2))
        return None if pictures else lines
    finally:
        page.close()


def _unread(scanned: Sequence[int], pages: int) -> str:
    """What is said of the pages without text: their numbers, runs of them shortened."""
    runs: list[list[int]] = []
    for number in scanned:
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    shown = ", ".join("-".join(map(str, run)) for run in runs)
    return f"no text on {len(scanned)} of {pages} pages, which seem to be scanned: {shown}" if runs else ""


def _metadata(document: pdfium.PdfDocument) -> dict[str, str]:
    given = document.get_metadata_dict()
    title = one_line(given.get("Title", ""))
    date = _DATE.match(given.get("CreationDate", ""))
    return {
        "title": "" if _NO_TITLE.search(title) or len(title) < 4 else title,
        "author": one_line(given.get("Author", "")),
        "date": "-".join(part for part in date.groups() if part) if date else "",
    }


def _without_repetitions(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without page numbers, and with a running header or footer only where it first stands.

    The first is kept, since a version or a case number may stand nowhere else.
    """
    counts = Counter(key for lines in pages for key in set(_edges(lines).values()))
    limit = max(MIN_REPEATING_PAGES, REPEATING_SHARE * sum(map(bool, pages)))
    repeated = {key for key, count in counts.items() if count >= limit}
    seen: set[str] = set()
    return [_without(lines, repeated, seen) for lines in pages]


def _without(lines: Sequence[Line], repeated: set[Key], seen: set[str]) -> list[Line]:
    edges = _edges(lines)
    kept: list[Line] = []
    for line in lines:
        key = edges.get(line)
        if key is not None and (_PAGE_OF.fullmatch(line.text) or key in repeated):
            if _PAGE_NUMBER.fullmatch(line.text) or key[0] in seen:
                continue
            seen.add(key[0])
        kept.append(line)
    return kept


def _edges(lines: Iterable[Line]) -> dict[Line, Key]:
    """The lines at the top and at the foot of a page, each with its text without figures and its edge."""
    by_height = sorted(lines, key=lambda line: line.baseline)
    foot, top = by_height[:EDGE_LINES], by_height[EDGE_LINES:][-EDGE_LINES:]
    sides = {**dict.fromkeys(foot, "foot"), **dict.fromkeys(top, "top")}
    return {line: (_FIGURES.sub("#", line.text), side) for line, side in sides.items()}
