"""The rows of ruled tables with the headers of their columns, over the ends of pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from index.loaders.grids import Grid, Rows
from index.loaders.header_rows import column_labels, header_rows, names_columns, stands_over_figures
from index.loaders.hyphens import Vocabulary
from index.loaders.pdf.bidi import runs_from_right
from index.loaders.pdf.lines import Line, LineCell, Ruled
from index.loaders.tables import is_form, labelled

SAME_EDGE = 3.0  # points by which the columns of a table that goes on may differ
ALIGNED_EDGE = 6.0  # the same for columns that nothing rules
MAX_MARK = 2  # characters of a mark in a cell, such as X
MIN_COLUMNS = 2  # over marks
MAX_EDGE = 4  # lines, such as a page's number, between a table that goes on and the page's edge


@dataclass(frozen=True, slots=True)
class _Header:
    """What names the columns of a table."""

    columns: tuple[float, ...]
    labels: tuple[str, ...]

    def is_over(self, ruled: Ruled) -> bool:
        if len(self.columns) != len(ruled.columns):
            return False
        pairs = list(zip(self.columns, ruled.columns, strict=True))
        if ruled.aligned:  # the end of the last column is that of its longest cell
            return all(abs(one - other) < ALIGNED_EDGE for one, other in pairs[:-1])
        return all(abs(one - other) < SAME_EDGE for one, other in pairs)


def with_ruled_headers(pages: Sequence[Sequence[Line]], vocabulary: Vocabulary) -> list[list[Line]]:
    """The pages' lines, each row of a ruled table with its headers, or with its label before its value.

    A table that begins a page without a header goes on from the page before if its columns stand as there.
    """
    result: list[list[Line]] = []
    above: _Header | None = None
    for lines in pages:
        written = [_joined(line, vocabulary) if line.ruled else line for line in lines]
        last: _Header | None = None
        for numbers in _tables(written):
            goes_on = above if numbers[0] <= MAX_EDGE else None
            last = _write(written, numbers, goes_on)
            above = None
            if numbers[-1] < len(lines) - 1 - MAX_EDGE:
                last = None
        above = last
        result.append(written)
    return result


def _joined(line: Line, vocabulary: Vocabulary) -> Line:
    """The row with the text of each of its cells on one line."""
    cells = (replace(cell, text=reduce(vocabulary.join, cell.text.split("\n"))) for cell in line.cells)
    return replace(line, cells=tuple(cells))


def _tables(lines: Sequence[Line]) -> Iterator[list[int]]:
    """The numbers of the lines of each ruled table."""
    numbers: list[int] = []
    before: Ruled | None = None
    for number, line in enumerate(lines):
        if line.ruled is None:
            continue
        if before and (before.columns != line.ruled.columns or line.ruled.row < before.row):
            yield numbers
            numbers = []
        numbers.append(number)
        before = line.ruled
    if numbers:
        yield numbers


def _write(lines: list[Line], numbers: Sequence[int], above: _Header | None) -> _Header | None:
    """Writes the headers of one table into its rows; gives what they are."""
    if runs_from_right(" ".join(lines[number].text for number in numbers)):
        for number in numbers:
            lines[number] = _mirrored(lines[number])
    rows = [lines[number] for number in numbers]
    grid, ruled = _grid(rows), rows[0].ruled
    assert ruled is not None
    count = _header_rows(grid, rows)
    labels: Sequence[str] = ()
    if count:
        labels = column_labels(grid, count)
    elif above is not None and above.is_over(ruled):
        labels = above.labels
    form = not (labels or ruled.aligned or grid.repeated) and is_form(grid.rows)
    section: LineCell | None = None
    for at, number in enumerate(numbers[count:], count):
        if labels and grid.section(at):
            section = lines[number].cells[0]
            continue
        if labels and grid.is_alone(at):
            section = None
        lines[number] = _row(lines[number], labels, section, form=form)
    return _Header(ruled.columns, tuple(labels)) if labels else None


def _mirrored(line: Line) -> Line:
    """A row of a table that is read from the right."""
    assert line.ruled is not None
    count = len(line.ruled.columns) - 1
    spans = tuple((count - end, count - first) for first, end in reversed(line.ruled.spans))
    ruled = Ruled(tuple(-edge for edge in reversed(line.ruled.columns)), line.ruled.row, spans)
    return replace(line, cells=tuple(reversed(line.cells)), ruled=ruled)


def _grid(rows: Sequence[Line]) -> Grid:
    grid = Grid()
    for number, line in enumerate(rows):
        assert line.ruled is not None
        texts = [""] * (len(line.ruled.columns) - 1)
        for cell, (first, end) in zip(line.cells, line.ruled.spans, strict=True):
            texts[first:end] = [cell.text] * (end - first)
            grid.repeated.update((number, column) for column in range(first + 1, end))
        grid.rows.append(texts)
    return grid


def _header_rows(grid: Grid, rows: Sequence[Line]) -> int:
    """How many rows name the columns: those in bold type, or over figures; none when they are not clear."""
    if any(cell.text.endswith(":") for cell in rows[0].cells):
        return 0
    assert rows[0].ruled is not None
    bold = rows[0].ruled.heads or (rows[0].bold and not all(line.bold for line in rows[1:]))
    return header_rows(
        grid,
        lambda texts: (
            names_columns(texts) and (bold or stands_over_figures(texts) or _stands_over_marks(texts))
        ),
    )


def _stands_over_marks(texts: Rows) -> bool:
    """Whether the columns hold marks such as X, under headers that are words."""
    below = [cell for cells in texts[1:] for cell in cells[1:] if cell]
    marks = sum(len(cell) <= MAX_MARK for cell in below)
    return (
        len(texts[0]) > MIN_COLUMNS
        and marks > len(below) / 2
        and all(len(cell) > MAX_MARK for cell in texts[0][1:])
    )


def _row(line: Line, labels: Sequence[str], section: LineCell | None, *, form: bool) -> Line:
    assert line.ruled is not None
    if not labels:
        cells = _named(line.cells, form=form)
        return replace(line, cells=cells, labelled=any(cell.joins for cell in cells))
    written = [section] if section else []
    for cell, (first, end) in zip(line.cells, line.ruled.spans, strict=True):
        label = labels[first] if len(set(labels[first:end])) == 1 else ""
        written.append(replace(cell, text=labelled(label, cell.text)))
    return replace(line, cells=tuple(written), labelled=True)


def _named(cells: Sequence[LineCell], *, form: bool) -> tuple[LineCell, ...]:
    """The cells, those that name the next one joined to it."""
    named = list(cells)
    for at, cell in enumerate(cells[:-1]):
        if form:
            named[at] = replace(cell, text=f"{cell.text.rstrip(' :')}:", joins=True)
        elif cell.text.endswith(":") and not cells[at + 1].text.endswith(":"):
            named[at] = replace(cell, joins=True)
    return tuple(named)
