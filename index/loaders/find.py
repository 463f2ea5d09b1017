"""From what the user names (files, folders, patterns) to the files to load."""

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from index.errors import DocumentError
from index.loaders.load import clean_name


class Found(NamedTuple):
    """A file to load and the name of its document: for a file in a folder, its path from there with '/'."""

    path: Path
    name: str


def find(paths: Iterable[Path | str]) -> Iterator[Found | DocumentError]:
    """The files in the order given, those of a folder or pattern sorted, each once.

    Hidden files and folders are skipped, and links that lead out of the folder. A path that does not exist
    comes as a DocumentError in its place, so that the others are still found.
    """
    seen: set[str] = set()
    for path in paths:
        for item in _expand(str(path)):
            if isinstance(item, Found):
                real = os.path.realpath(item.path)
                if real in seen:
                    continue
                seen.add(real)
            yield item


def _expand(given: str) -> Iterator[Found | DocumentError]:
    path = Path(given).expanduser()
    try:
        if path.is_dir():
            yield from _folder(path)
        elif path.exists():
            yield Found(path, clean_name(path.name))
        elif glob.has_magic(given):
            yield from _pattern(str(path))
        else:
            yield DocumentError(clean_name(given), "no such file or folder")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        yield DocumentError(clean_name(given), f"it can't be opened: {reason}")


def _folder(folder: Path) -> Iterator[Found | DocumentError]:
    """The visible files below a folder, by name; `os.walk` enters no linked folder."""
    root = os.path.realpath(folder)
    errors: list[DocumentError] = []

    def unreadable(error: OSError) -> None:
        errors.append(DocumentError(clean_name(str(error.filename)), f"it can't be opened: {error.strerror}"))

    for parent, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if not name.startswith(".") and _stays_inside(path, root):
                yield Found(path, clean_name(path.relative_to(folder).as_posix()))
    yield from errors


def _stays_inside(path: Path, root: str) -> bool:
    """Whether the file, every link followed, lies below `root`."""
    return os.path.realpath(path).startswith(f"{root.rstrip(os.sep)}{os.sep}")


def _pattern(pattern: str) -> Iterator[Found | DocumentError]:
    """The visible files that a pattern matches, named by their path from its fixed beginning.

    `Path.glob` enters no linked folder, where the glob module would go round in circles.
    """
    fixed = Path(pattern)
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    wild = str(Path(pattern).relative_to(fixed))
    hidden = any(part.startswith(".") for part in Path(wild).parts)
    root = os.path.realpath(fixed)
    found = False
    for path in sorted(fixed.glob(f"{wild}/*" if wild.endswith("**") else wild)):
        name = path.relative_to(fixed)
        visible = hidden or not any(part.startswith(".") for part in name.parts)
        if visible and path.is_file() and _stays_inside(path, root):
            found = True
            yield Found(path, clean_name(name.as_posix()))
    if not found:
        yield DocumentError(clean_name(pattern), "no file matches this pattern")
