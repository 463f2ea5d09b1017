"""The order in which a person reads a page's lines, where the file draws them in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.loaders.pdf.columns import columns_apart
from index.loaders.pdf.lines import Line

MAX_BLOCKS = 200  # on one page; what has more is a drawing, and is left as it is drawn
MAX_GAP = 3.0  # line heights between two lines of one block
_OVERLAP = 0.3  # line heights by which a block may reach into the one below it


@dataclass(frozen=True, slots=True)
class _LayoutBlock:
    """Lines drawn one after the other, each below the one before."""

    lines: list[Line]
    left: float
    right: float
    top: float
    bottom: float

    def stands_over(self, other: "_LayoutBlock") -> bool:
        """Whether all of this lies above the other, so that it is read before it."""
        room = _OVERLAP * other.lines[0].height
        return self.bottom > other.top - room and self.left < other.right and other.left < self.right


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines from top to bottom, column by column; text that runs otherwise than most at the end.

    The order of the file is kept but where a line stands over others that are drawn before it; on a page with
    a table it is kept altogether.
    """
    turns = {line.turn for line in lines}
    if len(turns) < 2:
        return _ordered(columns_apart(lines))
    groups = [[line for line in lines if line.turn == turn] for turn in turns]
    groups.sort(key=lambda group: -sum(len(line.text) for line in group))
    return [line for group in groups for line in _ordered(columns_apart(group))]


def _ordered(lines: Sequence[Line]) -> list[Line]:
    if any(line.is_row for line in lines):
        return list(lines)  # the headers of a table are often drawn in pieces, in an order of their own
    blocks = _blocks(lines)
    if len(blocks) > MAX_BLOCKS or not _out_of_order(blocks):
        return list(lines)
    waiting = list(range(len(blocks)))
    result: list[Line] = []
    while waiting:
        free = (at for at in waiting if not any(_precedes(blocks, other, at) for other in waiting))
        at = next(free, waiting[0])
        waiting.remove(at)
        result += blocks[at].lines
    return result


def _precedes(blocks: Sequence[_LayoutBlock], one: int, other: int) -> bool:
    return one != other and blocks[one].stands_over(blocks[other])


def _blocks(lines: Sequence[Line]) -> list[_LayoutBlock]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        _LayoutBlock(
            group,
            min(line.left for line in group),
            max(line.right for line in group),
            group[0].baseline + group[0].height,
            group[-1].baseline,
        )
        for group in groups
    ]


def _goes_on(above: Line, line: Line) -> bool:
    gap = above.baseline - line.baseline
    return 0 < gap < MAX_GAP * above.height and above.left < line.right and line.left < above.right


def _out_of_order(blocks: Sequence[_LayoutBlock]) -> bool:
    """Whether a block is drawn after one that it stands over; only what goes up again can be."""
    jumps = [at for at, (one, other) in enumerate(pairwise(blocks), 1) if other.top > one.bottom]
    return any(blocks[at].stands_over(earlier) for at in jumps for earlier in blocks[:at])
