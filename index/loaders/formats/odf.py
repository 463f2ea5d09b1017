"""OpenDocument texts, sheets and slides: headings, paragraphs, list items, table rows, notes."""

from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.embedded import Pictures, with_pictures
from index.loaders.formats.odf_frames import FRAME, Frames
from index.loaders.formats.odf_looks import Looks
from index.loaders.formats.odf_numbers import Numbers
from index.loaders.grids import Cell, Grid, Look, row_look, spread
from index.loaders.header_rows import stands_over_cells
from index.loaders.packages import open_package, parsed, part
from index.loaders.sheets import write_sheet
from index.loaders.tables import table

MAX_REPEATED = 100  # columns that one cell may stand for; sheets repeat the empty ones to their edge

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE = f"{{{_SPACE}text:1.0}}", f"{{{_SPACE}table:1.0}}"
_OFFICE, _DRAW, _META = f"{{{_SPACE}office:1.0}}", f"{{{_SPACE}drawing:1.0}}", f"{{{_SPACE}meta:1.0}}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_HEADING, _PARAGRAPH, _ITEM = f"{_TEXT}h", f"{_TEXT}p", f"{_TEXT}list-item"
_ROW, _HEADER_ROWS = f"{_TABLE}table-row", f"{_TABLE}table-header-rows"
_CELL, _COVERED = f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_STYLE = f"{{{_SPACE}style:1.0}}"
_ANNOTATION = f"{_OFFICE}annotation"
_NOTE = f"{_TEXT}note"
_SKIPPED = {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation", f"{_OFFICE}forms"}
_BREAKS = {f"{_TEXT}line-break": "\n", f"{_TEXT}tab": " ", f"{_TEXT}s": " "}


def load_odf(data: bytes) -> Loaded:
    """The text of an OpenDocument file; slides count as pages, and sheets are headed by their names."""
    return with_pictures(lambda pictures: _load(data, pictures))


def _load(data: bytes, pictures: Pictures) -> Loaded:
    with open_package(data) as package:
        if "META-INF/manifest.xml" in package.namelist() and b"encryption-data" in part(
            package, "META-INF/manifest.xml"
        ):
            raise Unreadable("it is encrypted; remove its password first")
        content = parsed(part(package, "content.xml"))
        styles = [parsed(part(package, "styles.xml"))] if "styles.xml" in package.namelist() else []
        body = content.find(f"{_OFFICE}body")
        title, metadata = _described(package)
        if body is None or not len(body):
            raise Unreadable("it is damaged: its body is missing")
        builder = Builder()
        looks, numbers = Looks([*styles, content]), Numbers([*styles, content], body)
        frames = Frames(builder, package, pictures)
        sheets = body[0].tag == f"{_OFFICE}spreadsheet"
        writer = _OdfWriter(builder, looks, numbers, frames, sheets=sheets)
        writer.write(body[0])
        writer.write_margins(styles)
        return builder.build(title=title, metadata=metadata, sheets=sheets)


def _described(package: ZipFile) -> tuple[str, dict[str, str]]:
    if "meta.xml" not in package.namelist():
        return "", {}
    meta = parsed(part(package, "meta.xml"))
    found = {
        name: one_line(meta.findtext(f".//{tag}") or "")
        for name, tag in (
            ("title", f"{_DUBLIN_CORE}title"),
            ("author", f"{_META}initial-creator"),
            ("created", f"{_META}creation-date"),
            ("modified", f"{_DUBLIN_CORE}date"),
            ("language", f"{_DUBLIN_CORE}language"),
        )
    }
    return found["title"], {**found, "created": found["created"][:10], "modified": found["modified"][:10]}


def text_of(block: etree._Element, looks: Looks) -> tuple[str, str]:
    """A paragraph's text without its notes, white space as the format counts it; and what is struck out."""
    text = struck = ""
    waiting: list[tuple[etree._Element | str, str]] = [(block, "")]
    while waiting:
        element, style = waiting.pop()
        if isinstance(element, str):
            if style in looks.struck:
                struck += element
            else:
                shift = looks.shifts.get(style)
                text += shift(text[-60:], element) if shift else element
            continue
        tag, outer = str(element.tag), style
        if element is not block and element.tail:
            waiting.append((element.tail, outer))
        if tag in _SKIPPED or tag == _NOTE:
            continue
        style = (
            element.get(f"{_TEXT}style-name", "") if tag in (f"{_TEXT}span", _PARAGRAPH, _HEADING) else style
        )
        style = style if style in looks.struck or style in looks.shifts or not outer else outer
        text += _BREAKS.get(tag, "")
        waiting.extend((child, style) for child in reversed(element))
        # A tail belongs to what is around its element, and is put behind it there.
        waiting.append((element.text or "", style))
    return "\n".join(one_line(line) for line in text.split("\n")), struck


class _OdfWriter:
    """Writes the blocks below an element, in their order."""

    def __init__(
        self, builder: Builder, looks: Looks, numbers: Numbers, frames: Frames, sheets: bool
    ) -> None:
        self._frames = frames
        self._pages = 0
        self._builder = builder
        self._looks = looks
        self._numbers = numbers
        self._sheets = sheets

    def write(self, parent: etree._Element) -> None:
        before = "\n\n"
        for block in _blocks(parent):
            tag = block.tag
            if tag == f"{_DRAW}page":
                self._pages += 1
                self._builder.start_page()
                self.write(block)
            elif tag == FRAME:
                self._frame(block)
            elif tag == f"{_TABLE}table":
                self._table(block)
            elif tag == _ITEM:
                self._item(block, before)
                before = "\n"
                continue
            else:
                level = _level(block)
                text = self._text(block)
                bold = bool(self._looks.has_bold_text(block))
                self._builder.add(one_line(text) if level else text, level=level, bold=bold)
                self._after(block)
            before = "\n\n"

    def _frame(self, frame: etree._Element) -> None:
        place = f" on slide {self._pages}" if self._pages else ""
        if not self._frames.write(frame, place):
            self.write(frame)

    def _item(self, item: etree._Element, before: str) -> None:
        for block in _outermost(item, {_PARAGRAPH, _HEADING}):
            self._builder.add(self._text(block), before=before)
            self._after(block)
            before = "\n"

    def _text(self, block: etree._Element) -> str:
        text, struck = text_of(block, self._looks)
        self._builder.leave_out_struck(struck)
        number = self._numbers.of(block) if text else ""
        return f"{number} {text}" if number else text

    def _after(self, block: etree._Element) -> None:
        """The notes, comments, charts and pictures of a paragraph."""
        for note in block.iter(_NOTE):
            self.write(note)
        for frame in block.iter(FRAME):
            self._frames.write(frame)
        for comment in block.iter(_ANNOTATION):
            author = one_line(comment.findtext(f"{_DUBLIN_CORE}creator") or "")
            text = " ".join(text_of(one, self._looks)[0] for one in comment.iter(_PARAGRAPH))
            if one_line(text):
                self._builder.add(f"Comment{f' by {author}' if author else ''}: {one_line(text)}")

    def write_margins(self, styles: list[etree._Element]) -> None:
        """What stands in the margins of the pages, each text once."""
        seen: set[str] = set()
        for kind in ("header", "footer"):
            for root in styles:
                for margin in root.iter(f"{_STYLE}{kind}"):
                    texts = (one_line(text_of(one, self._looks)[0]) for one in margin.iter(_PARAGRAPH))
                    text = " | ".join(one for one in texts if any(map(str.isalpha, one)))
                    if text and text not in seen and not self._sheets:
                        seen.add(text)
                        self._builder.add(f"Page {kind}: {text}")

    def _table(self, element: etree._Element) -> None:
        rows = list(_outermost(element, {_ROW}))
        looks = [self._look(row) for row in rows] if self._looks.set_rows_apart else []
        grid = spread((self._cells(row) for row in rows), looks)
        if self._sheets:
            self._sheet(element, grid)
            return
        marked = sum(1 for header in element.iter(_HEADER_ROWS) for _ in header.iter(_ROW))
        titles, lines, _ = table(grid, marked, stands_over_cells)
        before = "\n\n"
        for line in [*titles, *lines]:
            self._builder.add(line, before=before)
            before = "\n"
        for block in _outermost(element, {_PARAGRAPH, _HEADING}):
            self._after(block)

    def _sheet(self, element: etree._Element, grid: Grid) -> None:
        name = one_line(element.get(f"{_TABLE}name", ""))
        if any(any(cells) for cells in grid.rows):
            hidden = self._looks.hides(element.get(f"{_TABLE}style-name", ""))
            self._builder.add(f"{name} (hidden sheet)" if hidden else name, level=1)
            write_sheet(self._builder, grid)
        for frame in element.iter(FRAME):
            self._frames.write(frame, f" on sheet “{name}”")
        for comment in element.iter(_ANNOTATION):
            parent = comment.getparent()
            if parent is not None:
                self._after(parent)

    def _look(self, row: etree._Element) -> Look:
        """How the cells with text of a row are set."""
        cells = [cell for cell in row if cell.tag == _CELL]
        found = [(cell, look) for cell in cells if (look := self._looks.of_cell(cell)) is not None]
        first = bool(found) and found[0][0] is cells[0]
        return row_look([look for _, look in found], first=first)

    def _cells(self, row: etree._Element) -> list[Cell]:
        cells: list[Cell] = []
        for cell in row:
            if cell.tag not in (_CELL, _COVERED):
                continue
            count = min(_number(cell, "number-columns-repeated"), MAX_REPEATED)
            if cell.tag == _COVERED:
                continue
            text = " ".join(one_line(self._text(block)) for block in _outermost(cell, {_PARAGRAPH, _HEADING}))
            formula = cell.get(f"{_TABLE}formula", "")
            if formula and not text:
                text = f"{formula.partition(':')[2] or formula} (no saved value)"
                self._builder.leave_out("formulas without a saved value; open and save the file")
            wide, high = _number(cell, "number-columns-spanned"), _number(cell, "number-rows-spanned")
            cells += [Cell(text, wide, high)] * count
        while cells and not cells[-1].text and cells[-1].high == 1:
            cells.pop()
        return cells


def _number(cell: etree._Element, name: str) -> int:
    text = cell.get(f"{_TABLE}{name}", "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    tags = {_PARAGRAPH, _HEADING, _ITEM, FRAME, f"{_TABLE}table", f"{_DRAW}page"}
    return _outermost(parent, tags)


def _outermost(parent: etree._Element, tags: set[str]) -> Iterator[etree._Element]:
    """The outermost elements with one of these tags below `parent`, without recursion."""
    waiting = list(reversed(parent))
    while waiting:
        element = waiting.pop()
        if element.tag in tags:
            yield element
        elif element.tag not in _SKIPPED:
            waiting.extend(reversed(element))


def _level(block: etree._Element) -> int:
    """A heading's level; 0 for other blocks."""
    if block.tag != _HEADING:
        return 0
    level = block.get(f"{_TEXT}outline-level", "1")
    return max(int(level), 1) if level.isdecimal() else 1
