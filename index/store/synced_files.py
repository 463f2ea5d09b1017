"""What a library knows of synced files: a table beside the documents, written in the same transactions.

`synced_files` holds every file that was looked at: its stamp and content then, and its document, or why it
has none. Files of the same content share one document. `synced_documents` holds the documents that a sync
made, each with the file whose name it carries; all others were added by hand, and are never removed here.
"""

import os
from dataclasses import dataclass

from index.intake.folder import Stamp, around, suffix_of
from index.store.store import Store

# The triggers keep the tables true whoever removes, replaces or renames a document.
_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS synced_files (
        collection TEXT NOT NULL, path BLOB NOT NULL, folder BLOB NOT NULL,
        size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
        sha256 TEXT NOT NULL, document_id TEXT NOT NULL, reason TEXT NOT NULL, kinds INTEGER NOT NULL,
        PRIMARY KEY (collection, path)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX IF NOT EXISTS synced_files_by_document ON synced_files (document_id)",
    """
    CREATE TABLE IF NOT EXISTS synced_documents (
        document_id TEXT PRIMARY KEY, collection TEXT NOT NULL, path BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TRIGGER IF NOT EXISTS synced_document_removed AFTER DELETE ON documents BEGIN
        UPDATE synced_files SET document_id = '' WHERE document_id = OLD.id;
        DELETE FROM synced_documents WHERE document_id = OLD.id;
    END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS synced_document_renamed AFTER UPDATE OF id ON documents BEGIN
        UPDATE synced_files SET document_id = NEW.id WHERE document_id = OLD.id;
        UPDATE synced_documents SET document_id = NEW.id WHERE document_id = OLD.id;
    END
    """,
)
# Without the triggers, which go with the table when a file of an older format becomes one of today, a
# document may have been removed unnoticed.
_CATCH_UP = (
    "UPDATE synced_files SET document_id = '' WHERE document_id NOT IN (SELECT id FROM documents)",
    "DELETE FROM synced_documents WHERE document_id NOT IN (SELECT id FROM documents)",
)


@dataclass(frozen=True, slots=True)
class SyncedFile:
    """A file as it was when it was last read.

    `folder` is the one it was synced with. `document_id` is empty when it has no document. `reason` says
    why its content could not be read; a document that it has nevertheless is what it held before. `kinds`
    tells which kinds of file could be read at all then. An archive whose files are all known has neither
    document nor reason, but `kinds`; their paths go on behind its own.
    """

    path: str
    folder: str
    stamp: Stamp
    sha256: str
    document_id: str = ""
    reason: str = ""
    kinds: int = 0

    @property
    def content(self) -> tuple[str, str]:
        """What a document is made of: the bytes, and the suffix that says how to read them."""
        return self.sha256, suffix_of(self.path)


class SyncedFiles:
    """The synced files of one collection."""

    def __init__(self, store: Store, collection: str) -> None:
        self._store = store
        self.collection = collection
        # Looked for first, since even a change that changes nothing would wait for another program's writing.
        if not store.rows("SELECT 1 FROM sqlite_master WHERE name = 'synced_document_renamed'"):
            with store.transaction() as connection:
                for statement in (*_SCHEMA, *_CATCH_UP):
                    connection.execute(statement)

    def all(self) -> dict[str, SyncedFile]:
        """Every file of the collection, by path."""
        return {file.path: file for file in self._files("collection = ?", self.collection)}

    def get(self, path: str) -> SyncedFile | None:
        """What is known of the file at `path`."""
        found = self._files("collection = ? AND path = ?", self.collection, os.fsencode(path))
        return found[0] if found else None

    def inside(self, path: str) -> list[SyncedFile]:
        """What is known of the files in the archive at `path`."""
        start = os.fsencode(path + os.sep)
        return self._files(
            "collection = ? AND path > ? AND path < ?",
            self.collection,
            start,
            start[:-1] + bytes([start[-1] + 1]),
        )

    def archive_of(self, file: SyncedFile) -> str | None:
        """The path of the archive in which the file lies; None when it lies in a folder."""
        known = [place for place in around(file.path, file.folder) if self.get(place)]
        return known[-1] if known else None

    def put(self, file: SyncedFile) -> None:
        """Keeps what is known of a file; its document only if the library still has it."""
        with self._store.transaction() as connection:
            connection.execute(
                "REPLACE INTO synced_files VALUES (?, ?, ?, ?, ?, ?, ?,"
                " coalesce((SELECT id FROM documents WHERE id = ?), ''), ?, ?)",
                (
                    self.collection,
                    os.fsencode(file.path),
                    os.fsencode(file.folder),
                    file.stamp.size,
                    file.stamp.mtime_ns,
                    file.stamp.ctime_ns,
                    file.sha256,
                    file.document_id,
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

    def own(self, document_id: str, path: str) -> None:
        """Notes that a sync made the document, and that it carries the name of the file at `path`.

        An empty path says that it has a name only until the end of the sync: it is astray.
        """
        with self._store.transaction() as connection:
            connection.execute(
                "REPLACE INTO synced_documents VALUES (?, ?, ?)",
                (document_id, self.collection, os.fsencode(path)),
            )

    def carrier(self, document_id: str) -> str | None:
        """The path of the file whose name the document carries; None when no sync made it."""
        rows = self._store.rows("SELECT path FROM synced_documents WHERE document_id = ?", document_id)
        return os.fsdecode(rows[0][0]) if rows else None

    def holders(self, document_id: str) -> list[SyncedFile]:
        """The files that have the document, in the order of their paths."""
        return self._files("document_id = ? AND collection = ? ORDER BY path", document_id, self.collection)

    def astray(self) -> list[str]:
        """The documents of a sync whose name is that of a file which no longer has them."""
        rows = self._store.rows(
            "SELECT document_id FROM synced_documents AS made WHERE collection = ? AND NOT EXISTS ("
            " SELECT 1 FROM synced_files AS file WHERE file.collection = made.collection"
            " AND file.path = made.path AND file.document_id = made.document_id) ORDER BY path",
            self.collection,
        )
        return [document_id for (document_id,) in rows]

    def _files(self, where: str, *values: object) -> list[SyncedFile]:
        rows = self._store.rows(
            "SELECT path, folder, size, mtime_ns, ctime_ns, sha256, document_id, reason, kinds"
            f" FROM synced_files WHERE {where}",
            *values,
        )
        return [
            SyncedFile(os.fsdecode(path), os.fsdecode(folder), Stamp(size, mtime, ctime), *rest)
            for path, folder, size, mtime, ctime, *rest in rows
        ]
