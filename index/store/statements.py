"""What a transaction on a library's tables is made of, and the connection that it runs on."""

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from index.documents.document import Document, id_of
from index.documents.passage import Place, digest_of, embedded_text
from index.errors import LibraryBusy, LibraryError, UnknownDocument
from index.store.records import ChangeKind, labels

# A second writer waits so long for the first.
BUSY_SECONDS = 30
# What SQLite says when the disk is full, and when a quota or a fault keeps it from writing.
_NOT_WRITTEN = ("full", "disk I/O error")


def connect(path: Path) -> sqlite3.Connection:
    """A connection that any thread may use, one at a time, and that opens no transaction by itself.

    Where the file may only be read, so does the connection; nobody else may write to it meanwhile then.
    """
    readable = not may_write(path)
    connection = sqlite3.connect(
        _read_only(path) if readable else path,
        timeout=BUSY_SECONDS,
        check_same_thread=False,
        isolation_level=None,
        uri=readable,
    )
    if readable:
        return connection
    try:
        # Setting it again would wait for another writer.
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def may_write(path: Path) -> bool:
    """Whether this process may write to the file, and make others beside it, as SQLite does."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _read_only(path: Path) -> str:
    """The address of a file that is only read.

    Without a log beside it SQLite would have to make one, unless it is told that nothing will change.
    """
    log = path.with_name(f"{path.name}-wal")
    unchanging = "" if log.exists() and log.stat().st_size else "&immutable=1"
    return f"{path.absolute().as_uri()}?mode=ro{unchanging}"


def put(connection: sqlite3.Connection, document: Document, places: Sequence[Place]) -> None:
    """Puts in a document, in place of the one with its source if there is one.

    Passages whose text has a vector in the library get it; the others wait for theirs.
    """
    old = connection.execute(
        "SELECT id, synced FROM documents WHERE collection = ? AND source = ?",
        (document.collection, document.identity),
    ).fetchone()
    if old:
        _spare(connection, old[0])
        remove(connection, old[0])
    first, end = _insert_passages(connection, document, places)
    _insert_document(connection, document, first, end, bool(old and old[1]))
    _reuse_vectors(connection, document.id, first, end)


def _insert_passages(
    connection: sqlite3.Connection, document: Document, places: Sequence[Place]
) -> tuple[int, int]:
    """The half-open run of the new passages' numbers."""
    last = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'passages'")
    first = int(last.fetchone()[0]) + 1
    digests = (digest_of(embedded_text(document, *place)) for place in places)
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
        (
            (first + number, document.id, *place, digest)
            for number, (place, digest) in enumerate(zip(places, digests, strict=True))
        ),
    )
    return first, first + len(places)


def _insert_document(
    connection: sqlite3.Connection, document: Document, first: int, end: int, synced: bool
) -> None:
    row = {
        "id": document.id,
        "source": document.identity,
        "name": document.name,
        "collection": document.collection,
        "title": document.title,
        "sha256": document.sha256,
        "metadata": _json(document.metadata),
        "unread": json.dumps(document.unread, ensure_ascii=False),
        "added": datetime.now(UTC).isoformat(timespec="seconds"),
        "characters": len(document.text),
        "first_passage": first,
        "end_passage": end,
        "synced": synced,
        "pages": json.dumps(document.pages),
        "headings": json.dumps(
            [(heading.start, heading.end, heading.level) for heading in document.headings]
        ),
        "places": document.places,
        "text": document.text,
    }
    number = connection.execute(
        f"INSERT INTO documents ({','.join(row)}) VALUES ({','.join('?' * len(row))})", tuple(row.values())
    ).lastrowid
    _label(connection, number, document.metadata)
    record(connection, "added", document.id, first, end)


def _spare(connection: sqlite3.Connection, document_id: str) -> None:
    """Lays aside the vectors of a document that is replaced: its text may be about to come elsewhere."""
    connection.execute(
        "INSERT OR REPLACE INTO spare_vectors SELECT digest, (SELECT value FROM manifest WHERE key ="
        " 'embedder'), vector FROM documents JOIN passages ON passages.id >= first_passage"
        " AND passages.id < end_passage JOIN vectors ON passage = passages.id WHERE documents.id = ?",
        (document_id,),
    )


def _reuse_vectors(connection: sqlite3.Connection, document_id: str, first: int, end: int) -> None:
    """Gives new passages the vectors that their texts have in the library already."""
    reused = connection.execute(
        "INSERT INTO vectors SELECT new.id, coalesce("
        " (SELECT vector FROM passages AS twin JOIN vectors ON passage = twin.id"
        "  WHERE twin.digest = new.digest AND length(vector) = 2 * (SELECT value FROM manifest"
        "  WHERE key = 'dimension') LIMIT 1),"
        " (SELECT vector FROM spare_vectors WHERE digest = new.digest"
        "  AND embedder = (SELECT value FROM manifest WHERE key = 'embedder'))) AS known"
        " FROM passages AS new WHERE new.id >= ? AND new.id < ? AND known IS NOT NULL",
        (first, end),
    ).rowcount
    connection.execute(
        "INSERT INTO waiting SELECT id FROM passages WHERE id >= ? AND id < ?"
        " EXCEPT SELECT passage FROM vectors WHERE passage >= ? AND passage < ?",
        (first, end, first, end),
    )
    if reused:
        record(connection, "embedded", document_id, first, end)


def remove(connection: sqlite3.Connection, document_id: str) -> None:
    """Deletes a document and all that belongs to it; UnknownDocument when there is none of that id."""
    row = connection.execute(
        "DELETE FROM documents WHERE id = ? RETURNING number, first_passage, end_passage", (document_id,)
    ).fetchone()
    if not row:
        raise UnknownDocument(f"There is no document with the id {document_id!r}.")
    number, first, end = row
    for table in ("labels", "originals", "pictures", "former_ids"):
        connection.execute(f"DELETE FROM {table} WHERE document = ?", (number,))
    connection.execute("DELETE FROM passages WHERE id >= ? AND id < ?", (first, end))
    for table in ("vectors", "waiting"):
        connection.execute(f"DELETE FROM {table} WHERE passage >= ? AND passage < ?", (first, end))
    record(connection, "removed", document_id, first, end)


def move(
    connection: sqlite3.Connection,
    document_id: str,
    name: str,
    source: str,
    metadata: Mapping[str, str],
    to: str = "",
) -> str:
    """Gives a document another source and name, and collection if `to` names one; its new id.

    UnknownDocument when it isn't there.
    """
    row = connection.execute(
        "SELECT number, collection, sha256, first_passage, end_passage FROM documents WHERE id = ?",
        (document_id,),
    ).fetchone()
    if not row:
        raise UnknownDocument(f"There is no document with the id {document_id!r}.")
    number, collection, sha256, first, end = row
    collection = to or collection
    new_id = id_of(collection, name, sha256)
    connection.execute(
        "UPDATE documents SET id = ?, name = ?, collection = ?, source = ?, metadata = ? WHERE number = ?",
        (new_id, name, collection, source, _json(metadata), number),
    )
    connection.execute("UPDATE passages SET document_id = ? WHERE id >= ? AND id < ?", (new_id, first, end))
    _label(connection, number, metadata)
    # Passages are also found by their document's name.
    record(connection, "removed", new_id, first, end)
    record(connection, "added", new_id, first, end)
    return new_id


def _label(connection: sqlite3.Connection, number: int | None, metadata: Mapping[str, str]) -> None:
    connection.execute("DELETE FROM labels WHERE document = ?", (number,))
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?, ?)", ((*label, number) for label in labels(metadata))
    )


def _json(metadata: Mapping[str, str]) -> str:
    return json.dumps(dict(metadata), ensure_ascii=False)


def embed(connection: sqlite3.Connection, vectors: Mapping[bytes, bytes]) -> None:
    """Gives every passage that waits for one of these vectors, by the digest of its text, that vector."""
    given: list[tuple[int, str]] = []
    for digest, vector in vectors.items():
        passages = connection.execute(
            "SELECT id, document_id FROM passages JOIN waiting ON passage = id WHERE digest = ?", (digest,)
        ).fetchall()
        connection.executemany("INSERT INTO vectors VALUES (?, ?)", ((id, vector) for id, _ in passages))
        given += passages
    connection.executemany("DELETE FROM waiting WHERE passage = ?", ((id,) for id, _ in given))
    # Numbers that follow each other in one document are one change.
    for (document_id, _), run in groupby(
        enumerate(sorted(given)), key=lambda one: (one[1][1], one[1][0] - one[0])
    ):
        ids = [id for _, (id, _) in run]
        record(connection, "embedded", document_id, ids[0], ids[-1] + 1)


def forget_vectors(connection: sqlite3.Connection, document_id: str, first: int, end: int) -> None:
    """Lets the passages of a document wait for vectors as if it had just been added."""
    connection.execute("DELETE FROM vectors WHERE passage >= ? AND passage < ?", (first, end))
    connection.execute(
        "INSERT OR IGNORE INTO waiting SELECT id FROM passages WHERE id >= ? AND id < ?", (first, end)
    )
    record(connection, "removed", document_id, first, end)
    record(connection, "added", document_id, first, end)


def record(connection: sqlite3.Connection, kind: ChangeKind, document_id: str, first: int, end: int) -> None:
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
        if "readonly" in str(error):
            raise LibraryError(
                f"The library {path.parent} can't be changed: its files may only be read."
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
