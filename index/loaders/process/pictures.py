"""Pages of PDFs as they look, made in the process that reads files, with its limits."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import DocumentError
from index.loaders.process.isolation import messages
from index.loaders.process.processes import Limits


@dataclass(frozen=True, slots=True)
class SourcePdf:
    """A PDF to be looked at: the path in the archive at hand, if it is one, and the SHA-256 it must have."""

    inner: str
    sha256: str


def page_shapes(path: Path, name: str, source: SourcePdf, limits: Limits) -> list[tuple[float, float]]:
    """The width and height of each page in points; DocumentError when the file is gone, changed or bad."""
    return [(width, height) for width, height in _answer(path, name, source, 0, 0, limits)["shapes"]]


def page_picture(path: Path, name: str, source: SourcePdf, page: int, width: int, limits: Limits) -> bytes:
    """The page, counted from 1, as a WebP about `width` pixels wide; DocumentError as above."""
    return base64.b64decode(_answer(path, name, source, page, width, limits)["picture"])


def _answer(
    path: Path, name: str, source: SourcePdf, page: int, width: int, limits: Limits
) -> Mapping[str, Any]:
    request = {"path": str(path), "look": {**asdict(source), "page": page, "width": width}}
    size = path.stat().st_size if path.is_file() else 0
    (message,) = list(messages(request, name, limits, size))
    if "error" in message:
        raise DocumentError(name, message["error"])
    return message
