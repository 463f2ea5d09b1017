"""OpenDocument texts, sheets and slides: headings, paragraphs, list items, table rows, notes."""

from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.packages import open_package, parsed, part
from index.loaders.tables import lines, names_columns, stands_over_figures

MAX_REPEATED = 100  # columns that one cell may stand for; sheets repeat the empty ones to their edge

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE = f"{{{_SPACE}text:1.0}}", f"{{{_SPACE}table:1.0}}"
_OFFICE, _DRAW, _META = f"{{{_SPACE}office:1.0}}", f"{{{_SPACE}drawing:1.0}}", f"{{{_SPACE}meta:1.0}}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_HEADING, _PARAGRAPH, _ITEM = f"{_TEXT}h", f"{_TEXT}p", f"{_TEXT}list-item"
_ROW, _HEADER_ROWS = f"{_TABLE}table-row", f"{_TABLE}table-header-rows"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_NOTE = f"{_TEXT}note"
_SKIPPED = {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation", f"{_OFFICE}forms"}
_BREAKS = {f"{_TEXT}line-break": "\n", f"{_TEXT}tab": " ", f"{_TEXT}s": " "}


def load_odf(data: bytes) -> Loaded:
    """The text of an OpenDocument file; slides count as pages, and sheets are headed by their names."""
    with open_package(data) as package:
        body = parsed(part(package, "content.xml")).find(f"{_OFFICE}body")
        title, metadata = _described(package)
    if body is None or not len(body):
        raise Unreadable("it is damaged: its body is missing")
    builder = Builder()
    _Writer(builder, sheets=body[0].tag == f"{_OFFICE}spreadsheet").write(body[0])
    return builder.build(title=title, metadata=metadata)


def _described(package: ZipFile) -> tuple[str, dict[str, str]]:
    if "meta.xml" not in package.namelist():
        return "", {}
    meta = parsed(part(package, "meta.xml"))
    found = {
        name: one_line(meta.findtext(f".//{tag}") or "")
        for name, tag in (
            ("title", f"{_DUBLIN_CORE}title"),
            ("author", f"{_META}initial-creator"),
            ("date", f"{_DUBLIN_CORE}date"),
        )
    }
    return found["title"], {"author": found["author"], "date": found["date"][:10]}


class _Writer:
    """Writes the blocks below an element, in their order."""

    def __init__(self, builder: Builder, sheets: bool) -> None:
        self._builder = builder
        self._sheets = sheets

    def write(self, parent: etree._Element) -> None:
        before = "\n\n"
        for block in _blocks(parent):
            tag = block.tag
            if tag == f"{_DRAW}page":
                self._builder.start_page()
                self.write(block)
            elif tag == f"{_TABLE}table":
                self._table(block)
            elif tag == _ITEM:
                self._item(block, before)
                before = "\n"
                continue
            else:
                level = _level(block)
                text = _text(block)
                self._builder.add(one_line(text) if level else text, level=level)
                for note in block.iter(_NOTE):
                    self.write(note)
            before = "\n\n"

    def _item(self, item: etree._Element, before: str) -> None:
        for block in _outermost(item, {_PARAGRAPH, _HEADING}):
            self._builder.add(_text(block), before=before)
            before = "\n"

    def _table(self, table: etree._Element) -> None:
        rows = [cells for cells in map(_row, _outermost(table, {_ROW})) if any(cells)]
        if self._sheets and rows:
            self._builder.add(one_line(table.get(f"{_TABLE}name", "")), level=1)
        marked = sum(1 for header in table.iter(_HEADER_ROWS) for _ in header.iter(_ROW))
        guessed = (
            names_columns(rows) if self._sheets and rows and len(rows[0]) > 2 else stands_over_figures(rows)
        )
        before = "\n\n"
        for line in lines(rows, marked if 0 < marked < len(rows) else int(guessed and len(rows) > 1)):
            self._builder.add(line, before=before)
            before = "\n"


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    tags = {_PARAGRAPH, _HEADING, _ITEM, f"{_TABLE}table", f"{_DRAW}page"}
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


def _row(row: etree._Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag in _CELLS:
            text = " ".join(one_line(_text(block)) for block in _outermost(cell, {_PARAGRAPH, _HEADING}))
            count = cell.get(f"{_TABLE}number-columns-repeated", "1")
            cells += [text] * (min(int(count), MAX_REPEATED) if count.isdecimal() else 1)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(block: etree._Element) -> str:
    """A paragraph's text without its notes, white space as the format counts it."""
    parts = [block.text or ""]
    waiting = list(reversed(block))
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            parts.append(element)
            continue
        if element.tail:
            waiting.append(element.tail)  # type: ignore[arg-type]
        if element.tag in _SKIPPED or element.tag == _NOTE:
            continue
        parts.append(_BREAKS.get(str(element.tag), ""))
        waiting.extend(reversed(element))
        parts.append(element.text or "")
    return "\n".join(one_line(line) for line in "".join(parts).split("\n"))
