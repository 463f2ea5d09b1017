"""The tables of a library's SQLite file, and the check that a file has those of today."""

import sqlite3

from index.errors import LibraryError, LibraryMismatch
from index.store.migrate import OLDER, migrate
from index.store.tables import FORMAT, TABLES, create


def manifest(connection: sqlite3.Connection) -> dict[str, str]:
    """What the file says of itself; empty where it has no tables yet."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone():
        return {}
    return dict(connection.execute("SELECT key, value FROM manifest").fetchall())


def prepare(connection: sqlite3.Connection, library: str, wanted: dict[str, str]) -> None:
    """Makes the tables that are not there, or those of an older format into these.

    `wanted` holds the manifest's values, all of them for a new file; LibraryMismatch when the file has
    others. A file of today is only read, so that opening it waits for no writer.
    """
    found = manifest(connection)
    if found and found.get("format") not in OLDER:
        _compare(found, wanted, library)
        if TABLES.keys() <= _tables(connection):
            return
    if not found and "embedder" not in wanted:
        raise LibraryError(f"There is no library in {library}.")
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = manifest(connection)  # another process may have been faster
        if not found:
            create(connection)
            connection.executemany("INSERT INTO manifest VALUES (?, ?)", wanted.items())
        elif found.get("format") in OLDER:
            _compare({**found, "format": str(FORMAT)}, wanted, library)
            migrate(connection, found["format"])
        else:
            # What this format got later stands beside the documents, in tables of its own.
            _compare(found, wanted, library)
            create(connection, there=_tables(connection))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


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
