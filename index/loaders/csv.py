"""Tables in text files: each row becomes one line in which every cell stands with its header."""

import csv
import io
import re
from itertools import zip_longest

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.encoding import decode

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 50  # enough to see which delimiter gives rows of one length
MAX_CELL = 1_000_000  # characters; the csv module's own limit of 131,072 is too little for pasted articles

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,' ]*\s?[%)]?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def load_csv(data: bytes) -> Loaded:
    """The rows of a table, one line each: 'Header: cell; Header: cell'."""
    text = decode(data)
    rows = [row for row in _rows(text, _delimiter(text)) if any(row)]
    header = rows[0] if _is_header(rows) else []
    builder = Builder()
    for row in rows[1:] if header else rows:
        builder.add(_line(header, row), before="\n")
    if header and len(rows) == 1:
        builder.add("; ".join(filter(None, header)))
    return builder.build()


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [[one_line(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise Unreadable(f"line {reader.line_num} is no table row: {error}") from error


def _delimiter(text: str) -> str:
    """The delimiter that gives the most rows of one same length above 1; a comma if none does."""
    sample = text.splitlines(keepends=True)[:SAMPLE_ROWS]
    return max(DELIMITERS, key=lambda delimiter: _regularity(sample, delimiter))


def _regularity(sample: list[str], delimiter: str) -> float:
    try:
        lengths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0
    wide = [length for length in lengths if length > 1]
    if not wide:
        return 0.0
    usual = max(set(wide), key=lambda length: (wide.count(length), length))
    return wide.count(usual) / len(lengths) + usual / 1000  # between equals, the one with more columns


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: filled, distinct, and without figures other than years."""
    if len(rows) < 2 and not (rows and len(rows[0]) > 1):
        return False
    cells = rows[0][:]
    while cells and not cells[-1]:
        cells.pop()
    named = [cell for cell in cells if cell]
    if len(set(named)) < len(named) or len(named) < len(cells) - 1:  # the corner may be empty
        return False
    figures = [cell for cell in named if _NUMBER.fullmatch(cell)]
    return len(figures) < len(named) and all(map(_YEAR.fullmatch, figures))


def _line(header: list[str], row: list[str]) -> str:
    pairs = zip_longest(header[: len(row)], row, fillvalue="")
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)
