"""What repeats at the edges of a document's pages: running headers and footers, page numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from index.loaders.pdf.lines import Line

EDGE_LINES = 3  # at the top and at the foot of a page: where running headers and page numbers stand
MIN_REPEATING_PAGES = 3  # what stands on two pages may stand there for a reason
REPEATING_SHARE = 0.4  # of the pages: left and right pages may have headers of their own

_FIGURES = re.compile(r"\d+")
_PAGE_OF = re.compile(r"page \d{1,5} of \d{1,5}", re.I)  # a page number wherever it stands at an edge
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*[-–]?\s*(?:\d{1,5}|[ivxlc]{1,7})\s*[-–]?(?:\s*(?:of|von|/)\s*\d+)?", re.I
)

EdgeKey = tuple[str, str]  # a line's text without its figures, and the edge of the page that it stands at


def without_repetitions(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without page numbers, and with a running header or footer only where it first stands.

    The first is kept, since a version or a case number may stand nowhere else.
    """
    counts = Counter(key for lines in pages for key in set(_edges(lines).values()))
    limit = max(MIN_REPEATING_PAGES, REPEATING_SHARE * sum(map(bool, pages)))
    repeated = {key for key, count in counts.items() if count >= limit}
    seen: set[str] = set()
    return [_without(lines, repeated, seen) for lines in pages]


def _without(lines: Sequence[Line], repeated: set[EdgeKey], seen: set[str]) -> list[Line]:
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


def _edges(lines: Iterable[Line]) -> dict[Line, EdgeKey]:
    """The lines at the top and at the foot of a page, each with its text without figures and its edge."""
    by_height = sorted(lines, key=lambda line: line.baseline)
    foot, top = by_height[:EDGE_LINES], by_height[EDGE_LINES:][-EDGE_LINES:]
    sides = {**dict.fromkeys(foot, "foot"), **dict.fromkeys(top, "top")}
    return {line: (_FIGURES.sub("#", line.text), side) for line, side in sides.items()}
