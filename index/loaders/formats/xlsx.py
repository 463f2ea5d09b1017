"""Excel: each sheet's tables as lines in which every cell stands with its header."""

import io
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.packages import DAMAGED, open_package
from index.loaders.tables import lines, names_columns, stands_over_figures

MAX_ROWS = 200_000  # of a sheet; more is a database
MAX_COLUMNS = 1_000

_DIGITS = 15  # that Excel itself keeps and shows


def load_xlsx(data: bytes) -> Loaded:
    """The sheets in their order, each headed by its name; formulas by the values saved with them."""
    open_package(data).close()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of every extension that it leaves out
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            builder = Builder()
            for sheet in book.worksheets:
                _write(builder, sheet)
    except (InvalidFileException, *DAMAGED) as error:
        raise Unreadable("it is damaged: Excel's parts can't be read") from error
    properties = book.properties
    changed = properties.modified or properties.created
    metadata = {
        "author": one_line(properties.creator or "").removeprefix("openpyxl"),
        "date": changed.date().isoformat() if isinstance(changed, datetime) else "",
    }
    return builder.build(title=one_line(properties.title or ""), metadata=metadata)


def _write(builder: Builder, sheet: Any) -> None:
    named = False
    for block in _blocks(_rows(sheet)):
        if not named:
            builder.add(one_line(sheet.title), level=1)
            named = True
        before = "\n\n"
        while (
            len(block) > 1 and sum(map(bool, block[0])) == 1 and any(sum(map(bool, row)) > 1 for row in block)
        ):
            builder.add(next(filter(None, block.pop(0))))  # a title over the table
        header_rows = int(_has_header(block))
        for line in lines(block, header_rows)[header_rows if len(block) > 1 else 0 :]:
            builder.add(line, before=before)
            before = "\n"


def _has_header(block: list[list[str]]) -> bool:
    """Whether the first row names the columns; two columns of words are names and what belongs to them."""
    return names_columns(block) if len(block[0]) > 2 else stands_over_figures(block)


def _rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # a file may claim a million rows for its ten
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS)):
        if number >= MAX_ROWS:
            raise Unreadable(f"its sheet {sheet.title!r} has more than {MAX_ROWS:,} rows")
        yield [_shown(cell) for cell in row]


def _blocks(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """The tables of a sheet, which empty rows part, without the empty columns on their left and right."""
    block: list[list[str]] = []
    for row in rows:
        if any(row):
            block.append(row)
        elif block:
            yield _trimmed(block)
            block = []
    if block:
        yield _trimmed(block)


def _trimmed(block: list[list[str]]) -> list[list[str]]:
    filled = [number for row in block for number, cell in enumerate(row) if cell]
    return [row[min(filled) : max(filled) + 1] for row in block]


def _shown(cell: Any) -> str:
    """A value as the sheet shows it, as far as that matters to a reader."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return str(value).upper()
        case float(value) | int(value):
            percent = "%" in (cell.number_format or "")
            text = f"{value * 100 if percent else value:.{_DIGITS}g}"
            return f"{text}%" if percent else text
        case datetime() as value:
            return value.isoformat(" ", "minutes").removesuffix(" 00:00")
        case date() | time() as value:
            return value.isoformat()
        case timedelta() as value:
            return str(value)
        case value:
            return one_line(str(value))
