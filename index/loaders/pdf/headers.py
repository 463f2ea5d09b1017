"""The headers over the columns of a PDF's table: one cell each, one for several columns, in one line or more.

A wrong header is worse than none: what isn't certain is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.loaders.grids import MAX_LABEL
from index.loaders.pdf.lines import Line, LineCell
from index.loaders.periods import told_apart

MAX_HEADER_LINES = 12
MAX_BETWEEN = 4  # lines of labels between two rows of one table, or between the header and the first row
HEADER_GAP = 2.6  # line heights between two lines of one header
STACK_GAP = 1.6  # line heights between two lines of one cell
STRAIGHT = 0.8  # line heights by which the middles of such lines may differ
OFF_CENTRE = 0.35  # of a group of columns by which the header over all of them may miss their middle
STACKED_OFF_CENTRE = 0.12  # the same for one that stands straight over or under another cell
PROSE = 90  # characters; a line of a table that is no row is shorter

_FIGURE = re.compile(
    r"[$€£¥]\s?\d|\d\s*[$€£¥]\Z|\A\(?\d[\d,.]*\)?\s?(?:%|pts|years)|\A\(?\d{1,3}(?:,\d{3})+\)?\Z"
)


@dataclass(frozen=True, slots=True)
class Column:
    """Where the figures of a column stand, and whether they are shares of a hundred."""

    left: float
    right: float
    percent: bool = False

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


HeaderLine = tuple[float, list[LineCell]]  # baseline, and the cells over the columns


def headers(lines: Sequence[Line], stops: Sequence[bool], first: int, columns: Sequence[Column]) -> list[str]:
    """The header of each column of the table whose first row is line `first`; none when they are not clear.

    `stops` says which lines are rows of figures themselves, at which a header ends.
    """
    found = _header_lines(lines, stops, first, columns)
    labels = [_spread(found, number, columns, lines[first].height) for number in range(len(found))]
    whole = [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*labels, strict=True)]
    return [] if _ambiguous(whole, columns) else told_apart(whole)


def _header_lines(
    lines: Sequence[Line], stops: Sequence[bool], first: int, columns: Sequence[Column]
) -> list[HeaderLine]:
    """The lines of the header from top to bottom, found upwards from the first row."""
    found: list[HeaderLine] = []
    edge, height = lines[first].baseline, lines[first].height
    for number in range(first - 1, max(first - MAX_HEADER_LINES, 0) - 1, -1):
        line = lines[number]
        between = 1 if found else first - number
        if stops[number] or not abs(line.baseline - edge) < HEADER_GAP * height * between:
            break
        cells = _over(line, columns, lines[first].left)
        if _is_remark(line):
            edge = line.baseline
        elif cells:
            edge = max(line.baseline, edge) if found else line.baseline
            found.append((line.baseline, cells))
        elif found or first - number > MAX_BETWEEN or len(line.text) > PROSE:
            break
    return _joined(sorted(found, key=lambda one: -one[0]), height)


def _joined(found: Sequence[HeaderLine], height: float) -> list[HeaderLine]:
    """The lines of a header, those put together which the file draws in pieces on one baseline."""
    joined: list[HeaderLine] = []
    for baseline, cells in found:
        if joined and joined[-1][0] - baseline < 0.3 * height:
            joined[-1] = (joined[-1][0], sorted([*joined[-1][1], *cells], key=lambda cell: cell.left))
        else:
            joined.append((baseline, cells))
    return joined


def _is_remark(line: Line) -> bool:
    """Whether the line says something of the whole table, like '(in millions)'."""
    return not line.is_row and line.text.startswith("(") and line.text.endswith(")")


def _over(line: Line, columns: Sequence[Column], margin: float) -> list[LineCell]:
    """The cells of a line that stand over the columns; none when the line is no part of a header."""
    left, right = columns[0].left - 1.5 * line.height, columns[-1].right + 4 * line.height
    cells = [cell for cell in line.cells if cell.right > left and cell.right < right]
    others = len(line.cells) - len(cells)
    if others > 1 or (others and (not cells or line.cells[0] in cells)):
        return []
    if len(cells) == 1 and not others:
        alone = cells[0]
        title = alone.text.isupper() or alone.text.endswith(":") or alone.right - alone.left > right - left
        if title or alone.left < max(margin + 2 * line.height, columns[0].left - 5 * line.height):
            return []
    texts = [cell.text for cell in cells]
    unlike = any(len(text) > MAX_LABEL or text.endswith(".") or _FIGURE.search(text) for text in texts)
    return [] if unlike else cells


def _spread(found: Sequence[HeaderLine], number: int, columns: Sequence[Column], height: float) -> list[str]:
    """The text over each column: one each, one for a group of columns, or just what overlaps."""
    cells = found[number][1]
    if len(cells) == len(columns):
        return [cell.text for cell in cells]
    nearest = [
        min(range(len(cells)), key=lambda at: abs(_middle(cells[at]) - column.middle)) for column in columns
    ]
    groups = [
        [column for column, at in zip(columns, nearest, strict=True) if at == which]
        for which in range(len(cells))
    ]
    if len(set(map(len, groups))) == 1 and all(
        _spans(cell, group, _is_stacked(found, number, cell, height))
        for cell, group in zip(cells, groups, strict=True)
    ):
        return [cells[at].text for at in nearest]
    return [_overlapping(cells, column, height) for column in columns]


def _spans(cell: LineCell, group: Sequence[Column], stacked: bool) -> bool:
    """Whether a header stands over the middle of a group of columns, and not just over one of them."""
    width = group[-1].right - group[0].left
    narrow = any(
        one.left <= _middle(cell) <= one.right and cell.right - cell.left < 1.3 * (one.right - one.left)
        for one in group
    )
    off = abs(_middle(cell) - (group[0].left + group[-1].right) / 2)
    return not narrow and off < (STACKED_OFF_CENTRE if stacked else OFF_CENTRE) * width


def _is_stacked(found: Sequence[HeaderLine], number: int, cell: LineCell, height: float) -> bool:
    """Whether the cell stands straight over or under one of another line, as two lines of one header do."""
    baseline = found[number][0]
    return any(
        abs(other - baseline) < STACK_GAP * height and abs(_middle(one) - _middle(cell)) < STRAIGHT * height
        for at, (other, ones) in enumerate(found)
        if at != number
        for one in ones
    )


def _overlapping(cells: Sequence[LineCell], column: Column, height: float) -> str:
    def shared(cell: LineCell) -> float:
        return min(cell.right, column.right + height) - max(cell.left, column.left - height)

    best = max(cells, key=shared)
    return best.text if shared(best) > 0 else ""


def _ambiguous(whole: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether two neighbours have one header, although none of them holds the percentages of the other."""
    return any(
        one and one == other and not (left.percent or right.percent)
        for (one, left), (other, right) in pairwise(zip(whole, columns, strict=False))
    )


def _middle(cell: LineCell) -> float:
    return (cell.left + cell.right) / 2
