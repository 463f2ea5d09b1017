"""Text of a document as HTML: escaped, with the quotes in it marked."""

import re
from collections.abc import Iterable
from html import escape

# Half-open code points of a document's text.
Place = tuple[int, int]

_SPACE = re.compile(r"\s+")


def marked(text: str, start: int, end: int, places: Iterable[Place], kind: str = "") -> str:
    """`text[start:end]` with what it has of `places` marked; `kind` is the marks' class.

    Each mark says where its place begins, since a place over several lines or cells has several marks.
    """
    named = f' class="{kind}"' if kind else ""
    parts: list[str] = []
    reached = start
    for place_start, last in _joined(places):
        first, last = max(place_start, reached), min(last, end)
        if first < last:
            parts += [escape(text[reached:first]), f'<mark{named} data-at="{place_start}">']
            parts += [escape(text[first:last]), "</mark>"]
            reached = last
    return "".join([*parts, escape(text[reached:end])])


def within(text: str, start: int, end: int, around: int, limit: Place | None = None) -> Place:
    """The place from `around` characters before to as many after, cut between words, inside `limit`."""
    lowest, highest = limit or (0, len(text))
    first, last = max(lowest, start - around), min(highest, end + around)
    if first > lowest and (space := _SPACE.search(text, first, start)):
        first = space.end()
    if last < highest and (spaces := list(_SPACE.finditer(text, end, last))):
        last = spaces[-1].start()
    return first, last


def _joined(places: Iterable[Place]) -> list[Place]:
    """The places in their order, those that overlap as one."""
    joined: list[Place] = []
    for start, end in sorted(places):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
