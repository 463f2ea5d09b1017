"""The lines of a PDF page with their places, as pdfium finds them."""

import ctypes
import re
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

CELL_GAP = 1.2  # line heights of empty space between two words that belong to different table cells
SAME_BASELINE = 0.4  # line heights by which the baselines of one row may differ

_HYPHENS = "\x02\ufffe"  # pdfium's marks for a hyphen at the end of a line; the next line follows at once
_LINE = re.compile(f"[^\r\n{_HYPHENS}]+[{_HYPHENS}]?")
_BOLD = (b"bold", b"black", b"heavy", b"sfbx", b"cmbx")  # in font names; the last two are TeX's
_MAX_STACK = 3  # lines of one table cell under each other that are put back into their row
_BULLET = "•"
_WORD = re.compile(r"\S+")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")  # glyphs without a meaning outside their font
_LIGATURES = str.maketrans(
    dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "ff fi fl ffi ffl st st".split(), strict=True))
)


Box = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together on a line; most lines have one cell, table rows several."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; lengths in points, `baseline` growing upwards.

    `labelled`: its cells hold their headers and are written as they are.
    """

    cells: tuple[Cell, ...]
    baseline: float
    height: float
    bold: bool
    labelled: bool = False

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


def lines_of(page: pdfium.PdfPage) -> list[Line]:
    """A page's lines in the order in which the file draws them, fragments of one row joined."""
    textpage = page.get_textpage()
    try:
        characters = _characters(textpage)
        places = _Places(textpage, page)
        lines: list[Line] = []
        stacked = False
        for match in _LINE.finditer(characters):
            line = _line(match, places)
            if line is None:
                continue
            if stacked and _under_last_cell(lines[-1], line):
                lines[-1] = _stacked(lines[-1], [line])
            else:
                stacked = _append(lines, line)
        return lines
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
    return replace(row, cells=(*row.cells[:-1], Cell(text, last.left, right)))


def _characters(textpage: pdfium.PdfTextPage) -> str:
    """The page's characters, one for each of pdfium's character indices."""
    count = textpage.count_chars()
    text = textpage.get_text_range() if count else ""
    if len(text) != count:  # characters without Unicode were left out, or some lie beyond the basic plane
        codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(count))
        text = "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)
    return text


class _Places:
    """Where a page's characters stand, as the page is shown (a turned page reads from left to right)."""

    def __init__(self, textpage: pdfium.PdfTextPage, page: pdfium.PdfPage) -> None:
        self._textpage = textpage
        self._rotation = page.get_rotation()
        self._box = raw.FS_RECTF()
        self._pointer = ctypes.byref(self._box)
        self._page = self._turned(*page.get_bbox())

    def box(self, index: int) -> Box:
        """The place of the character's font box."""
        raw.FPDFText_GetLooseCharBox(self._textpage, index, self._pointer)
        box = self._box
        return self._turned(box.left, box.bottom, box.right, box.top)

    def shows(self, box: Box) -> bool:
        """Whether any of the box lies on the visible page."""
        left, bottom, right, top = self._page
        return box[0] < right and box[2] > left and box[1] < top and box[3] > bottom

    def _turned(self, left: float, bottom: float, right: float, top: float) -> Box:
        if not self._rotation:
            return left, bottom, right, top
        match self._rotation:
            case 90:
                return bottom, -right, top, -left
            case 180:
                return -right, -top, -left, -bottom
            case 270:
                return -top, left, -bottom, right
        return left, bottom, right, top  # pdfium knows no other angles

    def bold(self, index: int) -> bool:
        """Whether the character's font calls itself bold."""
        buffer = ctypes.create_string_buffer(128)
        raw.FPDFText_GetFontInfo(self._textpage, index, buffer, len(buffer), None)
        name = buffer.value.lower()
        return any(part in name for part in _BOLD) or name.endswith(b"medi")


def _line(match: re.Match[str], places: _Places) -> Line | None:
    """One line of pdfium's text as cells, parted where the space between two words is wide."""
    cells: list[Cell] = []
    indices: list[int] = []
    heights: list[tuple[float, float]] = []
    for word in _WORD.finditer(match.group()):
        text = _readable(word.group())
        first_index, last_index = match.start() + word.start(), match.start() + word.end() - 1
        first, last = places.box(first_index), places.box(last_index)
        if not (text or not cells) or not places.shows(first):
            continue
        text = text or _BULLET  # a glyph of a symbol font at the start of a line
        height = max(first[3] - first[1], 1.0)
        left, right = min(first[0], last[0]), max(first[2], last[2])
        if cells and left - cells[-1].right < CELL_GAP * heights[-1][0]:
            cells[-1] = Cell(f"{cells[-1].text} {text}", cells[-1].left, max(right, cells[-1].right))
        else:
            cells.append(Cell(text, left, right))
        indices += first_index, last_index
        heights.append((height, first[1]))
    if not cells:
        return None
    height, bottom = sorted(heights)[len(heights) // 2]
    return Line(tuple(cells), bottom, height, places.bold(indices[0]) and places.bold(indices[-1]))


def _readable(word: str) -> str:
    """A word without ligatures and private glyphs, and with a plain hyphen for pdfium's mark."""
    if word[-1] in _HYPHENS:
        word = f"{word[:-1]}-"
    return word if word.isascii() else _PRIVATE_USE.sub("", word.translate(_LIGATURES))


def _same_row(line: Line, following: Line) -> bool:
    """Whether two fragments share a baseline, the second (it may be raised and small) right of the first."""
    height = max(line.height, following.height)
    small = following.height < 0.8 * line.height
    return (
        abs(line.baseline - following.baseline) < (0.6 if small else SAME_BASELINE) * height
        and following.left > line.right - 0.2 * height
    )


def _merged(line: Line, following: Line) -> Line:
    """Two fragments of one row as one line; without a gap between them they share a cell."""
    height = max(line.height, following.height)
    gap = following.left - line.right
    if gap >= CELL_GAP * height:
        return replace(line, cells=line.cells + following.cells)
    last, first = line.cells[-1], following.cells[0]
    space = " " if gap > 0.1 * height else ""
    between = Cell(f"{last.text}{space}{first.text}", last.left, first.right)
    return replace(line, cells=(*line.cells[:-1], between, *following.cells[1:]))
