"""The characters of a PDF page and where they stand, as pdfium finds them."""

import ctypes
import math
from collections.abc import Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

Box = tuple[float, float, float, float]  # left, bottom, right, top

# What stands for the control characters of fonts that don't say what their signs mean: private signs, since
# Python takes some of the characters for white space. \x02 is pdfium's hyphen.
UNKNOWN = [chr(0xF0000 + code) for code in range(32)]
_KNOWN = {0, 2, 9, 10, 13}
_AS_UNKNOWN = {code: sign for code, sign in enumerate(UNKNOWN) if code not in _KNOWN}

_BOLD = (b"bold", b"black", b"heavy", b"sfbx", b"cmbx")  # in font names; the last two are TeX's
_STRAIGHT = 2  # degrees by which text may be off a right angle


class Glyphs:
    """A page's characters by pdfium's index, their boxes turned so that they run from left to right."""

    def __init__(
        self, textpage: pdfium.PdfTextPage, page: pdfium.PdfPage, struck: Sequence[Box] = ()
    ) -> None:
        self._textpage = textpage
        self._box = raw.FS_RECTF()
        self._pointer = ctypes.byref(self._box)
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._page: Box = page.get_bbox()
        self.struck = struck
        self.struck_words: list[str] = []
        self.turn = 0  # degrees, against the clock, of the text whose boxes are asked for
        self.text = _characters(textpage)

    def turn_to(self, index: int) -> None:
        """From now on the boxes are those of text that runs as this character does."""
        angle = 360 - math.degrees(raw.FPDFText_GetCharAngle(self._textpage, index))
        right_angle = round(angle / 90) * 90
        self.turn = right_angle % 360 if abs(angle - right_angle) < _STRAIGHT else round(angle) % 360

    def box(self, index: int) -> Box:
        """The place of the character's font box."""
        raw.FPDFText_GetLooseCharBox(self._textpage, index, self._pointer)
        box = self._box
        if not self.turn:
            return box.left, box.bottom, box.right, box.top
        return turned((box.left, box.bottom, box.right, box.top), self.turn)

    def ink(self, index: int) -> Box:
        """What the character itself covers, which may be far less than its font box."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        raw.FPDFText_GetCharBox(self._textpage, index, left, right, bottom, top)
        box = left.value, bottom.value, right.value, top.value
        return turned(box, self.turn) if self.turn else box

    def origin(self, index: int) -> float:
        """The height of the character's own baseline."""
        raw.FPDFText_GetCharOrigin(self._textpage, index, self._x, self._y)
        x, y = self._x.value, self._y.value
        return turned((x, y, x, y), self.turn)[1]

    def shows(self, box: Box) -> bool:
        """Whether any of the box lies on the visible page."""
        if self.turn % 90:
            return True
        left, bottom, right, top = turned(self._page, self.turn) if self.turn else self._page
        return box[0] < right and box[2] > left and box[1] < top and box[3] > bottom

    def strikes(self, word: str, first: Box, last: Box) -> bool:
        """Whether a rectangle that is struck out holds the middle of the word, which is noted then."""
        x, y = (min(first[0], last[0]) + max(first[2], last[2])) / 2, (first[1] + first[3]) / 2
        for box in self.struck:
            left, bottom, right, top = turned(box, self.turn)
            if left < x < right and bottom < y < top:
                self.struck_words.append(word)
                return True
        return False

    def bold(self, index: int) -> bool:
        """Whether the character's font calls itself bold."""
        buffer = ctypes.create_string_buffer(128)
        raw.FPDFText_GetFontInfo(self._textpage, index, buffer, len(buffer), None)
        name = buffer.value.lower()
        return any(part in name for part in _BOLD) or name.endswith(b"medi")


def turned(box: Box, turn: int) -> Box:
    """The box as it is seen when text that runs at `turn` degrees reads from left to right."""
    left, bottom, right, top = box
    match turn % 360:
        case 0:
            return box
        case 90:
            return bottom, -right, top, -left
        case 180:
            return -right, -top, -left, -bottom
        case 270:
            return -top, left, -bottom, right
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    x, y = (left + right) / 2, (bottom + top) / 2
    across, up = x * cosine + y * sine, y * cosine - x * sine
    half = min(right - left, top - bottom) / 2
    return across - half, up - half, across + half, up + half


def _characters(textpage: pdfium.PdfTextPage) -> str:
    """The page's characters, one for each of pdfium's character indices."""
    count = textpage.count_chars()
    text: str = textpage.get_text_range() if count else ""
    if len(text) != count:  # characters without Unicode were left out, or some lie beyond the basic plane
        codes = (raw.FPDFText_GetUnicode(textpage, index) for index in range(count))
        text = "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)
    return text.translate(_AS_UNKNOWN)
