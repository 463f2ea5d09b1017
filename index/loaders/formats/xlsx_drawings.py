"""What lies over the cells of a sheet: comments, charts, text boxes, diagrams."""

import zipfile
from collections.abc import Mapping

from lxml import etree

from index.loaders.builder import Builder, one_line
from index.loaders.embedded import Pictures
from index.loaders.formats.charts import write_chart
from index.loaders.formats.diagrams import diagram_text
from index.loaders.formats.office import relations
from index.loaders.formats.office_pictures import write_picture
from index.loaders.formats.xlsx_cells import rich_text
from index.loaders.packages import parsed, part

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_THREADED = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SHEET_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"

Relations = Mapping[str, tuple[str, str]]


def write_comments(builder: Builder, package: zipfile.ZipFile, targets: Relations) -> None:
    """The comments on the cells of a sheet, each with its place."""
    threaded: set[str] = set()
    for name in _parts(package, targets, "/threadedComment"):
        for comment in parsed(part(package, name)).iter(f"{_THREADED}threadedComment"):
            threaded.add(comment.get("ref", ""))
            write_comment(builder, comment.get("ref", ""), "", comment.findtext(f"{_THREADED}text") or "")
    for name in _parts(package, targets, "/comments"):
        root = parsed(part(package, name))
        authors = [one_line(author.text or "") for author in root.iter(f"{_MAIN}author")]
        for comment in root.iter(f"{_MAIN}comment"):
            text, place = comment.find(f"{_MAIN}text"), comment.get("ref", "")
            if text is not None and place not in threaded:
                number = comment.get("authorId", "")
                known = number.isdecimal() and int(number) < len(authors)
                write_comment(builder, place, authors[int(number)] if known else "", rich_text(text)[0])


def write_comment(builder: Builder, place: str, author: str, text: str) -> None:
    """One comment; programs write its author at its beginning too."""
    text = one_line(text).removeprefix(f"{author}:").strip()
    if text:
        builder.add(f"Comment on {place}{f' by {author}' if author else ''}: {text}")


def write_drawings(
    builder: Builder, package: zipfile.ZipFile, targets: Relations, pictures: Pictures, place: str
) -> None:
    """Charts, text boxes, diagrams and pictures of a sheet."""
    for name in _parts(package, targets, "/drawing"):
        root, inner = parsed(part(package, name)), relations(package, name)
        for shape in root.iter(f"{_SHEET_DRAWING}txBody"):
            builder.add("\n".join(filter(None, map(_paragraph, shape.iter(f"{_DRAWING}p")))))
        for chart in (*_parts(package, inner, "/chart"), *_parts(package, inner, "/chartEx")):
            write_chart(builder, part(package, chart), place)
        for diagram in _parts(package, inner, "/diagramData"):
            builder.add(diagram_text(part(package, diagram)))
        for picture in root.iter(f"{_SHEET_DRAWING}pic"):
            write_picture(builder, pictures, package, inner, picture, place)


def _parts(package: zipfile.ZipFile, targets: Relations, kind: str) -> list[str]:
    names = set(package.namelist())
    return [name for one, name in targets.values() if one.endswith(kind) and name in names]


def _paragraph(paragraph: etree._Element) -> str:
    return one_line("".join(text.text or "" for text in paragraph.iter(f"{_DRAWING}t")))
