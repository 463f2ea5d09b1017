"""What a library knows of synced files: a table beside the documents, written in the same transactions."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from index.documents.names import shown
from index.store.stamp import Stamp
from index.store.store import Store


@dataclass(frozen=True, slots=True)
class SyncedFile:
    """A file as it was when it was last read.

    `folder` is the one it was synced with. `reason` says why its content could not be read; a document that
    it has nevertheless is what it held before. `kinds` identifies the kinds of file that could be read then.
    An archive whose files are all known has neither document nor reason, but `kinds`; their paths go on
    behind its own. `document_id` is the document in the library, empty when there is none; `synced`: a sync
    made that, and not a person.
    """

    path: str
    folder: str
    stamp: Stamp
    sha256: str
    reason: str = ""
    kinds: int = 0
    document_id: str = ""
    synced: bool = False

    @property
    def source(self) -> str:
        """What identifies the file's document in its collection."""
        return shown(self.path)

    @property
    def content(self) -> tuple[str, str]:
        """What a document is made of: the bytes, and the suffix that says how to read them."""
        return self.sha256, suffix_of(self.path)


class SyncedFiles:
    """The synced files of one collection."""

    def __init__(self, store: Store, collection: str) -> None:
        self._store = store
        self.collection = collection

    def below(self, folder: str) -> dict[str, SyncedFile]:
        """What is known of the files in a folder, or in an archive, by path."""
        start = os.fsencode(folder.rstrip(os.sep) + os.sep)
        files = self._files("path > ? AND path < ?", start, start[:-1] + bytes([start[-1] + 1]))
        return {file.path: file for file in files}

    def get(self, path: str) -> SyncedFile | None:
        """What is known of the file at `path`."""
        return next(self._files("path = ?", os.fsencode(path)), None)

    def put(self, file: SyncedFile) -> None:
        """Keeps what is known of a file."""
        with self._store.transaction() as connection:
            connection.execute(
                "REPLACE INTO synced_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self.collection,
                    os.fsencode(file.path),
                    file.source,
                    os.fsencode(file.folder),
                    file.stamp.size,
                    file.stamp.mtime_ns,
                    file.stamp.ctime_ns,
                    file.sha256,
                    file.reason,
                    file.kinds,
                ),
            )

    def drop(self, path: str) -> None:
        with self._store.transaction() as connection:
            connection.execute(
                "DELETE FROM synced_files WHERE collection = ? AND path = ?",
                (self.collection, os.fsencode(path)),
            )

    def own(self, document_id: str) -> None:
        """Notes that a sync made the document, so that it goes with its file."""
        with self._store.transaction() as connection:
            connection.execute("UPDATE documents SET synced = 1 WHERE id = ?", (document_id,))

    def _files(self, where: str, *values: object) -> Iterator[SyncedFile]:
        rows = self._store.rows(
            "SELECT path, folder, size, mtime_ns, ctime_ns, file.sha256, reason, kinds, coalesce(id, ''),"
            " coalesce(synced, 0) FROM synced_files AS file LEFT JOIN documents USING (collection, source)"
            f" WHERE file.collection = ? AND {where}",
            self.collection,
            *values,
        )
        for path, folder, size, mtime, ctime, sha256, reason, kinds, document_id, synced in rows:
            yield SyncedFile(
                os.fsdecode(path),
                os.fsdecode(folder),
                Stamp(size, mtime, ctime),
                sha256,
                reason,
                kinds,
                document_id,
                bool(synced),
            )


def suffix_of(path: str) -> str:
    return PurePath(path).suffix.lower()
