"""What is drawn on a PDF page beside its text: pictures, and thin lines that rule tables or strike words."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.loaders.pdf.glyphs import Box

MAX_RULES = 3_000  # on one page; what has more is a drawing
MAX_SEGMENTS = 5_000  # of all paths of a page that are looked at one by one
THIN = 2.5  # points; what is thicker is an area rather than a line
MIN_LENGTH = 3.0  # points
MAX_DEPTH = 2  # of content that is drawn as a form of its own

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _direct(function: Any, result: Any, *arguments: Any) -> Callable[..., int]:
    """A function of pdfium for handles as plain numbers: pages have thousands of objects."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    made: Callable[..., int] = ctypes.PYFUNCTYPE(result, *arguments)(address)
    return made


_HANDLE = ctypes.c_void_p
_object = _direct(raw.FPDFPage_GetObject, _HANDLE, _HANDLE, ctypes.c_int)
_inner_object = _direct(raw.FPDFFormObj_GetObject, _HANDLE, _HANDLE, ctypes.c_ulong)
_inner_count = _direct(raw.FPDFFormObj_CountObjects, ctypes.c_int, _HANDLE)
_type = _direct(raw.FPDFPageObj_GetType, ctypes.c_int, _HANDLE)
_bounds = _direct(raw.FPDFPageObj_GetBounds, ctypes.c_int, _HANDLE, *[_HANDLE] * 4)
_matrix = _direct(raw.FPDFPageObj_GetMatrix, ctypes.c_int, _HANDLE, _HANDLE)
_draw_mode = _direct(raw.FPDFPath_GetDrawMode, ctypes.c_int, _HANDLE, _HANDLE, _HANDLE)
_stroke_width = _direct(raw.FPDFPageObj_GetStrokeWidth, ctypes.c_int, _HANDLE, _HANDLE)
_count_segments = _direct(raw.FPDFPath_CountSegments, ctypes.c_int, _HANDLE)
_segment = _direct(raw.FPDFPath_GetPathSegment, _HANDLE, _HANDLE, ctypes.c_int)
_segment_type = _direct(raw.FPDFPathSegment_GetType, ctypes.c_int, _HANDLE)
_segment_point = _direct(raw.FPDFPathSegment_GetPoint, ctypes.c_int, _HANDLE, _HANDLE, _HANDLE)
_segment_closes = _direct(raw.FPDFPathSegment_GetClose, ctypes.c_int, _HANDLE)


@dataclass(slots=True)
class Drawn:
    """The rectangles of a page's images, and those of its thin lines, across and upright."""

    images: list[Box] = field(default_factory=list)
    across: list[Box] = field(default_factory=list)
    upright: list[Box] = field(default_factory=list)
    segments: int = 0

    def add(self, box: Box) -> bool:
        """Keeps the box if it is a thin line; whether it is."""
        wide, high = box[2] - box[0], box[3] - box[1]
        if high <= THIN and wide >= MIN_LENGTH and wide > 2 * high:
            self.across.append(box)
        elif wide <= THIN and high >= MIN_LENGTH and high > 2 * wide:
            self.upright.append(box)
        else:
            return wide <= THIN and high <= THIN
        return True


def drawn_on(page: pdfium.PdfPage) -> Drawn:
    """The images and thin lines of a page; no lines where there are so many that they are a drawing."""
    drawn = Drawn()
    handle = ctypes.cast(page.raw, _HANDLE).value
    _read(drawn, (_object(handle, at) for at in range(raw.FPDFPage_CountObjects(page))), _IDENTITY, 1)
    if len(drawn.across) + len(drawn.upright) > MAX_RULES:
        drawn.across, drawn.upright = [], []
    return drawn


def _read(drawn: Drawn, objects: Iterator[int], matrix: Matrix, depth: int) -> None:
    for one in objects:
        kind = _type(one)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        if kind == raw.FPDF_PAGEOBJ_PATH:
            _read_path(drawn, one, matrix)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE and depth == 1:
            drawn.images.append(_box(one))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            inner = (_inner_object(one, at) for at in range(_inner_count(one)))
            _read(drawn, inner, _product(_own_matrix(one), matrix), depth + 1)


def _read_path(drawn: Drawn, path: int, matrix: Matrix) -> None:
    filled, stroked, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    _draw_mode(path, ctypes.addressof(filled), ctypes.addressof(stroked))
    if stroked.value:
        _stroke_width(path, ctypes.addressof(width))
    whole = _product(_own_matrix(path), matrix)
    scale = max(abs(whole[0]), abs(whole[1]))  # of the width of a stroke, which no box contains
    if not (filled.value or stroked.value) or scale * width.value > THIN:
        return
    if drawn.add(_moved(_box(path), matrix)):
        return
    drawn.segments += (count := _count_segments(path))
    if drawn.segments > MAX_SEGMENTS:
        return
    for points in _outlines(path, count):
        points = [_point(point, whole) for point in points]
        across, up = [x for x, _ in points], [y for _, y in points]
        if drawn.add((min(across), min(up), max(across), max(up))) or not stroked.value:
            continue
        for (x0, y0), (x1, y1) in pairwise(points):
            if abs(x0 - x1) < 1 or abs(y0 - y1) < 1:
                drawn.add((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def _outlines(path: int, count: int) -> Iterator[list[tuple[float, float]]]:
    """The outlines of a path that consist of straight lines."""
    x, y = ctypes.c_float(), ctypes.c_float()
    at_x, at_y = ctypes.addressof(x), ctypes.addressof(y)
    points: list[tuple[float, float]] = []
    for at in range(count):
        segment = _segment(path, at)
        _segment_point(segment, at_x, at_y)
        kind = _segment_type(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            points = []
        elif kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = [(x.value, y.value)]
        elif points:
            points.append((x.value, y.value))
            if _segment_closes(segment):
                points.append(points[0])
    if len(points) > 1:
        yield points


def _box(one: int) -> Box:
    values = (ctypes.c_float * 4)()
    start = ctypes.addressof(values)
    _bounds(one, start, start + 4, start + 8, start + 12)
    left, bottom, right, top = values
    return left, bottom, right, top


def _own_matrix(one: int) -> Matrix:
    found = raw.FS_MATRIX()
    _matrix(one, ctypes.addressof(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _product(one: Matrix, other: Matrix) -> Matrix:
    """What does first the one and then the other."""
    across, down = _linear(one[:2], other), _linear(one[2:4], other)
    return (*across, *down, *_point(one[4:], other))


def _linear(vector: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    return (
        matrix[0] * vector[0] + matrix[2] * vector[1],
        matrix[1] * vector[0] + matrix[3] * vector[1],
    )


def _point(point: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    x, y = _linear(point, matrix)
    return x + matrix[4], y + matrix[5]


def _moved(box: Box, matrix: Matrix) -> Box:
    if matrix is _IDENTITY:
        return box
    x0, y0 = _point(box[:2], matrix)
    x1, y1 = _point(box[2:], matrix)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
