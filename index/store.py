"""The truth of a library: documents, passages, vectors and the order of changes, in one SQLite file.

Everything else on disk is derived from it and can be made again. A document goes in, is replaced and
goes out in one transaction, with `synchronous=FULL`, so that what was acknowledged survives a power cut.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.document import Document, Heading
from index.errors import LibraryBusy, LibraryError, LibraryMismatch, UnknownDocument
from index.passage import Passage, Place

FORMAT = 1
_BUSY_SECONDS = 30
# Whole documents kept for the passages that are found; the common library fits, a very large one need not.
_DOCUMENTS_KEPT = 256

_SCHEMA = """
CREATE TABLE IF NOT EXISTS manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL,
    text TEXT NOT NULL, sha256 TEXT NOT NULL, pages TEXT NOT NULL, headings TEXT NOT NULL,
    metadata TEXT NOT NULL, added TEXT NOT NULL, characters INTEGER NOT NULL,
    first_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL,
    UNIQUE (collection, name)
);
CREATE INDEX IF NOT EXISTS documents_by_content ON documents (collection, sha256);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL, added INTEGER NOT NULL,
    first_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents a question is asked of; an empty field limits nothing."""

    collections: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.collections or self.documents or self.metadata)


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is shown of a document in a list."""

    id: str
    name: str
    collection: str
    title: str
    metadata: Mapping[str, str]
    added: str
    characters: int
    passages: int
    pages: int


@dataclass(frozen=True, slots=True)
class Change:
    """A document that came or went, with its half-open run of passage numbers."""

    id: int
    document_id: str
    added: bool
    first_passage: int
    end_passage: int


@dataclass(frozen=True, slots=True)
class Vectors:
    """Passages' ids [n] and their vectors [n, dimension]."""

    ids: NDArray[np.int64]
    rows: NDArray[np.float32]


class Store:
    """One library's SQLite file; every method may be called from any thread.

    Raises LibraryMismatch when the file was made with another format or embedder, LibraryBusy when
    another process holds it, LibraryError when it is no library or is damaged.
    """

    def __init__(self, path: Path, embedder: str, dimension: int) -> None:
        self.path = path
        self.dimension = dimension
        self._lock = threading.RLock()
        with _clear_errors(path):
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
            self._check_manifest(embedder, dimension)
        self._document = lru_cache(_DOCUMENTS_KEPT)(self._read_document)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def add(self, document: Document, places: Sequence[Place], vectors: NDArray[np.float32]) -> None:
        """Adds the document, or puts it in the place of the one with its name and collection, durably.

        `vectors` is [len(places), dimension].
        """
        if vectors.shape != (len(places), self.dimension):
            raise LibraryError(
                f"{document.name}: {len(places)} passages of dimension {self.dimension} "
                f"came with vectors of shape {vectors.shape}"
            )
        with self._transaction() as connection:
            old = connection.execute(
                "SELECT id FROM documents WHERE collection = ? AND name = ?",
                (document.collection, document.name),
            ).fetchone()
            if old:
                _remove(connection, old[0])
            _insert(connection, document, places, vectors)

    def remove(self, document_id: str) -> None:
        """Removes a document, durably; UnknownDocument when there is none of that id."""
        with self._transaction() as connection:
            _remove(connection, document_id)

    def document(self, document_id: str) -> Document:
        """The document; UnknownDocument when there is none of that id."""
        with self._lock, _clear_errors(self.path):
            # The cache may hold a document that is gone by now, and a deleted one must not answer.
            if not self._connection.execute(
                "SELECT 1 FROM documents WHERE id = ?", (document_id,)
            ).fetchone():
                raise UnknownDocument(f"There is no document with the id {document_id!r}.")
            return self._document(document_id)

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        """What is in the library, in the order of the names."""
        where, values = _where(filter)
        rows = self._rows(
            "SELECT id, name, collection, title, metadata, added, characters, end_passage - first_passage,"
            f" json_array_length(pages) FROM documents {where} ORDER BY name, collection",
            values,
        )
        return [
            DocumentInfo(
                id, name, collection, title, json.loads(metadata), added, characters, passages, pages
            )
            for id, name, collection, title, metadata, added, characters, passages, pages in rows
        ]

    def find(self, collection: str, *, name: str = "", sha256: str = "") -> DocumentInfo | None:
        """The document of that name, or of that content, in the collection."""
        column, value = ("name", name) if name else ("sha256", sha256)
        rows = self._rows(
            f"SELECT id FROM documents WHERE collection = ? AND {column} = ?", (collection, value)
        )
        return self.documents(Filter(documents=(rows[0][0],)))[0] if rows else None

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by id."""
        with self._lock:
            marks = ",".join("?" * len(ids))
            rows = self._rows(
                f"SELECT id, document_id, start, end FROM passages WHERE id IN ({marks})", tuple(ids)
            )
            return {
                id: Passage(id, self._document(document), start, end) for id, document, start, end in rows
            }

    def passages_of(self, first: int, end: int) -> list[Passage]:
        """The passages numbered `first` up to but not `end` that still exist."""
        with self._lock:
            rows = self._rows(
                "SELECT id, document_id, start, end FROM passages WHERE id >= ? AND id < ? ORDER BY id",
                (first, end),
            )
            return [Passage(id, self._document(document), start, end) for id, document, start, end in rows]

    def vectors(self, first: int, end: int) -> Vectors:
        """The vectors of the passages in a half-open run."""
        return self._vectors("id >= ? AND id < ? ORDER BY id", (first, end))

    def vectors_of(self, ids: Sequence[int]) -> Vectors:
        """The vectors of these passages, as far as they still exist, in the order of their ids."""
        return self._vectors(f"id IN ({','.join('?' * len(ids))}) ORDER BY id", tuple(ids))

    def end_passage(self) -> int:
        """A number above those of all passages there are."""
        return int(self._rows("SELECT coalesce(max(id), 0) + 1 FROM passages", ())[0][0])

    def _vectors(self, where: str, values: Sequence[object]) -> Vectors:
        rows = self._rows(f"SELECT id, vector FROM passages WHERE {where}", values)
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        stored = np.frombuffer(b"".join(row[1] for row in rows), np.float16)
        return Vectors(ids, stored.reshape(len(rows), self.dimension).astype(np.float32))

    def runs(self, filter: Filter) -> list[tuple[int, int]]:
        """Half-open runs, as few as can be, of the passage numbers of the documents that pass the filter."""
        where, values = _where(filter)
        runs: list[tuple[int, int]] = []
        rows = self._rows(f"SELECT first_passage, end_passage FROM documents {where} ORDER BY 1", values)
        for first, end in rows:
            if runs and runs[-1][1] == first:
                runs[-1] = (runs[-1][0], end)
            else:
                runs.append((first, end))
        return runs

    def counts(self, filter: Filter = Filter()) -> tuple[int, int]:
        """How many documents and passages there are."""
        where, values = _where(filter)
        return self._rows(
            f"SELECT count(*), coalesce(sum(end_passage - first_passage), 0) FROM documents {where}", values
        )[0]

    def last_change(self) -> int:
        """The number of the newest change; 0 in a new library."""
        return int(self._rows("SELECT coalesce(max(id), 0) FROM changes", ())[0][0])

    def changes_since(self, change: int) -> list[Change]:
        """All changes after that one, oldest first."""
        rows = self._rows(
            "SELECT id, document_id, added, first_passage, end_passage FROM changes WHERE id > ? ORDER BY id",
            (change,),
        )
        return [Change(id, document, bool(added), first, end) for id, document, added, first, end in rows]

    def _check_manifest(self, embedder: str, dimension: int) -> None:
        wanted = {"format": str(FORMAT), "embedder": embedder, "dimension": str(dimension)}
        with self._transaction() as connection:
            found = dict(connection.execute("SELECT key, value FROM manifest").fetchall())
            if not found:
                connection.executemany("INSERT INTO manifest VALUES (?, ?)", wanted.items())
        for key, value in wanted.items():
            if found and found.get(key) != value:
                raise LibraryMismatch(
                    f"The library {self.path.parent} was made with {key} {found.get(key)!r}, "
                    f"but {value!r} was asked for. Use that {key}, or another library folder."
                )

    def _read_document(self, document_id: str) -> Document:
        name, collection, title, text, pages, headings, metadata = self._rows(
            "SELECT name, collection, title, text, pages, headings, metadata FROM documents WHERE id = ?",
            (document_id,),
        )[0]
        return Document(
            name,
            text,
            title,
            tuple(json.loads(pages)),
            tuple(Heading(*heading) for heading in json.loads(headings)),
            collection,
            json.loads(metadata),
        )

    def _rows(self, statement: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock, _clear_errors(self.path):
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _clear_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _insert(
    connection: sqlite3.Connection, document: Document, places: Sequence[Place], vectors: NDArray[np.float32]
) -> None:
    first = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'passages'")
    start = int(first.fetchone()[0]) + 1
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
        (
            (start + number, document.id, *place, vector.tobytes())
            for number, (place, vector) in enumerate(zip(places, vectors.astype(np.float16), strict=True))
        ),
    )
    end = start + len(places)
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document.id,
            document.name,
            document.collection,
            document.title,
            document.text,
            document.sha256,
            json.dumps(document.pages),
            json.dumps([(heading.start, heading.end, heading.level) for heading in document.headings]),
            json.dumps(dict(document.metadata), ensure_ascii=False),
            datetime.now(UTC).isoformat(timespec="seconds"),
            len(document.text),
            start,
            end,
        ),
    )
    _record(connection, document.id, True, start, end)


def _remove(connection: sqlite3.Connection, document_id: str) -> None:
    row = connection.execute(
        "DELETE FROM documents WHERE id = ? RETURNING first_passage, end_passage", (document_id,)
    ).fetchone()
    if not row:
        raise UnknownDocument(f"There is no document with the id {document_id!r}.")
    connection.execute("DELETE FROM passages WHERE id >= ? AND id < ?", row)
    _record(connection, document_id, False, *row)


def _record(connection: sqlite3.Connection, document_id: str, added: bool, first: int, end: int) -> None:
    connection.execute("INSERT INTO changes VALUES (NULL, ?, ?, ?, ?)", (document_id, added, first, end))


def _where(filter: Filter) -> tuple[str, tuple[str, ...]]:
    conditions: list[str] = []
    values: list[str] = []
    for column, wanted in (("collection", filter.collections), ("id", filter.documents)):
        if wanted:
            conditions.append(f"{column} IN ({','.join('?' * len(wanted))})")
            values += wanted
    for key, value in filter.metadata.items():
        # A key is looked up as it is, whatever signs are in it.
        conditions.append("EXISTS (SELECT 1 FROM json_each(metadata) WHERE key = ? AND value = ?)")
        values += [key, value]
    return ("WHERE " + " AND ".join(conditions) if conditions else ""), tuple(values)


@contextmanager
def _clear_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise LibraryBusy(
                f"Another program is writing to the library {path.parent}. Try again when it has finished."
            ) from error
        raise LibraryError(f"The library {path.parent} can't be used: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise LibraryError(f"The library file {path} is damaged or is no library: {error}.") from error
