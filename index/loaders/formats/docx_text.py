"""The text of a Word paragraph: runs, fields, signs and formulas, without what is deleted or hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.loaders.formats.docx_styles import DocxStyles, RunFormat
from index.loaders.formats.formulas import office_formula
from index.loaders.formats.office_pictures import OLD_PICTURE
from index.loaders.formats.signs import sign_of
from index.loaders.raised import lowered, raised

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_NEW_CHART = "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"

TEXT_BOX, TABLE, PARAGRAPH = f"{_W}txbxContent", f"{_W}tbl", f"{_W}p"
_RUN = f"{_W}r"
_VALUE = f"{_W}val"
# Properties, and what a tracked change has taken away; a fallback repeats what stands beside it.
GONE = {f"{_W}{name}" for name in "pPr rPr tblPr tblPrEx trPr tcPr sdtPr sdtEndPr del moveFrom".split()} | {
    _FALLBACK
}
PICTURES = {_PICTURE, OLD_PICTURE}
ANCHORED = {TEXT_BOX, _CHART, _NEW_CHART, _DIAGRAM, _OBJECT, *PICTURES}
_READ = {*ANCHORED, _RUN, _MATH}
_SIMPLE = {f"{_W}tab": " ", f"{_W}ptab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_NOTES = {
    f"{_W}footnoteReference": "footnote",
    f"{_W}endnoteReference": "endnote",
    f"{_W}commentReference": "comment",
}
_HEX = re.compile(r"[0-9A-Fa-f]{1,6}")


@dataclass(slots=True)
class Text:
    """A paragraph's text, and what hangs on it."""

    written: str = ""
    struck: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # kind and id of what is referred to
    anchored: list[etree._Element] = field(default_factory=list)  # text boxes, charts, diagrams
    light: bool = False  # whether some of it is not in bold type

    def add(self, text: str, look: RunFormat) -> None:
        if look.hidden or not text:
            return
        self.light = self.light or not (look.bold or look.position or text.isspace())
        if look.struck:
            self.struck.append(text)
        elif look.position == "superscript":
            self.written += raised(self.written[-60:], text)
        elif look.position == "subscript":
            self.written += lowered(self.written[-60:], text)
        else:
            self.written += text


def text_of(paragraph: etree._Element, styles: DocxStyles) -> Text:
    """All that is shown of a paragraph."""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    found = Text()
    reader = _TextRuns(found, styles, "" if style is None else style.get(_VALUE, ""))
    for element in _parts(paragraph):
        reader.read(element)
    reader.end()
    return found


def _parts(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs, formulas and anchored things of a paragraph in their order, without recursion."""
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in _READ:
            yield element
        elif element.tag not in GONE:
            waiting.extend(reversed(element))


class _TextRuns:
    """Reads the runs of a paragraph one after the other."""

    def __init__(self, found: Text, styles: DocxStyles, style: str) -> None:
        self._found = found
        self._styles = styles
        self._style = style
        self._position = ""  # of text that is raised or lowered in several runs
        self._collected = ""

    def read(self, element: etree._Element) -> None:
        if element.tag == _RUN:
            self._run(element)
        elif element.tag == _MATH:
            self.end()
            self._found.add(office_formula(element), RunFormat())
        elif element.tag in ANCHORED:
            self._found.anchored.append(element)

    def end(self) -> None:
        """Writes what was collected of raised or lowered text."""
        if self._collected:
            self._found.add(self._collected, RunFormat(self._position))
        self._collected = ""

    def _add(self, text: str, look: RunFormat) -> None:
        if look.position and not look.struck and not look.hidden:
            if self._position != look.position:
                self.end()
            self._position = look.position
            self._collected += text
            return
        if text:
            self.end()
        self._found.add(text, look)

    def _run(self, run: etree._Element) -> None:
        look = self._styles.look(run, self._style)
        waiting = list(reversed(run))
        while waiting:
            element = waiting.pop()
            tag = element.tag
            if tag in GONE:
                continue
            if tag == f"{_W}t":
                self._add(element.text or "", look)
            elif tag in _SIMPLE:
                self._add(_SIMPLE[tag], look)
            elif tag in _NOTES:
                self._found.notes.append((_NOTES[tag], element.get(f"{_W}id", "")))
            elif tag in ANCHORED:
                self._found.anchored.append(element)
            elif tag == f"{_W}rt":
                self._add(f"({''.join(one.text or '' for one in element.iter(f'{_W}t'))})", look)
            elif tag != f"{_W}ruby":
                self._add(_other(element), look)
                waiting.extend(reversed(element))
            else:
                waiting.extend(sorted(element, key=lambda one: one.tag != f"{_W}rt"))


def _other(element: etree._Element) -> str:
    """Signs of other fonts, form fields of the old kind, and Word art."""
    if element.tag == f"{_W}sym":
        code = element.get(f"{_W}char", "")
        return sign_of(int(code, 16)) if _HEX.fullmatch(code) else ""
    if element.tag == f"{_W}ffData":
        return _form_field(element)
    return element.get("string", "") if element.tag == _WORD_ART else ""


def _form_field(data: etree._Element) -> str:
    """A box that is ticked or not, or the chosen entry of a list; a text stands in runs of its own."""
    box, choices = data.find(f"{_W}checkBox"), data.find(f"{_W}ddList")
    if box is not None:
        state = box.find(f"{_W}checked")
        state = box.find(f"{_W}default") if state is None else state
        return "☒ " if state is not None and state.get(_VALUE, "1") not in ("0", "false") else "☐ "
    if choices is not None:
        chosen, entries = choices.find(f"{_W}result"), choices.findall(f"{_W}listEntry")
        number = "0" if chosen is None else chosen.get(_VALUE, "0")
        if number.isdecimal() and int(number) < len(entries):
            return entries[int(number)].get(_VALUE, "")
    return ""


def is_unfilled(control: etree._Element) -> bool:
    """Whether a content control shows its prompt ('Click here to enter text') instead of a value."""
    return control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None
