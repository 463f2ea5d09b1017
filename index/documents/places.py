"""Where a document's text stands on its pages: a rectangle for each line and table cell, in little space.

A report of 500 pages has some 30,000 of them: kept as columns of differences, compressed, about 150 KB.
"""

import bisect
import zlib
from array import array
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

SCALE = 20_000  # steps over the width and the height of a page: 0.04 points of A4

_LONGEST = 1 << 28  # bytes that a damaged blob may not grow to

Rectangle = tuple[int, float, float, float, float]  # page from 1; left, top, right, bottom as its shares


class PagePlace(NamedTuple):
    """A rectangle on a page, from 1, and the offset at which its text starts; it ends where the next starts.

    The corners are shares of the width and the height of the page as it is shown, from its upper left.
    `scanned`: the text was read from a picture, and may be misread. An empty rectangle says only that: of a
    file that has no pages, or whose pages can't be shown.
    """

    start: int
    page: int
    left: float
    top: float
    right: float
    bottom: float
    scanned: bool = False


class Places:
    """The rectangles of one document, unpacked when first asked for."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    def rectangles(self, start: int, end: int) -> list[Rectangle]:
        """The rectangles of the lines and cells that `text[start:end]` stands in, in the text's order.

        >>> two = packed([Place(0, 1, 0.1, 0.1, 0.9, 0.12), Place(40, 1, 0.1, 0.12, 0.5, 0.14)])
        >>> Places(two).rectangles(5, 9)
        [(1, 0.1, 0.1, 0.9, 0.12)]
        """
        _, pages, *corners = self._columns
        return [
            (abs(pages[at]), *(column[at] / SCALE for column in corners))  # type: ignore[misc]
            for at in self._within(start, end)
            if corners[2][at] > corners[0][at] or corners[3][at] > corners[1][at]
        ]

    def scanned(self, start: int, end: int) -> bool:
        """Whether any of `text[start:end]` was read from a picture."""
        pages = self._columns[1]
        return any(pages[at] < 0 for at in self._within(start, end))

    @property
    def drawn(self) -> bool:
        """Whether it is known of any text where it stands on its page."""
        _, _, left, top, right, bottom = self._columns
        return right != left or bottom != top

    def changes(self) -> list[tuple[int, bool]]:
        """The offsets from which on text was read from a picture, or was not; up to the first it was not."""
        found = [(0, False)]
        for start, page in zip(self._columns[0], self._columns[1], strict=True):
            if (page < 0) != found[-1][1]:
                found.append((start, page < 0))
        return found[1:]

    def _within(self, start: int, end: int) -> range:
        starts = self._columns[0]
        return range(max(bisect.bisect_right(starts, start) - 1, 0), bisect.bisect_left(starts, end))

    @cached_property
    def _columns(self) -> tuple[list[int], ...]:
        if not self._packed:
            return ((),) * 6  # type: ignore[return-value]
        unpacked = zlib.decompressobj().decompress(self._packed, _LONGEST)
        differences = array("i")
        differences.frombytes(unpacked)
        count = len(differences) // 6
        return tuple(list(accumulate(differences[count * at : count * (at + 1)])) for at in range(6))


def packed(places: Iterable[PagePlace]) -> bytes:
    """The places, in the order of their text, as one string of bytes; empty for none."""
    columns = list(zip(*places, strict=True))
    if not columns:
        return b""
    starts, pages, *corners, scanned = columns
    # A page's number is negative where the text was read from a picture.
    pages = tuple(-page if picture else page for page, picture in zip(pages, scanned, strict=True))
    shares = ([round(SCALE * min(max(one, 0.0), 1.0)) for one in column] for column in corners)
    differences = array("i")
    for column in (starts, pages, *shares):
        differences.extend(now - before for before, now in zip([0, *column], column, strict=False))
    return zlib.compress(differences.tobytes())
