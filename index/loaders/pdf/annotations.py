"""What is written on a PDF page beside its text: values in form fields, comments, struck-out lines."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.loaders.builder import one_line
from index.loaders.pdf.glyphs import Box

MAX_ANNOTATIONS = 10_000  # on one page; more is no form that a person fills in
MAX_TEXT = 100_000  # characters of one value or comment

_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13  # of the flags of a text field
_TICKED, _UNTICKED = "☒", "☐"
_SAYS_NOTHING = frozenset("yes on off true 1 0 x checked ja oui".split())  # what programs name a ticked box
_CHOICES = (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX)
_TICKS = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
_NAMES = {raw.FPDF_ANNOT_FILEATTACHMENT: "an attached file", raw.FPDF_ANNOT_STAMP: "a stamp"}
_COMMENTED = frozenset(
    (
        *(raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_HIGHLIGHT, raw.FPDF_ANNOT_UNDERLINE, raw.FPDF_ANNOT_SQUIGGLY),
        *(raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_SQUARE, raw.FPDF_ANNOT_CIRCLE, raw.FPDF_ANNOT_LINE),
        *(raw.FPDF_ANNOT_POLYGON, raw.FPDF_ANNOT_POLYLINE, raw.FPDF_ANNOT_INK, raw.FPDF_ANNOT_CARET),
        raw.FPDF_ANNOT_STAMP,
    )
)


class Kind(Enum):
    """What a written piece is: a field's value, a ticked or empty box, a text put on the page."""

    VALUE = "value"
    TICK = "tick"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Written:
    """A text that stands in a rectangle of the page; `label` is what the field calls itself."""

    kind: Kind
    text: str
    box: Box
    label: str = ""


@dataclass(slots=True)
class Annotations:
    """All of one page: what stands at a place, comments, rectangles struck out, and what can't be read."""

    written: list[Written] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    struck: list[Box] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def annotations_of(page: pdfium.PdfPage) -> Annotations:
    """The annotations of a page that are shown and hold text; links hold none."""
    found = Annotations()
    for annotation in _annotations(page):
        if raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind == raw.FPDF_ANNOT_WIDGET:
            if page.formenv is not None:
                _read_field(page.formenv, annotation, found)
        elif kind == raw.FPDF_ANNOT_FREETEXT:
            text = _text(annotation)
            if text:
                found.written.append(Written(Kind.TEXT, text, _box(annotation)))
        elif kind in _COMMENTED or kind in _NAMES:
            _read_comment(annotation, kind, found)
    return found


def _annotations(page: pdfium.PdfPage) -> Iterator[Any]:
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            try:
                yield annotation
            finally:
                raw.FPDFPage_CloseAnnot(annotation)


def _read_field(form: pdfium.PdfFormEnv, annotation: Any, found: Annotations) -> None:
    """A field's value at its place, or why it can't be read."""
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    box = _box(annotation)
    label = one_line(_string(raw.FPDFAnnot_GetFormFieldAlternateName, form, annotation))
    if kind in _TICKS:
        ticked = bool(raw.FPDFAnnot_IsChecked(form, annotation))
        export = one_line(_string(raw.FPDFAnnot_GetFormFieldExportValue, form, annotation))
        named = label or ("" if export.casefold() in _SAYS_NOTHING or export.isdigit() else export)
        found.written.append(Written(Kind.TICK, _TICKED if ticked else _UNTICKED, box, named))
        return
    value = one_line(_value(form, annotation, kind))
    if kind == raw.FPDF_FORMFIELD_TEXTFIELD and raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        found.unread += [f"a password in the field {label or 'without a name'}"] if value else []
    elif value:
        found.written.append(Written(Kind.VALUE, value, box, label))
    elif kind == raw.FPDF_FORMFIELD_SIGNATURE and raw.FPDFAnnot_HasKey(annotation, b"AP"):
        found.unread.append("a signature")


def _value(form: pdfium.PdfFormEnv, annotation: Any, kind: int) -> str:
    """What is filled in or chosen; of a choice its shown name rather than its exported one."""
    if kind in _CHOICES:
        count = min(raw.FPDFAnnot_GetOptionCount(form, annotation), MAX_ANNOTATIONS)
        chosen = [index for index in range(count) if raw.FPDFAnnot_IsOptionSelected(form, annotation, index)]
        names = [_string(raw.FPDFAnnot_GetOptionLabel, form, annotation, index) for index in chosen]
        if any(names):
            return ", ".join(filter(None, names))
    if kind in (*_CHOICES, raw.FPDF_FORMFIELD_TEXTFIELD):
        return _string(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
    return ""


def _read_comment(annotation: Any, kind: int, found: Annotations) -> None:
    """A comment with its author; a struck-out place; what holds something else than text."""
    if kind == raw.FPDF_ANNOT_STRIKEOUT:
        found.struck += _marked(annotation) or [_box(annotation)]
    text = _text(annotation)
    if text:
        author = one_line(_string(raw.FPDFAnnot_GetStringValue, annotation, b"T"))
        found.comments.append(f"Note ({author}): {text}" if author else f"Note: {text}")
    elif kind in _NAMES:
        found.unread.append(_NAMES[kind])


def _marked(annotation: Any) -> list[Box]:
    """The rectangles that a mark on the text covers, one for each line."""
    boxes: list[Box] = []
    quad = raw.FS_QUADPOINTSF()
    for index in range(min(raw.FPDFAnnot_CountAttachmentPoints(annotation), MAX_ANNOTATIONS)):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, index, quad):
            across, up = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            boxes.append((min(across), min(up), max(across), max(up)))
    return boxes


def _text(annotation: Any) -> str:
    return one_line(_string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents"))


def _box(annotation: Any) -> Box:
    box = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, box)
    across, up = sorted((box.left, box.right)), sorted((box.bottom, box.top))
    return across[0], up[0], across[1], up[1]


def _string(function: Callable[..., int], *arguments: Any) -> str:
    """What a function of pdfium writes into a buffer as UTF-16."""
    size = min(function(*arguments, None, 0), 2 * MAX_TEXT)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", errors="ignore")
