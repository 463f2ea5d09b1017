"""Excel's older files (.xls), read by xlrd: sheets as those of .xlsx, as far as the format goes."""

import io
from collections.abc import Iterator

import xlrd
from xlrd.biffh import XLRDError, error_text_from_code
from xlrd.book import Book
from xlrd.sheet import Cell, Sheet

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.formats.number_formats import BUILT_IN, shown, text_shown
from index.loaders.formats.xlsx_drawings import write_comment
from index.loaders.grids import Grid, Look, row_look
from index.loaders.raised import raised
from index.loaders.sheets import write_sheet

_COLUMNS = 256  # that the format has room for
_DATES = (14, 22)  # formats that show dates as the reader's country does
_SUPERSCRIPT = 1  # of a font's escapement


def load_xls(data: bytes) -> Loaded:
    """The sheets in their order, each headed by its name, hidden ones too."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except XLRDError as error:
        if "encrypted" in str(error):
            raise Unreadable("it is encrypted; remove its password first") from error
        raise Unreadable("it is damaged: no workbook in it can be read") from error
    builder = Builder()
    for sheet in book.sheets():
        _write(builder, book, sheet)
    author = one_line(book.user_name or "")
    return builder.build(metadata={"author": author}, sheets=True)


def _write(builder: Builder, book: Book, sheet: Sheet) -> None:
    title = one_line(sheet.name)
    body = Builder()
    grid = Grid()
    for number in range(sheet.nrows):
        cells = [
            _shown(body, book, sheet, number, column, cell) for column, cell in enumerate(sheet.row(number))
        ]
        looks = [_look(book, cell) for cell, text in zip(sheet.row(number), cells, strict=True) if text]
        grid.looks.append(row_look(looks, first=bool(cells and cells[0])))
        while cells and not cells[-1]:
            cells.pop()
        grid.rows.append(cells)
    grid.fill([(top, left, end - 1, right - 1) for top, end, left, right in sheet.merged_cells], _COLUMNS)
    write_sheet(body, grid)
    for (row, column), note in sorted(sheet.cell_note_map.items()):
        write_comment(body, xlrd.cellname(row, column), one_line(note.author), note.text)
    content = body.build()
    if content.text or content.unread:
        builder.add(f"{title} (hidden sheet)" if sheet.visibility else title, level=1)
        builder.include(content)


def _shown(builder: Builder, book: Book, sheet: Sheet, row: int, column: int, cell: Cell) -> str:
    """A cell's value as the sheet shows it; what is struck out is noted."""
    look = book.xf_list[cell.xf_index or 0]
    text, struck = "", ""
    for piece, font in _runs(sheet, row, column, _value(book, cell), look.font_index):
        if book.font_list[font].struck_out:
            struck += piece
        elif book.font_list[font].escapement == _SUPERSCRIPT:
            text += raised(text, piece)
        else:
            text += piece
    builder.leave_out_struck(struck)
    return one_line(text)


def _look(book: Book, cell: Cell) -> Look:
    look = book.xf_list[cell.xf_index or 0]
    background, alignment = look.background, look.alignment
    shade = background.pattern_colour_index if background and background.fill_pattern else ""
    bold = bool(book.font_list[look.font_index].bold)
    return Look(bold, shade=str(shade), indent=float(alignment.indent_level) if alignment else 0.0)


def _value(book: Book, cell: Cell) -> str:
    """The value in the format of its cell."""
    code = _code(book, book.xf_list[cell.xf_index or 0].format_key)
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return text_shown(str(cell.value), code)
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return shown(float(cell.value), code, from_1904=bool(book.datemode))
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return error_text_from_code.get(int(cell.value), "#ERROR")
    return ""


def _code(book: Book, key: int) -> str:
    return BUILT_IN[key] if key in _DATES else book.format_map[key].format_str


def _runs(sheet: Sheet, row: int, column: int, text: str, font: int) -> Iterator[tuple[str, int]]:
    """The parts of a cell's text that are set differently, each with the number of its font."""
    starts = [(0, font), *sheet.rich_text_runlist_map.get((row, column), [])]
    ends = [start for start, _ in starts[1:]]
    for (start, number), end in zip(starts, [*ends, len(text)], strict=True):
        yield text[start:end], number
