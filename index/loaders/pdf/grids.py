"""The grids that thin lines make on a PDF page: tables with ruled cells, merged ones among them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.loaders.pdf.drawn import Drawn
from index.loaders.pdf.glyphs import Box, turned

MAX_MEETINGS = 40_000  # of lines across with upright ones; more are a drawing
MAX_CELLS = 5_000  # of one grid; what has more is a drawing
NEAR = 2.5  # points by which ends of lines that meet may be apart
MIN_SIDE = 5.0  # points; nothing is written in cells that are smaller

Area = tuple[int, int, int, int]  # the first row and column, and those after the last
LineSpan = tuple[float, float, float]  # where a line lies, from where it runs, and to where


@dataclass(frozen=True, slots=True)
class Ruling:
    """One grid: the edges of its columns from the left and of its rows from the top, and its cells."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    areas: dict[tuple[int, int], Area]

    def area_at(self, x: float, y: float) -> Area | None:
        """What the cell fills in which the point lies; None outside."""
        column = bisect_right(self.columns, x) - 1
        row = bisect_right(self.rows, -y, key=lambda edge: -edge) - 1
        return self.areas.get((row, column))

    def box(self, area: Area) -> Box:
        """The rectangle of a cell."""
        top, left, bottom, right = area
        return self.columns[left], self.rows[bottom], self.columns[right], self.rows[top]


def grids_of(drawn: Drawn) -> list[Ruling]:
    """The grids of at least two columns and two rows."""
    if len(drawn.upright) < 1 or len(drawn.across) < 2:
        return []
    across = _joined([((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in drawn.across])
    upright = _joined([((x0 + x1) / 2, y0, y1) for x0, y0, x1, y1 in drawn.upright])
    if len(across) * len(upright) > MAX_MEETINGS:
        return []
    grids = (_grid(*group) for group in _groups(across, upright))
    return [grid for grid in grids if grid is not None]


def _joined(spans: Sequence[LineSpan]) -> list[LineSpan]:
    """The lines, those that go on in each other as one."""
    joined: list[LineSpan] = []
    levels: list[list[LineSpan]] = []
    for span in sorted(spans):
        if levels and span[0] - levels[-1][-1][0] < NEAR:
            levels[-1].append(span)
        else:
            levels.append([span])
    for level in levels:
        start = len(joined)
        for at, begin, end in sorted(level, key=lambda span: span[1]):
            if len(joined) > start and begin - joined[-1][2] < NEAR:
                joined[-1] = (joined[-1][0], joined[-1][1], max(joined[-1][2], end))
            else:
                joined.append((at, begin, end))
    return joined


def _groups(
    across: Sequence[LineSpan], upright: Sequence[LineSpan]
) -> Iterator[tuple[list[LineSpan], list[LineSpan]]]:
    """The lines that meet, directly or by others."""
    waiting = set(range(len(upright)))
    rest = list(across)
    while rest:
        level, standing, added = [rest.pop()], [], True
        while added:
            added = False
            for at in sorted(waiting):
                if any(_meet(one, upright[at]) for one in level):
                    waiting.discard(at)
                    standing.append(upright[at])
                    added = True
            more = {one for one in rest if any(_meet(one, other) for other in standing)}
            if more:
                rest = [one for one in rest if one not in more]
                level += sorted(more)
                added = True
        if standing:
            yield level, standing


def _meet(across: LineSpan, upright: LineSpan) -> bool:
    y, left, right = across
    x, bottom, top = upright
    return left - NEAR < x < right + NEAR and bottom - NEAR < y < top + NEAR


def _grid(across: Sequence[LineSpan], upright: Sequence[LineSpan]) -> Ruling | None:
    left, right = min(one[1] for one in across), max(one[2] for one in across)
    bottom, top = min(one[1] for one in upright), max(one[2] for one in upright)
    columns = _edges([left, *(one[0] for one in upright), right])
    rows = _edges([bottom, *(one[0] for one in across), top])[::-1]
    if len(columns) < 3 or len(rows) < 3 or (len(columns) - 1) * (len(rows) - 1) > MAX_CELLS:
        return None
    beside = [  # whether a line parts the cell from the one to its right
        [_covers(upright, x, (one + other) / 2) for x in columns[1:-1]] for one, other in pairwise(rows)
    ]
    beneath = [
        [_covers(across, y, (one + other) / 2) for one, other in pairwise(columns)] for y in rows[1:-1]
    ]
    return Ruling(columns, rows, _areas(beside, beneath))


def _edges(places: Sequence[float]) -> tuple[float, ...]:
    """The places from the lowest, those that are too close for a cell between them once."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > MIN_SIDE:
            edges.append(place)
    return tuple(edges)


def _covers(spans: Sequence[LineSpan], at: float, middle: float) -> bool:
    return any(abs(one - at) <= MIN_SIDE and begin < middle < end for one, begin, end in spans)


def _areas(
    beside: Sequence[Sequence[bool]], beneath: Sequence[Sequence[bool]]
) -> dict[tuple[int, int], Area]:
    """What the cell at each row and column fills: all that no line parts from it, in a rectangle."""
    areas: dict[tuple[int, int], Area] = {}
    height, width = len(beside), len(beside[0]) + 1
    for row in range(height):
        for column in range(width):
            if (row, column) in areas:
                continue
            right = column + 1
            while right < width and not beside[row][right - 1] and (row, right) not in areas:
                right += 1
            bottom = row + 1
            while bottom < height and not any(beneath[bottom - 1][column:right]):
                if any((bottom, one) in areas for one in range(column, right)):
                    break
                bottom += 1
            area = (row, column, bottom, right)
            areas.update({(one, other): area for one in range(row, bottom) for other in range(column, right)})
    return areas


class Rules:
    """The thin lines of a page as they lie when text that runs in some direction is upright."""

    def __init__(self, drawn: Drawn, *, tables: bool = True) -> None:
        self._drawn = drawn
        self._tables = tables  # the boxes of a form are none
        self._grids: dict[int, list[Ruling]] = {}
        self._across: dict[int, list[Box]] = {}

    def grids(self, turn: int) -> list[Ruling]:
        """The grids; none for slanted text."""
        if turn not in self._grids:
            self._grids[turn] = (
                grids_of(_turned(self._drawn, turn)) if self._tables and turn % 90 == 0 else []
            )
        return self._grids[turn]

    def through(self, bottom: float, top: float, turn: int) -> list[Box]:
        """The lines across whose height is between the two."""
        if turn % 90:
            return []
        if turn not in self._across:
            self._across[turn] = sorted(_turned(self._drawn, turn).across, key=_height)
        across = self._across[turn]
        return across[bisect_left(across, bottom, key=_height) : bisect_right(across, top, key=_height)]

    def cell_at(self, box: Box, turn: int) -> tuple[int, Area] | None:
        """The number of the grid and the cell of it that hold the middle of the box."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        for number, grid in enumerate(self.grids(turn)):
            area = grid.area_at(x, y)
            if area is not None:
                return number, area
        return None


def _height(across: Box) -> float:
    return (across[1] + across[3]) / 2


def _turned(drawn: Drawn, turn: int) -> Drawn:
    if not turn:
        return drawn
    across = [turned(box, turn) for box in drawn.across]
    upright = [turned(box, turn) for box in drawn.upright]
    return Drawn([], upright, across) if turn % 180 else Drawn([], across, upright)
