"""The tables of a library's SQLite file, and how a file of the first format becomes one of this."""

import json
import sqlite3

from index.errors import LibraryError, LibraryMismatch
from index.store.records import labels

FORMAT = 2

# Texts stand last in their row, so that what is asked of all documents is read without them. A change's
# stamp is a number of chance: what is derived keeps it, and so knows whether it was made from this history.
_TABLES = (
    "CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE documents (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        collection TEXT NOT NULL, title TEXT NOT NULL, sha256 TEXT NOT NULL, metadata TEXT NOT NULL,
        added TEXT NOT NULL, characters INTEGER NOT NULL, first_passage INTEGER NOT NULL,
        end_passage INTEGER NOT NULL, pages TEXT NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL,
        UNIQUE (collection, name)
    )""",
    "CREATE INDEX documents_by_content ON documents (collection, sha256)",
    "CREATE INDEX documents_by_passage ON documents (first_passage, end_passage)",
    "CREATE TABLE labels (key TEXT, value TEXT, document INTEGER, PRIMARY KEY (key, value, document))"
    " WITHOUT ROWID",
    "CREATE INDEX labels_by_document ON labels (document)",
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL,
        start INTEGER NOT NULL, end INTEGER NOT NULL
    )""",
    "CREATE TABLE vectors (passage INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
    # The documents whose passages from `next_passage` on have no vector yet.
    """CREATE TABLE unembedded (
        first_passage INTEGER PRIMARY KEY, next_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL
    )""",
    """CREATE TABLE changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, document_id TEXT NOT NULL,
        first_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL, stamp INTEGER NOT NULL
    )""",
)
_FIRST_FORMAT = ("manifest", "documents", "passages", "changes")


def manifest(connection: sqlite3.Connection) -> dict[str, str]:
    """What the file says of itself; empty where it has no tables yet."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone():
        return {}
    return dict(connection.execute("SELECT key, value FROM manifest").fetchall())


def prepare(connection: sqlite3.Connection, library: str, wanted: dict[str, str]) -> None:
    """Makes the tables where there are none, or those of the first format into these.

    `wanted` holds the manifest's values, all of them for a new file; LibraryMismatch when the file has
    others. A file that is as it should be is only read, so that opening waits for nobody who writes.
    """
    found = manifest(connection)
    if found and found.get("format") != "1":
        _compare(found, wanted, library)
        return
    if not found and "embedder" not in wanted:
        raise LibraryError(f"There is no library in {library}.")
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = manifest(connection)  # another process may have been faster
        if not found:
            _create(connection, wanted)
        elif found.get("format") == "1":
            _compare({**found, "format": str(FORMAT)}, wanted, library)
            _migrate(connection)
        else:
            _compare(found, wanted, library)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _compare(found: dict[str, str], wanted: dict[str, str], library: str) -> None:
    made = found.get("format", "")
    if made.isdecimal() and int(made) > FORMAT:
        raise LibraryMismatch(
            f"The library {library} was made by a newer Quoth: it has format {made}, and this one reads "
            f"{FORMAT} at most. Install the newer Quoth, or use another library folder."
        )
    for key, value in wanted.items():
        if found and found.get(key) != value:
            raise LibraryMismatch(
                f"The library {library} was made with {key} {found.get(key)!r}, "
                f"but {value!r} was asked for. Use that {key}, or another library folder."
            )


def _create(connection: sqlite3.Connection, wanted: dict[str, str]) -> None:
    for table in _TABLES:
        connection.execute(table)
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", wanted.items())


def _migrate(connection: sqlite3.Connection) -> None:
    """Copies the tables of format 1, in which a passage's vector stood in its row, into those of today."""
    for name in _FIRST_FORMAT:
        connection.execute(f"ALTER TABLE {name} RENAME TO {name}_1")
    connection.execute("DROP INDEX IF EXISTS documents_by_content")
    numbers = dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    for table in _TABLES:
        connection.execute(table)
    columns = (
        "id, name, collection, title, sha256, metadata, added, characters, first_passage, end_passage, "
        "pages, headings, text"
    )
    for statement in (
        "INSERT INTO manifest SELECT key, value FROM manifest_1",
        f"UPDATE manifest SET value = '{FORMAT}' WHERE key = 'format'",
        f"INSERT INTO documents ({columns}) SELECT {columns} FROM documents_1 ORDER BY first_passage",
        "INSERT INTO passages SELECT id, document_id, start, end FROM passages_1",
        "INSERT INTO vectors SELECT id, vector FROM passages_1",
    ):
        connection.execute(statement)
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
    # Numbers are never used again, not those of documents that are gone either.
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'passages'")
    connection.execute("INSERT INTO sqlite_sequence VALUES ('passages', ?)", (numbers.get("passages_1", 0),))
    for name in _FIRST_FORMAT:
        connection.execute(f"DROP TABLE {name}_1")
