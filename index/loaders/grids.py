"""Tables as grids: cells in their columns, merged ones in all that they fill, and how each row is set."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.loaders.builder import Unreadable

MAX_SPAN = 100  # columns or rows that a cell may fill; files may claim any number
MAX_CELLS = 2_000_000  # of one table, merged ones counted as often as they are repeated
MAX_LABEL = 100  # characters; a longer header is a remark, and would bury the cells that it is repeated for
FEWEST_NAMES = 2  # in a row of a form: one alone is the label of a table's row
FEW = 3  # of as many rows as that, one may be set like the header: a total

# Statements put the signs of an amount into cells of their own, so that its digits stand below each other.
_SIGN_BEFORE = re.compile(r"[A-Z]{0,3}[$€£¥]|\(|\([$€£¥]")
_SIGN_AFTER = re.compile(r"[%)]|\)\s?%|%\s?\)")
_AMOUNT = re.compile(r"[-(]?[$€£¥]?\s?[\d.,—–-][\d.,' —–]*\)?")
_SIGN_ENDS = frozenset("$€£¥(%)")
_LONGEST_SIGN = 4
_PAIR = 2  # columns: a label and a value

Rows = Sequence[Sequence[str]]
CellPosition = tuple[int, int]  # row and column
Area = tuple[int, int, int, int]  # first row and column, last row and column


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a file holds it, with the columns and rows that it fills."""

    text: str
    wide: int = 1
    high: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """How a row is set, as far as that tells a header from its rows and a group from its parts."""

    bold: bool = False  # all of its text
    names: bool = False  # some of its cells in bold type, as the labels of a form are
    shade: str = ""  # behind its cells
    indent: float = 0.0  # of its first cell, in the file's own unit


PLAIN = Look()


def row_look(cells: Sequence[Look], *, first: bool = True) -> Look:
    """How a row is set whose cells with text are set so; `first`: whether its first cell is among them."""
    if not cells:
        return PLAIN
    shade = cells[0].shade if all(one.shade == cells[0].shade for one in cells) else ""
    bold = sum(one.bold for one in cells)
    names = FEWEST_NAMES <= bold < len(cells)
    look = Look(bold == len(cells), names, shade, cells[0].indent if first else 0.0)
    return PLAIN if look == PLAIN else look


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in which a merged cell's text stands in all that it fills.

    `repeated` are the places right of a merged cell's first column; `looks` those of the rows, or of none
    where the file doesn't say.
    """

    rows: list[list[str]] = field(default_factory=list)
    repeated: set[CellPosition] = field(default_factory=set)
    looks: list[Look] = field(default_factory=list)

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

    def first(self, number: int) -> str:
        """The text of a row's first cell; empty where the row has no cells."""
        return next(iter(self.rows[number]), "")

    def look(self, number: int) -> Look:
        return self.looks[number] if number < len(self.looks) else PLAIN

    def first_stands_out(self) -> bool:
        """Whether the first row is in bold type or shaded as those below are not, a total or so aside."""
        first = self.look(0)
        below = [self.look(number) for number in range(1, len(self.rows)) if any(self.rows[number])]
        if not below or not (first.bold or first.shade):
            return False
        bold = sum(one.bold for one in below) if first.bold else len(below)
        shaded = sum(one.shade == first.shade for one in below) if first.shade else len(below)
        return min(bold, shaded) * FEW < len(below) or bold == 0 or shaded == 0

    def is_bold_form(self) -> bool:
        """Whether names and values take turns in the rows, the names in bold type."""
        return self.look(0).names and sum(one.names for one in self.looks) * 2 > len(self.looks)

    def with_signs(self) -> "Grid":
        """The table with amounts in one cell, where a sign of theirs had one of its own; no empty columns."""
        signed = [number for number, cells in enumerate(self.rows) if _may_hold_signs(cells)]
        if not signed:
            return self._without_empty_columns()
        rows = [list(cells) for cells in self.rows]
        amounts = {
            at
            for number, cells in enumerate(rows)
            for at, cell in enumerate(cells)
            if (number, at) not in self.repeated and _AMOUNT.fullmatch(cell)
        }
        for number in signed:
            cells = rows[number]
            own = [at for at, cell in enumerate(cells) if cell and (number, at) not in self.repeated]
            for before, at in pairwise(own):
                if _SIGN_BEFORE.fullmatch(cells[before]) and _AMOUNT.fullmatch(cells[at]):
                    self._write(cells, number, at, cells[before] + cells[at])
                    self._write(cells, number, before, "")
                # A column with amounts of its own is one: its sign is the name of the column.
                elif (
                    at not in amounts
                    and _SIGN_AFTER.fullmatch(cells[at])
                    and _AMOUNT.fullmatch(cells[before].lstrip("($€£¥"))
                ):
                    self._write(cells, number, before, cells[before] + cells[at])
                    self._write(cells, number, at, "")
        return Grid(rows, self.repeated, self.looks)._without_empty_columns()

    def _write(self, cells: list[str], number: int, at: int, text: str) -> None:
        """Puts the text into a cell and all that it fills."""
        cells[at] = text
        while (number, at := at + 1) in self.repeated:
            cells[at] = text

    def _without_empty_columns(self) -> "Grid":
        """The table without columns in which no cell begins."""
        width = max(map(len, self.rows), default=0)
        missing = set(range(width))
        for number, cells in enumerate(self.rows):
            if not missing:
                return self
            missing -= {
                at for at in missing if at < len(cells) and cells[at] and (number, at) not in self.repeated
            }
        if not missing:
            return self
        kept = [column for column in range(width) if column not in missing]
        place = {column: new for new, column in enumerate(kept)}
        rows = [[cells[column] for column in kept if column < len(cells)] for cells in self.rows]
        return Grid(rows, {(number, place[at]) for number, at in self.repeated if at in place}, self.looks)

    def without_titles(self) -> tuple[list[str], "Grid"]:
        """The texts that stand alone above the table, and the table."""
        count = 0
        while count < len(self.rows) - 1 and self._is_title(count):
            count += 1
        if not count or not any(self.filled(number) > 1 for number in range(count, len(self.rows))):
            return [], self
        titles = [next(filter(None, cells)) for cells in self.rows[:count] if any(cells)]
        left = {(line - count, column) for line, column in self.repeated if line >= count}
        return titles, Grid(self.rows[count:], left, self.looks[count:])

    def is_merged(self, number: int) -> bool:
        """Whether some cell of the row fills several columns, but not all."""
        return self._repeats(number) and not self._is_title(number)

    def section(self, number: int) -> str:
        """The text of a row that one cell fills from end to end; empty where there is none."""
        cells = self.rows[number]
        merged = (number, len(cells) - 1) in self.repeated and self.filled(number) == 1
        return cells[0] if merged and len(cells[0]) <= MAX_LABEL else ""

    def _is_title(self, number: int) -> bool:
        """Whether one text stands over the table; one that fills all right of the corner names columns."""
        cells = self.rows[number]
        names = self._repeats(number) or len(cells) == _PAIR
        return self.is_alone(number) and (not any(cells) or bool(cells[0]) or not names)

    def _repeats(self, number: int) -> bool:
        return bool(self.repeated) and any(
            (number, column) in self.repeated for column in range(len(self.rows[number]))
        )

    def is_alone(self, number: int) -> bool:
        return self.filled(number) <= 1

    def filled(self, number: int) -> int:
        """How many cells of the row hold a text, a merged one counted once."""
        return sum(map(bool, self.once(number) if self.repeated else self.rows[number]))

    def once(self, number: int) -> list[str]:
        """The cells of a row, a merged one once."""
        if not self.repeated:
            return self.rows[number]
        return ["" if (number, at) in self.repeated else cell for at, cell in enumerate(self.rows[number])]


def _may_hold_signs(cells: Sequence[str]) -> bool:
    return any(cell and cell[-1] in _SIGN_ENDS and len(cell) <= _LONGEST_SIGN for cell in cells)


def with_heights(rows: list[list[tuple[Cell, str]]]) -> list[list[Cell]]:
    """The cells without those that go on from above, which are counted into the first one's height.

    With each cell stands whether it begins a merged one ("restart") or goes on with it ("continue").
    """
    owners: dict[int, list[int]] = {}  # by column: row and place of the cell that goes on
    heights: dict[tuple[int, int], int] = {}
    kept: list[list[tuple[Cell, tuple[int, int]]]] = []
    for number, cells in enumerate(rows):
        column, line = 0, []
        for at, (cell, state) in enumerate(cells):
            if state == "continue" and column in owners:
                owner = owners[column]
                heights[owner[0], owner[1]] = number - owner[0] + 1
            else:
                line.append((cell, (number, at)))
                owners.pop(column, None)
                if state == "restart":
                    owners[column] = [number, at]
            column += min(max(cell.wide, 1), MAX_SPAN)
        kept.append(line)
    return [[Cell(cell.text, cell.wide, heights.get(place, 1)) for cell, place in line] for line in kept]


def spread(rows: Iterable[Iterable[Cell]], looks: Sequence[Look] = ()) -> Grid:
    """The cells of a file in their columns, merged ones in all that they fill."""
    grid = Grid(looks=list(looks))
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
