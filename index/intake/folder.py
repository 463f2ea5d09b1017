"""A folder on disk as a sync sees it: the files in it, what is told of each without reading it, its bytes."""

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from index.documents.document import normalise
from index.errors import FolderError
from index.loaders.load import MAX_BYTES, clean_name

# Written by programs for themselves, and gone again soon: office locks, downloads and copies under way.
_PASSING = re.compile(r"~\$.*|.*~|.*\.(?:tmp|part|partial|crdownload|download|swp)", re.I | re.S)
# A file may change again, unseen, within one tick of its file system's clock: of FAT (which keeps whole
# seconds) in two seconds, of others in a few milliseconds, which are waited for.
_COARSE_TICK_NS = 2_000_000_000
_TICK_NS = 20_000_000
_SECOND_NS = 1_000_000_000
_DOUBTFUL = -1


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is told of a file without reading it: bytes, and when content and inode changed, in ns."""

    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @classmethod
    def packed(cls, size: int) -> "Stamp":
        """That of a file in an archive, which is looked at whenever its archive is, and equals none."""
        return cls(size, _DOUBTFUL, _DOUBTFUL)

    def kept(self, read_ns: int) -> "Stamp":
        """The stamp to keep for a file read at `read_ns`: it equals none if it may yet change unseen."""
        whole_second = self.mtime_ns % _SECOND_NS == 0
        if whole_second and 0 <= read_ns - self.mtime_ns < _COARSE_TICK_NS:
            return Stamp(self.size, _DOUBTFUL, _DOUBTFUL)
        return self

    def seconds_to_settle(self, now_ns: int) -> float:
        """How long to wait until another change would show."""
        age = now_ns - max(self.mtime_ns, self.ctime_ns)
        return (_TICK_NS - age) / _SECOND_NS if 0 <= age < _TICK_NS else 0.0


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file in the folder; `name` is its path from there, as it is shown and as a document has it.

    The path of a file in an archive goes on behind the archive's as if that were a folder.
    """

    path: str
    name: str
    stamp: Stamp
    packed: "Packed | None" = None

    @property
    def suffix(self) -> str:
        return suffix_of(self.path)

    def changed_within(self, seconds: float) -> bool:
        """Whether it was written to in the last `seconds`; a clock that runs ahead counts as long ago."""
        return 0 <= time.time_ns() - self.stamp.mtime_ns < seconds * _SECOND_NS


@dataclass(frozen=True, slots=True)
class Contents:
    """A file's bytes, their SHA-256, and the stamp to keep."""

    data: bytes
    sha256: str
    stamp: Stamp


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

    def tells_of(self, path: str) -> bool:
        """Whether a file's absence from `files` means that it is not there."""
        return not any(
            path == place or path.startswith(place.rstrip(os.sep) + os.sep) for place in self.unreadable
        )


class Unsettled(Exception):
    """A file changed while it was read: what was read is of no use."""


def scan(folder: str, leave_out: Path) -> Scan:
    """The visible files below `folder` (which is absolute, links followed), but not those below `leave_out`.

    Hidden files and folders are skipped, those that programs keep for a moment, linked folders, and links
    that lead out. FolderError when the folder itself can't be listed.
    """
    seen = Scan({}, {})
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise FolderError(f"The folder {shown(folder)} can't be opened: {error.strerror}.") from error
    for entry in _entries(folder, os.path.realpath(leave_out), seen.unreadable):
        try:
            if entry.is_file() and (not entry.is_symlink() or _stays_inside(entry.path, folder)):
                name = document_name(os.path.relpath(entry.path, folder))
                seen.files[entry.path] = FoundFile(entry.path, name, Stamp.of(entry.stat()))
        except FileNotFoundError:
            continue
        except OSError as error:
            seen.unreadable[entry.path] = error.strerror or str(error)
    return seen


def _entries(folder: str, leave_out: str, unreadable: dict[str, str]) -> Iterator["os.DirEntry[str]"]:
    folders = [folder]
    while folders:
        parent = folders.pop()
        try:
            with os.scandir(parent) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except OSError as error:
            unreadable[parent] = error.strerror or str(error)
            continue
        below: list[str] = []
        for entry in entries:
            if entry.name.startswith(".") or entry.path == leave_out:
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.path)
            elif not _PASSING.fullmatch(entry.name):
                yield entry
        folders += reversed(below)


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


def below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def around(path: str, folder: str) -> Iterator[str]:
    """The paths below `folder` that a path goes through, the nearest first: one may be that of an archive."""
    while below(path := path.rpartition(os.sep)[0], folder):
        yield path


def document_name(relative: str) -> str:
    """A path in a folder as a document's name: '/' between its parts, and nothing that can't be shown."""
    return normalise(clean_name(shown(relative).replace(os.sep, "/"))) or "\ufffd"


def shown(path: str) -> str:
    r"""The path as text that can be stored; bytes that are no UTF-8 become `\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def suffix_of(path: str) -> str:
    return PurePath(path).suffix.lower()


def _stays_inside(path: str, folder: str) -> bool:
    return os.path.realpath(path).startswith(folder.rstrip(os.sep) + os.sep)
