"""The rows of rich text's tables: cells in the columns that their right edges make, merged ones as such."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.loaders.grids import Cell

NEAR = 60  # twips by which the edges of one column may differ from row to row


@dataclass(slots=True)
class _RtfColumn:
    """A cell as its row describes it before its text comes."""

    right: int = 0
    begins: bool = False  # it goes on in the rows below
    goes_on: bool = False  # it belongs to the one above
    beside: bool = False  # it belongs to the one on its left
    shade: str = ""


@dataclass(slots=True)
class RtfColumns:
    """The columns of one row."""

    heads: bool = False  # the row comes again on each page
    columns: list[_RtfColumn] = field(default_factory=list)
    _next: _RtfColumn = field(default_factory=_RtfColumn)

    def read(self, word: str, number: int | None) -> bool:
        """Takes in a word about the row or its next cell; whether it was one."""
        match word:
            case "trhdr":
                self.heads = number != 0
            case "clvmgf":
                self._next.begins = True
            case "clvmrg":
                self._next.goes_on = True
            case "clmrg":
                self._next.beside = True
            case "clcbpat":
                self._next.shade = str(number or "")
            case "cellx":
                self._next.right = number or 0
                self.columns.append(self._next)
                self._next = _RtfColumn()
            case _:
                return False
        return True

    def shade(self, at: int) -> str:
        return self.columns[at].shade if at < len(self.columns) else ""


def edges_of(rows: Sequence[RtfColumns]) -> list[int]:
    """The right edges of a table's columns, those of all rows together."""
    edges: list[int] = []
    for right in sorted({column.right for row in rows for column in row.columns}):
        if not edges or right - edges[-1] > NEAR:
            edges.append(right)
    return edges


def placed(texts: Sequence[str], row: RtfColumns, edges: Sequence[int]) -> list[tuple[Cell, str]]:
    """The cells of a row, each as wide as the columns that it fills, and whether it is merged downwards."""
    cells: list[tuple[Cell, str]] = []
    done = 0
    for at, text in enumerate(texts):
        if at >= len(row.columns):
            cells.append((Cell(text), ""))
            continue
        column = row.columns[at]
        reached = max(bisect_left(edges, column.right - NEAR) + 1, done + 1)
        wide, done = reached - done, reached
        if column.beside and cells:
            before, state = cells[-1]
            cells[-1] = Cell(" ".join(filter(None, (before.text, text))), before.wide + wide), state
        else:
            cells.append((Cell(text, wide), "restart" if column.begins else "continue" * column.goes_on))
    return cells
