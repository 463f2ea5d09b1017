"""A document as HTML, to be read beside the chat: its pages, headings and tables, with the quotes marked.

Whatever comes from the document is escaped here.
"""

from collections.abc import Iterator, Sequence
from html import escape

from index import DEFAULT_COLLECTION, Document
from quoth.counted import counted
from quoth.web.marked import Place, marked

# How much of a long document is shown at once, in characters to each side; its other parts are a click away.
AROUND = 150_000
# What the loaders write between the cells of a row.
_CELLS = " | "

# The HTML of pages as pictures, and the numbers, from 1, of the first and the last of them.
PictureSource = tuple[str, int, int]


def document_view(
    document: Document,
    start: int,
    end: int,
    places: Sequence[Place],
    *,
    pictures: PictureSource | None = None,
    choice: bool = False,
    note: str = "",
) -> str:
    """The document at `start`, with all `places` marked: its text, or `pictures` of its pages.

    `choice`: a person may change between the two; `note` says why not.
    """
    name = escape(document.name)
    facts = [counted(len(document.pages), "page")] if document.pages else []
    if document.collection != DEFAULT_COLLECTION:
        facts.append(document.collection)
    kind = "Pages" if pictures else "Text"
    content = _pictures(document, pictures) if pictures else _text(document, start, end, places)
    message = f'<p class="view-note" role="status">{escape(note)}</p>' if note else ""
    return (
        f'<section class="viewer" aria-label="{name}" data-of="{escape(document.id)}"'
        f' data-pages="{len(document.pages)}">'
        f'<header><button type="button" class="close" data-close>Back</button>'
        f'<h2 dir="auto" tabindex="-1">{name}</h2><span class="facts">'
        f"{escape(' · '.join(facts))}</span></header>"
        f"{_tools(_views(bool(pictures)) if choice else '')}{message}"
        f'<div class="pages" tabindex="0" role="region" aria-label="{kind} of {name}" dir="auto">'
        f"{content}</div></section>"
    )


def _text(document: Document, start: int, end: int, places: Sequence[Place]) -> str:
    first, last = _shown(document, start, end)
    sheets = "".join(_sheet(document, sheet, places) for sheet in _sheets(document, first, last))
    earlier = _part(document, first - 1, "Show what stands before") if first else ""
    later = _part(document, last, "Show what comes after") if last < len(document.text) else ""
    return f"{earlier}{sheets}{later}"


def _pictures(document: Document, pictures: PictureSource) -> str:
    html, first, last = pictures
    starts = document.pages
    earlier = _part(document, starts[first - 2], "Show earlier pages") if first > 1 else ""
    later = _part(document, starts[last], "Show later pages") if last < len(starts) else ""
    return f"{earlier}{html}{later}"


def _views(pictures: bool) -> str:
    """The choice between the pages and the text."""
    buttons = "".join(
        f'<button type="button" data-as="{kind}" aria-pressed="{str(shown).lower()}">{words}</button>'
        for kind, words, shown in (("pages", "Pages", pictures), ("text", "Text", not pictures))
    )
    return f'<span class="views" role="group" aria-label="Show the document as">{buttons}</span>'


def _tools(views: str) -> str:
    return (
        f'<div class="tools" role="group" aria-label="In this document">{views}<span class="at"></span>'
        '<span class="quotes"><button type="button" data-quote="-1" aria-label="Previous quote">‹</button>'
        '<span class="quote-at"></span>'
        '<button type="button" data-quote="1" aria-label="Next quote">›</button></span>'
        '<span class="finding"><input type="search" aria-label="Find in this document"'
        ' placeholder="Find in document"'
        ' autocomplete="off"><span class="found-at" aria-live="polite"></span></span></div>'
    )


def _shown(document: Document, start: int, end: int) -> Place:
    """What is shown at once: from the start of a line to the end of one."""
    text = document.text
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    first = text.rfind("\n", 0, first) + 1 if first else 0
    line_end = text.find("\n", last)
    return first, len(text) if line_end < 0 else line_end


def _part(document: Document, at: int, words: str) -> str:
    return (
        f'<p class="part"><button type="button" class="plain" data-document="{escape(document.id)}"'
        f' data-start="{at}" data-end="{at}" data-places="">{words}</button></p>'
    )


def _sheets(document: Document, first: int, last: int) -> Iterator[tuple[int | None, int, int]]:
    """Page by page: its number and its place; the whole as one where there are no pages."""
    if not document.pages:
        yield None, first, last
        return
    ends = [*document.pages[1:], len(document.text)]
    for number, (start, end) in enumerate(zip(document.pages, ends, strict=True), 1):
        start, end = max(start, first), min(end, last)
        if start < end:
            yield number, start, end


def _sheet(document: Document, sheet: tuple[int | None, int, int], places: Sequence[Place]) -> str:
    number, start, end = sheet
    inside = [place for place in places if place[0] < end and start < place[1]]
    blocks = "".join(_block(document, block, inside) for block in _blocks(document, start, end))
    if number is None:
        return f'<div class="sheet">{blocks}</div>'
    label = f"page {number:,} of {len(document.pages):,}"
    return f'<div class="sheet" data-page="{number}"><p class="page-label">{label}</p>{blocks}</div>'


def _blocks(document: Document, start: int, end: int) -> Iterator[tuple[str, list[Place]]]:
    """The lines from `start` to `end`, those together that make one table or one stretch of prose."""
    levels = {one.start: one.level for one in document.headings}
    held: list[Place] = []
    kind = ""
    for line in _lines(document.text, start, end):
        own = _kind(document.text[line[0] : line[1]], levels.get(line[0]))
        if held and (own != kind or own.startswith("h")):
            yield kind, held
            held = []
        kind = own
        held.append(line)
    if held:
        yield kind, held


def _lines(text: str, start: int, end: int) -> Iterator[Place]:
    while start < end:
        line_end = text.find("\n", start, end)
        line_end = end if line_end < 0 else line_end
        yield start, line_end
        start = line_end + 1


def _kind(line: str, level: int | None) -> str:
    if level:
        return f"h{min(level + 2, 6)}"
    return "table" if _CELLS in line else "prose"


def _block(document: Document, block: tuple[str, list[Place]], places: Sequence[Place]) -> str:
    kind, lines = block
    start, end = lines[0][0], lines[-1][1]
    if kind == "table":
        rows = "".join(f"<tr>{_cells(document.text, line, places)}</tr>" for line in lines)
        return (
            f'<div class="scrolls" tabindex="0" role="group" aria-label="Table"><table>{rows}</table></div>'
        )
    if kind == "prose":
        start, end = _without_empty_lines(document.text, start, end)
        return f'<div class="prose">{marked(document.text, start, end, places)}</div>' if start < end else ""
    shown = marked(document.text, start, end, places)
    # Headings of the document are shown as such, without taking part in the page's own outline.
    return f'<p class="heading {kind}" dir="auto">{shown}</p>'


def _without_empty_lines(text: str, start: int, end: int) -> Place:
    """The same place without the empty lines around it, which the page sets apart by itself."""
    lines = text[start:end]
    first = len(lines) - len(lines.lstrip("\n"))
    return start + first, max(start + first, end - len(lines) + len(lines.rstrip("\n")))


def _cells(text: str, line: Place, places: Sequence[Place]) -> str:
    cells = []
    start = line[0]
    for cell in text[line[0] : line[1]].split(_CELLS):
        cells.append(f'<td dir="auto">{marked(text, start, start + len(cell), places)}</td>')
        start += len(cell) + len(_CELLS)
    return "".join(cells)
