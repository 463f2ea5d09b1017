"""The tables that thin lines rule on a PDF page: what is written in each of their cells, row by row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.loaders.pdf.aligned import with_aligned
from index.loaders.pdf.cells import as_one, first_word
from index.loaders.pdf.flow import LIST_ITEM
from index.loaders.pdf.grids import Area, Rules, Ruling
from index.loaders.pdf.lines import CELL_GAP, SAME_BASELINE, Line, LineCell, Ruled
from index.loaders.pdf.rows import rows_of

LONGEST = 1_200  # characters of a cell; what is longer is written as text of its own
MOST_REPEATED = 100  # characters of a cell that is repeated in every row that it reaches
TALL = 0.34  # of the cells with text that may reach over several rows; in a form they all do
REGULAR = 0.4  # cells for each place where a row and a column cross; forms have fewer
FEWEST_SIGNS = 4  # in a cell, on average; those of diagrams hold less
_STACKS = 2  # cells with figures below each other: rows that nothing rules
_LIST = 2  # items of a list in one cell, which stay lines of their own
MOST_CUT = 0.1  # of as many places as there are cells
_TIGHT = 0.4  # line heights between two words of one text
_BESIDE = 0.7  # of the lines of one cell that stand beside lines of others
_INNER_COLUMNS = 3  # with lines beside each other
_INNER_LINES = 6  # beside each other in two columns alone, where fewer may be addresses, or in one cell
_INNER_ROWS = 3  # lines with gaps of their own in one cell: a table in it that is not ruled

CellPlace = tuple[int, Area]


@dataclass(slots=True)
class _Table:
    """A grid and what stands in its cells."""

    grid: Ruling
    turn: int
    written: dict[Area, list[Line]] = field(default_factory=dict)
    areas: dict[tuple[int, int], Area] = field(default_factory=dict)

    cut: int = 0  # places where a text goes on over the edge of a cell

    def __post_init__(self) -> None:
        self.areas = dict(self.grid.areas)

    def is_table(self) -> bool:
        """Whether at least two of its rows have at least two cells with text, one row of it each."""
        begun = [area[0] for area in self.written]
        tall = sum(bottom - top > 1 for top, _, bottom, _ in self.written)
        rows = sum(begun.count(row) > 1 for row in set(begun))
        signs = sum(len(line.text) for lines in self.written.values() for line in lines)
        stacked = sum(len(lines) > 1 and all(map(_is_figure, lines)) for lines in self.written.values())
        inner = max(sum(map(_is_inner_row, lines)) for lines in self.written.values())
        return (
            rows > 1
            and inner < _INNER_LINES
            and len(set(self.areas.values())) >= REGULAR * len(self.areas)
            and tall <= TALL * len(self.written)
            and signs >= FEWEST_SIGNS * len(self.written)
            and self.cut <= MOST_CUT * len(self.written)
            and stacked < _STACKS
            and not any(map(self._has_inner_rows, set(begun)))
        )

    def _has_inner_rows(self, row: int) -> bool:
        """Whether one row holds several that nothing rules: short lines that stand beside each other."""
        cells = {area: lines for area, lines in self.written.items() if area[0] == row}
        beside = {
            area: lines
            for area, lines in cells.items()
            if len(lines) > 1
            and sum(self._stands_beside(line, row, area) for line in lines) > _BESIDE * len(lines)
        }
        counts = [len(lines) for lines in cells.values()]
        first = row == min(area[0] for area in self.written)
        if not first and len(beside) == len(cells) > _INNER_COLUMNS and min(counts) == max(counts):
            return True
        if len(beside) < _INNER_COLUMNS and (
            len(beside) < 2 or min(map(len, beside.values())) < _INNER_LINES
        ):
            return False
        breaks = [
            _fits(line, following, self.grid.columns[area[3]])
            for area, lines in beside.items()
            for line, following in pairwise(lines)
            if " " in line.text or " " in following.text  # of single words the width of a column says nothing
        ]
        return sum(breaks) >= len(breaks) / 2

    def part_tall(self) -> None:
        """Parts the cells over several rows whose lines stand on those of the cells beside them."""
        for area in [one for one in self.written if one[2] - one[0] > 1 and len(self.written[one]) > 1]:
            lines = {self._row_of(line): line for line in self.written[area]}
            if len(lines) == len(self.written[area]) and all(
                self._stands_beside(line, row, area) for row, line in lines.items()
            ):
                del self.written[area]
                for row in range(area[0], area[2]):
                    part = (row, area[1], row + 1, area[3])
                    self.areas.update({(row, column): part for column in range(area[1], area[3])})
                    if row in lines:
                        self.written[part] = [lines[row]]

    def _row_of(self, line: Line) -> int:
        cell = line.cells[0]
        return sum(edge > (cell.bottom + cell.top) / 2 for edge in self.grid.rows) - 1

    def _stands_beside(self, line: Line, row: int, area: Area) -> bool:
        near = SAME_BASELINE * line.height
        return any(
            abs(other.baseline - line.baseline) < near
            for one, others in self.written.items()
            if one[0] == row and one != area
            for other in others
        )


def with_ruled(fragments: Sequence[Line], rules: Rules) -> list[Line]:
    """The lines of a page, the rows of its ruled tables where the first piece of each is drawn."""
    tables: dict[tuple[int, int], _Table] = {}
    placed: list[tuple[Line, _Table | None]] = []
    for fragment in fragments:
        if not rules.grids(fragment.turn):
            placed.append((fragment, None))
            continue
        right = fragment.right
        for piece, place in _pieces(fragment, rules):
            table = None
            if place is not None:
                number, area = place
                grid = rules.grids(fragment.turn)[number]
                table = tables.setdefault((fragment.turn, number), _Table(grid, fragment.turn))
                table.written.setdefault(area, []).append(piece)
                table.cut += 0 < piece.left - right < _TIGHT * piece.height
            right = piece.right
            placed.append((piece, table))
    if not tables:
        return with_aligned(fragments, rules)
    for one in tables.values():
        one.part_tall()
    real = {id(table) for table in tables.values() if table.is_table()}
    return _in_order(placed, real, rules) if real else with_aligned(list(map(_whole, fragments)), rules)


def _pieces(fragment: Line, rules: Rules) -> Iterator[tuple[Line, CellPlace | None]]:
    """The parts of a piece of text that lie in one cell of a grid, or in none."""
    cells: list[LineCell] = []
    before: CellPlace | None = None
    for cell in fragment.cells:
        place = rules.cell_at((cell.left, cell.bottom, cell.right, cell.top), fragment.turn)
        if cells and place != before:
            yield replace(fragment, cells=tuple(cells)), before
            cells = []
        cells.append(cell)
        before = place
    yield replace(fragment, cells=tuple(cells)), before


def _in_order(placed: Iterable[tuple[Line, _Table | None]], real: set[int], rules: Rules) -> list[Line]:
    result: list[Line] = []
    between: list[Line] = []
    done: set[int] = set()
    for piece, table in placed:
        if table is None or id(table) not in real:
            between.append(piece)
        elif id(table) not in done:
            done.add(id(table))
            result += with_aligned(list(map(_whole, between)), rules)
            between = []
            result += _rows(table)
    return result + with_aligned(list(map(_whole, between)), rules)


def _whole(fragment: Line) -> Line:
    """A piece of text with the cells together that only a line parts which rules no table."""
    cells = [fragment.cells[0]]
    for cell in fragment.cells[1:]:
        last = cells[-1]
        if cell.left - last.right >= CELL_GAP * fragment.height:
            cells.append(cell)
            continue
        text, low, high = f"{last.text} {cell.text}", min(last.bottom, cell.bottom), max(last.top, cell.top)
        cells[-1] = LineCell(text, min(last.left, cell.left), max(last.right, cell.right), low, high)
    return fragment if len(cells) == len(fragment.cells) else replace(fragment, cells=tuple(cells))


def _rows(table: _Table) -> Iterator[Line]:
    """The rows of a table; a long text in a cell comes as lines of its own behind what stands left of it."""
    grid = table.grid
    lines = {area: _from_the_top(rows_of(written)) for area, written in table.written.items()}
    for row in range(len(grid.rows) - 1):
        short: list[tuple[Area, LineCell]] = []
        first: Line | None = None
        begun = False  # whether `first` stands in this row alone
        column = 0
        while column < len(grid.columns) - 1:
            area = table.areas[row, column]
            column = area[3]
            inside = lines.get(area)
            if not inside:
                continue
            if _is_long(inside):
                if short and first is not None:
                    yield _row(table, row, short, first)
                short = []
                if row == area[0]:
                    yield from inside
                continue
            cell = _cell(inside)
            if row == area[0] or len(cell.text) <= MOST_REPEATED:
                short.append((area, cell))
                if first is None or (row == area[0] and area[2] == row + 1 and not begun):
                    first, begun = inside[0], row == area[0] and area[2] == row + 1
        if any(area[0] == row for area, _ in short) and first is not None:
            yield _row(table, row, short, first)


def _from_the_top(lines: Sequence[Line]) -> list[Line]:
    """The lines of one cell in the order of the file, unless it draws them from below."""
    upward = sum(one.baseline < other.baseline for one, other in pairwise(lines))
    return sorted(lines, key=lambda line: -line.baseline) if upward else list(lines)


def _is_long(lines: Sequence[Line]) -> bool:
    inner = sum(map(_is_inner_row, lines))
    items = sum(bool(LIST_ITEM.match(line.text)) for line in lines)
    return sum(len(line.text) for line in lines) > LONGEST or inner >= _INNER_ROWS or items >= _LIST


def _fits(line: Line, following: Line, edge: float) -> bool:
    """Whether the next line's first word would have fitted into this one."""
    return line.right + first_word(following) < edge - 2


def _is_inner_row(line: Line) -> bool:
    return len(line.cells) > 1 and not LIST_ITEM.match(line.text)


def _is_figure(line: Line) -> bool:
    return any(map(str.isdigit, line.text)) and not any(map(str.isalpha, line.text))


def _cell(lines: Sequence[Line]) -> LineCell:
    """What stands in one cell, a line of text for each line."""
    cells = [cell for line in lines for cell in line.cells]
    return as_one(cells, "\n".join(line.text for line in lines))


def _row(table: _Table, row: int, cells: Sequence[tuple[Area, LineCell]], first: Line) -> Line:
    spans = tuple((area[1], area[3]) for area, _ in cells)
    bold = all(line.bold for area, _ in cells for line in table.written[area])
    ruled = Ruled(table.grid.columns, row, spans)
    return replace(first, cells=tuple(cell for _, cell in cells), bold=bold, ruled=ruled)
