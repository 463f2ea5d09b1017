"""Frames in OpenDocument files: charts with their data, and pictures."""

import posixpath
import re
from itertools import islice
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from index.loaders.builder import Builder, Unreadable, one_line
from index.loaders.embedded import Pictures, Size
from index.loaders.packages import parsed, part
from index.loaders.tables import lines

MAX_ROWS = 20_000  # of a chart's data

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_DRAW, _CHART = f"{{{_SPACE}drawing:1.0}}", f"{{{_SPACE}chart:1.0}}"
_TEXT, _TABLE = f"{{{_SPACE}text:1.0}}", f"{{{_SPACE}table:1.0}}"
_SVG = f"{{{_SPACE}svg-compatible:1.0}}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_LENGTH = re.compile(r"([\d.]{1,12})(cm|mm|in|pt|pc|px)")
_POINTS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}

FRAME = f"{_DRAW}frame"
_ROW = f"{_TABLE}table-row"
_OBJECT, _IMAGE = f"{_DRAW}object", f"{_DRAW}image"


class Frames:
    """Writes what is in the frames of one file."""

    def __init__(self, builder: Builder, package: ZipFile, pictures: Pictures) -> None:
        self._builder = builder
        self._package = package
        self._names = set(package.namelist())
        self._pictures = pictures
        self._written: set[str] = set()  # objects, of which a cell may be asked for twice

    def write(self, frame: etree._Element, place: str = "") -> bool:
        """The chart or the picture in a frame, which may be there in several forms; whether it has text."""
        for form in frame:
            name = posixpath.normpath(unquote(form.get(_LINK, "")))
            if form.tag == _OBJECT and f"{name}/content.xml" in self._names:
                return name in self._written or self._object(name, place)
            if form.tag == _IMAGE and name in self._names and not name.startswith("ObjectReplacements/"):
                if name.lower().endswith((".svg", ".svm", ".emf", ".wmf")):
                    continue
                size = _size(frame)
                if not self._pictures.wants(name, size):
                    return False
                data = part(self._package, name)
                return self._pictures.write(self._builder, data, size, place=place)
        return False

    def _object(self, name: str, place: str) -> bool:
        self._written.add(name)
        try:
            chart = parsed(part(self._package, f"{name}/content.xml")).find(f".//{_CHART}chart")
        except Unreadable:
            self._builder.leave_out(f"an embedded object{place}: it is damaged")
            return False
        if chart is None:
            self._builder.leave_out(f"an embedded object{place}")
            return False
        self._chart(chart, place)
        return True

    def _chart(self, chart: etree._Element, place: str) -> None:
        titles = [_text(chart.find(f"{_CHART}{name}")) for name in ("title", "subtitle")]
        self._builder.add(": ".join(filter(None, titles)))
        table = chart.find(f"{_TABLE}table")
        rows = [] if table is None else list(map(_cells, islice(table.iter(_ROW), MAX_ROWS)))
        before = "\n\n"
        for line in lines(rows, 1)[1:] if len(rows) > 1 else ():
            self._builder.add(line, before=before)
            before = "\n"
        axes = [_text(axis.find(f"{_CHART}title")) for axis in chart.iter(f"{_CHART}axis")]
        self._builder.add(" | ".join(dict.fromkeys(filter(None, axes))), before=before)
        footer = _text(chart.find(f"{_CHART}footer"))
        self._builder.add(footer)
        if len(rows) < 2:
            self._builder.leave_out(f"a chart{place}: its values are not saved in it")


def _cells(row: etree._Element) -> list[str]:
    texts = (_text(cell) for cell in row.iter(f"{_TABLE}table-cell"))
    return ["" if text.upper() in ("NAN", "1.#NAN") else text for text in texts]


def _text(element: etree._Element | None) -> str:
    """The paragraphs in an element, on one line."""
    found = () if element is None else element.iter(f"{_TEXT}p")
    return one_line(" ".join("".join(map(str, one.itertext())) for one in found))


def _size(frame: etree._Element) -> Size | None:
    sides = [_LENGTH.fullmatch(frame.get(f"{_SVG}{name}", "")) for name in ("width", "height")]
    try:
        width, height = (float(side.group(1)) * _POINTS[side.group(2)] for side in sides if side)
    except ValueError:
        return None
    return width, height
