"""PowerPoint: the text of each slide, its tables and its notes; slides count as pages."""

import io
from collections.abc import Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PackageNotFoundError

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.packages import DAMAGED, open_package
from index.loaders.tables import lines, names_columns

MAX_GROUPS = 20  # groups of shapes inside each other

_TITLES = (1, 3)  # the placeholder types of a slide's title, centred or not


def load_pptx(data: bytes) -> Loaded:
    """The slides in their order, each headed by its title."""
    open_package(data).close()
    try:
        presentation = Presentation(io.BytesIO(data))
    except (PackageNotFoundError, *DAMAGED) as error:
        raise Unreadable("it is damaged: PowerPoint's parts can't be read") from error
    builder = Builder()
    for slide in presentation.slides:
        builder.start_page()
        for shape in _shapes(slide.shapes, 0):
            _write(builder, shape)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            builder.add(_text(slide.notes_slide.notes_text_frame))
    properties = presentation.core_properties
    date = properties.modified or properties.created
    metadata = {"author": one_line(properties.author or ""), "date": date.date().isoformat() if date else ""}
    title = one_line(properties.title or "")
    return builder.build(title="" if title == "PowerPoint Presentation" else title, metadata=metadata)


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """The shapes with text or a table, the title first, those inside groups in their place."""
    for shape in sorted(shapes, key=lambda shape: not _is_title(shape)):
        if hasattr(shape, "shapes"):
            if depth < MAX_GROUPS:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _is_title(shape: Any) -> bool:
    return bool(shape.is_placeholder) and shape.placeholder_format.type in _TITLES


def _write(builder: Builder, shape: Any) -> None:
    if getattr(shape, "has_table", False) and shape.has_table:
        before = "\n\n"
        rows = [[one_line(cell.text) for cell in row.cells] for row in shape.table.rows]
        header = len(rows) > 1 and bool(shape.table.first_row) and names_columns(rows)
        for line in lines(rows, int(header)):
            builder.add(line, before=before)
            before = "\n"
    elif shape.has_text_frame:
        text = _text(shape.text_frame)
        if _is_title(shape):
            builder.add(one_line(text), level=1)
        else:
            builder.add(text)


def _text(frame: Any) -> str:
    """The paragraphs of a shape, one a line."""
    paragraphs = (paragraph.text.replace("\v", " ") for paragraph in frame.paragraphs)
    return "\n".join(filter(None, map(one_line, paragraphs)))
