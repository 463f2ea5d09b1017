"""The files that documents were read from: copies of those that do not last, and where the others lie.

A copy is named by the SHA-256 of its bytes, so that one file is kept once, whatever documents it has.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.documents.document import Document
from index.store.originals import Original, Originals
from index.store.store import Store

FOLDER = "originals"
_UNFINISHED = ".incoming-"
_BLOCK = 1 << 20
# A copy on its way in that is older than this was left by a process that was killed.
_ABANDONED_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class NewOriginal:
    """A file whose documents are on their way in: its SHA-256, and its copy, None where none is kept."""

    sha256: str
    copy: Path | None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an original lies now: a file, the path in it if it is an archive, and the SHA-256 it must have.

    The SHA-256 is that of the file, or of what is at `inner`.
    """

    path: Path
    inner: str
    sha256: str


class OriginalFiles:
    """The originals of one library."""

    def __init__(self, library: Path, store: Store) -> None:
        self.folder = library / FOLDER
        self._originals = Originals(store)
        # Of documents whose removal may still be undone, as often as there are such.
        self._spared: list[str] = []

    def bring(self, path: Path, keep: bool) -> NewOriginal:
        """Reads the file, and copies it durably with `keep`; OSError when that can't be done."""
        if not keep:
            with path.open("rb") as file:
                return NewOriginal(hashlib.file_digest(file, "sha256").hexdigest(), None)
        self.folder.mkdir(exist_ok=True)
        number, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=self.folder)
        try:
            with os.fdopen(number, "wb") as copy, path.open("rb") as file:
                sha256 = hashlib.sha256()
                while block := file.read(_BLOCK):
                    sha256.update(block)
                    copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
        except BaseException:
            Path(name).unlink()
            raise
        return NewOriginal(sha256.hexdigest(), Path(name))

    def note(self, new: NewOriginal, document_id: str, inner: str) -> None:
        """Makes it the document's original, inside the transaction that writes the document."""
        if new.copy and self._kept(new.sha256).exists():
            new.copy.unlink(missing_ok=True)
        elif new.copy:
            new.copy.replace(self._kept(new.sha256))
            _sync_folder(self.folder)
        kept = new.copy is not None
        self._originals.put(document_id, Original(new.sha256, inner if kept else "", kept))

    def spare(self, sha256s: Sequence[str]) -> None:
        """Keeps these copies, though no document may refer to them, until they are let go of."""
        self._spared += sha256s

    def let_go(self, sha256s: Sequence[str]) -> None:
        for one in sha256s:
            self._spared.remove(one)

    def restore(self, document_id: str, original: Original) -> None:
        """Makes it the document's original again."""
        self._originals.put(document_id, original)

    def sweep(self) -> None:
        """Deletes the copies that no document refers to and nobody spares; the caller alone is writing."""
        if not self.folder.is_dir():
            return
        wanted = self._originals.kept().union(self._spared)
        before = time.time() - _ABANDONED_SECONDS
        for path in list(self.folder.iterdir()):
            unfinished = path.name.startswith(_UNFINISHED)
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before if unfinished else path.name not in wanted:
                    path.unlink()

    def of(self, document: Document) -> Whereabouts | None:
        """Where the document's original lies; None when it is not known, or gone."""
        original = self._originals.of(document.id)
        if not original:
            return None
        if original.kept:
            copy = self._kept(original.sha256)
            return Whereabouts(copy, original.inner, original.sha256) if copy.is_file() else None
        path, inner = _file_in(document.source)
        return Whereabouts(path, inner, original.sha256) if path else None

    def known(self, document_id: str) -> Original | None:
        """What is noted of a document's original."""
        return self._originals.of(document_id)

    def missing(self) -> list[str]:
        """The SHA-256 of the copies that should be there and are not."""
        return sorted(one for one in self._originals.kept() if not self._kept(one).is_file())

    def _kept(self, sha256: str) -> Path:
        return self.folder / sha256


def _file_in(source: str) -> tuple[Path | None, str]:
    """The file that an absolute path leads to or into, and the path from there."""
    path = Path(source)
    if not path.is_absolute():
        return None, ""
    for outer in (path, *path.parents):
        with suppress(OSError, ValueError):
            if outer.is_file():
                return outer, path.relative_to(outer).as_posix() if outer != path else ""
    return None, ""


def _sync_folder(folder: Path) -> None:
    """Makes the names in it durable, where a system lets folders be opened."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
