"""A library's SQLite file: its connections, its transactions, and what it says of itself."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.store.schema import manifest, prepare
from index.store.statements import clear_errors, connect
from index.store.tables import FORMAT

# The file in a library's folder that holds everything; a folder with it is a library.
DATABASE = "library.sqlite3"


class Database:
    """The file at `path`; every method may be called from any thread.

    `embedder` and `dimension` are those whose vectors are read and written. Another process may change the
    library's embedder; until `follow` is called, no vector is found then, and none is taken for another's.

    Raises LibraryMismatch when the file was made with another format, embedder or dimension (None: the one
    it was made with), LibraryBusy when another process holds it, LibraryError when it is no library or is
    damaged.
    """

    def __init__(self, path: Path, embedder: str | None = None, dimension: int | None = None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._write_lock = threading.RLock()
        # The thread whose transaction is open.
        self._writer = 0
        wanted = {"format": FORMAT, "embedder": embedder, "dimension": dimension}
        with clear_errors(path):
            # Two connections, so that readers never wait for the disk of a writer.
            self._writing = connect(path)
            self._connection = connect(path)
            known = {key: str(value) for key, value in wanted.items() if value is not None}
            prepare(self._writing, str(path.parent), known)
        self.embedder, self.dimension = "", 0
        self.follow()

    def close(self) -> None:
        with self._write_lock, self._lock:
            self._connection.close()
            self._writing.close()

    def made_with(self) -> str:
        """The name of the embedder whose vectors are in the file now."""
        return str(self.rows("SELECT value FROM manifest WHERE key = 'embedder'")[0][0])

    def follow(self) -> None:
        """Reads and writes the vectors of the embedder that the library has now."""
        found = dict(self.rows("SELECT key, value FROM manifest"))
        self.embedder, self.dimension = str(found["embedder"]), int(found["dimension"])

    def backup(self, path: Path) -> None:
        """Writes the library as of now into a new SQLite file."""
        with self._write_lock, clear_errors(path):
            self._writing.execute("VACUUM INTO ?", (str(path),))

    def rows(self, statement: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        """What the statement finds, for tables that are kept beside the documents."""
        return self._rows(statement, values)

    def _rows(self, statement: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock, clear_errors(self.path):
            # Inside a transaction its own changes are to be seen.
            connection = self._writing if self._writer == threading.get_ident() else self._connection
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Several statements that see the library at one moment; they wait for no writer."""
        with self._lock, clear_errors(self.path):
            if self._connection.in_transaction or self._writer == threading.get_ident():
                yield
                return
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is done inside, by this class or with the connection; may be nested."""
        with self._write_lock, clear_errors(self.path):
            if self._writer:
                yield self._writing
                return
            self._writing.execute("BEGIN IMMEDIATE")
            self._writer = threading.get_ident()
            try:
                yield self._writing
                self._writing.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back by itself, for instance when the disk was full.
                if self._writing.in_transaction:
                    self._writing.execute("ROLLBACK")
                raise
            finally:
                self._writer = 0


def recorded(path: Path) -> dict[str, str]:
    """What the library's file at `path` says of itself; empty where there is no file, or an empty one."""
    if not path.exists():
        return {}
    with clear_errors(path):
        connection = connect(path)
        try:
            return manifest(connection)
        finally:
            connection.close()
