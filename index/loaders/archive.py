"""ZIP archives of documents: the files in them, within limits, those of archives in archives included."""

import io
import posixpath
import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from index.errors import DocumentError
from index.loaders.archive_limits import ArchiveLimits
from index.loaders.builder import Unreadable
from index.loaders.kinds import is_archive
from index.loaders.packages import DAMAGED

MAX_DEPTH = 3  # archives inside each other, the outermost counted
MAX_MEMBER = 200 * 1024 * 1024
MAX_RATIO = 200  # times its packed size, for files over MIN_RATIO_BYTES; text is packed to a tenth or so
MIN_RATIO_BYTES = 10 * 1024 * 1024

_UTF_8_NAME = 0x800
_HIDDEN = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive, unpacked when it is read; `name` begins with the archive's."""

    name: str
    archive: zipfile.ZipFile
    part: zipfile.ZipInfo

    def read(self) -> bytes | Unreadable:
        """Its bytes, at most as many as the archive's directory said; or why there are none."""
        try:
            return self.archive.read(self.part)
        except MemoryError:
            return Unreadable("reading it takes more memory than is allowed")
        except DAMAGED:
            return Unreadable("it is damaged: the archive does not give it back whole")


class _UnpackingLeft:
    """What may still be unpacked of one archive and all that is inside."""

    def __init__(self, limits: ArchiveLimits) -> None:
        self._limits = limits
        self.members = limits.files
        self.bytes = limits.unpacked_bytes

    def spend(self, size: int) -> None:
        self.members -= 1
        self.bytes -= size
        if self.members < 0:
            raise Unreadable(f"it holds more than {self._limits.files:,} files")
        if self.bytes < 0:
            raise Unreadable(f"it unpacks to more than {self._limits.unpacked_bytes:,} bytes")


def members(
    data: bytes, name: str, limits: ArchiveLimits = ArchiveLimits()
) -> Iterator[Member | DocumentError]:
    """The visible files of an archive in their order; what is too large or secret comes as its error."""
    try:
        empty = True
        for member in _members(data, name, 1, _UnpackingLeft(limits)):
            empty = False
            yield member
        if empty:
            yield DocumentError(name, "no files in it")
    except Unreadable as error:
        yield DocumentError(name, str(error))


def _members(data: bytes, name: str, depth: int, budget: _UnpackingLeft) -> Iterator[Member | DocumentError]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as error:
        raise Unreadable("it is damaged: a ZIP archive that is not whole") from error
    latest = {_path(part): part for part in archive.infolist() if _is_visible(part)}
    for path, part in latest.items():
        inner = f"{name}/{path}"
        budget.spend(part.file_size)
        refused = _refused(part)
        if refused:
            yield DocumentError(inner, refused)
            continue
        member = Member(inner, archive, part)
        if path.lower().endswith(".zip"):
            yield from _inner_archive(member, depth, budget)
        else:
            yield member


def _inner_archive(member: Member, depth: int, budget: _UnpackingLeft) -> Iterator[Member | DocumentError]:
    content = member.read()
    try:
        if isinstance(content, Unreadable):
            raise content
        if not is_archive(content):
            yield member
        elif depth == MAX_DEPTH:
            raise Unreadable(f"archives are inside each other more than {MAX_DEPTH} deep")
        else:
            yield from _members(content, member.name, depth + 1, budget)
    except Unreadable as error:
        if budget.bytes < 0 or budget.members < 0:
            raise
        yield DocumentError(member.name, str(error))


def _path(part: zipfile.ZipInfo) -> str:
    """The member's path, in UTF-8 also where the archive does not say so, without ways out of it."""
    name = part.filename
    if not part.flag_bits & _UTF_8_NAME:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    steps = posixpath.normpath(name.replace("\\", "/")).split("/")
    return "/".join(step for step in steps if step not in ("", ".", ".."))


def _is_visible(part: zipfile.ZipInfo) -> bool:
    """Whether this is a file that is no link and that its owner sees."""
    steps = _path(part).split("/")
    hidden = any(step.startswith(".") or step in _HIDDEN for step in steps)
    return bool(steps[0]) and not part.is_dir() and not hidden and not stat.S_ISLNK(part.external_attr >> 16)


def _refused(part: zipfile.ZipInfo) -> str:
    """Why a member is not unpacked; nothing if it is."""
    if part.flag_bits & 1:
        return "it is encrypted; remove its password first"
    if part.file_size > MAX_MEMBER:
        return f"it has {part.file_size:,} bytes; the limit is {MAX_MEMBER:,}"
    if part.file_size > max(MIN_RATIO_BYTES, MAX_RATIO * part.compress_size):
        return f"it unpacks to {part.file_size:,} bytes, {MAX_RATIO} times more than it takes packed"
    return ""
