"""The pages of a document as they look, with the lines and cells of the quotes boxed."""

from collections.abc import Iterator, Sequence
from html import escape

from index import Document
from index.documents.places import Places
from index.library.page_pictures import WIDTHS
from quoth.web.marked import Place
from quoth.web.page_pictures import picture_url

# Pages to each side of the one that is wanted; the others are a click away.
AROUND = 100
# How far a box reaches beyond the text, as a share of the page.
_MARGIN = 0.003

Shapes = Sequence[tuple[float, float]]


def sheets(document: Document, shapes: Shapes, start: int, places: Sequence[Place]) -> tuple[str, int, int]:
    """The pages around the one at `start`, and the numbers, from 1, of the first and the last of them."""
    boxes: dict[int, list[str]] = {}
    for page, box in _boxes(document, places):
        boxes.setdefault(page, []).append(box)
    wanted = min(document.page_at(start) or 1, len(shapes))
    first, last = max(1, wanted - AROUND), min(len(shapes), wanted + AROUND)
    html = "".join(
        _sheet(document, page, shapes, "".join(boxes.get(page, ()))) for page in range(first, last + 1)
    )
    return html, first, last


def _sheet(document: Document, page: int, shapes: Shapes, boxes: str) -> str:
    width, height = shapes[page - 1]
    label = f"page {page:,} of {len(shapes):,}"
    sources = ", ".join(f"{picture_url(document.id, page, wide)} {wide}w" for wide in WIDTHS)
    alt = escape(f"Picture of page {page:,} of {document.name}")
    return (
        f'<div class="sheet picture" data-page="{page}"><p class="page-label">{label}</p>'
        f'<div class="paper" style="aspect-ratio: {width:.1f} / {height:.1f}">'
        f'<img loading="lazy" decoding="async" alt="{alt}" src="{picture_url(document.id, page, WIDTHS[1])}"'
        f' srcset="{sources}" sizes="(max-width: 999px) 96vw, 45vw">{boxes}</div></div>'
    )


def _boxes(document: Document, places: Sequence[Place]) -> Iterator[tuple[int, str]]:
    """The page and the box of each line and cell of a quote; the boxes of one quote have one place."""
    found = Places(document.places)
    for start, end in places:
        for page, left, top, right, bottom in found.rectangles(start, end):
            across, down = right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN
            yield (
                page,
                (
                    f'<mark class="box" data-at="{start}" style="left: {left - _MARGIN:.2%};'
                    f' top: {top - _MARGIN:.2%}; width: {across:.2%}; height: {down:.2%}"></mark>'
                ),
            )
