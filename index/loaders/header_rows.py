"""Which rows at the top of a table name its columns, and what they call them."""

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest

from index.loaders.grids import Grid, Rows
from index.loaders.periods import told_apart

MAX_HEADER_ROWS = 3
EVIDENCE = 0.5  # of a column's cells that must be values for its other first cell to be its header
SAMPLE_ROWS = 500  # which show what a column holds
FEWEST_COLUMNS = 3  # of a table of words that begins with a header: two are names and what belongs to them
LONGEST_NAME = 60  # characters of a header over words

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,' ]*\s?[%)]?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = r"(?:[01]?\d|2[0-4])[:.h][0-5]\d(?:\s?[ap]\.?m\.?)?"
_TIME = re.compile(rf"{_CLOCK}(?:\s?(?:[-–—]|to)\s?{_CLOCK})?")
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?|\d\d?([./])\d\d?\1(?:\d\d){1,2}")
_DASH = re.compile(r"[-–—]{1,2}|n/?a|x", re.I)  # says that there is no value
_SCALE = re.compile(r"\b(?:thousand|million|billion)s?\b|\b(?:Tsd|Mio|Mrd)\b", re.I)
_OF_AMOUNTS = re.compile(r"\bin\b|[$€£¥]|\b[A-Z]{3}\b|\b(?:Tsd|Mio|Mrd)\b", re.I)
_UNSCALED = re.compile(r"%|\bpercent|\bprozent|\bper\b|\bje\b|\brates?\b|\bratios?\b", re.I)

Guess = Callable[[Rows], bool]


def header_rows(grid: Grid, guess: Guess) -> int:
    """How many rows at the top name the columns: several where cells are merged over them, or `guess`."""
    rows = grid.rows
    count = 0
    while count < min(MAX_HEADER_ROWS, len(rows) - 2) and grid.is_merged(count) and not figures(rows[count]):
        count += 1
    merged = count
    if not count:
        count = _rows_over_figures(grid)
    elif _tells_apart(grid, count):
        count += 1
    if count and (count > 1 or merged) and _are_names(grid, count):
        return count
    once = [grid.once(number) for number in range(len(rows))]
    if len(rows) < 2:
        return 0
    guess = stands_over_figures if grid.is_bold_form() else guess
    return int((names_columns(once) and grid.first_stands_out()) or guess(once))


def _tells_apart(grid: Grid, number: int) -> bool:
    """Whether the row below merged names tells apart the columns below them."""
    rows = grid.rows
    if figures(rows[number]) or grid.is_alone(number) or number >= len(rows) - 1:
        return False
    return number == 1 or grid.first(number) in ("", grid.first(0))


def _are_names(grid: Grid, count: int) -> bool:
    """Whether the rows name columns: those below hold values, or each has a name of its own."""
    if any(cell.endswith(":") for cells in grid.rows[:count] for cell in cells[1:]):
        return False  # a form
    own = [
        cells for at, cells in enumerate(_columns(grid.rows[:count])) if (count - 1, at) not in grid.repeated
    ]
    if any(map(figures, own)):
        return False
    if _stands_over_values(grid.rows, count):
        return True
    named = [label for label in map(_joined, own) if label]
    merged = any(grid.is_merged(number) for number in range(count, len(grid.rows)))
    return count > 1 and not merged and len(set(named)) == len(named)


def column_labels(grid: Grid, count: int) -> list[str]:
    """What the first `count` rows call each column."""
    return labels_of(grid.rows[:count])


def scale_of(header: Rows) -> str:
    """What the rows of a header say of the scale of all amounts."""
    corners = [cells[0] for cells in header if cells and _SCALE.search(cells[0])]
    return "; ".join(dict.fromkeys([*corners, *_scale_of_columns(header)]))


def is_scaled(label: str, cells: Sequence[str]) -> bool:
    """Whether a row holds amounts, of which a table says the scale, and not shares or rates."""
    return not _UNSCALED.search(label) and figures([cell for cell in cells if "%" not in cell])


def _scale_of_columns(header: Rows) -> set[str]:
    """The scale that stands over the columns; none where they have scales of their own."""
    scales = {cell for cells in header for cell in cells[1:] if _is_remark(cell) and _SCALE.search(cell)}
    return scales if len(scales) == 1 else set()


def _is_remark(cell: str) -> bool:
    return cell.startswith("(") and cell.endswith(")")


def is_scale(text: str) -> bool:
    """Whether a short text, such as a title, says in what amounts are told."""
    scale = _SCALE.search(text) and _OF_AMOUNTS.search(text)
    return len(text) <= LONGEST_NAME and bool(scale) and not any(map(str.isdigit, text))


def labels_of(header: Rows) -> list[str]:
    """What the rows of a header call each column.

    The scale of all amounts is no part of that. A corner such as 'Three months ended June 30,' goes with the
    years beside it.
    """
    scales = _scale_of_columns(header)
    width = max(map(len, header), default=0)
    parts: list[list[str]] = [[] for _ in range(width)]
    for cells in header:
        corner = cells[0] if cells else ""
        dated = corner.endswith(",") and any(map(_YEAR.fullmatch, cells[1:]))
        for at, cell in enumerate(cells):
            if (at == 0 and (dated or _SCALE.search(cell))) or cell in scales:
                continue
            parts[at].append(f"{corner} {cell}" if dated and _YEAR.fullmatch(cell) else cell)
    return told_apart([_joined(column) for column in parts])


def _rows_over_figures(grid: Grid) -> int:
    """How many rows of words stand over columns of values, those after the first without a label."""
    rows = grid.rows
    width = max(map(len, rows), default=0)
    columns = [column for column in range(1, width) if _kind(_below(rows, column, 1))]
    for count, cells in enumerate(rows[: MAX_HEADER_ROWS + 1]):
        if figures([cells[column] for column in columns if column < len(cells)]):
            return count
        if count and grid.is_alone(count) and grid.first(count):
            return count  # a section begins
        if count and (not cells or grid.first(count) not in ("", grid.first(0))):
            return 0
    return 0


def figures(cells: Sequence[str]) -> bool:
    """Whether a row tells figures other than years."""
    return any(_NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in cells)


def names_columns(rows: Rows) -> bool:
    """Whether the first row could be a header: filled, distinct, and without figures other than years.

    Nor is it a row like those below: with a time over times, a date over dates, or a cell that comes again.
    """
    if len(rows) < 2 and not (rows and len(rows[0]) > 1):
        return False
    cells = list(rows[0])
    while cells and not cells[-1]:
        cells.pop()
    named = [cell for cell in told_apart(cells) if cell]
    alone = named if told_apart(cells) == cells else [cell for cell in named if not _YEAR.fullmatch(cell)]
    if len(set(alone)) < len(alone) or len(named) < len(cells) - 1:  # the corner may be empty
        return False
    numbers = [cell for cell in cells if _NUMBER.fullmatch(cell)]
    cornered = bool(named) and not cells[0]  # right of an empty corner, years may be all
    words = len(numbers) < len(named) or cornered
    return words and all(map(_YEAR.fullmatch, numbers)) and not _is_like_others(rows)


def _is_like_others(rows: Rows) -> bool:
    return any(
        kind in ("time", "date") and kind == _kind_of(cell)
        for at, cell in enumerate(rows[0])
        if (kind := _kind(_below(rows, at, 1)))
    )


def stands_over_figures(rows: Rows) -> bool:
    """Whether the first row names columns and the cells below it show so, being values as it is not."""
    return (names_columns(rows) and _stands_over_values(rows, 1)) or _stands_over_other_kinds(rows)


def stands_over_cells(rows: Rows) -> bool:
    """The same, or whether it is a row of short names over three columns or more of words."""
    return stands_over_figures(rows) or (
        len(rows) > 2 and len(rows[0]) >= FEWEST_COLUMNS and names_columns(rows) and _are_short_names(rows)
    )


def _are_short_names(rows: Rows) -> bool:
    """Whether no cell of the first row is a sentence, an address, a form's label, or one of those below."""
    first = rows[0]
    return all(first[1:]) and not any(
        len(cell) > LONGEST_NAME
        or cell.endswith(":")
        or (cell.endswith(".") and " " in cell)
        or "@" in cell
        or (cell and cell in _below(rows, at, 1, but=first))
        for at, cell in enumerate(first)
    )


def _stands_over_values(rows: Rows, count: int) -> bool:
    """Whether a column holds values below the first `count` rows and none in the last of them."""
    last = rows[count - 1]
    return any(
        _kind(_below(rows, at, count)) and (not _kind_of(cell) or bool(_YEAR.fullmatch(cell)))
        for at, cell in enumerate(last)
        if cell
    )


def hold_values(rows: Rows, count: int) -> bool:
    """Whether some column but the first holds values below the first `count` rows."""
    return any(_kind(_below(rows, at, count)) for at in range(1, max(map(len, rows))))


def _stands_over_other_kinds(rows: Rows) -> bool:
    """Whether the first row is full of other things than the values below it, such as numbers over times."""
    if len(rows) < 3 or not all(rows[0]) or len(rows[0]) < FEWEST_COLUMNS:
        return False
    kinds = [(_kind_of(cell), _kind(_below(rows, at, 1))) for at, cell in enumerate(rows[0])]
    return not kinds[0][0] and all(below and own != below for own, below in kinds[1:])


def _below(rows: Rows, column: int, count: int, but: Sequence[str] = ()) -> list[str]:
    """The cells of a column below the first rows that hold something; those of rows like `but` left out."""
    return [
        cells[column]
        for cells in rows[count : count + SAMPLE_ROWS]
        if column < len(cells) and cells[column] and cells != but
    ]


def _kind(cells: Sequence[str]) -> str:
    """What most of the cells are: times, dates or figures; empty for words."""
    cells = [cell for cell in cells if not _DASH.fullmatch(cell)]
    kinds = [_kind_of(cell) for cell in cells]
    for kind in ("figure", "time", "date"):
        if kinds.count(kind) > EVIDENCE * len(kinds):
            return kind
    return ""


def _kind_of(cell: str) -> str:
    if _NUMBER.fullmatch(cell):
        return "figure"
    if not cell[:1].isdigit():
        return ""
    return "time" if _TIME.fullmatch(cell) else "date" if _DATE.fullmatch(cell) else ""


def _columns(rows: Rows) -> list[tuple[str, ...]]:
    return list(zip_longest(*rows, fillvalue=""))


def _joined(column: Sequence[str]) -> str:
    """The header of a column from the cells of several header rows, each text once."""
    return " ".join(dict.fromkeys(filter(None, column)))
