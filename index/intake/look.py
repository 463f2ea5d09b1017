"""Looks at a folder, and into the files that may have changed."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.documents.names import shown
from index.errors import FolderError
from index.intake.archives import Archive, archive_in
from index.intake.folder import Contents, FoundFile, Scan, Unsettled, read, scan
from index.loaders import Limits
from index.store.synced_files import SyncedFile


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at files: those to be compared, the archives, and what can't be read now."""

    files: list[FoundFile] = field(default_factory=list)
    archives: list[Archive] = field(default_factory=list)
    waiting: list[FoundFile] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def reading(self, found: FoundFile) -> Iterator[None]:
        """Notes that a file can't be read now."""
        try:
            yield
        except (Unsettled, FileNotFoundError):
            self.waiting.append(found)
        except OSError as error:
            self.unreadable[found.path] = error.strerror or str(error)

    def contents_of(self, found: FoundFile) -> Contents | None:
        """What is in the file, without its bytes; None when it can't be read now."""
        if found.packed:
            return found.packed.contents
        with self.reading(found):
            return replace(read(found), data=b"")
        return None


def look(folder: str, leave_out: Path, known: Iterable[SyncedFile], delete_all: bool) -> Scan:
    """The folder's files; FolderError when it is not there or empty though files of it are known.

    A folder whose disk is not mounted looks like that. `delete_all` says that it is meant.
    """
    number = sum(1 for file in known if file.document_id)
    try:
        seen = scan(folder, leave_out)
    except FolderError as error:
        if not number:
            raise
        if delete_all and not os.path.lexists(folder):
            return Scan({}, {})
        raise FolderError(f"{error} {nothing_deleted(number)}") from error
    if number and not seen.files and not seen.unreadable and not delete_all:
        raise FolderError(f"The folder {shown(folder)} is empty. {nothing_deleted(number)}")
    return seen


def look_into(found: Iterable[FoundFile], settle: float, limits: Limits) -> Looked:
    """What there is to be compared of these files; those changed in the last `settle` seconds wait."""
    looked = Looked()
    for file in found:
        if settle and file.changed_within(settle):
            looked.waiting.append(file)
            continue
        with looked.reading(file):
            archive = archive_in(file, limits)
            if archive:
                looked.archives.append(archive)
            looked.files.extend(archive.members if archive else [file])
    return looked


def nothing_deleted(number: int) -> str:
    return (
        f"Nothing was changed, since {number:,} files of it are in the library and would be deleted. "
        "If that is meant, run quoth sync with --delete-all on it."
    )
