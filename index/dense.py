"""Search by meaning: the passages' vectors in FAISS, derived from the store."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.files import read_checked, write_checked
from index.store import Change, Store

# Saving writes the whole index, so it waits until this share of it is new; what is not saved is read
# from the store at the next opening.
_SAVE_SHARE = 0.1
_SAVE_FEWEST = 2_000

Runs = Sequence[tuple[int, int]]


class DenseIndex:
    """Exact inner products over all vectors; `applied` is the last change of the store that is in it.

    FAISS may crash when one thread searches while another adds, so a lock keeps them apart.
    """

    def __init__(self, path: Path, store: Store, embedder: str) -> None:
        self._path = path
        self._store = store
        self._facts: dict[str, int | str] = {"embedder": embedder, "dimension": store.dimension}
        self._lock = _SharedLock()
        self._unsaved = 0
        self.applied = 0
        self._index = self._load() or self._build()
        self.catch_up()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: NDArray[np.float32], limit: int, runs: Runs | None = None
    ) -> list[tuple[int, float]]:
        """The `limit` nearest passages to `vector` [dimension] as (id, cosine), best first.

        `runs`, half-open, limits the search to those passage numbers.
        """
        parameters = None
        if runs is not None:
            allowed = np.concatenate([np.arange(first, end) for first, end in runs] or [np.arange(0)]).astype(
                np.int64
            )
            limit = min(limit, len(allowed))
            parameters = (
                faiss.SearchParameters(  # type: ignore[call-arg]
                    sel=faiss.IDSelectorBatch(allowed)
                )
                if limit
                else None
            )
        if limit == 0 or not len(self):
            return []
        with self._lock.shared():
            scores, ids = self._index.search(vector.reshape(1, -1), limit, params=parameters)
        return [(int(id), float(score)) for id, score in zip(ids[0], scores[0], strict=True) if id >= 0]

    def catch_up(self) -> None:
        """Takes in what changed in the store since `applied`, whichever process changed it."""
        if self._store.last_change() == self.applied:
            return
        with self._lock.alone():
            for change in self._store.changes_since(self.applied):
                self._apply(change)

    def save(self) -> None:
        """Writes the index to disk when enough of it is new to be worth it."""
        if self._unsaved < max(_SAVE_FEWEST, _SAVE_SHARE * len(self)):
            return
        with self._lock.shared():
            content = faiss.serialize_index(self._index)
            write_checked(self._path, {**self._facts, **self._store.position(self.applied)}, content.data)
            self._unsaved = 0

    def _apply(self, change: Change) -> None:
        if change.kind == "embedded":
            added = self._store.vectors(change.first_passage, change.end_passage)
            if len(added.ids):
                self._index.add_with_ids(added.rows, added.ids)
        elif change.kind == "removed":
            self._index.remove_ids(faiss.IDSelectorRange(change.first_passage, change.end_passage))
        if change.kind != "added":
            self._unsaved += change.end_passage - change.first_passage
        self.applied = change.id

    def _load(self) -> faiss.Index | None:
        saved = read_checked(self._path, self._facts)
        if saved is None or not self._store.follows(saved[0]):
            return None
        facts, content = saved
        self.applied = int(facts["applied"])
        return faiss.deserialize_index(np.frombuffer(content, np.uint8))

    def _build(self) -> faiss.Index:
        self.applied, vectors = self._store.snapshot()
        index = faiss.IndexIDMap(faiss.IndexFlatIP(self._store.dimension))
        if len(vectors.ids):
            index.add_with_ids(vectors.rows, vectors.ids)
        self._unsaved = len(vectors.ids)
        return index


class _SharedLock:
    """Many readers or one writer; a waiting writer goes before new readers."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._readers = 0
        self._writing = False
        self._waiting = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        with self._condition:
            self._condition.wait_for(lambda: not self._writing and not self._waiting)
            self._readers += 1
        try:
            yield
        finally:
            with self._condition:
                self._readers -= 1
                self._condition.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._condition:
            self._waiting += 1
            self._condition.wait_for(lambda: not self._writing and not self._readers)
            self._waiting -= 1
            self._writing = True
        try:
            yield
        finally:
            with self._condition:
                self._writing = False
                self._condition.notify_all()
