"""Table rows as lines of text in which every cell stands with its header: 'Item: Tea | 2022: $ 1'.

A line is found and read by itself: a passage may begin in the middle of a table, far from its header row.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from index.loaders.builder import CELL, Unreadable, row

MAX_SPAN = 100  # columns or rows that a cell may fill; files may claim any number
MAX_CELLS = 2_000_000  # of one table, merged ones counted as often as they are repeated
MAX_HEADER_ROWS = 3
MAX_LABEL = 100  # characters; a longer header is a remark, and would bury the cells that it is repeated for
EVIDENCE = 0.5  # of a column's cells that must be figures for its figureless first cell to be its header

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,' ]*\s?[%)]?")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Statements put the signs of an amount into cells of their own, so that its digits stand below each other.
_SIGN_BEFORE = re.compile(r"[A-Z]{0,3}[$€£¥]|\(|\([$€£¥]")
_SIGN_AFTER = re.compile(r"[%)]|\)\s?%|%\s?\)")
_AMOUNT = re.compile(r"[-(]?[$€£¥]?\s?[\d.,—–-][\d.,' —–]*\)?")

Rows = Sequence[Sequence[str]]
Place = tuple[int, int]  # row and column
Area = tuple[int, int, int, int]  # first row and column, last row and column


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a file holds it, with the columns and rows that it fills."""

    text: str
    wide: int = 1
    high: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in which a merged cell's text stands in all that it fills.

    `repeated` are the places right of a merged cell's first column.
    """

    rows: list[list[str]] = field(default_factory=list)
    repeated: set[Place] = field(default_factory=set)

    def fill(self, areas: Sequence[Area], max_columns: int) -> None:
        """Writes the first cell's text of each merged range into all of it that the rows reach."""
        for top, left, bottom, right in areas:
            if top >= len(self.rows) or left >= len(self.rows[top]) or not self.rows[top][left]:
                continue
            text = self.rows[top][left]
            right, bottom = min(right, max_columns - 1), min(bottom, len(self.rows) - 1)
            if (right - left + 1) * (bottom - top + 1) > MAX_CELLS // len(areas):
                continue
            for number in range(top, bottom + 1):
                row = self.rows[number]
                row += [""] * (right + 1 - len(row))
                row[left : right + 1] = [text] * (right + 1 - left)
                self.repeated.update((number, column) for column in range(left + 1, right + 1))

    def with_signs(self) -> "Grid":
        """The table with an amount and its signs in one cell where they had several, less empty columns."""
        rows = [list(cells) for cells in self.rows]
        for number, cells in enumerate(rows):
            own = [at for at, cell in enumerate(cells) if cell and (number, at) not in self.repeated]
            for before, at in pairwise(own):
                if _SIGN_BEFORE.fullmatch(cells[before]) and _AMOUNT.fullmatch(cells[at]):
                    self._write(cells, number, at, cells[before] + cells[at])
                    self._write(cells, number, before, "")
                elif _SIGN_AFTER.fullmatch(cells[at]) and _AMOUNT.fullmatch(cells[before].lstrip("$€£¥")):
                    self._write(cells, number, before, cells[before] + cells[at])
                    self._write(cells, number, at, "")
        return Grid(rows, self.repeated)._without_empty_columns() if rows != self.rows else self

    def _write(self, cells: list[str], number: int, at: int, text: str) -> None:
        """Puts the text into a cell and all that it fills."""
        cells[at] = text
        while (number, at := at + 1) in self.repeated:
            cells[at] = text

    def _without_empty_columns(self) -> "Grid":
        """The table without columns in which no cell begins."""
        width = max(map(len, self.rows), default=0)
        kept = [
            column
            for column in range(width)
            if any(
                column < len(cells) and cells[column] and (number, column) not in self.repeated
                for number, cells in enumerate(self.rows)
            )
        ]
        place = {column: new for new, column in enumerate(kept)}
        rows = [[cells[column] for column in kept if column < len(cells)] for cells in self.rows]
        return Grid(rows, {(number, place[at]) for number, at in self.repeated if at in place})

    def without_titles(self) -> tuple[list[str], "Grid"]:
        """The texts that stand alone above the table, and the table."""
        count = 0
        while count < len(self.rows) - 1 and self._is_title(count):
            count += 1
        if not count or not any(self._filled(number) > 1 for number in range(count, len(self.rows))):
            return [], self
        titles = [next(filter(None, cells)) for cells in self.rows[:count] if any(cells)]
        left = {(line - count, column) for line, column in self.repeated if line >= count}
        return titles, Grid(self.rows[count:], left)

    def is_merged(self, number: int) -> bool:
        """Whether some cell of the row fills several columns, but not all."""
        return self._repeats(number) and not self._is_title(number)

    def section(self, number: int) -> str:
        """The text of a row that one cell fills from end to end; empty where there is none."""
        cells = self.rows[number]
        merged = (number, len(cells) - 1) in self.repeated and self._filled(number) == 1
        return cells[0] if merged and len(cells[0]) <= MAX_LABEL else ""

    def _is_title(self, number: int) -> bool:
        """Whether one text stands over the table; a merged one right of an empty corner names columns."""
        cells = self.rows[number]
        return self.is_alone(number) and (not any(cells) or bool(cells[0]) or not self._repeats(number))

    def _repeats(self, number: int) -> bool:
        return any((number, column) in self.repeated for column in range(len(self.rows[number])))

    def is_alone(self, number: int) -> bool:
        return self._filled(number) <= 1

    def _filled(self, number: int) -> int:
        """How many cells of the row hold a text, a merged one counted once."""
        return sum(
            bool(cell) and (number, at) not in self.repeated for at, cell in enumerate(self.rows[number])
        )


def spread(rows: Iterable[Iterable[Cell]]) -> Grid:
    """The cells of a file in their columns, merged ones in all that they fill."""
    grid = Grid()
    hanging: dict[int, tuple[int, str, bool]] = {}  # by column: rows left, text, whether repeated
    count = 0
    for number, cells in enumerate(rows):
        filled: list[str] = []
        for cell in cells:
            _hang(grid, filled, hanging, number)
            wide, high = min(max(cell.wide, 1), MAX_SPAN), min(max(cell.high, 1), MAX_SPAN)
            for column in range(wide):
                if column:
                    grid.repeated.add((number, len(filled)))
                if high > 1:
                    hanging[len(filled)] = (high - 1, cell.text, column > 0)
                filled.append(cell.text)
        _hang(grid, filled, hanging, number)
        grid.rows.append(filled)
        count += len(filled)
        if count > MAX_CELLS:
            raise Unreadable(f"it has a table of more than {MAX_CELLS:,} cells")
    return grid


def _hang(grid: Grid, cells: list[str], hanging: dict[int, tuple[int, str, bool]], number: int) -> None:
    """Fill in the cells that hang down into this row from those above."""
    while len(cells) in hanging:
        left, text, repeated = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, text, repeated)
        if repeated:
            grid.repeated.add((number, len(cells)))
        cells.append(text)


def labelled(label: str, cell: str) -> str:
    """A cell with its column's header before it."""
    label = label.rstrip(" :")
    return f"{label}: {cell}" if label and cell and label != cell and len(label) <= MAX_LABEL else cell


def lines(rows: Rows, header_rows: int) -> list[str]:
    """One line for each row, the first `header_rows` as they are; empty where a row has no text."""
    return grid_lines(Grid([list(cells) for cells in rows]), header_rows)


def grid_lines(grid: Grid, header_rows: int) -> list[str]:
    """Like `lines`, each row with the section that it stands in; a row's own label is written once."""
    rows = grid.rows
    labels = [_joined(column) for column in zip_longest(*rows[:header_rows], fillvalue="")]
    if not header_rows and not grid.repeated and is_form(rows):
        return [f"{label.rstrip(' :')}: {value}" if value else label for label, value in rows]
    written = [row(_once(grid, number)) for number in range(header_rows)]
    section = ""
    for number in range(header_rows, len(rows)):
        title = grid.section(number)
        line = title or _line(grid, number, labels)
        written.append(line if title or not section else f"{section}{CELL}{line}" if line else "")
        if title or grid.is_alone(number):
            section = title
    return written


def table(grid: Grid, marked: int, guess: Callable[[Rows], bool]) -> tuple[list[str], list[str], int]:
    """The titles over a table, its lines, and how many of them are its header.

    `marked`: the rows that the file says are the header; where it says nothing, `guess` tells.
    """
    titles, whole = grid.with_signs().without_titles()
    marked -= len(grid.rows) - len(whole.rows)
    count = marked if 0 < marked < len(whole.rows) else header_rows(whole, guess)
    return titles, grid_lines(whole, count), count


def header_rows(grid: Grid, guess: Callable[[Rows], bool]) -> int:
    """How many rows at the top name the columns: several where cells are merged over them, or `guess`."""
    rows = grid.rows
    count = 0
    while count < min(MAX_HEADER_ROWS, len(rows) - 2) and grid.is_merged(count) and not _figures(rows[count]):
        count += 1
    if not count:
        count = _rows_over_figures(rows)
    elif not _figures(rows[count]) and (count == 1 or rows[count][:1] in ([], [""], rows[0][:1])):
        count += 1  # the row that tells apart the columns below merged names
    last = count - 1
    own = [cells for at, cells in enumerate(_columns(rows[:count])) if (last, at) not in grid.repeated]
    if count > 1 and _are_distinct(own):
        return count
    return int(len(rows) > 1 and guess([_once(grid, number) for number in range(len(rows))]))


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


def _once(grid: Grid, number: int) -> list[str]:
    """The cells of a row, a merged one once."""
    return ["" if (number, at) in grid.repeated else cell for at, cell in enumerate(grid.rows[number])]


def _rows_over_figures(rows: Rows) -> int:
    """How many rows of words stand over columns of figures, those after the first without a label."""
    body = rows[1:]
    width = max(map(len, rows), default=0)
    columns = [
        column
        for column in range(1, width)
        if _mostly_figures([cells[column] for cells in body if column < len(cells) and cells[column]])
    ]
    for count, cells in enumerate(rows[: MAX_HEADER_ROWS + 1]):
        figures = [cells[column] for column in columns if column < len(cells)]
        if _figures(figures):
            return count
        if count and (not cells or cells[0] not in ("", rows[0][0])):
            return 0
    return 0


def _figures(cells: Sequence[str]) -> bool:
    """Whether a row tells figures other than years."""
    return any(_NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in cells)


def _columns(rows: Rows) -> list[tuple[str, ...]]:
    return list(zip_longest(*rows, fillvalue=""))


def _are_distinct(columns: Rows) -> bool:
    named = [label for label in map(_joined, columns) if label]
    return len(set(named)) == len(named) and not any(map(_figures, columns))


def names_columns(rows: Rows) -> bool:
    """Whether the first row could be a header: filled, distinct, and without figures other than years."""
    if len(rows) < 2 and not (rows and len(rows[0]) > 1):
        return False
    cells = list(rows[0])
    while cells and not cells[-1]:
        cells.pop()
    named = [cell for cell in cells if cell]
    if len(set(named)) < len(named) or len(named) < len(cells) - 1:  # the corner may be empty
        return False
    figures = [cell for cell in named if _NUMBER.fullmatch(cell)]
    return len(figures) < len(named) and all(map(_YEAR.fullmatch, figures))


def stands_over_figures(rows: Rows) -> bool:
    """Whether the first row names columns and the cells below it show so, being figures as it is not."""
    return names_columns(rows) and any(
        _mostly_figures([cells[column] for cells in rows[1:] if column < len(cells) and cells[column]])
        for column in range(len(rows[0]))
    )


def _mostly_figures(cells: Sequence[str]) -> bool:
    return bool(cells) and sum(bool(_NUMBER.fullmatch(cell)) for cell in cells) > EVIDENCE * len(cells)


def _joined(column: Sequence[str]) -> str:
    """The header of a column from the cells of several header rows, each text once."""
    return " ".join(dict.fromkeys(filter(None, column)))
