"""The lines of a PDF page with their places, as pdfium finds them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pypdfium2 as pdfium

from index.loaders.pdf.glyphs import Box, Glyphs
from index.loaders.pdf.raised import RAISED, SMALLER, after, parted, render

WIDE_GAP = 0.65  # line heights of space between two words that may be more than a space
CELL_GAP = 1.2  # line heights of empty space between two words that belong to different table cells
SAME_BASELINE = 0.4  # line heights by which the baselines of one row may differ

_HYPHENS = "\x02\ufffe"  # pdfium's marks for a hyphen at the end of a line; the next line follows at once
_LINE = re.compile(f"[^\r\n{_HYPHENS}]+[{_HYPHENS}]?")
_MAX_STACK = 3  # lines of one table cell under each other that are put back into their row
_CLOSE = 0.35  # line heights between a sign and a mark of its own
_MARK_LENGTH = 12  # characters of a mark or an exponent, at most
_BULLET = "•"
_WORD = re.compile(r"\S+")
_PLAIN = re.compile(r"[^\d*†‡§]*+\Z|[($€£¥+-]*\d[\d.,]*[%)]*\Z")  # no sign inside can be a raised one
_DIGITS = re.compile(r"[\d*†‡§]+")
# Glyphs without a meaning outside their font, and places where a word may be broken.
_UNSEEN = re.compile("[\ue000-\uf8ff\u00ad\u200b\u200c\u2060]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LIGATURES = str.maketrans(
    dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "ff fi fl ffi ffl st st".split(), strict=True))
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together on a line; most lines have one cell, table rows several.

    `joins`: it is the label of the next cell. `filled`: it is what a form field holds. `gaps`: where spaces
    wider than most stand in the text, which may part two columns, and the edges on both sides of them.
    """

    text: str
    left: float
    right: float
    bottom: float = 0.0
    top: float = 0.0
    joins: bool = False
    filled: bool = False
    gaps: tuple[tuple[int, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; lengths in points, `baseline` growing upwards.

    `labelled`: its cells hold their headers and are written as they are. `turn`: the degrees, against the
    clock, at which its text runs; its lengths are those of the page turned so that it is upright.
    """

    cells: tuple[Cell, ...]
    baseline: float
    height: float
    bold: bool
    labelled: bool = False
    turn: int = 0
    prose: bool = False  # known to be a line of running text, however short
    scanned: bool = False  # read from a picture

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @property
    def left(self) -> float:
        return self.cells[0].left

    @property
    def right(self) -> float:
        return self.cells[-1].right

    @property
    def is_row(self) -> bool:
        """Whether this is a table row rather than a line of prose."""
        return len(self.cells) > 1


class _Word(NamedTuple):
    """A word as pdfium has it, from the first to the last of its characters, with the places of both."""

    text: str
    start: int
    first: Box
    last: Box


def lines_of(page: pdfium.PdfPage, struck: Sequence[Box] = ()) -> tuple[list[Line], list[str]]:
    """A page's lines in the order in which the file draws them, fragments of one row joined.

    The words in rectangles that are struck out come apart.
    """
    textpage = page.get_textpage()
    try:
        glyphs = Glyphs(textpage, page, struck)
        lines: list[Line] = []
        stacked = False
        for match in _LINE.finditer(glyphs.text):
            line = _line(match, glyphs)
            if line is None:
                continue
            if stacked and _under_last_cell(lines[-1], line):
                lines[-1] = _stacked(lines[-1], [line])
            else:
                stacked = _append(lines, line)
        return lines, glyphs.struck_words
    finally:
        textpage.close()


def _append(lines: list[Line], line: Line) -> bool:
    """Append a line, or put it into the row that it continues; True if cells of several lines lay between."""
    for back in range(1, min(_MAX_STACK, len(lines)) + 1):
        above, under = lines[-back], lines[len(lines) - back + 1 :]
        if _same_row(above, line) and all(_under_last_cell(above, other) for other in under):
            stacked = _stacked(above, under)
            lines[-back:] = [_merged(stacked, line)]
            return bool(under)
    lines.append(line)
    return False


def _under_last_cell(row: Line, line: Line) -> bool:
    """Whether `line` is a further line of the last cell of `row`."""
    cell = row.cells[-1]
    middle = (line.left + line.right) / 2
    return (
        not line.is_row
        and 0 < row.baseline - line.baseline < _MAX_STACK * 1.3 * row.height
        and abs(line.height - row.height) < 0.2 * row.height
        and (abs(line.left - cell.left) < 0.5 * row.height or cell.left < middle < cell.right)
    )


def _stacked(row: Line, under: list[Line]) -> Line:
    last = row.cells[-1]
    text = " ".join([last.text, *(line.text for line in under)])
    right = max([last.right, *(line.right for line in under)])
    bottom = min([last.bottom, *(cell.bottom for line in under for cell in line.cells)])
    return replace(row, cells=(*row.cells[:-1], Cell(text, last.left, right, bottom, last.top)))


def _line(match: re.Match[str], glyphs: Glyphs) -> Line | None:
    """One line of pdfium's text as cells, parted where the space between two words is wide."""
    words = _words(match, glyphs)
    if not words:
        return None
    sizes = sorted((max(word.first[3] - word.first[1], 1.0), word.first[1], word.start) for word in words)
    height, bottom, usual = sizes[len(sizes) // 2]
    right_to_left = not match.group().isascii() and bool(_RIGHT_TO_LEFT.search(match.group()))
    cells: list[Cell] = []
    gaps: tuple[tuple[int, float, float], ...] = ()
    text, left, right, low, high, size = "", 0.0, 0.0, 0.0, 0.0, height
    for word in words:
        parts = _parts(word, glyphs, height, bottom, usual)
        first, last = word.first, word.last
        word_left, word_right = min(first[0], last[0]), max(first[2], last[2])
        gap = word_left - right
        if text and (gap < CELL_GAP * size or right_to_left):
            if gap > WIDE_GAP * size:
                gaps += ((len(text), right, word_left),)
            text = _attached(text, parts, gap < _CLOSE * height)
            left, right = min(left, word_left), max(right, word_right)
            low, high = min(low, first[1]), max(high, first[3])
        else:
            if text:
                cells.append(Cell(text, left, right, low, high, gaps=gaps))
            text, left, right, low, high = render(parts), word_left, word_right, first[1], first[3]
            gaps = ()
        size = max(first[3] - first[1], 1.0)
    cells.append(Cell(text, left, right, low, high, gaps=gaps))
    bold = glyphs.bold(words[0].start) and glyphs.bold(words[-1].start + len(words[-1].text) - 1)
    return Line(tuple(cells), bottom, height, bold, turn=glyphs.turn)


def _words(match: re.Match[str], glyphs: Glyphs) -> list[_Word]:
    """The words of one line that the page shows; a glyph of a symbol font counts as a bullet at its start."""
    words: list[_Word] = []
    start = match.start()
    for number, word in enumerate(_WORD.finditer(match.group())):
        text = word.group()
        first_index = start + word.start()
        if not number:
            glyphs.turn_to(first_index)
        if words and not text.isascii() and not _UNSEEN.sub("", text):
            continue
        first, last = glyphs.box(first_index), glyphs.box(start + word.end() - 1)
        if glyphs.struck and glyphs.strikes(text, first, last):
            if words:  # its space is none between cells
                words[-1] = words[-1]._replace(last=last)
        elif glyphs.shows(first):
            words.append(_Word(text, first_index, first, last))
    return words


def _parts(word: _Word, glyphs: Glyphs, height: float, bottom: float, usual: int) -> list[tuple[str, bool]]:
    """The pieces of a word, each with whether it is raised; mostly the whole word, which is not."""
    text = word.text
    if glyphs.turn % 90:  # of a slanted word the boxes say little
        return [(_readable(text), False)]

    def high(box: Box) -> bool:
        return box[1] - bottom > 0.04 * height and box[3] - box[1] < SMALLER * height

    if not high(word.first) and not high(word.last):
        if _PLAIN.match(text):
            return [(_readable(text), False)]
        ends = {match.end() - 1 for match in _DIGITS.finditer(text)}
        if not any(high(glyphs.box(word.start + end)) for end in ends):
            return [(_readable(text), False)]
    baseline = glyphs.origin(usual) + RAISED * height
    raised = [
        high(glyphs.box(index)) and glyphs.origin(index) > baseline
        for index in range(word.start, word.start + len(text))
    ]
    return [(_readable(piece), up) for piece, up in parted(text, raised)]


def _attached(text: str, parts: Sequence[tuple[str, bool]], close: bool) -> str:
    """A cell's text with a further word; a mark that stands close to the word before belongs to it."""
    piece, raised = parts[0]
    if raised and close:
        return after(text, piece) + render(parts[1:])
    return f"{text} {render(parts)}"


def _readable(word: str) -> str:
    """A word without ligatures and private glyphs, and with a plain hyphen for pdfium's mark."""
    if word[-1] in _HYPHENS:
        word = f"{word[:-1]}-"
    if word.isascii():
        return word
    ending = "\u00ad" if word[-1] == "\u00ad" else ""  # a word broken at the line's end
    return _UNSEEN.sub("", word.translate(_LIGATURES)) + ending or _BULLET


def _same_row(line: Line, following: Line) -> bool:
    """Whether two fragments share a baseline, the second (it may be raised and small) right of the first."""
    height = max(line.height, following.height)
    small = following.height < 0.8 * line.height
    return (
        line.turn == following.turn
        and abs(line.baseline - following.baseline) < (0.6 if small else SAME_BASELINE) * height
        and following.left > line.right - 0.2 * height
    )


def _merged(line: Line, following: Line) -> Line:
    """Two fragments of one row as one line; without a gap between them they share a cell."""
    height = max(line.height, following.height)
    gap = following.left - line.right
    if gap >= CELL_GAP * height:
        return replace(line, cells=line.cells + following.cells)
    last, first = line.cells[-1], following.cells[0]
    if _is_mark(line, following):
        text = render([(last.text, True), (first.text, False)])
        line = replace(following, cells=line.cells)
    elif _is_mark(following, line) and gap < _CLOSE * height:
        text = after(last.text, first.text)
    else:
        text = f"{last.text} {first.text}" if gap > 0.1 * height else last.text + first.text
    bottom, top = min(last.bottom, first.bottom), max(last.top, first.top)
    between = Cell(text, last.left, first.right, bottom, top)
    return replace(line, cells=(*line.cells[:-1], between, *following.cells[1:]))


def _is_mark(mark: Line, line: Line) -> bool:
    """Whether a fragment is a sign that is raised beside the line."""
    raised = mark.baseline - line.baseline
    return (
        not mark.is_row
        and len(mark.text) <= _MARK_LENGTH
        and mark.height < SMALLER * line.height
        and raised > RAISED * line.height
    )
