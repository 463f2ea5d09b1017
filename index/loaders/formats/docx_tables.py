"""Tables of Word documents: their rows as lines, those of tables inside cells after the row they stand in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from docx.oxml.ns import qn
from lxml import etree

from index.loaders.builder import CELL, one_line
from index.loaders.formats.docx_styles import DocxStyles
from index.loaders.formats.docx_text import TABLE, Text
from index.loaders.grids import MAX_SPAN, Cell, Look, row_look, spread, with_heights
from index.loaders.header_rows import LONGEST_NAME, stands_over_cells
from index.loaders.tables import table

MAX_NESTED = 10  # tables inside each other's cells; what is deeper stands in its cell as text

_PARAGRAPH, _ROW, _CELL = qn("w:p"), qn("w:tr"), qn("w:tc")
_VALUE = qn("w:val")
_WHITE = ("", "auto", "FFFFFF")
_FIRST_ROW = 0x20  # in the bits that older files say a table's look with
_HEX = re.compile(r"[0-9A-Fa-f]{1,4}")
_TWIPS = 20  # in a point

Inside = Callable[..., Iterator[etree._Element]]
CellContent = Callable[[etree._Element], tuple[str, Text]]


@dataclass(slots=True)
class _WordRow:
    """A row: its cells, each with what it says of merging with the one above, and how it is set."""

    cells: list[tuple[Cell, str]] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)  # of the cells with text
    first: bool = False  # whether the first cell has text
    tables: list[etree._Element] = field(default_factory=list)  # in its cells

    def label(self) -> str:
        """The only text beside the tables in the row, which says what they are about."""
        texts = [cell.text for cell, _ in self.cells if cell.text]
        return texts[0].rstrip(" :") if len(texts) == 1 and len(texts[0]) <= LONGEST_NAME else ""


class DocxTables:
    """Writes tables as lines; `hanging` is what hangs on the paragraphs in them, such as notes."""

    def __init__(self, styles: DocxStyles, inside: Inside, shown: CellContent) -> None:
        self._styles = styles
        self._inside = inside
        self._shown = shown
        self.hanging: list[Text] = []

    def lines(self, element: etree._Element, depth: int = 0) -> list[str]:
        rows = [
            row for row in self._inside(element, _ROW) if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None
        ]
        read = [self._row(row, depth) for row in rows]
        looks = [row_look(row.looks, first=row.first) for row in read]
        if looks and self._sets_first_row(element):
            looks[0] = replace(looks[0], bold=True)
        grid = spread(with_heights([row.cells for row in read]), looks)
        marked = 0
        while marked < len(rows) and rows[marked].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
            marked += 1
        titles, lines, _ = table(grid, marked, stands_over_cells)
        written = list(titles)
        above = len(read) - len(lines)  # rows that are titles
        for number, row in enumerate(read):
            written += lines[number - above : number - above + 1] if number >= above else []
            for inner in row.tables:
                label = row.label()
                found = self.lines(inner, depth + 1)
                written += [f"{label}{CELL}{line}" if label and line else line for line in found]
        return written

    def _row(self, row: etree._Element, depth: int) -> _WordRow:
        read = _WordRow()
        skipped = _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        read.cells += [(Cell(""), "")] * skipped
        for cell in self._inside(row, _CELL):
            text = self._cell(cell, read, depth)
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            state = "" if merged is None else merged.get(_VALUE, "continue")
            wide = _number(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
            read.cells.append((Cell(text, wide), state))
        read.first = bool(read.cells and read.cells[0][0].text)
        return read

    def _cell(self, cell: etree._Element, row: _WordRow, depth: int) -> str:
        """The text of a cell, the tables in it aside, which are noted with the row."""
        tags = (_PARAGRAPH, TABLE) if depth < MAX_NESTED else (_PARAGRAPH,)
        texts: list[str] = []
        light, indent = False, 0.0
        for block in self._inside(cell, *tags):
            if block.tag == TABLE:
                row.tables.append(block)
                continue
            text, found = self._shown(block)
            self.hanging.append(found)
            light = light or found.light
            indent = indent if texts else _indent(block)
            texts.append(text)
        text = one_line(" ".join(texts))
        if text:
            row.looks.append(Look(not light, shade=_shade(cell), indent=indent))
        return text

    def _sets_first_row(self, element: etree._Element) -> bool:
        """Whether the table's style has its first row in bold type, and the table follows it there."""
        style = element.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
        look = element.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
        if style is None or look is None:
            return False
        first, bits = look.get(qn("w:firstRow")), look.get(_VALUE, "")
        follows = bool(_bits(bits) & _FIRST_ROW) if first is None else first in ("1", "true", "on")
        return follows and self._styles.sets_first_row(style.get(_VALUE, ""))


def _bits(text: str) -> int:
    return int(text, 16) if _HEX.fullmatch(text) else 0


def _shade(cell: etree._Element) -> str:
    shade = cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}")
    fill = "" if shade is None else shade.get(qn("w:fill"), "")
    return "" if fill in _WHITE else fill


def _indent(paragraph: etree._Element) -> float:
    """How far to the right a paragraph is set, in points."""
    indent = paragraph.find(f"{qn('w:pPr')}/{qn('w:ind')}")
    text = "" if indent is None else indent.get(qn("w:left")) or indent.get(qn("w:start")) or ""
    return int(text) / _TWIPS if text.isdecimal() and len(text) < 8 else 0.0


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = "" if element is None else element.get(_VALUE, "")
    return min(int(text), MAX_SPAN) if text.isdecimal() and len(text) < 8 else otherwise
