"""What a transaction on a library's tables is made of, and the connection that it runs on."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.documents.document import Document, id_of
from index.documents.passage import Place
from index.errors import LibraryBusy, LibraryError, UnknownDocument
from index.store.records import Kind, Renaming, labels

_BUSY_SECONDS = 30
# What SQLite says when the disk is full, and when a quota or a fault keeps it from writing.
_NOT_WRITTEN = ("full", "disk I/O error")


def connect(path: Path) -> sqlite3.Connection:
    """A connection that any thread may use, one at a time, and that begins no transaction by itself."""
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None)
    try:
        # Setting it again would wait for whoever writes.
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def insert(connection: sqlite3.Connection, document: Document, places: Sequence[Place]) -> tuple[int, int]:
    """Puts in a document and its passages, which wait for vectors; their half-open run of numbers."""
    last = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'passages'")
    first = int(last.fetchone()[0]) + 1
    end = first + len(places)
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?)",
        ((first + number, document.id, *place) for number, place in enumerate(places)),
    )
    row = {
        "id": document.id,
        "name": document.name,
        "collection": document.collection,
        "title": document.title,
        "sha256": document.sha256,
        "metadata": _json(document.metadata),
        "added": datetime.now(UTC).isoformat(timespec="seconds"),
        "characters": len(document.text),
        "first_passage": first,
        "end_passage": end,
        "pages": json.dumps(document.pages),
        "headings": json.dumps(
            [(heading.start, heading.end, heading.level) for heading in document.headings]
        ),
        "text": document.text,
    }
    number = connection.execute(
        f"INSERT INTO documents ({','.join(row)}) VALUES ({','.join('?' * len(row))})", tuple(row.values())
    ).lastrowid
    _label(connection, number, document.metadata)
    record(connection, "added", document.id, first, end)
    if places:
        connection.execute("INSERT INTO unembedded VALUES (?, ?, ?)", (first, first, end))
    return first, end


def remove(connection: sqlite3.Connection, document_id: str) -> None:
    """Takes out a document and all that hangs on it; UnknownDocument when there is none of that id."""
    row = connection.execute(
        "DELETE FROM documents WHERE id = ? RETURNING number, first_passage, end_passage", (document_id,)
    ).fetchone()
    if not row:
        raise UnknownDocument(f"There is no document with the id {document_id!r}.")
    number, first, end = row
    connection.execute("DELETE FROM labels WHERE document = ?", (number,))
    connection.execute("DELETE FROM passages WHERE id >= ? AND id < ?", (first, end))
    connection.execute("DELETE FROM vectors WHERE passage >= ? AND passage < ?", (first, end))
    connection.execute("DELETE FROM unembedded WHERE first_passage = ?", (first,))
    record(connection, "removed", document_id, first, end)


def rename(connection: sqlite3.Connection, renames: Sequence[Renaming]) -> list[str]:
    """Gives documents other names and metadata; UnknownDocument when one isn't there. Their new ids."""
    for one in renames:
        # Out of the way first, since one's new name may be another's old one.
        aside = _aside(one.document_id)
        connection.execute(
            "UPDATE documents SET id = ?, name = ? WHERE id = ?", (aside, aside, one.document_id)
        )
    return [_rename(connection, one) for one in renames]


def _rename(connection: sqlite3.Connection, renaming: Renaming) -> str:
    aside = _aside(renaming.document_id)
    row = connection.execute(
        "SELECT number, collection, sha256, first_passage, end_passage FROM documents WHERE id = ?", (aside,)
    ).fetchone()
    if not row:
        raise UnknownDocument(f"There is no document with the id {renaming.document_id!r}.")
    number, collection, sha256, first, end = row
    new_id = id_of(collection, renaming.name, sha256)
    connection.execute(
        "UPDATE documents SET id = ?, name = ?, metadata = ? WHERE number = ?",
        (new_id, renaming.name, _json(renaming.metadata), number),
    )
    connection.execute("UPDATE passages SET document_id = ? WHERE id >= ? AND id < ?", (new_id, first, end))
    _label(connection, number, renaming.metadata)
    # Passages are also found by their document's name.
    record(connection, "removed", new_id, first, end)
    record(connection, "added", new_id, first, end)
    return new_id


def _aside(document_id: str) -> str:
    return f"renaming {document_id}"


def _label(connection: sqlite3.Connection, number: int | None, metadata: Mapping[str, str]) -> None:
    connection.execute("DELETE FROM labels WHERE document = ?", (number,))
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?, ?)", ((*label, number) for label in labels(metadata))
    )


def _json(metadata: Mapping[str, str]) -> str:
    return json.dumps(dict(metadata), ensure_ascii=False)


def embed(
    connection: sqlite3.Connection, document_id: str, first: int, end: int, vectors: NDArray[np.float32]
) -> None:
    """Gives the passages of a half-open run of one document their vectors, if they are the next in line."""
    waiting = connection.execute(
        "SELECT first_passage, next_passage, end_passage FROM unembedded WHERE first_passage <= ?"
        " ORDER BY first_passage DESC LIMIT 1",
        (first,),
    ).fetchone()
    if not waiting or waiting[1] != first:
        return
    connection.executemany(
        "INSERT INTO vectors VALUES (?, ?)",
        ((first + number, row.tobytes()) for number, row in enumerate(vectors.astype(np.float16))),
    )
    if end == waiting[2]:
        connection.execute("DELETE FROM unembedded WHERE first_passage = ?", waiting[:1])
    else:
        connection.execute(
            "UPDATE unembedded SET next_passage = ? WHERE first_passage = ?", (end, waiting[0])
        )
    record(connection, "embedded", document_id, first, end)


def forget_vectors(connection: sqlite3.Connection, document_id: str, first: int, end: int) -> None:
    """Lets the passages of a document wait for vectors as if it had just been added."""
    connection.execute("DELETE FROM vectors WHERE passage >= ? AND passage < ?", (first, end))
    connection.execute("REPLACE INTO unembedded VALUES (?, ?, ?)", (first, first, end))
    record(connection, "removed", document_id, first, end)
    record(connection, "added", document_id, first, end)


def record(connection: sqlite3.Connection, kind: Kind, document_id: str, first: int, end: int) -> None:
    """Adds to the changes that the indexes follow."""
    connection.execute(
        "INSERT INTO changes (kind, document_id, first_passage, end_passage, stamp)"
        " VALUES (?, ?, ?, ?, random())",
        (kind, document_id, first, end),
    )


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, with the file's name and what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise LibraryBusy(
                f"Another program is writing to the library {path.parent}. Try again when it has finished."
            ) from error
        if any(words in str(error) for words in _NOT_WRITTEN):
            raise LibraryError(
                f"The library {path.parent} can't be written ({error}). What was in it is safe. "
                "Make room on the disk and try again."
            ) from error
        raise LibraryError(f"The library {path.parent} can't be used: {error}.") from error
    except sqlite3.ProgrammingError as error:
        raise LibraryError(f"The library {path.parent} can't be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise LibraryError(f"The library file {path} is damaged or is no library: {error}.") from error
