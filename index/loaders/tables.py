"""Table rows as lines of text in which every cell stands with its header: 'Item: Tea | 2022: $ 1'.

A line is found and read by itself: a passage may begin in the middle of a table, far from its header row.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from index.loaders.builder import CELL, row

MAX_LABEL = 100  # characters; a longer header is a remark, and would bury the cells that it is repeated for
EVIDENCE = 0.5  # of a column's cells that must be figures for its figureless first cell to be its header

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,' ]*\s?[%)]?")
_YEAR = re.compile(r"(?:19|20)\d\d")

Rows = Sequence[Sequence[str]]


def labelled(label: str, cell: str) -> str:
    """A cell with its column's header before it."""
    label = label.rstrip(" :")
    return f"{label}: {cell}" if label and cell and label != cell and len(label) <= MAX_LABEL else cell


def lines(rows: Rows, header_rows: int) -> list[str]:
    """One line for each row, the first `header_rows` as they are; empty where a row has no text."""
    labels = [_joined(column) for column in zip_longest(*rows[:header_rows], fillvalue="")]
    return [row(list(cells)) for cells in rows[:header_rows]] + [
        CELL.join(
            labelled(label, cell)
            for label, cell in zip_longest(labels[: len(cells)], cells, fillvalue="")
            if cell
        )
        for cells in rows[header_rows:]
    ]


def names_columns(rows: Rows) -> bool:
    """Whether the first row could be a header: filled, distinct, and without figures other than years."""
    if len(rows) < 2 and not (rows and len(rows[0]) > 1):
        return False
    cells = list(rows[0])
    while cells and not cells[-1]:
        cells.pop()
    named = [cell for cell in cells if cell]
    if len(set(named)) < len(named) or len(named) < len(cells) - 1:  # the corner may be empty
        return False
    figures = [cell for cell in named if _NUMBER.fullmatch(cell)]
    return len(figures) < len(named) and all(map(_YEAR.fullmatch, figures))


def stands_over_figures(rows: Rows) -> bool:
    """Whether the first row names columns and the cells below it show so, being figures as it is not."""
    return names_columns(rows) and any(
        _mostly_figures([cells[column] for cells in rows[1:] if column < len(cells) and cells[column]])
        for column in range(len(rows[0]))
    )


def _mostly_figures(cells: Sequence[str]) -> bool:
    return bool(cells) and sum(bool(_NUMBER.fullmatch(cell)) for cell in cells) > EVIDENCE * len(cells)


def _joined(column: Sequence[str]) -> str:
    """The header of a column from the cells of several header rows, each text once."""
    return " ".join(dict.fromkeys(filter(None, column)))
