"""Word documents in reading order: numbered paragraphs, tables, notes, text boxes, charts, comments."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from docx.oxml.ns import qn
from lxml import etree

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.embedded import Pictures, with_pictures
from index.loaders.formats.charts import write_chart
from index.loaders.formats.diagrams import diagram_text
from index.loaders.formats.docx_numbering import BULLET, MAX_LEVELS, Numbering
from index.loaders.formats.docx_styles import DocxStyles
from index.loaders.formats.docx_tables import DocxTables
from index.loaders.formats.docx_text import GONE, PICTURES, TABLE, TEXT_BOX, Text, is_unfilled, text_of
from index.loaders.formats.office import described, main_part, relations
from index.loaders.formats.office_pictures import write_picture
from index.loaders.formats.strict import usual
from index.loaders.packages import open_package, parsed, part

_PARAGRAPH = qn("w:p")
_CONTROL, _SECTION, _CHUNK = qn("w:sdt"), qn("w:sectPr"), qn("w:altChunk")
_VALUE, _ID = qn("w:val"), qn("r:id")
_DIAGRAM_DATA = qn("r:dm")
_PAGE_NUMBER = re.compile(
    r"\W*(?:[^\W\d]{1,6}\.?)?\W*(?:\d{1,4}|[ivxlc]{1,6})?\W*(?:[^\W\d]{1,3}\W*\d{1,4})?\W*", re.I
)


def load_docx(data: bytes) -> Loaded:
    """The text of a Word document; headers and footers of its pages come once, at its end."""
    return with_pictures(lambda pictures: _load(data, pictures))


def _load(data: bytes, pictures: Pictures) -> Loaded:
    with open_package(data) as original:
        data = usual(original, data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        main = main_part(package, "word/document.xml")
        builder = Builder()
        writer = _DocxWriter(builder, package, main, pictures)
        title, metadata = described(package)
        body = parsed(part(package, main)).find(qn("w:body"))
        if body is None:
            raise Unreadable("it is damaged: its body is missing")
        writer.write(body)
        writer.write_margins(body)
        metadata["language"] = metadata.get("language") or writer.language
        return builder.build(title=title or writer.title, metadata=metadata)


class _DocxWriter:
    """Writes the blocks of a document's parts one after another."""

    def __init__(self, builder: Builder, package: zipfile.ZipFile, main: str, pictures: Pictures) -> None:
        self._pictures = pictures
        self._builder = builder
        self._package = package
        self._targets = relations(package, main)
        styles = self._part("/styles")
        self._styles = DocxStyles(styles)
        self._numbering = Numbering(self._part("/numbering"))
        language = None if styles is None else next(styles.iter(qn("w:lang")), None)
        self.language = "" if language is None else language.get(_VALUE, "")
        self._notes = {kind: self._by_id(f"/{kind}s", kind) for kind in ("footnote", "endnote", "comment")}
        self._carried = ""  # of a paragraph whose end was deleted
        self.title = ""

    def _part(self, kind: str) -> etree._Element | None:
        names = set(self._package.namelist())
        found = [name for one, name in self._targets.values() if one.endswith(kind) and name in names]
        return parsed(part(self._package, found[0])) if found else None

    def _by_id(self, kind: str, tag: str) -> dict[str, etree._Element]:
        root = self._part(kind)
        return {} if root is None else {one.get(qn("w:id"), ""): one for one in root.iter(qn(f"w:{tag}"))}

    def write(self, parent: etree._Element) -> None:
        for block in self._inside(parent, _PARAGRAPH, TABLE, _CHUNK):
            if block.tag == TABLE:
                self._table(block)
            elif block.tag == _CHUNK:
                self._chunk(block)
            else:
                self._paragraph(block)
        self._carry("")

    def _carry(self, text: str) -> None:
        if self._carried and not text:
            self._builder.add(self._carried)
        self._carried = text

    def write_margins(self, body: etree._Element) -> None:
        """What stands in the margins of the pages, each text once; page numbers alone are left out."""
        seen: set[str] = set()
        names = set(self._package.namelist())
        for section in body.iter(_SECTION):
            for reference in section:
                kind = str(reference.tag).removesuffix("Reference").rpartition("}")[2]
                name = self._targets.get(reference.get(_ID, ""), ("", ""))[1]
                if kind in ("header", "footer") and name in names and name not in seen:
                    seen.add(name)
                    self._margin(kind, parsed(part(self._package, name)), seen)

    def _margin(self, kind: str, root: etree._Element, seen: set[str]) -> None:
        parts = [text_of(paragraph, self._styles) for paragraph in root.iter(_PARAGRAPH)]
        lines = [one_line(text.written) for text in parts]
        text = " | ".join(line for line in lines if line and not _PAGE_NUMBER.fullmatch(line))
        if text and text not in seen:
            seen.add(text)
            self._builder.add(f"Page {kind}: {text}")

    def _paragraph(self, paragraph: etree._Element) -> None:
        found = text_of(paragraph, self._styles)
        text = "\n".join(filter(None, map(one_line, f"{self._carried}{found.written}".split("\n"))))
        style = _property(paragraph, "w:pStyle")
        mark = self._mark(paragraph, style) if text or not found.struck else ""
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            self._carry(f"{text} " if text else "")
            self._after(found)
            return
        self._carried = ""
        level = self._level(paragraph, style)
        if level == 0 and not self.title:
            self.title = one_line(text)
        text = f"{mark} {text}" if mark and text else text
        if level >= 0:
            self._builder.add(one_line(text), level=max(level, 1))
        else:
            listed = bool(mark) or style.startswith("List")
            item = listed and mark in ("", BULLET)
            self._builder.add(text, before="\n" if listed else "\n\n", bold=not (found.light or item))
        self._after(found)

    def _level(self, paragraph: etree._Element, style: str) -> int:
        outline = _property(paragraph, "w:outlineLvl")
        level = self._styles.level(style)
        return int(outline) + 1 if level < 0 and outline.isdecimal() and int(outline) < 9 else level

    def _mark(self, paragraph: etree._Element, style: str) -> str:
        """The number or bullet that Word puts before the paragraph."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        number, level, owner = self._styles.numbering(style)
        if own is not None and (given := own.find(qn("w:numId"))) is not None:
            number, owner = given.get(_VALUE, ""), ""
        if own is not None and (given := own.find(qn("w:ilvl"))) is not None:
            level = given.get(_VALUE, "")
        if not number or number == "0":
            return ""
        linked = self._numbering.level_of_style(owner or style, number)
        index = int(level) if level.isdecimal() else linked
        return self._numbering.next(number, min(index, MAX_LEVELS - 1))

    def _after(self, found: Text) -> None:
        """What hangs on a paragraph: notes and comments, text boxes, charts."""
        for struck in ["".join(found.struck)] if found.struck else ():
            self._builder.leave_out_struck(struck)
        for kind, number in found.notes:
            note = self._notes[kind].pop(number, None)
            if note is not None:
                self._note(kind, note)
        for element in found.anchored:
            self._anchored(element)

    def _note(self, kind: str, note: etree._Element) -> None:
        if kind != "comment":
            self.write(note)
            return
        texts = (one_line(text_of(one, self._styles).written) for one in note.iter(_PARAGRAPH))
        author = one_line(note.get(qn("w:author"), ""))
        text = " ".join(filter(None, texts))
        if text:
            self._builder.add(f"Comment{f' by {author}' if author else ''}: {text}")

    def _anchored(self, element: etree._Element) -> None:
        if element.tag == TEXT_BOX:
            self.write(element)
            return
        if element.tag in PICTURES:
            write_picture(self._builder, self._pictures, self._package, self._targets, element)
            return
        name = self._targets.get(element.get(_DIAGRAM_DATA, "") or element.get(_ID, ""), ("", ""))[1]
        if name not in self._package.namelist():
            return
        if element.get(_DIAGRAM_DATA):
            self._builder.add(diagram_text(part(self._package, name)))
        elif str(element.tag).endswith("OLEObject"):
            kind = element.get("ProgID", "").partition(".")[0] or "another program"
            self._builder.leave_out(f"an embedded object of {kind} ({posixpath.basename(name)})")
        else:
            write_chart(self._builder, part(self._package, name), "")

    def _chunk(self, chunk: etree._Element) -> None:
        """Another document that Word shows in this place."""
        from index.loaders.load import parse  # which knows all loaders, this one too

        name = self._targets.get(chunk.get(_ID, ""), ("", ""))[1]
        try:
            inserted = self._pictures.once(name, lambda: parse(part(self._package, name), name))
            self._builder.include(inserted)
        except Unreadable as error:
            self._builder.leave_out(f"the inserted document {posixpath.basename(name)}: {error}")

    def _table(self, element: etree._Element) -> None:
        tables = DocxTables(self._styles, self._inside, self._shown)
        before = "\n\n"
        for line in tables.lines(element):
            self._builder.add(line, before=before)
            before = "\n"
        for found in tables.hanging:
            self._after(found)

    def _shown(self, paragraph: etree._Element) -> tuple[str, Text]:
        """A paragraph's text after its number, and what was found in it."""
        found = text_of(paragraph, self._styles)
        mark = self._mark(paragraph, _property(paragraph, "w:pStyle"))
        return f"{mark} {found.written}" if mark else found.written, found

    def _inside(self, parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
        """The outermost elements with one of these tags below `parent`, without recursion."""
        waiting = list(reversed(parent))
        while waiting:
            element = waiting.pop()
            if element.tag in tags:
                yield element
            elif element.tag == _CONTROL and is_unfilled(element):
                self._builder.leave_out("form fields that show only their prompt")
            elif element.tag not in GONE:
                waiting.extend(reversed(element))


def _property(paragraph: etree._Element, name: str) -> str:
    element = paragraph.find(f"{qn('w:pPr')}/{qn(name)}")
    return "" if element is None else element.get(_VALUE, "")
