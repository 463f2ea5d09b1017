"""Tables of figures on a PDF page: the columns that the figures stand in, and the headers above them.

A row comes out as 'Net sales: Products | Three Months Ended June 25, 2022: $ 63,355 | …': every figure with
its column's header, an indented label with the label it stands under. No word is added that the page lacks.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.loaders.pdf_lines import Cell, Line
from index.loaders.tables import MAX_LABEL, labelled

MAX_BETWEEN = 4  # lines of labels between two rows of one table, or between the header and the first row
HEADER_GAP = 2.6  # line heights between two lines of one header
TABLE_GAP = 6.0  # line heights between two rows of one table
OFF_CENTRE = 0.35  # of a group of columns by which the header over all of them may miss their middle

_VALUE = re.compile(
    r"(?:[$€£¥]\s?)?[(–-]?\s?(?:[$€£¥]\s?)?\d[\d,.]*\s?%?\)?\s?%?(?:\s?\(\d\))?|[—–-]{1,2}|N/A|\*+"
)
_YEAR = re.compile(r"(?:FY)?(?:19|20)\d\d")
_CURRENCY = re.compile(r"[$€£¥]")
_ENDING_CURRENCY = re.compile(r"\s[$€£¥]\Z")
MAX_SECTION = 60  # characters; what is longer would bury the labels under it
_PROSE = 90  # characters; a line of a table that is no row is shorter


@dataclass(frozen=True, slots=True)
class _Row:
    """A line with figures: its label (None where it has none) and its figures, currency signs with them."""

    line: Line
    label: Cell | None
    values: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def with_headers(lines: Sequence[Line]) -> list[Line]:
    """The page's lines, the figures of its tables each with the header of its column."""
    rows = [_row(line) for line in lines]
    result = list(lines)
    above: tuple[list[_Column], list[str]] = ([], [])
    for numbers in _tables(lines, rows):
        columns = _columns([row for number in numbers if (row := rows[number])])
        headers = _headers(lines, rows, numbers[0], columns)
        if not any(headers):
            headers = _continued(columns, *above)  # a long label has parted one table into two
        if any(headers):
            above = (columns, headers)
            sections = _Sections()
            for number in range(max(numbers[0] - MAX_BETWEEN, 0), numbers[-1] + 1):
                row = rows[number]
                if row is None:
                    sections.note(lines[number])
                elif number >= numbers[0]:
                    result[number] = _written(row, columns, headers, sections.over(row))
    return result


def _row(line: Line) -> _Row | None:
    """The line as a row of figures; None when it is none, or a header made of years."""
    first = line.cells[0]
    if not line.is_row or sum(cell.text.endswith(":") for cell in line.cells) > 1:
        return None
    label = None if _VALUE.fullmatch(first.text) or _CURRENCY.fullmatch(first.text) else first
    values: list[Cell] = []
    currency: Cell | None = None
    for cell in line.cells if label is None else line.cells[1:]:
        if _CURRENCY.fullmatch(cell.text):
            currency = cell
            continue
        text = _ENDING_CURRENCY.sub("", cell.text)
        if not _VALUE.fullmatch(text):
            return None
        right = cell.left + (cell.right - cell.left) * len(text) / len(cell.text)
        values.append(Cell(f"{currency.text} {text}" if currency else text, cell.left, right))
        ending = cell.text[len(text) :].strip()
        currency = replace(cell, text=ending) if ending else None
    if not values or all(_YEAR.fullmatch(value.text) for value in values):
        return None
    return _Row(line, label, tuple(values))


def _tables(lines: Sequence[Line], rows: Sequence[_Row | None]) -> list[list[int]]:
    """The line numbers of each table's rows: near each other, without a header or prose between them."""
    tables: list[list[int]] = []
    for number, row in enumerate(rows):
        if row is None:
            continue
        last = tables[-1][-1] if tables else None
        if last is not None and _same_table(lines, last, number):
            tables[-1].append(number)
        else:
            tables.append([number])
    return [numbers for numbers in tables if len(numbers) > 1]


def _same_table(lines: Sequence[Line], last: int, number: int) -> bool:
    gap = lines[last].baseline - lines[number].baseline
    between = lines[last + 1 : number]
    return (
        0 < gap < TABLE_GAP * lines[number].height * max(1, len(between))
        and len(between) <= MAX_BETWEEN
        and all(not line.is_row and len(line.text) < _PROSE for line in between)
    )


def _columns(table: Sequence[_Row]) -> list[_Column]:
    """The columns of a table, found by the right edges that its figures are aligned to."""
    values = sorted((value for row in table for value in row.values), key=lambda value: value.right)
    groups: list[list[Cell]] = []
    for value in values:
        if groups and value.right - groups[-1][-1].right < table[0].line.height:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [_Column(min(one.left for one in group), max(one.right for one in group)) for group in groups]


def _headers(
    lines: Sequence[Line], rows: Sequence[_Row | None], first: int, columns: Sequence[_Column]
) -> list[str]:
    """The header of each column, from top to bottom; empty where there is none."""
    found: list[tuple[float, list[Cell]]] = []
    edge, height = lines[first].baseline, lines[first].height
    for number in range(first - 1, max(first - 12, -1), -1):
        line = lines[number]
        cells = _over(line, columns)
        between = 1 if found else first - number
        if rows[number] is not None or not abs(line.baseline - edge) < HEADER_GAP * height * between:
            break
        if _is_remark(line):
            edge = line.baseline
        elif cells:
            found.append((line.baseline, cells))
            edge = max(line.baseline, edge) if found[:-1] else line.baseline
        elif found or first - number > MAX_BETWEEN or len(line.text) > _PROSE:
            break
    found.sort(key=lambda one: -one[0])
    labels = [_spread(cells, columns, height) for _, cells in found]
    return (
        [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip(*labels, strict=True)]
        if labels
        else []
    )


def _is_remark(line: Line) -> bool:
    """Whether the line says something of the whole table, like '(in millions)'."""
    return not line.is_row and line.text.startswith("(") and line.text.endswith(")")


def _over(line: Line, columns: Sequence[_Column]) -> list[Cell]:
    """The cells of a line that stand over the columns; none when the line is no part of a header."""
    left, right = columns[0].left - 5 * line.height, columns[-1].right + 4 * line.height
    cells = [cell for cell in line.cells if cell.left > left and cell.right < right]
    others = len(line.cells) - len(cells)
    if others > 1 or (others and (not cells or line.cells[0] in cells)):
        return []
    if len(cells) == 1 and (cells[0].text.isupper() or cells[0].right - cells[0].left > right - left):
        return []  # a title over the table
    return [] if any(len(cell.text) > MAX_LABEL or cell.text.endswith(".") for cell in cells) else cells


def _spread(cells: Sequence[Cell], columns: Sequence[_Column], height: float) -> list[str]:
    """The text over each column: one each, one for a group of columns, or just what overlaps."""
    if len(cells) == len(columns):
        return [cell.text for cell in cells]
    nearest = [
        min(range(len(cells)), key=lambda at: abs((cells[at].left + cells[at].right) / 2 - column.middle))
        for column in columns
    ]
    if len(columns) % len(cells) == 0 and all(
        _spans(
            cell,
            [one for one, at in zip(columns, nearest, strict=True) if at == number],
            len(columns) // len(cells),
        )
        for number, cell in enumerate(cells)
    ):
        return [cells[at].text for at in nearest]
    return [_overlapping(cells, column, height) for column in columns]


def _spans(cell: Cell, group: Sequence[_Column], size: int) -> bool:
    """Whether a header stands over the middle of `size` columns, and not just over one of them."""
    if len(group) != size:
        return False
    middle, width = (cell.left + cell.right) / 2, group[-1].right - group[0].left
    narrow = any(
        one.left <= middle <= one.right and cell.right - cell.left < 1.3 * (one.right - one.left)
        for one in group
    )
    return not narrow and abs(middle - (group[0].left + group[-1].right) / 2) < OFF_CENTRE * width


def _overlapping(cells: Sequence[Cell], column: _Column, height: float) -> str:
    def shared(cell: Cell) -> float:
        return min(cell.right, column.right + height) - max(cell.left, column.left - height)

    best = max(cells, key=shared)
    return best.text if shared(best) > 0 else ""


def _continued(columns: Sequence[_Column], above: Sequence[_Column], headers: Sequence[str]) -> list[str]:
    """The headers of the table above where the columns are the same; nothing otherwise."""
    same = len(columns) == len(above) and all(
        one.left < other.right and other.left < one.right for one, other in zip(columns, above, strict=True)
    )
    return list(headers) if same else []


class _Sections:
    """The labels that other labels are indented under, such as 'Net sales:' over 'Products'."""

    def __init__(self) -> None:
        self._open: list[tuple[Line, float | None]] = []  # each with the indent of the rows in it

    def note(self, line: Line) -> None:
        """Keep a label that stands over rows; it ends those that are indented as far or further."""
        self._end(line.left)
        if line.text.endswith(":") and len(line.text) < MAX_SECTION and not line.is_row:
            self._open.append((line, None))

    def over(self, row: _Row) -> str:
        """The label that the row's own is indented under, unless the row says it itself.

        Rows indented further than the section's first one are totals that belong to more than it.
        """
        if row.label is None:
            return ""
        self._end(row.label.left)
        if not self._open or row.label.text[:1].islower() or row.label.text.startswith("Total"):
            return ""
        line, indent = self._open[-1]
        if indent is None:
            indent = row.label.left
            self._open[-1] = (line, indent)
        text = line.text.rstrip(" :")
        belongs = abs(row.label.left - indent) < 2 and text.casefold() not in row.label.text.casefold()
        return text if belongs else ""

    def _end(self, left: float) -> None:
        while self._open and self._open[-1][0].left >= left - 1:
            self._open.pop()


def _written(row: _Row, columns: Sequence[_Column], headers: Sequence[str], section: str) -> Line:
    rights = [column.right for column in columns]
    values = []
    for value in row.values:
        column = min(bisect_left(rights, value.right - 0.1), len(columns) - 1)
        values.append(replace(value, text=labelled(headers[column], value.text)))
    label = [replace(row.label, text=labelled(section, row.label.text))] if row.label else []
    return replace(row.line, cells=(*label, *values), labelled=True)
