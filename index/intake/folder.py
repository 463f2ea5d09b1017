"""A folder on disk as a sync sees it: the files in it, what is known of each unread, its bytes."""

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.documents.names import document_name, shown
from index.errors import FolderError
from index.loaders import MAX_BYTES
from index.loaders.walk import walk
from index.store.stamp import Stamp

_SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Contents:
    """A file's bytes, their SHA-256, and the stamp to keep."""

    data: bytes
    sha256: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file in the folder; `name` is its path from there, as it is shown.

    The path of a file in an archive goes on behind the archive's as if that were a folder.
    """

    path: str
    name: str
    stamp: Stamp
    packed: "Packed | None" = None

    def changed_within(self, seconds: float) -> bool:
        """Whether it was written to in the last `seconds`; a clock that runs ahead counts as long ago."""
        return 0 <= time.time_ns() - self.stamp.mtime_ns < seconds * _SECOND_NS


@dataclass(frozen=True, slots=True)
class Packed:
    """How a file lies in its archive: at which place, from 0, with what in it, or why that can't be read."""

    archive: FoundFile
    number: int
    contents: Contents
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """The files by path, in order, and why some paths could not be looked at, nor what is below them."""

    files: dict[str, FoundFile]
    unreadable: dict[str, str]

    def shows(self, path: str) -> bool:
        """Whether a file's absence from `files` means that it is not there."""
        return not any(path == place or below(path, place) for place in self.unreadable)


class Unsettled(Exception):
    """A file changed while it was read: what was read is of no use."""


def scan(folder: str, leave_out: Path) -> Scan:
    """The files of `walk` below `folder`, which is absolute, links followed.

    FolderError when the folder itself can't be listed.
    """
    seen = Scan({}, {})
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise FolderError(f"The folder {shown(folder)} can't be opened: {error.strerror}.") from error
    for entry in walk(folder, seen.unreadable, os.path.realpath(leave_out)):
        try:
            stamp = Stamp.of(entry.stat())
        except FileNotFoundError:
            continue
        except OSError as error:
            seen.unreadable[entry.path] = error.strerror or str(error)
            continue
        seen.files[entry.path] = FoundFile(entry.path, name_in(folder, entry.path), stamp)
    return seen


def read(file: FoundFile) -> Contents:
    """The file's bytes, whole and of one moment; Unsettled when it is being written, OSError when locked.

    A file over the limit of what can be loaded gives no bytes, and as its SHA-256 that of its size.
    """
    time.sleep(file.stamp.seconds_to_settle(time.time_ns()))
    began = time.time_ns()
    with Path(file.path).open("rb") as opened:
        before = os.fstat(opened.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise Unsettled
        if before.st_size > MAX_BYTES:
            size = hashlib.sha256(f"{before.st_size} bytes".encode()).hexdigest()
            return Contents(b"", size, Stamp.of(before).kept(began))
        data = opened.read(MAX_BYTES + 1)
        after = os.fstat(opened.fileno())
    if len(data) != before.st_size or Stamp.of(before) != Stamp.of(after):
        raise Unsettled
    return Contents(data, hashlib.sha256(data).hexdigest(), Stamp.of(before).kept(began))


def name_in(folder: str, path: str) -> str:
    """A path as it is shown when `folder` is synced."""
    inside = path[len(folder.rstrip(os.sep)) + 1 :] if below(path, folder) else path
    return document_name(inside)


def below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def around(path: str, folder: str) -> Iterator[str]:
    """The paths below `folder` that a path goes through, the nearest first: one may be that of an archive."""
    while below(path := path.rpartition(os.sep)[0], folder):
        yield path
