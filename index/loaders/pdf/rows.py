"""The fragments in which a PDF page's rows are drawn, put together."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.loaders.pdf.lines import CELL_GAP, CLOSE, SAME_BASELINE, Line, LineCell
from index.loaders.pdf.raised import RAISED, SMALLER, after, render

_MAX_STACK = 3  # lines of one table cell under each other that are put back into their row
_MARK_LENGTH = 12  # characters of a mark or an exponent, at most


def rows_of(fragments: Iterable[Line]) -> list[Line]:
    """The lines of a page in the order in which the file draws them, fragments of one row joined."""
    lines: list[Line] = []
    stacked = False
    for line in fragments:
        if stacked and _under_last_cell(lines[-1], line):
            lines[-1] = _stacked(lines[-1], [line])
        else:
            stacked = _append(lines, line)
    return lines


def _append(lines: list[Line], line: Line) -> bool:
    """Append a line, or put it into the row that it continues; True if cells of several lines lay between."""
    for back in range(1, min(_MAX_STACK, len(lines)) + 1):
        above, under = lines[-back], lines[len(lines) - back + 1 :]
        if same_row(above, line) and all(_under_last_cell(above, other) for other in under):
            stacked = _stacked(above, under)
            lines[-back:] = [merged(stacked, line)]
            return bool(under)
    lines.append(line)
    return False


def _under_last_cell(row: Line, line: Line) -> bool:
    """Whether `line` is a further line of the last cell of `row`."""
    cell = row.cells[-1]
    middle = (line.left + line.right) / 2
    return (
        not line.is_row
        and 0 < row.baseline - line.baseline < _MAX_STACK * 1.3 * row.height
        and abs(line.height - row.height) < 0.2 * row.height
        and (abs(line.left - cell.left) < 0.5 * row.height or cell.left < middle < cell.right)
    )


def _stacked(row: Line, under: Sequence[Line]) -> Line:
    last = row.cells[-1]
    text = " ".join([last.text, *(line.text for line in under)])
    right = max([last.right, *(line.right for line in under)])
    bottom = min([last.bottom, *(cell.bottom for line in under for cell in line.cells)])
    return replace(row, cells=(*row.cells[:-1], LineCell(text, last.left, right, bottom, last.top)))


def same_row(line: Line, following: Line) -> bool:
    """Whether two fragments share a baseline, the second (it may be raised and small) right of the first."""
    height = max(line.height, following.height)
    small = following.height < 0.8 * line.height
    return (
        line.turn == following.turn
        and abs(line.baseline - following.baseline) < (0.6 if small else SAME_BASELINE) * height
        and following.left > line.right - 0.2 * height
    )


def merged(line: Line, following: Line) -> Line:
    """Two fragments of one row as one line; without a gap between them they share a cell."""
    height = max(line.height, following.height)
    gap = following.left - line.right
    if gap >= CELL_GAP * height:
        return replace(line, cells=line.cells + following.cells)
    last, first = line.cells[-1], following.cells[0]
    if _is_mark(line, following):
        text = render([(last.text, True), (first.text, False)])
        line = replace(following, cells=line.cells)
    elif _is_mark(following, line) and gap < CLOSE * height:
        text = after(last.text, first.text)
    else:
        text = f"{last.text} {first.text}" if gap > 0.1 * height else last.text + first.text
    bottom, top = min(last.bottom, first.bottom), max(last.top, first.top)
    between = LineCell(text, last.left, first.right, bottom, top)
    return replace(line, cells=(*line.cells[:-1], between, *following.cells[1:]))


def _is_mark(mark: Line, line: Line) -> bool:
    """Whether a fragment is a sign that is raised beside the line."""
    raised = mark.baseline - line.baseline
    return (
        not mark.is_row
        and len(mark.text) <= _MARK_LENGTH
        and mark.height < SMALLER * line.height
        and raised > RAISED * line.height
    )
