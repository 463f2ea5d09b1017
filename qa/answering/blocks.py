"""Lists as documents set them: lines one below the other, with marks or bare, and columns of tables.

A reader that has found some items of such a list has found the list; what else it holds stands there to be
taken.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from index.documents.sentences import CELL
from qa.reading.reader import Span

Place = tuple[int, int]

# What numbers or marks an item at the beginning of its line.
_MARK = re.compile(r"\s*(?:[-*•‣◦▪·–—✓☐☑]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)])\s+")
_MOST_LINES = 100
# A bare line of a list is short, and no sentence ends it or leads on from it.
_LONGEST_BARE_LINE = 160
_NO_ITEM = re.compile(r"[.!?:]\W*$")
# So many of a list's lines, and such a share of them, must hold an item that was read before all are taken.
# Of a table's rows a question more often wants some alone.
_FEWEST_MET, _SHARE_OF_LINES, _SHARE_OF_ROWS = 2, 0.25, 0.6
# A line counts as read, too, if it is this likely as a sentence, as a share of the best sentence.
_LIKE_BEST = 0.1
_LABEL = re.compile(r"[^:|]{1,80}: ")


def whole_list(items: Sequence[Span], sentences: Sequence[Span] = ()) -> tuple[Span, ...]:
    """All of the list or column in which some of `items` stand, best first; else `items` themselves.

    Of several that one is taken of which most items were read. Items of other documents stay beside it.
    `sentences` are what was read besides, best first.
    """
    best: tuple[list[Place], list[Span]] = [], []
    likely = [one for one in sentences if one.probability >= _LIKE_BEST * sentences[0].probability]
    for item in items:
        text = item.passage.document.text
        own = [other for other in items if other.passage.document.id == item.passage.document.id]
        like_best = [one for one in likely if one.passage.document.id == item.passage.document.id]
        for places, share in (
            (_lines_with(item), _SHARE_OF_LINES),
            (column_around(text, item.start), _SHARE_OF_ROWS),
        ):
            met = [other for other in own if _holder(places, other) is not None]
            lines = {_holder(places, one) for one in (*met, *like_best)} - {None}
            if len(lines) >= max(_FEWEST_MET, share * len(places)) and len(met) > len(best[1]):
                best = places, met
    places, met = best
    if not met:
        return tuple(items)
    elsewhere = (item for item in items if item.passage.document.id != met[0].passage.document.id)
    return (*_taken(places, met), *elsewhere)


def are_lines(items: Sequence[Span]) -> bool:
    """Whether the items are, or hold, all lines of a list as the document sets it."""
    lines = _lines_with(items[0]) if items else []
    document = items[0].passage.document.id if items else ""
    own = {(one.start, one.end) for one in items if one.passage.document.id == document}
    return bool(lines) and own.issuperset(lines)


def _lines_with(item: Span) -> list[Place]:
    document = item.passage.document
    return lines_around(document.text, item.start, {heading.start for heading in document.headings})


def lines_around(text: str, at: int, headings: Collection[int] = ()) -> list[Place]:
    """The items of the list of lines that holds the place, without their marks; empty if there is none.

    A list goes no further than the headings, of which the places are given.
    """
    own = _line(text, at)
    marked = bool(_MARK.match(text, *own))

    def belongs(line: Place) -> bool:
        shown = text[slice(*line)].strip()
        if line[0] in headings or CELL in shown or bool(_MARK.match(text, *line)) != marked:
            return False
        return marked or (len(shown) <= _LONGEST_BARE_LINE and not _NO_ITEM.search(shown))

    found = []
    for start, end in _run(text, own, belongs, across_blanks=marked):
        mark = _MARK.match(text, start, end)
        found.append((mark.end() if mark else start, end))
    return found if len(found) > 1 else []


def column_around(text: str, at: int) -> list[Place]:
    """The cell that holds the place and those above and below it, without the header that each repeats."""
    own = _cells(text, _line(text, at))
    number = bisect_right([start for start, _ in own], at) - 1
    if len(own) < 2 or number < 0:
        return []
    header = _header(text, own[number])

    def belongs(line: Place) -> bool:
        cells = _cells(text, line)
        return len(cells) == len(own) and _header(text, cells[number]) == header

    cells = (_cells(text, line)[number] for line in _run(text, _line(text, at), belongs, across_blanks=False))
    return [(start + len(header), end) for start, end in cells if start + len(header) < end]


def _taken(places: Sequence[Place], met: Sequence[Span]) -> list[Span]:
    """Each place as an item: as likely as what was read in it, or as the least likely that was read."""
    least = min(met, key=lambda item: item.probability)
    found = []
    for place in places:
        inside = [item for item in met if _holder([place], item) is not None]
        like = max(inside, key=lambda item: item.probability, default=least)
        found.append(replace(like, start=place[0], end=place[1]))
    return sorted(found, key=lambda item: -item.probability)


def _holder(places: Sequence[Place], item: Span) -> Place | None:
    return next((place for place in places if place[0] <= item.start < place[1]), None)


def _run(text: str, own: Place, belongs: Callable[[Place], bool], across_blanks: bool) -> list[Place]:
    """The line and those before and after it, as long as they belong, in order."""
    if not belongs(own):
        return []
    before = list(_while(_lines_before(text, own), text, belongs, across_blanks))
    after = _while(_lines_after(text, own), text, belongs, across_blanks)
    return [*reversed(before), own, *after]


def _while(
    lines: Iterator[Place], text: str, belongs: Callable[[Place], bool], across_blanks: bool
) -> Iterator[Place]:
    blank = False
    for number, line in enumerate(lines):
        if number >= _MOST_LINES:
            return
        if not text[slice(*line)].strip():
            if blank or not across_blanks:
                return
            blank = True
        elif belongs(line):
            blank = False
            yield line
        else:
            return


def _line(text: str, at: int) -> Place:
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return start, len(text) if end < 0 else end


def _lines_before(text: str, line: Place) -> Iterator[Place]:
    while line[0] > 0:
        line = _line(text, line[0] - 1)
        yield line


def _lines_after(text: str, line: Place) -> Iterator[Place]:
    while line[1] < len(text):
        line = _line(text, line[1] + 1)
        yield line


def _cells(text: str, line: Place) -> list[Place]:
    """The places of the cells of a table's row."""
    found, start = [], line[0]
    for cell in text[slice(*line)].split(CELL):
        found.append((start, start + len(cell)))
        start += len(cell) + len(CELL)
    return found


def _header(text: str, cell: Place) -> str:
    label = _LABEL.match(text, *cell)
    return label.group() if label else ""
