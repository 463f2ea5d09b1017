"""Columns of prose that a file draws line by line across, put one below the other.

They look like a table of long cells. Their lines tell them apart: each is as full as its column is
wide, where the cells of a table end where their words do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.loaders.pdf.cells import Extent, first_word
from index.loaders.pdf.lines import Line, LineCell

MIN_ROWS = 4  # of a run of lines that are taken for columns
MIN_CHARACTERS = 16  # of a column's lines, on average
FULL = 0.6  # of a column's lines whose next word would not have fitted
MAX_ROW_GAP = 3.0  # line heights between two lines of one column
_ALIGNED = 0.7  # line heights by which the left edges of a column's lines may differ

CellRow = list[LineCell | None]  # one for each column


def columns_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of columns drawn across column by column."""
    result: list[Line] = []
    at = 0
    while at < len(lines):
        end, rows = (
            _run(lines, at)
            if lines[at].is_row and not lines[at].ruled and not lines[at].labelled
            else (at, [])
        )
        if len(rows) >= MIN_ROWS and _are_prose(rows):
            result += _by_column(lines[at:end], rows)
            at = end
        else:
            result.append(lines[at])
            at += 1
    return result


def _run(lines: Sequence[Line], first: int) -> tuple[int, list[CellRow]]:
    """The lines from `first` on that lie in the columns of that line: where they end, and their cells."""
    extents = [(cell.left, cell.right) for cell in lines[first].cells]
    rows: list[CellRow] = [list(lines[first].cells)]
    end = first + 1
    for above, line in zip(lines[first:], lines[first + 1 :], strict=False):
        gap = above.baseline - line.baseline
        if not 0 < gap < MAX_ROW_GAP * line.height or line.turn != above.turn:
            break
        row = _row(line, extents)
        if row is None:
            break
        extents = [_wider(extent, cell) for extent, cell in zip(extents, row, strict=True)]
        rows.append(row)
        end += 1
    return end, rows


def _row(line: Line, extents: Sequence[Extent]) -> CellRow | None:
    """The line's cells by column; None when one of them lies in two columns, or two in one."""
    row: CellRow = [None] * len(extents)
    for cell in _pieces(line, extents):
        inside = [at for at, extent in enumerate(extents) if cell.left < extent[1] and cell.right > extent[0]]
        starts = [at for at in inside if abs(cell.left - extents[at][0]) < _ALIGNED * line.height]
        if len(inside) != 1 or (not starts and inside[0]) or row[inside[0]] is not None:
            return None
        row[inside[0]] = cell
    return row


def _pieces(line: Line, extents: Sequence[Extent]) -> Iterator[LineCell]:
    """The line's cells; one that crosses a gutter in two where it has a gap there."""
    for cell in line.cells:
        for left, _ in extents[1:]:
            gap = next((gap for gap in cell.gaps if abs(gap[2] - left) < _ALIGNED * line.height), None)
            if gap and cell.left < left < cell.right:
                at, right_edge, left_edge = gap
                yield replace(cell, text=cell.text[:at], right=right_edge, gaps=())
                cell = replace(cell, text=cell.text[at + 1 :], left=left_edge)
        yield cell


def _wider(extent: Extent, cell: LineCell | None) -> Extent:
    return (min(extent[0], cell.left), max(extent[1], cell.right)) if cell else extent


def _are_prose(rows: Sequence[CellRow]) -> bool:
    """Whether every column holds lines of running text."""
    columns = [[cell for cell in column if cell] for column in zip(*rows, strict=True)]
    return all(len(column) >= MIN_ROWS and _is_prose(column) for column in columns)


def _is_prose(column: Sequence[LineCell]) -> bool:
    characters = sum(len(cell.text) for cell in column) / len(column)
    labels = sum(cell.text.endswith(":") for cell in column)
    if characters < MIN_CHARACTERS or labels > len(column) / 4:
        return False
    edge = max(cell.right for cell in column)
    full = [_is_full(cell, after, edge) for cell, after in pairwise(column)]
    return sum(full) >= FULL * len(full)


def _is_full(cell: LineCell, following: LineCell, edge: float) -> bool:
    """Whether the next line's first word would not have fitted into this one."""
    return cell.right + first_word(following) > edge - 1


def _by_column(lines: Sequence[Line], rows: Sequence[CellRow]) -> list[Line]:
    return [
        replace(line, cells=(cell,), prose=True)
        for column in zip(*rows, strict=True)
        for line, cell in zip(lines, column, strict=True)
        if cell
    ]
