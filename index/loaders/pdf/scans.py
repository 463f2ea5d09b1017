"""The lines of a picture, as they would stand on a page had its text been text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from statistics import mean

from index.loaders.ocr import PictureWord, TextLine
from index.loaders.pdf.glyphs import Box
from index.loaders.pdf.lines import CELL_GAP, SAME_BASELINE, WIDE_GAP, Line, LineCell

FONT_BOX = 1.2  # times what tesseract calls the size of type: the height that fonts give their lines
SAME_SIZE = 0.2  # of the height of most lines, by which others may be measured wrong
NARROW = 16  # characters a line on average: the columns of a table rather than of prose


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a picture lies on its page turned upright: its upper left, in points, and the points of a dot.

    `turn`: the degrees, against the clock, at which its text runs on the page.
    """

    left: float = 0.0
    top: float = 0.0
    scale: float = 1.0
    turn: int = 0

    def box(self, word: PictureWord) -> Box:
        """The word's rectangle, in points, on the page turned upright."""
        left, right = self.left + self.scale * word.left, self.left + self.scale * word.right
        return left, self.top - self.scale * word.bottom, right, self.top - self.scale * word.top


def lines_in(found: Sequence[TextLine], frame: Frame) -> list[Line]:
    """The lines in reading order; those that stand beside each other in a table are one."""
    usual = _usual(found)
    groups: list[_ScanGroup] = []
    for _, area in groupby(found, lambda one: one.area):
        lines = [_line(line, frame, usual) for line in area]
        group = _ScanGroup(lines, mean(len(line.text) for line in lines) < NARROW)
        for beside in [one for one in groups if one.has_rows_with(group)]:
            groups.remove(beside)
            group = beside.with_columns(group)
        at = next((at for at, one in enumerate(groups) if group.stands_over(one)), len(groups))
        groups.insert(at, group)
    return [line for group in groups for line in group.lines]


@dataclass(slots=True)
class _ScanGroup:
    """Lines that stand together: an area, or several of them that are the columns of one table."""

    lines: list[Line]
    narrow: bool

    def has_rows_with(self, other: "_ScanGroup") -> bool:
        beside = any(_stands_beside(*pair) for pair in product(self.lines, other.lines))
        return beside and (self.narrow or other.narrow)

    def with_columns(self, other: "_ScanGroup") -> "_ScanGroup":
        """Both, the other's lines in the rows of these, from top to bottom."""
        lines = list(self.lines)
        for line in other.lines:
            at = next((at for at, one in enumerate(lines) if _stands_beside(one, line)), None)
            if at is None:
                lines.append(line)
            else:
                cells = sorted(lines[at].cells + line.cells, key=lambda cell: cell.left)
                lines[at] = replace(lines[at], cells=tuple(cells))
        return _ScanGroup(sorted(lines, key=lambda line: -line.baseline), narrow=True)

    def stands_over(self, other: "_ScanGroup") -> bool:
        """Whether all of these lines lie above those of the other, which tesseract has found before."""
        below = min(line.baseline for line in self.lines) > max(line.baseline for line in other.lines)
        left, right = min(line.left for line in self.lines), max(line.right for line in self.lines)
        return below and any(line.left < right and left < line.right for line in other.lines)


def _usual(found: Sequence[TextLine]) -> float:
    """The height of the type that most characters are in."""
    sizes = sorted((line.height, sum(len(word.text) for word in line.words)) for line in found)
    half = sum(count for _, count in sizes) / 2
    for height, count in sizes:
        half -= count
        if half <= 0:
            return height
    return 0.0


def _line(found: TextLine, frame: Frame, usual: float) -> Line:
    same = abs(found.height - usual) < SAME_SIZE * usual
    height = max(FONT_BOX * frame.scale * (usual if same else found.height), 1.0)
    cells: list[LineCell] = []
    for word in found.words:
        left, bottom, right, top = frame.box(word)
        last = cells[-1] if cells else None
        gap = left - last.right if last else 0.0
        if last is None or gap >= CELL_GAP * height:
            cells.append(LineCell(word.text, left, right, bottom, top))
            continue
        gaps = (*last.gaps, (len(last.text), last.right, left)) if gap > WIDE_GAP * height else last.gaps
        text, low, high = f"{last.text} {word.text}", min(last.bottom, bottom), max(last.top, top)
        cells[-1] = LineCell(text, last.left, right, low, high, gaps=gaps)
    baseline = frame.top - frame.scale * found.baseline
    return Line(tuple(cells), baseline, height, bold=False, turn=frame.turn, scanned=True)


def _stands_beside(line: Line, other: Line) -> bool:
    """Whether the two are on one row, with a gap between them."""
    height = max(line.height, other.height)
    near = abs(line.baseline - other.baseline) < SAME_BASELINE * height
    return near and max(other.left - line.right, line.left - other.right) >= CELL_GAP * height
