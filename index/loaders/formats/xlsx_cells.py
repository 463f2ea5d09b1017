"""The cells of an Excel sheet: values in their formats, formulas without a value, merged ranges filled."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO

from lxml import etree

from index.loaders.builder import Unreadable, one_line
from index.loaders.formats.number_formats import BUILT_IN, shown, text_shown
from index.loaders.grids import PLAIN, Area, Grid, Look, row_look
from index.loaders.packages import DAMAGED, parsed, part
from index.loaders.raised import lowered, raised

MAX_ROWS = 200_000  # of a sheet; more is a database
MAX_COLUMNS = 1_000
MAX_NAMED = 5  # cells that a remark names

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _CELL, _MERGED = f"{_MAIN}row", f"{_MAIN}c", f"{_MAIN}mergeCell"
_INDENT = 3.0  # spaces of one step of indentation
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


class WorkbookStyles:
    """What the workbook says of all sheets: texts, number formats, fonts that strike out."""

    def __init__(self, package: zipfile.ZipFile, from_1904: bool) -> None:
        self.from_1904 = from_1904
        names = package.namelist()
        self.formats: list[str] = []
        self.struck: list[bool] = []
        self.set_apart: dict[str, Look] = {}  # how cells are set, by the number of their style
        self.texts: list[tuple[str, str]] = []  # what holds, and what is struck out
        if "xl/styles.xml" in names:
            self._read_styles(parsed(part(package, "xl/styles.xml")))
        if "xl/sharedStrings.xml" in names:
            root = parsed(part(package, "xl/sharedStrings.xml"))
            self.texts = [rich_text(item) for item in root.iter(f"{_MAIN}si")]

    def _read_styles(self, root: etree._Element) -> None:
        codes = dict(BUILT_IN)
        for one in root.iter(f"{_MAIN}numFmt"):
            codes[_number(one.get("numFmtId"))] = one.get("formatCode", "General")
        fonts = root.findall(f"{_MAIN}fonts/{_MAIN}font")
        struck = [_is_on(font.find(f"{_MAIN}strike")) for font in fonts]
        bold = [_is_on(font.find(f"{_MAIN}b")) for font in fonts]
        shades = [_shade(fill) for fill in root.iterfind(f"{_MAIN}fills/{_MAIN}fill")]
        for one in root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"):
            font, fill = _number(one.get("fontId")), _number(one.get("fillId"))
            alignment = one.find(f"{_MAIN}alignment")
            indent = 0 if alignment is None else _number(alignment.get("indent"))
            self.formats.append(codes.get(_number(one.get("numFmtId")), "General"))
            self.struck.append(font < len(struck) and struck[font])
            shade = shades[fill] if fill < len(shades) else ""
            look = Look(font < len(bold) and bold[font], shade=shade, indent=_INDENT * indent)
            if look != PLAIN:
                self.set_apart[str(len(self.formats) - 1)] = look


class Cells:
    """The cells of one sheet."""

    def __init__(self, package: zipfile.ZipFile, name: str, title: str, styles: WorkbookStyles) -> None:
        self._title = title
        self._styles = styles
        self._formulas: dict[str, str] = {}  # those that other cells share, by number
        self._without_value: list[str] = []
        self._struck: list[str] = []
        self._merged: list[Area] = []
        self.grid = Grid()
        try:
            with package.open(name) as file:
                self._read(file)
        except DAMAGED as error:
            raise Unreadable(f"it is damaged: its part {name!r} can't be read") from error
        self.grid.fill(self._merged, MAX_COLUMNS)

    def remarks(self) -> Iterator[str]:
        """What of the sheet is not in the text."""
        if self._without_value:
            places = ", ".join(self._without_value[:MAX_NAMED])
            more = ", …" if len(self._without_value) > MAX_NAMED else ""
            count = len(self._without_value)
            yield f"sheet “{self._title}”: {count} formulas without a saved value: {places}{more}"
        yield from (f"sheet “{self._title}”: struck-out text {one}" for one in self._struck)

    def _read(self, file: IO[bytes]) -> None:
        events = etree.iterparse(
            file,
            tag=(_ROW, _MERGED),
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        )
        number = 0
        for _, element in events:
            if element.tag == _MERGED:
                with suppress(ValueError):
                    self._merged.append(_area(element.get("ref", "")))
                continue
            number = max(_number(element.get("r")), number + 1)
            self._row(number, element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    def _row(self, number: int, row: etree._Element) -> None:
        if number > MAX_ROWS and len(row):
            raise Unreadable(f"its sheet {self._title!r} has more than {MAX_ROWS:,} rows")
        cells: list[str] = []
        looks: list[Look] = []
        for cell in row.iterchildren(_CELL):
            place = _PLACE.fullmatch(cell.get("r", ""))
            column = _column(place.group(1)) if place else len(cells)
            if column < MAX_COLUMNS and (text := self._shown(cell, cell.get("r", ""))):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = text
                if self._styles.set_apart:
                    looks.append(self._styles.set_apart.get(cell.get("s", "0"), PLAIN))
        if cells:
            # A file may put its only row a million down.
            missing = number - 1 - len(self.grid.rows)
            self.grid.rows.extend([] for _ in range(missing))
            self.grid.looks.extend([PLAIN] * missing)
            self.grid.rows.append(cells)
            self.grid.looks.append(row_look(looks, first=bool(cells[0])))

    def _shown(self, cell: etree._Element, place: str) -> str:
        style = _number(cell.get("s"))
        code = self._styles.formats[style] if style < len(self._styles.formats) else "General"
        kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
        formula = cell.find(f"{_MAIN}f")
        if formula is not None and not value and kind != "inlineStr":
            return self._formula(formula, place)
        text, struck = self._value(cell, kind, value, code)
        if style < len(self._styles.struck) and self._styles.struck[style]:
            text, struck = "", text
        if struck and any(map(str.isalnum, struck)):
            self._struck.append(f"in {place}: “{struck}”")
        return text

    def _value(self, cell: etree._Element, kind: str, value: str, code: str) -> tuple[str, str]:
        """The text of a cell, and what of it is struck out."""
        match kind:
            case "s":
                number = _number(value)
                text, struck = self._styles.texts[number] if number < len(self._styles.texts) else ("", "")
                return text_shown(text, code), struck
            case "inlineStr":
                inline = cell.find(f"{_MAIN}is")
                return rich_text(inline) if inline is not None else ("", "")
            case "b":
                return ("TRUE" if value.strip() in ("1", "true") else "FALSE") if value else "", ""
            case "d":
                with suppress(ValueError):
                    return datetime.fromisoformat(value).isoformat(" ", "minutes").removesuffix(" 00:00"), ""
                return one_line(value), ""
            case "n":
                with suppress(ValueError):
                    return shown(float(value), code, from_1904=self._styles.from_1904), ""
        return one_line(_unescaped(value)), ""

    def _formula(self, formula: etree._Element, place: str) -> str:
        """A formula whose value the file doesn't have: the formula itself."""
        text, shared = formula.text or "", formula.get("si", "")
        if text and shared:
            self._formulas[shared] = f"{place}:{text}"
        elif shared in self._formulas:
            text = _moved(self._formulas[shared], place)
        self._without_value.append(place)
        return f"={one_line(text)} (no saved value)" if text else "(a formula without a saved value)"


def rich_text(item: etree._Element) -> tuple[str, str]:
    """A text of differently set runs, raised digits apart from others; and what of it is struck out."""
    runs = item.findall(f"{_MAIN}r")
    if not runs:
        return one_line(_unescaped(item.findtext(f"{_MAIN}t") or "")), ""
    text, struck = "", ""
    for run in runs:
        piece, look = _unescaped(run.findtext(f"{_MAIN}t") or ""), run.find(f"{_MAIN}rPr")
        position = None if look is None else look.find(f"{_MAIN}vertAlign")
        if look is not None and _is_on(look.find(f"{_MAIN}strike")):
            struck += piece
        elif position is not None and position.get("val") == "superscript":
            text += raised(text, piece)
        elif position is not None and position.get("val") == "subscript":
            text += lowered(text, piece)
        else:
            text += piece
    return one_line(text), one_line(struck)


def _unescaped(text: str) -> str:
    """The text with the signs that XML can't hold, such as `_x000D_` for a line's end."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match.group(1), 16)), text)


def _moved(formula: str, place: str) -> str:
    """A formula that cells share, as it reads in another of them."""
    from openpyxl.formula.translate import Translator

    origin, _, text = formula.partition(":")
    try:
        moved: str = Translator(f"={text}", origin=origin).translate_formula(place)
    except Exception:  # openpyxl raises whatever a formula it doesn't know leads it to
        return ""
    return moved.removeprefix("=")


def _shade(fill: etree._Element) -> str:
    """The colour behind a cell, in the file's own words; empty where there is none."""
    pattern = fill.find(f"{_MAIN}patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        return ""
    color = pattern.find(f"{_MAIN}fgColor")
    return "" if color is None else " ".join(map(str, color.values()))


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get("val", "1") not in ("0", "false")


def _area(reference: str) -> Area:
    first, _, last = reference.partition(":")
    top, bottom = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
    if not top or not bottom:
        raise ValueError(reference)
    return int(top.group(2)) - 1, _column(top.group(1)), int(bottom.group(2)) - 1, _column(bottom.group(1))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
