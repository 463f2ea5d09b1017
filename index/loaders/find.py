"""From what the user names (files, folders, patterns) to the files to load."""

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from index.documents.names import document_name
from index.errors import DocumentError
from index.loaders.walk import is_passing, stays_inside, walk


class NamedFile(NamedTuple):
    """A file to load and the name of its document: for a file in a folder, its path from there with '/'."""

    path: Path
    name: str


def find(
    paths: Iterable[Path | str | NamedFile], leave_out: Path | None = None
) -> Iterator[NamedFile | DocumentError]:
    """The files in the order given, those of a folder or pattern sorted, each once.

    Of folders and patterns the files are those of `walk`. A path that does not exist comes as a
    DocumentError in its place, so that the others are still found. A NamedFile stays as it is.
    """
    seen: set[str] = set()
    for path in paths:
        for item in [path] if isinstance(path, NamedFile) else _expand(str(path), leave_out):
            if isinstance(item, NamedFile):
                place = source_of(item.path)
                if place in seen:
                    continue
                seen.add(place)
            yield item


def source_of(path: Path) -> str:
    """The absolute path by which a file is identified; a link is not its target."""
    return str(path.parent.resolve() / path.name)


def _expand(given: str, leave_out: Path | None) -> Iterator[NamedFile | DocumentError]:
    path = Path(given).expanduser()
    try:
        if path.is_dir():
            yield from _folder(path, leave_out)
        elif path.exists():
            yield NamedFile(path, document_name(path.name))
        elif glob.has_magic(given):
            yield from _pattern(str(path))
        else:
            yield DocumentError(document_name(given), "no such file or folder")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        yield DocumentError(document_name(given), f"it can't be opened: {reason}")


def _folder(folder: Path, leave_out: Path | None) -> Iterator[NamedFile | DocumentError]:
    """The files below a folder, and what of it could not be looked at."""
    unreadable: dict[str, str] = {}
    folder = folder.resolve()
    for entry in walk(str(folder), unreadable, os.path.realpath(leave_out) if leave_out else ""):
        yield NamedFile(Path(entry.path), document_name(os.path.relpath(entry.path, folder)))
    for path, reason in unreadable.items():
        yield DocumentError(document_name(path), f"it can't be opened: {reason}")


def _pattern(pattern: str) -> Iterator[NamedFile | DocumentError]:
    """The visible files that a pattern matches, named by their path from its fixed beginning.

    Files that programs keep for a moment are left out, unless the pattern asks for such names.
    `Path.glob` enters no linked folder, where the glob module would go round in circles.
    """
    fixed = Path(pattern)
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    wild = str(Path(pattern).relative_to(fixed))
    hidden = any(part.startswith(".") for part in Path(wild).parts)
    passing = is_passing(Path(wild).name)
    root = os.path.realpath(fixed)
    found = False
    for path in sorted(fixed.glob(f"{wild}/*" if wild.endswith("**") else wild)):
        name = path.relative_to(fixed)
        visible = hidden or not any(part.startswith(".") for part in name.parts)
        meant = visible and (passing or not is_passing(path.name))
        if meant and path.is_file() and stays_inside(str(path), root):
            found = True
            yield NamedFile(path, document_name(str(name)))
    if not found:
        yield DocumentError(document_name(pattern), "no file matches this pattern")
