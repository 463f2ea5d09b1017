"""Archives in a synced folder: the files in them, each with what is in it, as if they lay in a folder."""

from dataclasses import dataclass
from pathlib import Path

from index.documents.names import document_name
from index.errors import DocumentError
from index.intake.folder import Contents, FoundFile, Packed, Unsettled, read
from index.loaders import Digest, Limits, Unreadable, is_archive, look_into
from index.store.stamp import Stamp

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
        return None  # loading it says why
    known = Contents(b"", contents.sha256, contents.stamp)
    members: list[FoundFile] = []
    reason = ""
    for number, item in enumerate(look_into(Path(found.path), found.name, limits)):
        if item.name == found.name:
            assert isinstance(item, DocumentError)
            reason = item.reason
            break
        members.append(_member(found, number, item))
    check_unchanged(found)
    return Archive(found, known, tuple(members), reason)


def check_unchanged(archive: FoundFile) -> None:
    """Unsettled when the archive has changed since it was looked into."""
    if Stamp.of(Path(archive.path).stat()) != archive.stamp:
        raise Unsettled


def _member(archive: FoundFile, number: int, item: Digest | DocumentError) -> FoundFile:
    path = str(Path(archive.path, *item.name.removeprefix(f"{archive.name}/").split("/")))
    if isinstance(item, DocumentError):
        packed = Packed(archive, number, Contents(b"", "", Stamp.packed(0)), item.reason)
    else:
        packed = Packed(archive, number, Contents(b"", item.sha256, Stamp.packed(item.size)))
    return FoundFile(path, document_name(item.name), packed.contents.stamp, packed)
