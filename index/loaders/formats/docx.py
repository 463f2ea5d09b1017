"""Word documents: paragraphs, headings by style, table rows, text boxes and notes, in reading order."""

import io
import re
from collections.abc import Iterator

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.packages import DAMAGED, open_package, parsed
from index.loaders.tables import lines, stands_over_figures

_DAMAGED = (PackageNotFoundError, *DAMAGED)
_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT, _TAB, _BREAK, _RETURN, _HYPHEN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen")
_TEXT_BOX = qn("w:txbxContent")
_SKIPPED = {qn(f"w:{name}") for name in ("pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "del")}
_SKIPPED.add(
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
)  # repeats the text boxes
_NOTES = re.compile(r"/word/(?:footnotes|endnotes)\.xml")
_MAX_SPAN = 100  # columns; a file may claim any number
_HEADING = re.compile(r"heading (\d)", re.I)


def load_docx(data: bytes) -> Loaded:
    """The text of a Word document without the headers and footers of its pages."""
    open_package(data).close()
    try:
        document = docx.Document(io.BytesIO(data))
    except _DAMAGED as error:
        raise Unreadable("it is damaged: Word's parts can't be read") from error
    builder = Builder()
    writer = _Writer(builder, _levels(document))
    writer.write(document.element.body)
    for part in document.part.package.iter_parts():
        if _NOTES.fullmatch(str(part.partname)):
            writer.write(parsed(part.blob))
    properties = document.core_properties
    date = properties.modified or properties.created
    metadata = {"author": one_line(properties.author or ""), "date": date.date().isoformat() if date else ""}
    return builder.build(title=one_line(properties.title or "") or writer.title, metadata=metadata)


def _levels(document: WordDocument) -> dict[str, int]:
    """The heading level of each paragraph style that has one; 0 for the style of the document's title."""
    levels: dict[str, int] = {}
    for style in document.styles:
        ancestor, seen = style, 0
        while ancestor is not None and seen < 20:  # a style may by mistake be based on itself
            name = (ancestor.name or "").lower()
            if heading := _HEADING.fullmatch(name):
                levels[style.style_id] = max(int(heading.group(1)), 1)
                break
            if name == "title":
                levels[style.style_id] = 0
                break
            ancestor, seen = getattr(ancestor, "base_style", None), seen + 1
    return levels


class _Writer:
    """Writes the blocks of one part after another."""

    def __init__(self, builder: Builder, levels: dict[str, int]) -> None:
        self._builder = builder
        self._levels = levels
        self.title = ""

    def write(self, parent: etree._Element) -> None:
        for block in _blocks(parent):
            if block.tag == _TABLE:
                self._table(block)
            else:
                self._paragraph(block)

    def _paragraph(self, paragraph: etree._Element) -> None:
        text = "\n".join(filter(None, map(one_line, _text(paragraph).split("\n"))))
        style, outline = _property(paragraph, "w:pStyle"), _property(paragraph, "w:outlineLvl")
        level = self._levels.get(style, -1)
        if level == 0 and not self.title:
            self.title = one_line(text)
        if level < 0 and outline.isdecimal() and int(outline) < 9:
            level = int(outline) + 1
        item = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None or style.startswith("List")
        if level >= 0:
            self._builder.add(one_line(text), level=max(level, 1))
        else:
            self._builder.add(text, before="\n" if item else "\n\n")
        for box in _inside(paragraph, _TEXT_BOX):
            self.write(box)

    def _table(self, table: etree._Element) -> None:
        before = "\n\n"
        for line in _table_lines(table):
            self._builder.add(line, before=before)
            before = "\n"


def _table_lines(table: etree._Element) -> list[str]:
    rows = [_cells(line) for line in _inside(table, _ROW)]
    marked = 0
    for line in _inside(table, _ROW):
        if line.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            break
        marked += 1
    return lines(rows, marked if 0 < marked < len(rows) else int(stands_over_figures(rows)))


def _cells(line: etree._Element) -> list[str]:
    """The cells of a row; one that spans several columns leaves those after the first empty."""
    cells: list[str] = []
    for cell in _inside(line, _CELL):
        cells.append(one_line(" ".join(_paragraphs(cell))))
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        width = "" if span is None else span.get(qn("w:val"), "")
        cells += [""] * (min(int(width), _MAX_SPAN) - 1 if width.isdecimal() else 0)
    return cells


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, also those inside content controls and the like."""
    yield from _inside(parent, _PARAGRAPH, _TABLE)


def _inside(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The outermost elements with one of these tags below `parent`, without recursion."""
    waiting = [parent]
    while waiting:
        element = waiting.pop()
        if element.tag in tags and element is not parent:
            yield element
        elif element.tag not in _SKIPPED:
            waiting.extend(reversed(element))


def _paragraphs(cell: etree._Element) -> Iterator[str]:
    """The text of every paragraph in a cell, also of tables inside it."""
    for paragraph in cell.iter(_PARAGRAPH):
        yield _text(paragraph)


def _text(paragraph: etree._Element) -> str:
    """A paragraph's own text: no deleted text, no field codes, no text boxes."""
    parts: list[str] = []
    for element in _inside(paragraph, _TEXT, _TAB, _BREAK, _RETURN, _HYPHEN, _TEXT_BOX):
        if element.tag == _TEXT:
            parts.append(element.text or "")
        elif element.tag in (_BREAK, _RETURN):
            parts.append("\n")
        elif element.tag != _TEXT_BOX:
            parts.append("-" if element.tag == _HYPHEN else " ")
    return "".join(parts)


def _property(paragraph: etree._Element, name: str) -> str:
    element = paragraph.find(f"{qn('w:pPr')}/{qn(name)}")
    return "" if element is None else element.get(qn("w:val"), "")
