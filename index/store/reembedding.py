"""Re-embedding: the vectors of a library's next embedder, kept beside the present ones until all are made.

They are made in the order of the passages' numbers, which only ever grow, so that passages added meanwhile
come last. The vectors of the present embedder answer until the switch, which is one transaction: after a kill
before it the work continues where it was, and no search ever sees vectors of both.
"""

import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.documents.passage import Passage
from index.embedders.embedder import Embedder
from index.errors import LibraryError
from index.store.schema import manifest
from index.store.store import Store

# The key in the manifest; files have it, and the names of the tables below.
NEXT_EMBEDDER = "coming_embedder"
_NEXT_DIMENSION = "coming_dimension"
_TABLES = (
    "CREATE TABLE coming_vectors (passage INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
    # However a document is removed.
    """CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
        DELETE FROM coming_vectors WHERE passage = OLD.id;
    END""",
)
# A passage that belongs to no document, because the file is damaged, gets none.
_LACKING = (
    "FROM passages WHERE id > ? AND NOT EXISTS (SELECT 1 FROM coming_vectors WHERE passage = passages.id)"
    " AND EXISTS (SELECT 1 FROM documents WHERE documents.id = document_id) ORDER BY id LIMIT ?"
)
# Passages that were found by their words alone have a vector from the switch on.
SWITCH = (
    "INSERT INTO changes (kind, document_id, first_passage, end_passage, stamp)"
    " SELECT 'embedded', document_id, min(passage), max(passage) + 1, random()"
    " FROM waiting JOIN passages ON id = passage GROUP BY document_id ORDER BY min(passage)",
    "DELETE FROM waiting",
    "DROP TRIGGER passage_removed",
    "DROP TABLE vectors",
    "ALTER TABLE coming_vectors RENAME TO vectors",
    "DELETE FROM manifest WHERE key IN ('embedder', 'dimension')",
    "UPDATE manifest SET key = substr(key, length('coming_') + 1) WHERE key LIKE 'coming\\_%' ESCAPE '\\'",
)


class Reembedding:
    """The change of a library's embedder, as far as it is on disk; every process sees the same one."""

    def __init__(self, store: Store, switch: Iterable[str] = SWITCH) -> None:
        self._store = store
        self._switch = switch

    @property
    def embedder(self) -> str:
        """The name of the embedder that the library is being changed to; empty when to none."""
        rows = self._store.rows("SELECT value FROM manifest WHERE key = ?", NEXT_EMBEDDER)
        return str(rows[0][0]) if rows else ""

    def begin(self, embedder: Embedder) -> bool:
        """Starts the change, unless it is under way; a change to another one is given up with its vectors.

        False when the embedder is the library's own, and there is nothing to change.
        """
        if self.embedder == embedder.name:
            return True
        if self._store.made_with() == embedder.name:
            if self.embedder:
                self.give_up()
            return False
        dimension = embedder.dimension  # may load the model, and so not inside the transaction
        with self._store.transaction() as connection:
            found = manifest(connection)
            if embedder.name in (found["embedder"], found.get(NEXT_EMBEDDER)):
                return found["embedder"] != embedder.name  # another process has been faster
            _give_up(connection)
            for table in _TABLES:
                connection.execute(table)
            facts = {NEXT_EMBEDDER: embedder.name, _NEXT_DIMENSION: str(dimension)}
            connection.executemany("INSERT INTO manifest VALUES (?, ?)", facts.items())
        return True

    def give_up(self) -> None:
        """Leaves the library with the embedder that it has; the vectors of the next one go."""
        with self._store.transaction() as connection:
            _give_up(connection)

    def share(self) -> float:
        """The share of the passages that have their vector, 0 to 1."""
        with self._store.reading():
            if not self.embedder:
                return 0.0
            reached = self._store.rows("SELECT coalesce(max(passage), 0) + 1 FROM coming_vectors")[0][0]
            done, all_of_them = self._store.rows(
                "SELECT coalesce(sum(max(min(end_passage, ?) - first_passage, 0)), 0),"
                " coalesce(sum(end_passage - first_passage), 0) FROM documents",
                reached,
            )[0]
        return float(done / all_of_them) if all_of_them else 1.0

    def lacking(self, embedder: str, limit: int, after: int) -> list[Passage]:
        """Up to `limit` passages above the number `after` that have no vector yet, in their order."""
        with self._store.reading():
            if self.embedder != embedder:
                return []
            ids = [id for (id,) in self._store.rows(f"SELECT id {_LACKING}", after, limit)]
            found = self._store.passages(ids)
            return [found[id] for id in ids]

    def add(self, embedder: str, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Keeps the vectors [len(passages), dimension] of passages that are still there, durably.

        None is kept when the library is no longer being changed to this embedder.
        """
        with self._store.transaction() as connection:
            found = manifest(connection)
            if found.get(NEXT_EMBEDDER) != embedder:
                return
            shape = (len(passages), int(found[_NEXT_DIMENSION]))
            if vectors.shape != shape:
                raise LibraryError(
                    f"The embedder {embedder} gave vectors of the shape {vectors.shape} instead of {shape}. "
                    "It is not what it was when the change to it began; change to another one first."
                )
            connection.executemany(
                "INSERT OR REPLACE INTO coming_vectors SELECT id, ? FROM passages WHERE id = ?",
                (
                    (row.tobytes(), passage.id)
                    for row, passage in zip(vectors.astype(np.float16), passages, strict=True)
                ),
            )

    def switch(self, embedder: str) -> bool:
        """Makes the embedder the library's own in one step; False as long as a passage lacks its vector."""
        with self._store.transaction() as connection:
            if manifest(connection).get(NEXT_EMBEDDER) != embedder:
                return False
            if connection.execute(f"SELECT 1 {_LACKING}", (0, 1)).fetchone():
                return False
            for statement in self._switch:
                connection.execute(statement)
            return True


def _give_up(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TRIGGER IF EXISTS passage_removed")
    connection.execute("DROP TABLE IF EXISTS coming_vectors")
    connection.execute("DELETE FROM manifest WHERE key IN (?, ?)", (NEXT_EMBEDDER, _NEXT_DIMENSION))
