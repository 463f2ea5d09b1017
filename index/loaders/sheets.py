"""Sheets of cells: the tables on one, each with its titles, its header and its rows as lines."""

from collections.abc import Callable, Iterator

from index.loaders.builder import Builder
from index.loaders.grids import CellPosition, Grid, Rows
from index.loaders.header_rows import names_columns, stands_over_figures
from index.loaders.tables import table


def write_sheet(builder: Builder, grid: Grid, guess: Callable[[Rows], bool] | None = None) -> None:
    """Append the tables of a sheet, which empty rows and columns part."""
    for block in _blocks(grid):
        before = "\n\n"
        titles, lines, header = table(block, 0, guess or _header)
        for title in titles:
            builder.add(title)
        # The header stands in every row; as a line of its own only where it is all there is.
        for line in lines[header if len(lines) > 1 else 0 :]:
            builder.add(line, before=before)
            before = "\n"


def _header(rows: Rows) -> bool:
    """Whether the first row names the columns; two columns of words are names and what belongs to them."""
    return (len(rows[0]) > 2 and names_columns(rows)) or stands_over_figures(rows)


def _blocks(grid: Grid) -> Iterator[Grid]:
    start = None
    for number in range(len(grid.rows) + 1):
        filled = number < len(grid.rows) and any(grid.rows[number])
        if filled and start is None:
            start = number
        elif not filled and start is not None:
            yield from _side_by_side(grid, start, number)
            start = None


def _side_by_side(grid: Grid, start: int, end: int) -> Iterator[Grid]:
    """The tables in these rows that an empty column parts, if each begins with a row of its own."""
    rows = grid.rows[start:end]
    width = max(map(len, rows))
    used = [any(column < len(row) and row[column] for row in rows) for column in range(width)]
    edges = [at for at in range(width) if used[at] and (at == 0 or not used[at - 1])]
    ends = [at + 1 for at in range(width) if used[at] and (at + 1 == width or not used[at + 1])]
    spans = list(zip(edges, ends, strict=True))
    apart = len(spans) > 1 and all(_is_table(rows, first, last) for first, last in spans)
    for first, last in spans if apart else [(edges[0], ends[-1])]:
        repeated: set[CellPosition] = {
            (row - start, column - first)
            for row, column in grid.repeated
            if start <= row < end and first <= column < last
        }
        cells = [[*row[first:last], *[""] * (last - max(len(row), first))] for row in rows]
        yield Grid(cells, repeated, grid.looks[start:end])


def _is_table(rows: Rows, first: int, last: int) -> bool:
    """Whether these columns are a table of their own: at least two, with a text in the first row."""
    return last - first > 1 and all(len(rows[0]) > at and rows[0][at] for at in (first, last - 1))
