"""The vectors of a library's passages: which there are, and which are still to be made."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError
from index.store.change_log import ChangeLog
from index.store.filters import condition
from index.store.records import Filter, StoredVectors

# In the same statement, so that no other embedder's vectors are read at the moment of a change.
_OF_EMBEDDER = "(SELECT value FROM manifest WHERE key = 'embedder') = ?"


class VectorTable(ChangeLog):
    """A library's file with its vectors; every method may be called from any thread."""

    def waiting(self, filter: Filter = Filter()) -> int:
        """How many passages of the documents that pass the filter have no vector yet."""
        if not filter:
            return int(self._rows("SELECT count(*) FROM waiting", ())[0][0])
        where, values = condition(filter)
        statement = (
            "SELECT count(*) FROM waiting JOIN passages ON passages.id = passage"
            f" JOIN documents ON documents.id = document_id {where}"
        )
        return int(self._rows(statement, values)[0][0])

    def embedded(self) -> int:
        """How many passages have a vector."""
        # In one statement, since passages come and go while others get their vectors.
        statement = (
            "SELECT (SELECT coalesce(sum(end_passage - first_passage), 0) FROM documents)"
            " - (SELECT count(*) FROM waiting)"
        )
        return int(self._rows(statement, ())[0][0])

    def vectors(self, first: int, end: int) -> StoredVectors:
        """The vectors of the passages in a half-open run, as far as they have one."""
        return self._vectors("passage >= ? AND passage < ? ORDER BY passage", (first, end))

    def vectors_of(self, ids: Sequence[int]) -> StoredVectors:
        """The vectors of these passages, as far as they exist and have one, in the order of their ids."""
        return self._vectors(f"passage IN ({marks(ids)}) ORDER BY passage", tuple(ids))

    def embedded_ids(self) -> list[int]:
        """The ids of all passages that have a vector, in order."""
        return [id for (id,) in self._rows("SELECT passage FROM vectors ORDER BY passage", ())]

    def drop_spare_vectors(self) -> None:
        """Deletes the vectors of replaced texts, once no document is to come that may have them."""
        # Checked first, since even a transaction that changes nothing would wait for another writer.
        if self.rows("SELECT 1 FROM spare_vectors LIMIT 1"):
            with self.transaction() as connection:
                connection.execute("DELETE FROM spare_vectors")

    def _vectors(self, where: str, values: Sequence[object]) -> StoredVectors:
        # One of another size is damaged: `check` says so, and its passage is found by its words.
        sound = f"length(vector) = {self.dimension * np.float16().itemsize}"
        rows = self._rows(
            f"SELECT passage, vector FROM vectors WHERE {sound} AND {_OF_EMBEDDER} AND {where}",
            (self.embedder, *values),
        )
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        stored = np.frombuffer(b"".join(row[1] for row in rows), np.float16)
        return StoredVectors(ids, stored.reshape(len(rows), self.dimension).astype(np.float32))

    def _check_shape(self, name: str, passages: int, vectors: NDArray[np.float32]) -> None:
        if vectors.shape != (passages, self.dimension):
            raise LibraryError(
                f"{name}: {passages} passages of dimension {self.dimension} "
                f"came with vectors of shape {vectors.shape}"
            )


def marks(ids: Sequence[int]) -> str:
    """As many placeholders as there are ids."""
    return ",".join("?" * len(ids))


def by_digest(digests: Iterable[bytes], vectors: NDArray[np.float32]) -> dict[bytes, bytes]:
    """The vectors as they are kept, in 16 bits a number, by the digests of their texts."""
    return {digest: row.tobytes() for digest, row in zip(digests, vectors.astype(np.float16), strict=True)}
