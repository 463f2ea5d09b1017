"""Walks an HTML tree and writes its blocks: paragraphs, headings, list items, table rows."""

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from index.loaders.builder import Builder, one_line
from index.loaders.tables import lines, stands_over_figures

MAX_SPAN = 100  # columns or rows that a cell may fill; files may claim any number
MAX_ROWS = 100_000

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure "
    "footer form header hgroup hr html legend li main menu ol option p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
)
_CELLS = ("td", "th")
_TIGHT = frozenset("li dt dd tr option".split())  # blocks that follow each other without an empty line
_HEADING = re.compile(r"h([1-6])")
_LINE_BREAK = "\u2028"  # stands for <br> until the white space around it is collapsed


class Flow:
    """Collects inline text and hands it to the builder whenever a block begins or ends."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._inline: list[str] = []
        self._before = "\n\n"
        self._level = 0

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
            self._inline.append(node.text(deep=False) or "")
            return False
        if tag == "br":
            self._inline.append(_LINE_BREAK)
        if tag == "pre" or _is_data_table(node, tag):
            self._flush()
            self._builder.add(node.text()) if tag == "pre" else self._table(node)
            return False
        if heading := _HEADING.fullmatch(tag):
            self._flush()
            self._level = int(heading.group(1))
        elif tag in _BLOCKS:
            self._flush()
            if tag in _TIGHT and node.prev is not None:
                self._before = "\n"
        return True

    def _close(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _BLOCKS or _HEADING.fullmatch(tag):
            self._flush()
            self._before = "\n" if tag in _TIGHT else "\n\n"

    def _flush(self) -> None:
        text = "".join(self._inline)
        self._inline.clear()
        lines = [one_line(line) for line in text.split(_LINE_BREAK)]
        text = "\n".join(lines).strip()
        if text:
            self._builder.add(one_line(text) if self._level else text, before=self._before, level=self._level)
            self._before = "\n\n"
        self._level = 0

    def _table(self, table: LexborNode) -> None:
        """A table of data: its caption, then one line a row."""
        caption, *_ = [*table.css("caption"), None]
        self._builder.add(_cell_text(caption) if caption is not None else "")
        before = "\n" if caption is not None else "\n\n"
        for line in _lines(table):
            self._builder.add(line, before=before)
            before = "\n"


def _is_data_table(node: LexborNode, tag: str) -> bool:
    """Whether a table shows data; one that holds tables or headings only places things on the page."""
    if tag != "table" or node.attributes.get("role") == "presentation":
        return False
    return node.css_first("tr table, tr h1, tr h2, tr h3") is None and node.css_first("tr") is not None


def _lines(table: LexborNode) -> list[str]:
    """The table's rows as lines; cells that span columns or rows are put into each in which they count."""
    trs = table.css("tr")[:MAX_ROWS]
    header_rows = _header_rows(trs)
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # by column: rows still to fill, and with what
    for number, tr in enumerate(trs):
        cells: list[str] = []
        for cell in (node for node in tr.iter() if node.tag in _CELLS):
            _hang(cells, hanging)
            text, wide, high = _cell_text(cell), _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(wide):
                if high > 1:
                    hanging[len(cells)] = (high - 1, text if column == 0 or number < header_rows else "")
                cells.append(text if column == 0 or number < header_rows else "")
        _hang(cells, hanging)
        grid.append(cells)
    if not header_rows and stands_over_figures(grid):
        header_rows = 1
    return lines(grid, header_rows)


def _hang(cells: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Fill in the cells that hang down into this row from those above."""
    while len(cells) in hanging:
        left, text = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() else 1


def _header_rows(trs: Sequence[LexborNode]) -> int:
    """How many rows at the top are made of header cells, the corner aside, and stand over columns."""
    count = 0
    for tr in trs:
        tags = [cell.tag for cell in tr.iter() if cell.tag in _CELLS]
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
    return "".join(map(_piece, cell.traverse(include_text=True)))


def _piece(node: LexborNode) -> str:
    tag = node.tag or ""
    if tag == "-text":
        return node.text(deep=False) or ""
    return " " if tag == "br" or tag in _BLOCKS or _HEADING.fullmatch(tag) else ""
