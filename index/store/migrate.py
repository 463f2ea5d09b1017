"""How a library's file of an older format becomes one of today, in one transaction.

Format 1 kept a passage's vector in its row. In format 2 a document was identified by its name, files
of one text shared a document, and passages had no digest.
"""

import json
import os
import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from index.documents.document import Document, Heading
from index.documents.names import document_name, shown
from index.documents.passage import digest_of, embedded_text
from index.store.records import labels
from index.store.tables import FORMAT, create

OLDER = ("1", "2")

_FIRST_FORMAT = ("manifest", "documents", "passages", "changes")
# What is kept as it stands in format 2.
_KEPT = ("manifest", "labels", "passages", "vectors", "changes")
_OF_SYNC = ("synced_files", "synced_documents")


def migrate(connection: sqlite3.Connection, format: str) -> None:
    """Carries over all documents, passages and vectors; everything keeps its id and its number."""
    if format == "1":
        _from_first(connection)
    else:
        _from_second(connection)
    _fill_digests(connection)
    connection.execute("UPDATE manifest SET value = ? WHERE key = 'format'", (str(FORMAT),))


def _from_first(connection: sqlite3.Connection) -> None:
    for name in _FIRST_FORMAT:
        connection.execute(f"ALTER TABLE {name} RENAME TO {name}_old")
    numbers = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    create(connection)
    connection.execute("INSERT INTO manifest SELECT key, value FROM manifest_old")
    _carry_documents(connection, {}, "row_number() OVER (ORDER BY first_passage)")
    connection.execute(
        "INSERT INTO passages (id, document_id, start, end)"
        " SELECT id, document_id, start, end FROM passages_old"
    )
    connection.execute("INSERT INTO vectors SELECT id, vector FROM passages_old")
    for kind in ("added", "embedded"):
        connection.execute(
            "INSERT INTO changes (kind, document_id, first_passage, end_passage, stamp)"
            " SELECT ?, id, first_passage, end_passage, random() FROM documents ORDER BY first_passage",
            (kind,),
        )
    rows = connection.execute("SELECT number, metadata FROM documents").fetchall()
    connection.executemany(
        "INSERT INTO labels VALUES (?, ?, ?)",
        ((*label, number) for number, metadata in rows for label in labels(json.loads(metadata))),
    )
    _go_on_numbering(connection, "passages", numbers.get("passages_old", 0))
    for name in _FIRST_FORMAT:
        connection.execute(f"DROP TABLE {name}_old")


def _from_second(connection: sqlite3.Connection) -> None:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    for name in ("synced_document_removed", "synced_document_renamed"):
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
    for name in ("documents_by_content", "documents_by_passage"):
        connection.execute(f"DROP INDEX IF EXISTS {name}")
    sources = _sources_of_sync(connection) if names.issuperset(_OF_SYNC) else {}
    connection.execute("ALTER TABLE documents RENAME TO documents_old")
    numbers = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    if "synced_files" in names:
        connection.execute("ALTER TABLE synced_files RENAME TO synced_files_old")
    connection.execute("ALTER TABLE passages ADD COLUMN digest BLOB NOT NULL DEFAULT x''")
    create(connection, there=_KEPT)
    _carry_documents(connection, sources, "number")
    connection.execute("DELETE FROM labels WHERE key = 'unread'")
    _go_on_numbering(connection, "documents", numbers.get("documents_old", 0))
    connection.execute(
        "INSERT INTO waiting SELECT id FROM unembedded JOIN passages ON id >= next_passage"
        " AND id < unembedded.end_passage"
    )
    if "synced_files" in names:
        _carry_files(connection)
    for name in ("documents_old", "unembedded", "synced_files_old", "synced_documents"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def _sources_of_sync(connection: sqlite3.Connection) -> dict[str, str]:
    """Where the documents that a sync made came from, by their ids: of several files, the one named so."""
    rows = connection.execute(
        "SELECT made.document_id, file.path FROM synced_documents AS made JOIN synced_files AS file"
        " ON file.document_id = made.document_id AND file.collection = made.collection"
        " ORDER BY file.path = made.path, file.path DESC"
    )
    return {document_id: shown(os.fsdecode(path)) for document_id, path in rows}


def _carry_documents(connection: sqlite3.Connection, sources: dict[str, str], number: str) -> None:
    """Copies the documents, each with its source; `sources` holds those of a sync, by document."""
    taken: set[tuple[str, str]] = set()
    rows = connection.execute(
        f"SELECT {number}, id, name, collection, metadata FROM documents_old ORDER BY id NOT IN"
        " (SELECT value FROM json_each(?))",
        (json.dumps(list(sources)),),
    ).fetchall()
    for number_of, document_id, name, collection, metadata in rows:
        known = json.loads(metadata)
        unread = _unread(known.pop("unread", ""))
        wanted = sources.get(document_id) or _source(name, known.get("source", ""))
        source = next(one for one in _candidates(wanted, name) if (collection, one) not in taken)
        taken.add((collection, source))
        connection.execute(
            "INSERT INTO documents SELECT ?, id, ?, name, collection, title, sha256, ?, ?, added,"
            " characters, first_passage, end_passage, ?, pages, headings, x'', text FROM documents_old"
            " WHERE id = ?",
            (
                number_of,
                source,
                json.dumps(known, ensure_ascii=False),
                unread,
                document_id in sources,
                document_id,
            ),
        )


def _source(name: str, recorded: str) -> str:
    """Where a document came from that was added by hand: a file, or one in the archive `recorded`."""
    parts = name.split("/")
    path = f"/{document_name(recorded)}"
    for length in range(len(parts), 0, -1):
        if Path(recorded).is_absolute() and path.endswith("/" + "/".join(parts[:length])):
            return str(Path(recorded, *parts[length:]))
    return name


def _candidates(source: str, name: str) -> Iterator[str]:
    yield from (source, name)
    yield from (f"{name} ({number})" for number in count(2))


def _unread(remarks: str) -> str:
    """What could not be read of a document, as JSON; older formats keep it in one string of its metadata."""
    return json.dumps([*filter(None, remarks.split("; "))], ensure_ascii=False)


def _carry_files(connection: sqlite3.Connection) -> None:
    columns = "size, mtime_ns, ctime_ns, sha256, reason, kinds"
    rows = connection.execute(f"SELECT collection, path, folder, {columns} FROM synced_files_old").fetchall()
    connection.executemany(
        "INSERT INTO synced_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((collection, path, shown(os.fsdecode(path)), *rest) for collection, path, *rest in rows),
    )


def _fill_digests(connection: sqlite3.Connection) -> None:
    """Gives every passage the digest of what its vector was made of."""
    for (number,) in connection.execute("SELECT number FROM documents").fetchall():
        first, end, title, headings, text = connection.execute(
            "SELECT first_passage, end_passage, title, headings, text FROM documents WHERE number = ?",
            (number,),
        ).fetchone()
        try:
            document = Document("", text, title, (), tuple(Heading(*one) for one in json.loads(headings)))
        except (ValueError, TypeError):
            continue  # the row is damaged, which `check` says
        places = connection.execute(
            "SELECT id, start, end FROM passages WHERE id >= ? AND id < ?", (first, end)
        ).fetchall()
        connection.executemany(
            "UPDATE passages SET digest = ? WHERE id = ?",
            ((digest_of(embedded_text(document, *place)), id) for id, *place in places),
        )
    connection.execute("UPDATE passages SET digest = randomblob(16) WHERE digest = x''")


def _go_on_numbering(connection: sqlite3.Connection, table: str, last: int) -> None:
    """Numbers are never used again, not those of what is gone either."""
    connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last))
