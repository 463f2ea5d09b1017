"""The numbers of a Markdown list's items, as a reader of the rendered document sees them."""

import re

MIN_DEEPER = 2  # columns by which an item that begins again with 1 stands under the one before it

_INDENT = re.compile(r"[\s>]*")


class OrderedList:
    """Counts the items from the first one's number on, as CommonMark does, whatever the others are called.

    Items that begin again with 1 further to the right are a list of their own, though CommonMark would
    have them indented by a column or two more: so they are meant, and so other renderers show them.
    """

    def __init__(self) -> None:
        self._levels: list[tuple[int, int]] = []  # the column and the last number of each

    def number(self, written: int, line: str) -> int:
        """The number of the next item, which has this one in the file, on this line."""
        column = len(_INDENT.match(line.expandtabs(4)).group())  # type: ignore[union-attr]
        while len(self._levels) > 1 and column < self._levels[-1][0]:
            self._levels.pop()
        if not self._levels or (
            written == 1 != self._levels[-1][1] + 1 and column >= self._levels[-1][0] + MIN_DEEPER
        ):
            self._levels.append((column, written))
        else:
            first, last = self._levels[-1]
            self._levels[-1] = (first, last + 1)
        return self._levels[-1][1]
