"""Archives in a synced folder: the files in them, each with what is in it, as if they lay in a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.documents.document import Document
from index.errors import DocumentError
from index.intake.folder import Contents, FoundFile, Packed, Stamp, Unsettled, document_name, read, shown
from index.loaders import Digest, Limits, Unreadable, extract, is_archive, look_into

_SIGNATURE = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that was looked into: what is known of itself, and its files in their order.

    `reason` says why they are not all of its files; empty when they are.
    """

    found: FoundFile
    contents: Contents
    members: tuple[FoundFile, ...]
    reason: str = ""


def archive_in(found: FoundFile, limits: Limits) -> Archive | None:
    """The archive that a file is, if it is one that can be opened.

    The files in it are unpacked in a process of their own, and nothing is kept but their checksums. Unsettled
    when it is being written, OSError when it is locked.
    """
    with Path(found.path).open("rb") as file:
        if file.read(len(_SIGNATURE)) != _SIGNATURE:
            return None
    contents = read(found)
    try:
        if not is_archive(contents.data):
            return None
    except Unreadable:
        return None  # whoever loads it says why
    known = Contents(b"", contents.sha256, contents.stamp)
    members: list[FoundFile] = []
    reason = ""
    for number, item in enumerate(look_into(Path(found.path), found.name, limits)):
        if item.name == found.name:
            assert isinstance(item, DocumentError)
            reason = item.reason
            break
        members.append(_member(found, number, item))
    _still(found)
    return Archive(found, known, tuple(members), reason)


def _member(archive: FoundFile, number: int, item: Digest | DocumentError) -> FoundFile:
    path = str(Path(archive.path, *item.name.removeprefix(f"{archive.name}/").split("/")))
    if isinstance(item, DocumentError):
        packed = Packed(archive, number, Contents(b"", "", Stamp.packed(0)), item.reason)
    else:
        packed = Packed(archive, number, Contents(b"", item.sha256, Stamp.packed(item.size)))
    return FoundFile(path, document_name(item.name), packed.contents.stamp, packed)


class Unpacking:
    """The documents in some files of one archive, asked for one after the other in their order."""

    def __init__(self, members: Sequence[FoundFile], collection: str, limits: Limits) -> None:
        assert members[0].packed
        self._archive = members[0].packed.archive
        numbers = [member.packed.number for member in members if member.packed]
        self._left = len(numbers)
        self._items = extract(
            Path(self._archive.path),
            name=self._archive.name,
            collection=collection,
            metadata={"source": shown(self._archive.path)},
            limits=limits,
            only=numbers,
        )
        self._ended: DocumentError | None = None

    def document(self, member: FoundFile) -> Document:
        """The document in the next file, which is `member`; DocumentError when it can't be read.

        Unsettled when the archive has changed since it was looked into, FileNotFoundError when it is gone.
        """
        item = self._ended or next(self._items, None)
        self._left -= 1
        if not self._left:
            for _ in self._items:  # to its end, so that the process which reads is free for others
                pass
        _still(self._archive)
        if item is None:
            raise Unsettled
        if isinstance(item, DocumentError):
            self._ended = item if item.name == self._archive.name else None
            raise item
        return item


def _still(archive: FoundFile) -> None:
    if Stamp.of(Path(archive.path).stat()) != archive.stamp:
        raise Unsettled
