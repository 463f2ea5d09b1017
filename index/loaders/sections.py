"""The labels that stand over groups of a table's rows, such as 'Revenues' over 'Sales' and 'Fees'."""

import re
from collections import Counter
from dataclasses import dataclass

from index.loaders.grids import MAX_LABEL, Grid, Look

_SAME_INDENT = 1.0  # by which the indents of rows of one group may differ
_TOTAL = re.compile(r"(?:sub)?-?totals?\b|gesamt|(?:zwischen)?summe\b|insgesamt\b", re.I)


@dataclass(slots=True)
class _OpenSection:
    text: str
    look: Look
    rows: Look | None = None  # that of its first row


class TableSections:
    """Which section each row of a table stands in; rows are told of in their order."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._open: list[_OpenSection] = []
        self._row: tuple[str, Look] | None = None  # the last one that others may belong to
        self._labels = Counter(cells[0] for cells in grid.rows if cells)

    def begin(self, number: int) -> bool:
        """Whether the row is a label over those that follow; then it is noted."""
        if not self._grid.is_alone(number):
            return False
        title = self._grid.section(number)
        if title or self._is_label(number):
            self._begin(title or self._grid.first(number), self._grid.look(number))
            return True
        if any(len(cell) > MAX_LABEL for cell in self._grid.rows[number]):
            self.end()  # a remark
        return False

    def end(self) -> None:
        self._row = None
        self._open.clear()

    def over(self, number: int) -> str:
        """The label of the section that a row stands in, unless the row says it itself."""
        label, look = self._grid.first(number), self._grid.look(number)
        if not self._open and not look.indent:
            self._row = (label, look)
            return ""
        total = bool(_TOTAL.match(label))
        while self._open and not self._holds(self._open[-1], look, total):
            self._open.pop()
        if not self._open:
            return "" if total else self._above(label, look)
        section = self._open[-1]
        section.rows = section.rows or look
        if total:
            self._open.pop()
            return section.text if " " not in label else ""
        return section.text

    def _above(self, label: str, look: Look) -> str:
        """The row that another is indented under, such as a share of it that other rows have too."""
        if self._row is not None and look.indent > self._row[1].indent + _SAME_INDENT:
            return self._row[0] if self._labels[label] > 1 else ""
        self._row = (label, look)
        return ""

    def _begin(self, text: str, look: Look) -> None:
        self._row = None
        while self._open:
            last = self._open[-1]
            if look.indent > last.look.indent + _SAME_INDENT:
                break
            if last.look.bold and not look.bold and look.indent >= last.look.indent - _SAME_INDENT:
                break
            self._open.pop()
        self._open.append(_OpenSection(text, look))

    def _holds(self, section: _OpenSection, look: Look, total: bool) -> bool:
        """Whether a row that is set so goes on with a section."""
        if look.indent < section.look.indent - _SAME_INDENT:
            return False
        if section.rows is None:
            return True
        if total:
            return look.indent > section.look.indent - _SAME_INDENT
        outdented = section.rows.indent > section.look.indent + _SAME_INDENT
        if outdented and look.indent <= section.look.indent + _SAME_INDENT:
            return False
        return section.rows.bold or not look.bold

    def _is_label(self, number: int) -> bool:
        """Whether a row with nothing but its first cell is set apart as a label over the next."""
        grid = self._grid
        label = grid.first(number)
        if not label or len(label) > MAX_LABEL:
            return False
        below = next((at for at in range(number + 1, len(grid.rows)) if any(grid.rows[at])), None)
        if below is None:
            return False
        look, following = grid.look(number), grid.look(below)
        return (
            label.endswith(":")
            or following.indent > look.indent + _SAME_INDENT
            or (look.bold and not following.bold)
            or not grid.first(below)
            or (self._labels[grid.first(below)] > 1 and not grid.is_alone(below))  # of another group too
        )
