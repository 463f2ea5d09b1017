"""Tables of figures on a PDF page: the columns that the figures stand in, and the headers above them.

A row comes out as 'Net sales: Products | Three Months Ended June 25, 2022: $ 63,355 | …': every figure with
its column's header, an indented label with the label it stands under. No word is added that the page lacks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.loaders.pdf.headers import MAX_BETWEEN, PROSE, Column
from index.loaders.pdf.headers import headers as headers_over
from index.loaders.pdf.lines import Line, LineCell
from index.loaders.tables import labelled

TABLE_GAP = 6.0  # line heights between two rows of one table

_VALUE = re.compile(
    r"(?:[$€£¥]\s?)?[(–-]?\s?(?:[$€£¥]\s?)?\d[\d,.]*\s?%?\)?\s?%?(?:\s?\(\d\))?|[—–-]{1,2}|N/A|\*+"
)
_YEAR = re.compile(r"(?:FY)?(?:19|20)\d\d")
_CURRENCY = re.compile(r"[$€£¥]")
_ENDING_CURRENCY = re.compile(r"\s[$€£¥]\Z")
MANY_ROWS = 4
MAX_SECTION = 60  # characters; what is longer would bury the labels under it
MAX_EDGE = 4  # lines, such as a page's number, between a table that goes on and the page's edge
_SAME_INDENT = 2.0  # points by which the left edges of labels may differ


@dataclass(frozen=True, slots=True)
class _Row:
    """A line with figures: its label (None where it has none) and its figures, currency signs with them."""

    line: Line
    label: LineCell | None
    values: tuple[LineCell, ...]


ColumnHeaders = tuple[list[Column], list[str]]  # the columns of a table, and what stands over them


def with_headers(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages' lines, the figures of their tables each with the header of its column.

    A table that begins a page without a header goes on from the page before if its columns stand as there.
    """
    result: list[list[Line]] = []
    above: ColumnHeaders = ([], [])
    for lines in pages:
        written, above = _with_headers(lines, above)
        result.append(written)
    return result


def _with_headers(lines: Sequence[Line], above: ColumnHeaders) -> tuple[list[Line], ColumnHeaders]:
    """One page and the header of the table that it ends with; `above` is that of the page before."""
    rows = [_row(line) for line in lines]
    stops = [row is not None for row in rows]
    result = list(lines)
    tables = _tables(lines, rows)
    if tables and tables[0][0] > MAX_EDGE:
        above = ([], [])
    for numbers in tables:
        columns = _columns([row for number in numbers if (row := rows[number])])
        headers = headers_over(lines, stops, numbers[0], columns)
        if not any(headers):
            headers = _continued(columns, *above)  # a long label, or the page's end, has parted the table
        if any(headers):
            above = (columns, headers)
            sections = _Sections(_indents(lines, rows, numbers))
            for number in range(max(numbers[0] - MAX_BETWEEN, 0), numbers[-1] + 1):
                row = rows[number]
                if row is None:
                    sections.note(lines[number])
                elif number >= numbers[0]:
                    result[number] = _written(row, columns, headers, sections.over(row))
    ends = bool(tables) and tables[-1][-1] >= len(lines) - 1 - MAX_EDGE
    return result, above if ends else ([], [])


def _indents(lines: Sequence[Line], rows: Sequence[_Row | None], numbers: Sequence[int]) -> list[float]:
    """Where the labels of a table begin, those of its rows and those that stand alone among them."""
    inside = range(max(numbers[0] - 1, 0), numbers[-1] + 1)
    return [lines[number].left for number in inside if (row := rows[number]) is None or row.label is not None]


def _row(line: Line) -> _Row | None:
    """The line as a row of figures; None when it is none, or a header made of years."""
    first = line.cells[0]
    if not line.is_row or line.labelled or sum(cell.text.endswith(":") for cell in line.cells) > 1:
        return None
    label = None if _VALUE.fullmatch(first.text) or _CURRENCY.fullmatch(first.text) else first
    values: list[LineCell] = []
    currency: LineCell | None = None
    for cell in line.cells if label is None else line.cells[1:]:
        if _CURRENCY.fullmatch(cell.text):
            currency = cell
            continue
        text = _ENDING_CURRENCY.sub("", cell.text)
        if not _VALUE.fullmatch(text):
            return None
        right = cell.left + (cell.right - cell.left) * len(text) / len(cell.text)
        value = f"{currency.text} {text}" if currency else text
        values.append(replace(cell, text=value, right=right))
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
        and all(not line.is_row and len(line.text) < PROSE for line in between)
    )


def _columns(table: Sequence[_Row]) -> list[Column]:
    """The columns of a table, found by the right edges that its figures are aligned to.

    A place where just one of many rows has a figure is no column: that figure is a part of a label.
    """
    groups = _aligned(table)
    if len(table) > MANY_ROWS and min(map(len, groups)) == 1:
        odd = {id(group[0]) for group in groups if len(group) == 1}
        table = [row for row in table if not any(id(value) in odd for value in row.values)]
        groups = _aligned(table)
    return [
        Column(
            min(one.left for one in group),
            max(one.right for one in group),
            sum("%" in one.text for one in group) * 2 > len(group),
        )
        for group in groups
    ]


def _aligned(table: Sequence[_Row]) -> list[list[LineCell]]:
    """The figures of a table, those together whose right edges are."""
    values = sorted((value for row in table for value in row.values), key=lambda value: value.right)
    groups: list[list[LineCell]] = []
    for value in values:
        if groups and value.right - groups[-1][-1].right < table[0].line.height:
            groups[-1].append(value)
        else:
            groups.append([value])
    return groups


def _continued(columns: Sequence[Column], above: Sequence[Column], headers: Sequence[str]) -> list[str]:
    """The headers of the table above where the columns are the same; nothing otherwise."""
    same = len(columns) == len(above) and all(
        one.left < other.right and other.left < one.right for one, other in zip(columns, above, strict=True)
    )
    return list(headers) if same else []


class _Sections:
    """The labels that other labels are indented under, such as 'Net sales:' over 'Products'."""

    def __init__(self, indents: Sequence[float]) -> None:
        self._indents = indents  # of all labels of the table
        self._open: list[tuple[Line, float | None]] = []  # each with the indent of the rows in it

    def note(self, line: Line) -> None:
        """Keep a label that stands over rows; it ends those that are indented as far or further."""
        self._end(line.left)
        if not line.is_row and len(line.text) < MAX_SECTION and self._is_label(line):
            self._open.append((line, None))

    def _is_label(self, line: Line) -> bool:
        """Whether a line alone names the rows under it: by its colon, or by standing where others do."""
        if line.text.endswith(":"):
            return True
        beginning = line.text[0].isupper() and line.text[-1].isalnum()
        return beginning and sum(abs(line.left - one) < _SAME_INDENT for one in self._indents) > 1

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
        belongs = (
            abs(row.label.left - indent) < _SAME_INDENT and text.casefold() not in row.label.text.casefold()
        )
        return text if belongs else ""

    def _end(self, left: float) -> None:
        while self._open and self._open[-1][0].left >= left - 1:
            self._open.pop()


def _written(row: _Row, columns: Sequence[Column], headers: Sequence[str], section: str) -> Line:
    """The row with its headers; as it was when one of its figures stands in no column."""
    height = row.line.height
    values = []
    for value in row.values:
        near = min(range(len(columns)), key=lambda at: abs(columns[at].right - value.right))
        if abs(columns[near].right - value.right) > 1.5 * height and not (
            columns[near].left - height < value.left and value.right < columns[near].right + height
        ):
            return row.line
        values.append(replace(value, text=labelled(headers[near], value.text)))
    label = [replace(row.label, text=labelled(section, row.label.text))] if row.label else []
    return replace(row.line, cells=(*label, *values), labelled=True)
