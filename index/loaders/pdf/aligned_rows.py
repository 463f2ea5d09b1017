"""Where the rows of a table begin whose columns only their alignment tells, and whether it is a table.

A cell may have several lines. What tells where they end: the order in which the file draws the cells, rules
between the rows, more white between them than inside, and words that would have fitted into the line above.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.loaders.header_rows import names_columns
from index.loaders.pdf.aligned_checks import is_table
from index.loaders.pdf.cells import Extent, as_one, first_word
from index.loaders.pdf.grids import Rules
from index.loaders.pdf.lines import Line, LineCell, Ruled

LOOSE = 1.25  # times the distance between lines of one cell, from where on it parts rows
MOST_UNSURE = 0.05  # of a table's rows
AS_FULL = 0.4  # of a row's cells that a line has which may be a row itself
MOST_ROWS = 400  # of one page
RULED_WIDTH = 0.6  # of a table's width that a line between two of its rows has
FEWEST_RULES = 3  # between rows of a table that is ruled across alone
OVERLAPPING = 0.75  # line heights between two lines that are less than a line apart
CLOSE_LINES = 1.5  # line heights between two lines of one header
MAX_HEADER = 4  # lines of a header that a rule parts from the rows

AlignedLines = Sequence["AlignedLine"]


@dataclass(frozen=True, slots=True)
class AlignedPiece:
    """A cell of a line that is drawn; `order` is the line's place in the order of drawing."""

    cell: LineCell
    line: Line
    order: int
    bold: bool


@dataclass(frozen=True, slots=True)
class AlignedLine:
    """A line of text across a table: its cells by the number of the column."""

    columns: tuple[Extent, ...]
    cells: dict[int, LineCell]
    pieces: tuple[AlignedPiece, ...]

    @property
    def line(self) -> Line:
        return self.pieces[0].line

    @property
    def baseline(self) -> float:
        return self.line.baseline

    @property
    def bold(self) -> bool:
        return all(piece.bold for piece in self.pieces)


@dataclass(slots=True)
class AlignedRow:
    """Lines that are one row of a table."""

    lines: list[AlignedLine]
    heads: bool = False  # set apart from the rows below it by a rule
    cells: dict[int, list[LineCell]] = field(init=False)

    def __post_init__(self) -> None:
        self.cells = {}
        for line in self.lines:
            for column, cell in line.cells.items():
                self.cells.setdefault(column, []).append(cell)

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)

    def text(self, column: int) -> str:
        return " ".join(cell.text for cell in self.cells.get(column, ()))


def table_rows(lines: AlignedLines, rules: Rules) -> tuple[AlignedLines, list[Line]]:
    """The lines that are a table, and its rows, one cell a column; none where it is not surely one."""
    lines = trimmed(lines)
    if len(lines) < 2 or len(lines) > MOST_ROWS or not _are_drawn_at_once(lines) or _overlap(lines):
        return [], []
    parted = ruled_between(lines, rules)
    rows = _rows(lines, parted)
    if rows is None:
        return [], []
    columns = lines[0].columns
    rows = _with_header(rows, parted, len(columns))
    if len(rows[0].cells) == 1:  # what stands over the table
        lines, rows = lines[len(rows[0].lines) :], rows[1:]
    heads = rows[0].heads or (rows[0].bold and not all(row.bold for row in rows[1:]))
    more = len(columns) > 2 or heads or any(len(row.lines) > 1 for row in rows[1:])
    if not more or not is_table(rows, columns, heads=heads):
        return [], []
    edges = (*(left for left, _ in columns), columns[-1][1])
    return lines, [_line(row, number, edges) for number, row in enumerate(rows)]


def trimmed(lines: AlignedLines) -> AlignedLines:
    """The lines without those at the end that stand in one column alone, apart from the rows."""
    end = len(lines)
    while end > 1 and len(lines[end - 1].cells) < 2:
        gap = lines[end - 2].baseline - lines[end - 1].baseline
        if 0 not in lines[end - 1].cells and gap < LOOSE * _leading(lines):
            break
        end -= 1
    return lines[:end]


def _overlap(lines: AlignedLines) -> bool:
    """Whether lines reach into each other, as those of cells that are set in their middle do."""
    return any(
        one.baseline - other.baseline < OVERLAPPING * one.line.height for one, other in pairwise(lines)
    )


def _are_drawn_at_once(lines: AlignedLines) -> bool:
    orders = {piece.order for line in lines for piece in line.pieces}
    return max(orders) - min(orders) + 1 == len(orders)


def _leading(lines: AlignedLines) -> float:
    """The distance between two lines of one cell, as far as there are such."""
    gaps = [one.baseline - other.baseline for one, other in pairwise(lines)]
    return min(gap for gap in gaps) if gaps else 0.0


def ruled_between(lines: AlignedLines, rules: Rules) -> list[bool]:
    """Whether a rule runs across the table between each line and the next one."""
    left, right = lines[0].columns[0][0], lines[0].columns[-1][1]
    found = []
    for one, other in pairwise(lines):
        low = min(cell.bottom for cell in one.cells.values())
        high = max(cell.top for cell in other.cells.values())
        between = rules.through(min(low, high) - 2, max(low, high) + 2, one.line.turn)
        width = sum(min(box[2], right) - max(box[0], left) for box in _apart(between))
        found.append(width >= RULED_WIDTH * (right - left))
    return found


def _apart(boxes: Sequence[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """The lines, of those over each other one."""
    kept: list[tuple[float, float, float, float]] = []
    for box in sorted(boxes):
        if not kept or box[0] > kept[-1][2] - 1:
            kept.append(box)
        elif box[2] > kept[-1][2]:
            kept.append((kept[-1][2], box[1], box[2], box[3]))
    return kept


def _rows(lines: AlignedLines, parted: Sequence[bool]) -> list[AlignedRow] | None:
    """The rows; None where it isn't clear where they begin."""
    first_below = [min(piece.order for piece in line.pieces) for line in lines]
    for at in range(len(lines) - 2, -1, -1):
        first_below[at] = min(first_below[at], first_below[at + 1])
    loose = LOOSE * _leading(lines)
    by_rules = sum(parted) >= FEWEST_RULES
    rows: list[list[AlignedLine]] = [[lines[0]]]
    last = max(piece.order for piece in lines[0].pieces)
    unsure = 0
    for at, (above, line) in enumerate(pairwise(lines)):
        begins: bool | None = _begins(rows[-1], line)
        if last > first_below[at + 1]:
            begins = None if begins and _is_as_full(rows[-1], line, 2 if 0 in line.cells else 3) else False
        elif parted[at]:
            begins = True
        elif by_rules:
            begins = begins if _is_as_full(rows[-1], line, 3) else False
        elif above.baseline - line.baseline >= loose:
            begins = True
        if begins is None:
            unsure += 1
        if begins is not False:
            rows.append([line])
        else:
            rows[-1].append(line)
        last = max(last, *(piece.order for piece in line.pieces))
    return None if unsure > MOST_UNSURE * len(rows) else [AlignedRow(row) for row in rows]


def _begins(row: Sequence[AlignedLine], line: AlignedLine) -> bool | None:
    """Whether a line close below a row begins the next one; None where nothing tells."""
    above = {column: cell for one in row for column, cell in one.cells.items()}
    shared = [column for column in line.cells if column in above]
    wraps = [_wraps(above[column], line.cells[column], line.columns[column]) for column in shared]
    if 0 not in line.cells:
        if len(shared) < len(line.cells):
            return None if any(wraps) or not shared else True
        return len(shared) > 1 and not any(wraps)
    if not all(wraps) or not shared:
        return True
    if len(line.cells) == len(above):
        return None
    return False if len(shared) == len(line.cells) else None


def _is_as_full(row: Sequence[AlignedLine], line: AlignedLine, fewest: int) -> bool:
    """Whether a line has about as many cells as the row above it, so that it may be a row itself."""
    columns = {column for one in row for column in one.cells}
    shared = sum(column in columns for column in line.cells)
    return shared >= max(fewest, AS_FULL * len(columns))


def _wraps(above: LineCell, cell: LineCell, column: Extent) -> bool:
    """Whether a cell may go on with the one above it, whose line has no room for its first word."""
    if " " not in above.text and " " not in cell.text:
        return False
    return above.right - above.left + first_word(cell) > column[1] - column[0] - 1


def _with_header(rows: list[AlignedRow], parted: Sequence[bool], width: int) -> list[AlignedRow]:
    """The rows, those above the first rule, or the first ones in bold type, as one header."""
    ends = [sum(len(row.lines) for row in rows[: at + 1]) - 1 for at in range(len(rows) - 1)]
    under = [at for at, end in enumerate(ends) if parted[end]]
    ruled = bool(under) and under[0] < MAX_HEADER and set(under[1:]) <= {len(rows) - 2}
    count = under[0] + 1 if ruled else 0
    while not ruled and count < len(rows) and rows[count].bold:
        count += 1
    if not 0 < count <= MAX_HEADER or len(rows) - count < 2:
        return rows
    if count > 1 and (all(len(row.cells) == width for row in rows[:count]) or not _are_close(rows[:count])):
        return rows
    header = AlignedRow([line for row in rows[:count] for line in row.lines], heads=ruled)
    texts = [[row.text(column) for column in range(width)] for row in (header, *rows[count:])]
    return [header, *rows[count:]] if names_columns(texts) else rows


def _are_close(rows: Sequence[AlignedRow]) -> bool:
    return all(
        one.lines[-1].baseline - other.lines[0].baseline < CLOSE_LINES * one.lines[-1].line.height
        for one, other in pairwise(rows)
    )


def _line(row: AlignedRow, number: int, edges: tuple[float, ...]) -> Line:
    columns = sorted(row.cells)
    inside = (row.cells[column] for column in columns)
    cells = tuple(as_one(cells, "\n".join(cell.text for cell in cells)) for cells in inside)
    first = row.lines[0].line
    spans = tuple((column, column + 1) for column in columns)
    ruled = Ruled(edges, number, spans, heads=row.heads, aligned=True)
    return Line(cells, first.baseline, first.height, row.bold, turn=first.turn, ruled=ruled)
