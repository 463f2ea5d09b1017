"""Table rows as lines of text in which every cell stands with its header: 'Item: Tea | 2022: $ 1'.

A line is found and read by itself: a passage may begin in the middle of a table, far from its header row.
"""

from collections.abc import Sequence

from index.loaders.builder import CELL
from index.loaders.builder import row as joined
from index.loaders.column_groups import with_groups
from index.loaders.grids import MAX_LABEL, Grid, Rows
from index.loaders.header_rows import (
    Guess,
    column_labels,
    header_rows,
    is_scale,
    is_scaled,
    labels_of,
    scale_of,
)
from index.loaders.sections import TableSections


def labelled(label: str, cell: str) -> str:
    """A cell with its column's header before it."""
    label = label.rstrip(" :")
    return f"{label}: {cell}" if label and cell and label != cell and len(label) <= MAX_LABEL else cell


def lines(rows: Rows, header_rows: int) -> list[str]:
    """One line for each row, the first `header_rows` as they are; empty where a row has no text."""
    return grid_lines(Grid([list(cells) for cells in rows]), header_rows)


def grid_lines(grid: Grid, header_rows: int, scale: str = "") -> list[str]:
    """Like `lines`, each row with the section that it stands in; a row's own label is written once.

    A row with figures says their scale, that of the header or else `scale`.
    """
    rows = grid.rows
    labels = column_labels(grid, header_rows)
    if not header_rows and not grid.repeated and is_form(rows):
        return [f"{label.rstrip(' :')}: {value}" if value else label for label, value in rows]
    written = [_as_it_is(grid, number) for number in range(header_rows)]
    header = [list(cells) for cells in rows[:header_rows]]
    scale = scale_of(header) or scale
    sections = TableSections(grid)
    for number in range(header_rows, len(rows)):
        if (again := _header_row(header, rows[number])) is not None:
            header[again] = rows[number]
            labels = labels_of(header)
            sections.end()
            written.append(_as_it_is(grid, number))
        elif sections.begin(number):
            written.append(next(filter(None, rows[number])))
        else:
            line = _line(grid, number, labels)
            section = sections.over(number) if line else ""
            scaled = scale and is_scaled(f"{section} {grid.first(number)}", rows[number][1:])
            last = scale if scaled else ""
            written.append(CELL.join(filter(None, (section, line, last))))
    return written


def table(grid: Grid, marked: int, guess: Guess) -> tuple[list[str], list[str], int]:
    """The titles over a table, its lines, and how many of them are its header.

    `marked`: the rows that the file says are the header; where it says nothing, `guess` tells.
    """
    titles, whole = grid.with_signs().without_titles()
    whole = with_groups(whole)
    marked -= len(grid.rows) - len(whole.rows)
    count = marked if 0 < marked < len(whole.rows) else header_rows(whole, guess)
    scale = next(filter(is_scale, titles), "")
    return titles, grid_lines(whole, count, scale), count


def is_form(rows: Rows) -> bool:
    """Whether rows of two cells each name a value, as a form does."""
    labels = [cells[0] for cells in rows if cells]
    return (
        len(rows) > 1
        and all(len(cells) == 2 for cells in rows)
        and len(set(labels)) == len(labels)
        and all(len(label) <= MAX_LABEL and any(map(str.isalpha, label)) for label in labels)
        and sum(bool(cells[1]) for cells in rows) > len(rows) / 2
    )


def _as_it_is(grid: Grid, number: int) -> str:
    """A header row as a line; what is merged leaves no empty cells."""
    cells = grid.once(number)
    return joined(list(filter(None, cells)) if grid.repeated else cells)


def _header_row(header: Rows, cells: Sequence[str]) -> int | None:
    """Which row of the header stands there again, but for its first cell."""
    again = next(
        (at for at, one in enumerate(header) if one[-1:] == cells[-1:] and one[1:] == cells[1:]), None
    )
    return again if sum(map(bool, cells[1:])) > 1 else None


def _line(grid: Grid, number: int, labels: Sequence[str]) -> str:
    """A body row; a merged cell at its beginning labels the row, one further on counts for each column."""
    parts: list[str] = []
    begins = True
    for column, cell in enumerate(grid.rows[number]):
        label = labels[column] if column < len(labels) else ""
        repeated = (number, column) in grid.repeated
        spans = (number, column + 1) in grid.repeated
        begins = begins and (column == 0 or repeated)
        if not cell or (repeated and (begins or not label or label == labels[column - 1])):
            continue
        parts.append(cell if begins and spans else labelled(label, cell))
    return CELL.join(parts)
