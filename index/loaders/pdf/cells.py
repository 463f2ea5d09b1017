"""How much room words take on a line, and lines under each other as one cell."""

from collections.abc import Sequence
from typing import Protocol

from index.loaders.pdf.lines import LineCell

Extent = tuple[float, float]  # from where to where something lies, from the left


class _Words(Protocol):
    """What stands on a line, in points from the left: the whole line or a cell."""

    @property
    def text(self) -> str: ...

    @property
    def left(self) -> float: ...

    @property
    def right(self) -> float: ...


def first_word(words: _Words) -> float:
    """The width in points that the first word would need on the line above, its space included."""
    signs = len(words.text.split(" ", 1)[0]) + 1
    return signs * (words.right - words.left) / max(len(words.text), 1)


def as_one(cells: Sequence[LineCell], text: str) -> LineCell:
    """The cells as one of that text, over all that they lie on."""
    return LineCell(
        text,
        min(cell.left for cell in cells),
        max(cell.right for cell in cells),
        min(cell.bottom for cell in cells),
        max(cell.top for cell in cells),
    )
