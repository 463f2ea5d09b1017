"""PowerPoint: each slide's text, tables, charts, diagrams, notes and comments; slides count as pages."""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.embedded import Pictures, with_pictures
from index.loaders.formats.charts import write_chart
from index.loaders.formats.diagrams import diagram_text
from index.loaders.formats.office import described, main_part, relations
from index.loaders.formats.office_pictures import write_picture
from index.loaders.formats.pptx_text import Outline, text_of
from index.loaders.formats.strict import usual
from index.loaders.grids import Cell, spread
from index.loaders.header_rows import names_columns
from index.loaders.packages import open_package, parsed, part
from index.loaders.tables import table

MAX_GROUPS = 20  # groups of shapes inside each other

_SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_CHARTS = (
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
    "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart",
)
_SHAPES = {f"{_SLIDE}{name}" for name in ("sp", "graphicFrame", "pic", "cxnSp")}
_TITLES, _MARGINS = ("title", "ctrTitle"), ("ftr", "dt", "hdr")


def load_pptx(data: bytes) -> Loaded:
    """The slides in their order, each headed by its title."""
    return with_pictures(lambda pictures: _load(data, pictures))


def _load(data: bytes, pictures: Pictures) -> Loaded:
    with open_package(data) as original:
        data = usual(original, data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        main = main_part(package, "ppt/presentation.xml")
        builder = Builder()
        deck = _Deck(builder, package, pictures)
        targets = relations(package, main)
        for slide in parsed(part(package, main)).iter(f"{_SLIDE}sldId"):
            deck.write(targets.get(slide.get(f"{_RELATION}id", ""), ("", ""))[1])
        title, metadata = described(package)
        return builder.build(title=title, metadata=metadata)


class _Deck:
    """Writes slides one after another."""

    def __init__(self, builder: Builder, package: zipfile.ZipFile, pictures: Pictures) -> None:
        self._pictures = pictures
        self._builder = builder
        self._package = package
        self._names = set(package.namelist())
        self._margins: set[str] = set()  # what stands on every slide, once
        self._number = 0
        self._targets: dict[str, tuple[str, str]] = {}

    def write(self, name: str) -> None:
        if name not in self._names:
            raise Unreadable("it is damaged: a slide of it is missing")
        root = parsed(part(self._package, name))
        self._targets = relations(self._package, name)
        self._number += 1
        self._builder.start_page()
        shapes = list(_shapes(root.find(f"{_SLIDE}cSld/{_SLIDE}spTree"), 0))
        read = sum(
            [self._shape(shape) for shape in sorted(shapes, key=lambda shape: _kind(shape) not in _TITLES)]
        )
        if root.get("show") in ("0", "false"):
            self._builder.add("(hidden slide)")
        if not read and any(shape.tag == f"{_SLIDE}pic" for shape in shapes):
            self._builder.leave_out(f"slide {self._number}: only pictures, of which no text was read")
        self._layout()
        for notes in self._parts("/notesSlide"):
            self._notes(parsed(part(self._package, notes)))
        for comments in self._parts("/comments"):
            self._comments(parsed(part(self._package, comments)))

    def _parts(self, kind: str) -> list[str]:
        return [name for one, name in self._targets.values() if one.endswith(kind) and name in self._names]

    def _layout(self) -> None:
        """What the slide's layout and its master show on every slide, written once."""
        for layout in self._parts("/slideLayout"):
            inner = relations(self._package, layout)
            masters = [
                name for kind, name in inner.values() if kind.endswith("/slideMaster") and name in self._names
            ]
            for name in (layout, *masters):
                if name not in self._margins:
                    self._margins.add(name)
                    tree = parsed(part(self._package, name)).find(f"{_SLIDE}cSld/{_SLIDE}spTree")
                    for shape in _shapes(tree, 0):
                        if shape.tag == f"{_SLIDE}sp" and shape.find(f".//{_SLIDE}ph") is None:
                            self._once(self._text(shape))

    def _once(self, text: str) -> None:
        if text and text not in self._margins:
            self._margins.add(text)
            self._builder.add(text)

    def _notes(self, root: etree._Element) -> None:
        for shape in _shapes(root.find(f"{_SLIDE}cSld/{_SLIDE}spTree"), 0):
            if _kind(shape) == "body":
                self._builder.add(self._text(shape))

    def _comments(self, root: etree._Element) -> None:
        for comment in root.iter():
            name = etree.QName(comment).localname
            if name in ("cm", "reply"):
                old = comment.findtext(f"{_SLIDE}text")
                body = [one for one in comment if etree.QName(one).localname == "txBody"]
                text = (
                    old
                    if old is not None
                    else " ".join(t.text or "" for one in body for t in one.iter(f"{_DRAWING}t"))
                )
                if one_line(text):
                    self._builder.add(f"Comment: {one_line(text)}")

    def _shape(self, shape: etree._Element) -> bool:
        """Write a shape; whether there was text in it."""
        if shape.tag == f"{_SLIDE}graphicFrame":
            return self._frame(shape)
        if shape.tag == f"{_SLIDE}pic":
            place = f" on slide {self._number}"
            return write_picture(self._builder, self._pictures, self._package, self._targets, shape, place)
        text, kind = self._text(shape), _kind(shape)
        if kind == "sldNum" or not text:
            return False
        if kind in _TITLES:
            self._builder.add(one_line(text), level=1)
        elif kind in _MARGINS:
            self._once(text)
        else:
            self._builder.add(text)
        return kind not in _MARGINS

    def _text(self, shape: etree._Element) -> str:
        body = shape.find(f"{_SLIDE}txBody")
        outline = Outline()
        struck: list[str] = []
        lines = [] if body is None else [text_of(one, outline, struck) for one in body.iter(f"{_DRAWING}p")]
        for one in struck:
            self._builder.leave_out_struck(one)
        return "\n".join(filter(None, lines))

    def _frame(self, frame: etree._Element) -> bool:
        """A table, a chart, a diagram, or an object of another program."""
        place = f" on slide {self._number}"
        for element in frame.iter(f"{_DRAWING}tbl", _DIAGRAM, *_CHARTS):
            if element.tag == f"{_DRAWING}tbl":
                self._table(element)
                return True
            reference = "dm" if element.tag == _DIAGRAM else "id"
            name = self._targets.get(element.get(f"{_RELATION}{reference}", ""), ("", ""))[1]
            if name not in self._names:
                continue
            if element.tag == _DIAGRAM:
                self._builder.add(diagram_text(part(self._package, name)))
            else:
                write_chart(self._builder, part(self._package, name), place)
            return True
        kind = next((one.get("progId", "") for one in frame.iter(f"{_SLIDE}oleObj")), "")
        self._builder.leave_out(f"an embedded object{place} ({kind or 'of an unknown kind'})")
        return False

    def _table(self, element: etree._Element) -> None:
        properties = element.find(f"{_DRAWING}tblPr")
        marked = properties is not None and properties.get("firstRow") in ("1", "true")
        struck: list[str] = []
        grid = spread([list(_cells(row, struck)) for row in element.iter(f"{_DRAWING}tr")])
        for one in struck:
            self._builder.leave_out_struck(one)
        titles, lines, _ = table(grid, 0, lambda rows: marked and names_columns(rows))
        before = "\n\n"
        for line in [*titles, *lines]:
            self._builder.add(line, before=before)
            before = "\n"


def _cells(row: etree._Element, struck: list[str]) -> Iterator[Cell]:
    """The cells of a row that begin in it, those merged into others aside."""
    for cell in row.iter(f"{_DRAWING}tc"):
        if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
            continue
        outline = Outline()
        text = " ".join(text_of(one, outline, struck) for one in cell.iter(f"{_DRAWING}p"))
        yield Cell(one_line(text), _span(cell, "gridSpan"), _span(cell, "rowSpan"))


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 8 else 1


def _shapes(tree: etree._Element | None, depth: int) -> Iterator[etree._Element]:
    """The shapes below, those inside groups in their place; of two forms of one shape the newer."""
    for child in () if tree is None else tree:
        if child.tag in _SHAPES:
            yield child
        elif depth < MAX_GROUPS and child.tag in (f"{_SLIDE}grpSp", f"{_COMPATIBLE}Choice"):
            yield from _shapes(child, depth + 1)
        elif child.tag == f"{_COMPATIBLE}AlternateContent" and depth < MAX_GROUPS:
            forms = [one for one in child if len(one)]
            yield from _shapes(forms[0] if forms else None, depth + 1)


def _kind(shape: etree._Element) -> str:
    """What a placeholder is for; empty for other shapes."""
    placeholder = shape.find(f"*/{_SLIDE}nvPr/{_SLIDE}ph")
    return "" if placeholder is None else placeholder.get("type", "obj")
