"""Where the places of a text are in a longer one that has the same lines, and others between them."""

import bisect
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from index.documents.document import Document

Shift = tuple[
    int, int
]  # an offset in the old text, and how much further on the line that begins there is now


def shifts(old: Document, new: Document) -> list[Shift]:
    """How far each line has moved, as far as it is there still; page by page where there are pages."""
    paged = 0 < len(old.pages) == len(new.pages)
    starts = [(0, 0), *zip(old.pages, new.pages, strict=True)] if paged else [(0, 0)]
    ends = [*starts[1:], (len(old.text), len(new.text))]
    found: list[Shift] = []
    for (start, new_start), (end, new_end) in zip(starts, ends, strict=True):
        for at, new_at in _matching(old.text[start:end], new.text[new_start:new_end]):
            shift = new_start + new_at - start - at
            if not found or found[-1][1] != shift:
                found.append((start + at, shift))
    return found


def shifted(place: int, moved: Sequence[Shift]) -> int:
    """Where the place is now."""
    at = bisect.bisect_right(moved, place, key=lambda shift: shift[0])
    return place + moved[at - 1][1] if at else place


def _matching(old: str, new: str) -> list[tuple[int, int]]:
    """Where the lines that both have begin in the one and in the other, in order."""
    lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts, new_starts = ([0, *accumulate(map(len, some))] for some in (lines, new_lines))
    bare, new_bare = ([line.rstrip("\n") for line in some] for some in (lines, new_lines))
    matcher = SequenceMatcher(lambda line: not line, bare, new_bare)
    return [
        (starts[block.a + line], new_starts[block.b + line])
        for block in matcher.get_matching_blocks()
        for line in range(block.size)
    ]
