"""Tables in text files: each row becomes one line in which every cell stands with its header."""

import csv
import io
import re

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.encoding import decode
from index.loaders.grids import Grid, Rows
from index.loaders.header_rows import names_columns, stands_over_figures
from index.loaders.tables import table

_SEPARATOR = re.compile(r"\A\"?sep=(.)\"?[ \t]*(?:\r\n?|\n)", re.I)

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 50  # enough to see which delimiter gives rows of one length
MAX_CELL = 1_000_000  # characters; the csv module's own limit of 131,072 is too little for pasted articles


def load_csv(data: bytes) -> Loaded:
    """The rows of a table, one line each."""
    text = decode(data)
    # Excel's own first line, which names the delimiter and is shown nowhere.
    named = _SEPARATOR.match(text)
    text = text[named.end() :] if named else text
    delimiter = named.group(1) if named else _delimiter(text)
    rows = [row for row in _rows(text, delimiter) if any(row)]
    builder = Builder()
    titles, lines, header = table(Grid(rows), 0, _header)
    for title in titles:
        builder.add(title)
    # The header stands in every row; as a line of its own only where it is all there is.
    for number, line in enumerate(lines[header if len(lines) > 1 else 0 :]):
        builder.add(line, before="\n" if number else "\n\n")
    return builder.build()


def _header(rows: Rows) -> bool:
    return names_columns(rows) or stands_over_figures(rows)


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
