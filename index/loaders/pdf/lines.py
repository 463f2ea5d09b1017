"""The lines of a PDF page with their places, as pdfium finds them."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from index.loaders.pdf.bidi import gaps_between, holds_letters, whole, with_brackets, with_letters_in_order
from index.loaders.pdf.glyphs import Box, Glyphs
from index.loaders.pdf.grids import Rules
from index.loaders.pdf.raised import RAISED, SMALLER, after, parted, render
from index.loaders.pdf.struck import LineWord, without_struck

WIDE_GAP = 0.65  # line heights of space between two words that may be more than a space
CELL_GAP = 1.2  # line heights of empty space between two words that belong to different table cells
SAME_BASELINE = 0.4  # line heights by which the baselines of one row may differ

_HYPHENS = "\x02\ufffe"  # pdfium's marks for a hyphen at the end of a line; the next line follows at once
_LINE = re.compile(f"[^\r\n{_HYPHENS}]+[{_HYPHENS}]?")
CLOSE = 0.35  # line heights between a sign and a mark of its own
_BULLET = "•"
_WORD = re.compile(r"\S+")
_PLAIN = re.compile(r"[^\d*†‡§]*+\Z|[($€£¥+-]*\d[\d.,]*[%)]*\Z")  # no sign inside can be a raised one
_DIGITS = re.compile(r"[\d*†‡§]+")
# Glyphs without a meaning outside their font, and places where a word may be broken.
_UNSEEN = re.compile("[\ue000-\uf8ff\u00ad\u200b\u200c\u2060]")
_LIGATURES = str.maketrans(
    dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "ff fi fl ffi ffl st st".split(), strict=True))
)


@dataclass(frozen=True, slots=True)
class LineCell:
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
class Ruled:
    """The row of a table that a line is; for each cell the first column and the one after the last.

    `heads`: a rule sets it apart from the rows below. `aligned`: nothing rules the table's columns.
    """

    columns: tuple[float, ...]
    row: int
    spans: tuple[tuple[int, int], ...]
    heads: bool = False
    aligned: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; lengths in points, `baseline` growing upwards.

    `labelled`: its cells hold their headers and are written as they are. `turn`: the degrees, against the
    clock, at which its text runs; its lengths are those of the page turned so that it is upright.
    """

    cells: tuple[LineCell, ...]
    baseline: float
    height: float
    bold: bool
    labelled: bool = False
    turn: int = 0
    prose: bool = False  # known to be a line of running text, however short
    scanned: bool = False  # read from a picture
    ruled: Ruled | None = None  # of a ruled table; each cell has a line of text for each that is drawn

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @property
    def left(self) -> float:
        return self.cells[0].left if len(self.cells) == 1 else min(self.cells[0].left, self.cells[-1].left)

    @property
    def right(self) -> float:
        return (
            self.cells[-1].right if len(self.cells) == 1 else max(self.cells[0].right, self.cells[-1].right)
        )

    @property
    def is_row(self) -> bool:
        """Whether this is a table row rather than a line of prose."""
        return len(self.cells) > 1


def fragments_of(
    page: pdfium.PdfPage, rules: Rules, struck: Sequence[Box] = ()
) -> tuple[list[Line], list[str]]:
    """A page's text in the pieces in which the file draws it, parted into cells at wide gaps and ruled edges.

    The words in rectangles that are struck out, or with a line through them, come apart.
    """
    textpage = page.get_textpage()
    try:
        glyphs = Glyphs(textpage, page, struck)
        fragments = (_line(match, glyphs, rules) for match in _LINE.finditer(glyphs.text))
        return [fragment for fragment in fragments if fragment is not None], glyphs.struck_words
    finally:
        textpage.close()


def _line(match: re.Match[str], glyphs: Glyphs, rules: Rules) -> Line | None:
    """One line of pdfium's text as cells, parted where the space between two words is wide."""
    words = without_struck(_words(match, glyphs), glyphs, rules)
    if not words:
        return None
    sizes = sorted((max(word.first[3] - word.first[1], 1.0), word.first[1], word.start) for word in words)
    height, bottom, usual = sizes[len(sizes) // 2]
    if holds_letters(match.group()):
        cells = _cells_from_right(words, glyphs, rules, height)
    else:
        cells = _cells(words, glyphs, rules, (height, bottom, usual))
    bold = glyphs.bold(words[0].start) and glyphs.bold(words[-1].start + len(words[-1].text) - 1)
    return Line(tuple(cells), bottom, height, bold, turn=glyphs.turn)


def _cells(
    words: Sequence[LineWord], glyphs: Glyphs, rules: Rules, usual: tuple[float, float, int]
) -> list[LineCell]:
    height, ruled = usual[0], bool(rules.grids(glyphs.turn))
    cells: list[LineCell] = []
    gaps: tuple[tuple[int, float, float], ...] = ()
    text, left, right, low, high, size = "", 0.0, 0.0, 0.0, 0.0, height
    place = before = None
    for word in words:
        parts = _parts(word, glyphs, *usual)
        first, word_left, word_right = word.first, word.left, word.right
        gap = word_left - right
        if ruled:
            place = rules.cell_at((word_left, first[1], word_right, first[3]), glyphs.turn)
        if text and place == before and gap < CELL_GAP * size:
            if gap > WIDE_GAP * size:
                gaps += ((len(text), right, word_left),)
            text = _attached(text, parts, gap < CLOSE * height)
            left, right = min(left, word_left), max(right, word_right)
            low, high = min(low, first[1]), max(high, first[3])
        else:
            if text:
                cells.append(LineCell(text, left, right, low, high, gaps=gaps))
            text, left, right, low, high = render(parts), word_left, word_right, first[1], first[3]
            gaps = ()
        size, before = max(first[3] - first[1], 1.0), place
    return [*cells, LineCell(text, left, right, low, high, gaps=gaps)]


def _cells_from_right(
    words: Sequence[LineWord], glyphs: Glyphs, rules: Rules, height: float
) -> list[LineCell]:
    """The cells of a line that runs from right to left, its words in the order in which they are read."""
    boxes = [
        whole([glyphs.box(at) for at in range(word.start, word.start + len(word.text))]) for word in words
    ]
    parts: list[tuple[Box, list[str]]] = []
    keys: list[object] = []
    edges = gaps_between(boxes, CELL_GAP * height)
    for word, box in zip(words, boxes, strict=True):
        text = _readable(with_letters_in_order(word.text, word.start, glyphs.box))
        key = (bisect_left(edges, box[0]), rules.cell_at(box, glyphs.turn))
        if key in keys:
            at = keys.index(key)
            parts[at] = (whole([parts[at][0], box]), [*parts[at][1], text])
        else:
            keys.append(key)
            parts.append((box, [text]))
    parts.sort(key=lambda part: -part[0][2])
    return [LineCell(with_brackets(" ".join(texts)), box[0], box[2], box[1], box[3]) for box, texts in parts]


def _words(match: re.Match[str], glyphs: Glyphs) -> list[LineWord]:
    """The words of one line that the page shows; a glyph of a symbol font counts as a bullet at its start."""
    words: list[LineWord] = []
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
            words.append(LineWord(text, first_index, first, last))
    return words


def _parts(
    word: LineWord, glyphs: Glyphs, height: float, bottom: float, usual: int
) -> list[tuple[str, bool]]:
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
