"""What Word's styles say: headings, numbering, and which text is raised, struck out or hidden."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml import etree

MAX_ANCESTORS = 20  # a style may by mistake be based on itself

_VALUE = qn("w:val")
_HEADING = re.compile(r"heading (\d)", re.I)
_OFF = ("0", "false", "none", "off")


@dataclass(frozen=True, slots=True)
class RunFormat:
    """How a run is set, where that changes what it says."""

    position: str = ""  # superscript or subscript
    struck: bool = False
    hidden: bool = False
    bold: bool = False


class DocxStyles:
    """The styles of one document, those that they are based on included."""

    def __init__(self, part: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default = ""
        for style in () if part is None else part.iter(qn("w:style")):
            name = style.get(qn("w:styleId"), "")
            self._styles[name] = style
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true"):
                self._default = name
        self._looks: dict[str, dict[str, str]] = {}

    def level(self, style: str) -> int:
        """The heading level of a paragraph style; 0 for the document's title, -1 for other styles."""
        for one in self._line(style):
            name = _value(one.find(qn("w:name"))).lower()
            if heading := _HEADING.fullmatch(name):
                return max(int(heading.group(1)), 1)
            if name == "title":
                return 0
            outline = _value(one.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}"))
            if outline.isdecimal() and int(outline) < 9:
                return int(outline) + 1
        return -1

    def numbering(self, style: str) -> tuple[str, str, str]:
        """The numbering that a paragraph style brings, its level, and the style that says so."""
        for one in self._line(style or self._default):
            properties = one.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if properties is not None:
                number = _value(properties.find(qn("w:numId")))
                return number, _value(properties.find(qn("w:ilvl"))), one.get(qn("w:styleId"), "")
        return "", "", ""

    def look(self, run: etree._Element, paragraph_style: str) -> RunFormat:
        """How a run is set by itself, by its style, or by its paragraph's."""
        own = run.find(qn("w:rPr"))
        found = dict(self._of_style(paragraph_style))
        if own is not None:
            found.update(self._of_style(_value(own.find(qn("w:rStyle")))))
            found.update(_set(own))
        if not found:
            return _PLAIN
        struck = found.get("w:strike") == "on" or found.get("w:dstrike") == "on"
        bold = found.get("w:b") == "on"
        return RunFormat(found.get("position", ""), struck, found.get("w:vanish") == "on", bold)

    def sets_first_row(self, style: str) -> bool:
        """Whether a table style has a table's first row in bold type or on a shade."""
        for one in self._line(style):
            for part in one.iterfind(qn("w:tblStylePr")):
                if part.get(qn("w:type")) == "firstRow":
                    bold, shade = part.find(f"{qn('w:rPr')}/{qn('w:b')}"), next(part.iter(qn("w:shd")), None)
                    return shade is not None or (bold is not None and bold.get(_VALUE, "1") not in _OFF)
        return False

    def _of_style(self, style: str) -> Mapping[str, str]:
        if style not in self._looks:
            found: dict[str, str] = {}
            for one in reversed(list(self._line(style))):
                properties = one.find(qn("w:rPr"))
                found.update({} if properties is None else _set(properties))
            self._looks[style] = found
        return self._looks[style]

    def _line(self, style: str) -> list[etree._Element]:
        """The style and those that it is based on."""
        line: list[etree._Element] = []
        while style in self._styles and len(line) < MAX_ANCESTORS:
            line.append(self._styles[style])
            style = _value(line[-1].find(qn("w:basedOn")))
        return line


_PLAIN = RunFormat()


def _set(properties: etree._Element) -> dict[str, str]:
    """What run properties say of position, striking, hiding and bold type."""
    found = {}
    for name in ("w:strike", "w:dstrike", "w:vanish", "w:b"):
        element = properties.find(qn(name))
        if element is not None:
            found[name] = "off" if element.get(_VALUE, "1") in _OFF else "on"
    align, shift = properties.find(qn("w:vertAlign")), properties.find(qn("w:position"))
    if align is not None:
        found["position"] = align.get(_VALUE, "").replace("baseline", "")
    elif shift is not None:
        points = shift.get(_VALUE, "").removeprefix("-")
        if points.isdecimal() and int(points):
            found["position"] = "subscript" if shift.get(_VALUE, "").startswith("-") else "superscript"
    return found


def _value(element: etree._Element | None) -> str:
    return "" if element is None else element.get(_VALUE, "")
