"""Walks an HTML tree and writes its blocks: paragraphs, headings, list items, table rows."""

import re
from collections.abc import Callable, Sequence

from selectolax.lexbor import LexborNode

from index.loaders.builder import Builder, one_line
from index.loaders.formats.html_forms import formula, value_of
from index.loaders.formats.html_images import IMAGES, Images
from index.loaders.formats.html_looks import STRONG, row_look, sets_bold
from index.loaders.formats.numerals import numeral
from index.loaders.grids import MAX_SPAN, Cell, spread
from index.loaders.header_rows import stands_over_cells
from index.loaders.raised import lowered, raised
from index.loaders.tables import table

MAX_ROWS = 100_000
MAX_ITEMS = 2_000  # of a list that are counted; counting takes time with their square

_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details div dl dt fieldset figcaption "
    "figure footer form header hgroup hr html legend li main menu ol option p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)
_CELLS = ("td", "th")
_FIELDS = ("input", "select", "textarea")
_SHIFTS = {"sup": raised, "sub": lowered}
_LISTS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_TIGHT = frozenset("li dt dd tr option button".split())  # blocks that follow each other without an empty line
_HEADING = re.compile(r"h([1-6])")
_LINE_BREAK = "\u2028"  # stands for <br> until the white space around it is collapsed


class Flow:
    """Collects inline text and hands it to the builder whenever a block begins or ends."""

    def __init__(self, builder: Builder, images: Images | None = None) -> None:
        self._images = images
        self._waiting: list[LexborNode] = []  # pictures in the block that has begun
        self._builder = builder
        self._inline: list[str] = []
        self._before = "\n\n"
        self._level = 0
        self._number = ""  # of the item of a list that has begun
        self._labelled = False  # whether a term waits for its description, which follows on its line
        self._strong: list[int] = []  # the open elements that set bold type
        self._items = 0  # of lists that are open
        self._light = False  # whether some text of the block is not in bold type

    def add(self, root: LexborNode) -> None:
        """Write the text of `root`; without recursion, since pages may be nested thousands deep."""
        node: LexborNode | None = root
        while node is not None:
            if self._open(node) and node.child is not None:
                node = node.child
                continue
            while node is not None:
                self._close(node)
                if node.mem_id == root.mem_id:
                    node = None
                elif node.next is not None:
                    node = node.next
                    break
                else:
                    node = node.parent
        self._flush()

    def _open(self, node: LexborNode) -> bool:
        """Begin a node; whether its children are still to be visited."""
        tag = node.tag or ""
        if tag == "-text":
            text = node.text(deep=False) or ""
            self._inline.append(text)
            self._light = self._light or not (self._strong or text.isspace())
            return False
        if tag in STRONG or sets_bold(node):
            self._strong.append(node.mem_id)
        if tag in IMAGES and self._images:
            self._waiting.append(node)
        if tag == "br":
            self._inline.append(_LINE_BREAK)
        if self._leaf(node, tag):
            return False
        if tag == "pre" or _is_data_table(node, tag):
            self._flush()
            self._builder.add(node.text()) if tag == "pre" else self._table(node)
            return False
        if heading := _HEADING.fullmatch(tag):
            self._flush()
            self._level = int(heading.group(1))
        elif tag == "dd" and self._labelled:
            self._labelled = False
        elif tag in _BLOCKS:
            self._begin(node, tag)
        return True

    def _begin(self, node: LexborNode, tag: str) -> None:
        """Begin a block, in which a heading that was begun goes on."""
        level = self._level
        item = bool(self._number) and "".join(self._inline).strip() == self._number
        if not item or tag in ("li", "ol", "ul"):  # a paragraph in an item stands beside the item's number
            self._flush()
        self._level = level
        if tag in _TIGHT and node.prev is not None:
            self._before = "\n"
        if tag == "li":
            self._items += 1
            self._number = _number(node)
            self._inline.append(f"{self._number} " if self._number else "")

    def _leaf(self, node: LexborNode, tag: str) -> bool:
        """Write what is read as a whole: raised text, a formula, a field; whether the node is that."""
        shift = _shift_of(node)
        if shift and node.css_first("table,p,div") is None:
            self._inline.append(shift("".join(self._inline[-4:]), node.text()))
        elif tag == "math":
            self._inline.append(formula(node))
        elif tag in _FIELDS:
            self._field(value_of(node))
        elif tag == "rt":
            self._inline.append(f"({one_line(node.text())})")
        else:
            return False
        return True

    def _field(self, value: str) -> None:
        """The value of a field after its label."""
        label = one_line("".join(self._inline))
        self._light = self._light or bool(value)
        if value and label:
            self._inline[-1] = self._inline[-1].rstrip()
            boxes = value in ("☒", "☐")
            self._inline.append(f" {value} " if boxes or not label[-1].isalnum() else f": {value} ")
        elif value:
            self._inline.append(f"{value} ")

    def _close(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if self._strong and self._strong[-1] == node.mem_id:
            self._strong.pop()
        if tag == "li":
            self._items -= 1
        term = one_line("".join(self._inline)) if tag == "dt" and _is_label(node) else ""
        if term:
            self._labelled = True
            self._inline.append(" " if term.endswith(":") else ": ")
        elif tag in _BLOCKS or _HEADING.fullmatch(tag):
            self._flush()
            if _HEADING.fullmatch(tag):
                self._level = 0
            self._before = "\n" if tag in _TIGHT else "\n\n"

    def _flush(self) -> None:
        text = "".join(self._inline)
        self._inline.clear()
        lines = [one_line(line) for line in text.split(_LINE_BREAK)]
        text = "\n".join(lines).strip()
        if text:
            text = one_line(text) if self._level else text
            bold = not (self._light or self._items)
            self._builder.add(text, before=self._before, level=self._level, bold=bold)
            self._light = False
            self._before = "\n\n"
            self._level = 0
        if self._images:
            for image in self._waiting:
                self._images.write(self._builder, image)
            self._waiting.clear()

    def _table(self, table: LexborNode) -> None:
        """A table of data: its caption, then one line a row."""
        caption, *_ = [*table.css("caption"), None]
        self._builder.add(_cell_text(caption) if caption is not None else "")
        before = "\n" if caption is not None else "\n\n"
        for line in _lines(table):
            self._builder.add(line, before=before)
            before = "\n"
        for image in table.css(",".join(IMAGES)) if self._images else ():
            self._waiting.append(image)


def _shift_of(node: LexborNode) -> Callable[[str, str], str] | None:
    """How a reader sees the text of an element raised or lowered; the link to a note is raised as well."""
    if node.tag == "a" and "noteref" in f"{node.attributes.get('epub:type')} {node.attributes.get('role')}":
        return raised
    return _SHIFTS.get(node.tag or "")


def _number(item: LexborNode) -> str:
    """The number that a browser puts before an item of an ordered list."""
    parent = item.parent
    if parent is None or parent.tag != "ol" or "none" in (parent.attributes.get("style") or ""):
        return ""
    count, before, first = 0, item, None
    while before is not None and first is None and count < MAX_ITEMS:
        if before.tag == "li":
            value = before.attributes.get("value") or ""
            first = int(value) + count if value.isdecimal() and len(value) < 8 else None
            count += 1
        before = before.prev  # type: ignore[assignment]
    start = parent.attributes.get("start") or "1"
    number = (
        first
        if first is not None
        else (int(start) if start.isdecimal() and len(start) < 8 else 1) + count - 1
    )
    if "reversed" in parent.attributes:
        number = sum(1 for child in parent.iter() if child.tag == "li") - count + 1
    return f"{numeral(number, _LISTS.get(parent.attributes.get('type') or '', 'decimal'))}."


def _is_label(term: LexborNode) -> bool:
    """Whether a term of a description list is a few words before a description of plain text."""
    after = term.next
    while after is not None and after.tag in ("-text", "-comment"):
        after = after.next
    if after is None or after.tag != "dd" or not one_line(after.text()):
        return False
    if one_line(term.text())[-1:] in ("?", "!", ".", ""):
        return False
    inside = (one for part in (term, after) for one in part.traverse() if one.mem_id != part.mem_id)
    return not any(one.tag in _BLOCKS or _HEADING.fullmatch(one.tag or "") for one in inside)


def _is_data_table(node: LexborNode, tag: str) -> bool:
    """Whether a table shows data; one that holds tables or headings only places things on the page."""
    if tag != "table" or node.attributes.get("role") == "presentation":
        return False
    return node.css_first("tr table, tr h1, tr h2, tr h3") is None and node.css_first("tr") is not None


def _lines(element: LexborNode) -> list[str]:
    """The table's rows as lines; merged cells fill all that they span."""
    trs = element.css("tr")[:MAX_ROWS]
    nodes = [_cell_nodes(tr) for tr in trs]
    cells = [list(map(_cell, row)) for row in nodes]
    grid = spread(cells, list(map(row_look, trs, nodes, cells)))
    titles, lines, _ = table(grid, _header_rows(trs), stands_over_cells)
    return [*titles, *lines]


def _cell(node: LexborNode) -> Cell:
    return Cell(_cell_text(node), _span(node, "colspan"), _span(node, "rowspan"))


def _cell_nodes(tr: LexborNode) -> list[LexborNode]:
    return [cell for cell in tr.iter() if cell.tag in _CELLS]


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() else 1


def _header_rows(trs: Sequence[LexborNode]) -> int:
    """How many rows at the top are made of header cells, the corner aside, and stand over columns."""
    count = 0
    for tr in trs:
        tags = [cell.tag for cell in _cell_nodes(tr)]
        if len(tags) < 2 or any(tag != "th" for tag in tags[1:]):
            break
        count += 1
    return count if count < len(trs) else 0


def _cell_text(cell: LexborNode) -> str:
    """A cell on one line, the items of a list in it parted by semicolons."""
    items = [one_line(_joined(item)) for item in cell.css("li")]
    return "; ".join(filter(None, items)) or one_line(_joined(cell))


def _joined(cell: LexborNode) -> str:
    """A cell's text with a space where a block or a line begins, and none inside words that are marked up."""
    text = ""
    for node in cell.traverse(include_text=True):
        parent = node.parent
        shift = _shift_of(parent) if parent is not None and node.tag == "-text" else None
        text += shift(text[-60:], _piece(node)) if shift else _piece(node)
    return text


def _piece(node: LexborNode) -> str:
    tag = node.tag or ""
    if tag == "-text":
        return node.text(deep=False) or ""
    if tag in _FIELDS:
        return f" {value_of(node)} "
    return " " if tag == "br" or tag in _BLOCKS or _HEADING.fullmatch(tag) else ""
