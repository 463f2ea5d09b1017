"""The text of a paragraph on a slide, with the number that PowerPoint puts before it."""

import re

from lxml import etree

from index.loaders.builder import one_line
from index.loaders.formats.formulas import office_formula
from index.loaders.formats.numerals import numeral
from index.loaders.raised import lowered, raised

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SCHEME = re.compile(r"(arabic|alphaLc|alphaUc|romanLc|romanUc)(ParenBoth|ParenR|Period|Plain)")
_KINDS = {
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
}
_AROUND = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Plain": "{}"}


class Outline:
    """Counts the numbered paragraphs of one shape, level by level."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[str, int]] = {}

    def next(self, paragraph: etree._Element) -> str:
        """The number before the paragraph; empty where it has none."""
        properties = paragraph.find(f"{_DRAWING}pPr")
        numbered = None if properties is None else properties.find(f"{_DRAWING}buAutoNum")
        level = properties.get("lvl", "0") if properties is not None else "0"
        depth = int(level) if level.isdecimal() else 0
        self._counts = {one: count for one, count in self._counts.items() if one <= depth}
        scheme = _SCHEME.fullmatch(numbered.get("type", "")) if numbered is not None else None
        if numbered is None or scheme is None:
            self._counts.pop(depth, None)
            return ""
        start = numbered.get("startAt", "1")
        kind, count = self._counts.get(depth, ("", 0))
        count = count + 1 if kind == scheme.group() else int(start) if start.isdecimal() else 1
        self._counts[depth] = (scheme.group(), count)
        return _AROUND[scheme.group(2)].format(numeral(count, _KINDS.get(scheme.group(1), "decimal")))


def text_of(paragraph: etree._Element, outline: Outline, struck: list[str]) -> str:
    """The text on one line; what of it is struck out goes to `struck`."""
    text, gone = "", ""
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in (f"{_DRAWING}r", f"{_DRAWING}fld"):
            piece, look = element.findtext(f"{_DRAWING}t") or "", element.find(f"{_DRAWING}rPr")
            if look is not None and look.get("strike", "noStrike") != "noStrike":
                gone += piece
            else:
                text = _appended(text, piece, "0" if look is None else look.get("baseline", "0"))
        elif element.tag == f"{_DRAWING}br":
            text += " "
        elif element.tag == _MATH:
            text += office_formula(element)
        elif element.tag != _FALLBACK:
            waiting.extend(reversed(element))
    if gone:
        struck.append(gone)
    text = one_line(text)
    number = outline.next(paragraph) if text or not gone else ""
    return f"{number} {text}" if number and text else text


def _appended(text: str, piece: str, baseline: str) -> str:
    if baseline.strip("-0%"):
        return text + (lowered if baseline.startswith("-") else raised)(text[-60:], piece)
    return text + piece
