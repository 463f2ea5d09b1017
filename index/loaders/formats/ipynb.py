"""Jupyter notebooks: the text, the code and what it printed, cell by cell."""

import json
from collections.abc import Iterator
from typing import Any

from index.loaders.builder import Builder, Loaded, Unreadable
from index.loaders.encoding import decode
from index.loaders.formats.markdown import load_markdown

MAX_OUTPUT = 20_000  # characters of one output; more is a log


def load_ipynb(data: bytes) -> Loaded:
    """A notebook's cells in their order; pictures among the outputs are left out."""
    try:
        notebook = json.loads(decode(data))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no notebook: not valid JSON ({error})") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("it is no notebook of version 4: it has no cells")
    builder = Builder()
    for cell in cells:
        if isinstance(cell, dict):
            _write(builder, cell)
    return builder.build()


def _write(builder: Builder, cell: dict[str, Any]) -> None:
    source = _joined(cell.get("source"))
    if cell.get("cell_type") == "markdown":
        builder.include(load_markdown(source.encode(errors="replace")))
        return
    builder.add(source)
    for output in cell.get("outputs") or ():
        if isinstance(output, dict):
            for text in _shown(output):
                builder.add(text[:MAX_OUTPUT])


def _shown(output: dict[str, Any]) -> Iterator[str]:
    """The text of an output: what was printed, a value, or the last line of an error."""
    yield _joined(output.get("text"))
    data = output.get("data")
    yield _joined(data.get("text/plain")) if isinstance(data, dict) else ""
    if output.get("output_type") == "error":
        yield f"{output.get('ename', '')}: {output.get('evalue', '')}"


def _joined(lines: object) -> str:
    """Notebooks hold texts whole or as a list of lines."""
    if isinstance(lines, str):
        return lines
    return "".join(filter(lambda line: isinstance(line, str), lines)) if isinstance(lines, list) else ""
