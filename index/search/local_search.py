"""The default search: FAISS for the vectors and tantivy for the words, in files beside the library's."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError
from index.locks import WriteLock
from index.search.audit import dense_problems, lexical_problems
from index.search.dense.dense_index import DenseIndex
from index.search.dense.sizes import DenseSizes
from index.search.lexical.lexical_index import LexicalIndex
from index.search.lexical.sizes import LexicalSizes
from index.search.passage_search import Ranked
from index.search.ranking import by_coverage, fuse
from index.store.records import Filter
from index.store.store import Store

# Candidates taken from each side before they are fused; more finds no more and costs time.
CANDIDATES = 100
# Passages whose document is kept in memory, about 5 MiB.
_FIRST_KEPT = 50_000
# The names of everything that is derived, in the library's folder.
_DENSE, _LEXICAL = "dense.index", "lexical"

_logger = logging.getLogger(__name__)


class LocalSearch:
    """See `PassageSearch`. Both indexes are opened when they are first needed."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        write_lock: WriteLock,
        dense: DenseSizes = DenseSizes(),
        lexical: LexicalSizes = LexicalSizes(),
    ) -> None:
        self._folder = folder
        self._store = store
        self._write_lock = write_lock
        self._sizes = dense, lexical
        # Held to open the indexes and to bring them up to date, never while they are searched.
        self._lock = threading.RLock()
        self._dense: DenseIndex | None = None
        self._lexical: LexicalIndex | None = None
        # The first passage of a passage's document, which stays the same as long as the passage exists.
        self._first: dict[int, int] = {}

    @property
    def applied(self) -> int:
        newest = self._store.last_change()
        lexical = self._lexical.applied if self._lexical else 0
        return min(lexical, DenseIndex.saved_up_to(self._folder / _DENSE, otherwise=newest))

    def apply(self) -> None:
        with self._lock:
            self._opened_lexical().catch_up()
            dense = self._dense
            if dense and dense.embedder == self._store.embedder:
                dense.catch_up()
        if dense:
            dense.save()

    def search(
        self, question: str, vector: NDArray[np.float32] | None, limit: int, filter: Filter = Filter()
    ) -> Ranked:
        runs = self._store.runs(filter) if filter else None
        dense, lexical = self._up_to_date()
        each = max(CANDIDATES, limit)
        worded = lexical.search(question, each, runs)
        near = dense.search(vector, each, runs) if vector is not None else []
        cosines = self._cosines(vector, near, worded) if vector is not None else {}
        ranked = fuse(near, worded, cosines)
        documents = self._first_passages([id for id, _ in ranked])
        coverage = lexical.coverage(question, set(documents.values()))
        return by_coverage(ranked, {id: coverage.get(first, 0.0) for id, first in documents.items()})[:limit]

    def problems(self) -> list[str]:
        # What is verified, or made, in the background comes first.
        self.wait()
        dense, lexical = self._up_to_date()
        return [*lexical_problems(self._store, lexical), *dense_problems(self._store, dense)]

    def close(self) -> None:
        with self._lock:
            if self._dense:
                self._dense.close()

    def wait(self) -> None:
        """Waits until the work in the background is done."""
        self._up_to_date()[0].wait()

    def indexes(self) -> tuple[DenseIndex, LexicalIndex]:
        """Both indexes as of the newest change, for benchmarks and tests."""
        return self._up_to_date()

    def _up_to_date(self) -> tuple[DenseIndex, LexicalIndex]:
        """Both indexes as of the newest change, whichever process made it."""
        with self._lock:
            dense, lexical = self._opened_dense(), self._opened_lexical()
            dense.catch_up()
            if lexical.behind():
                lexical.refresh()
            if lexical.behind():
                self._catch_up_if_free(lexical)
        return dense, lexical

    def _opened_dense(self) -> DenseIndex:
        """The dense index of the embedder that the library has now."""
        if self._dense and self._dense.embedder != self._store.embedder:
            self._dense.give_up()
            self._dense = None
        if not self._dense:
            path = self._folder / _DENSE
            self._dense = DenseIndex(path, self._store, self._store.embedder, self._sizes[0])
        return self._dense

    def _opened_lexical(self) -> LexicalIndex:
        if not self._lexical:
            self._lexical = LexicalIndex(self._folder / _LEXICAL, self._store, self._sizes[1])
        return self._lexical

    def _catch_up_if_free(self, lexical: LexicalIndex) -> None:
        """Takes in what was written; while a writer holds the lock, the writer does it.

        A failure, for instance on a full disk, is no reason not to search.
        """
        with self._write_lock.if_free() as free:
            if free:
                try:
                    lexical.catch_up()
                except (LibraryError, OSError) as error:
                    _logger.warning("An index could not be saved, and is made again when needed: %s", error)

    def _first_passages(self, ids: Sequence[int]) -> dict[int, int]:
        """For each of these passages, as far as the store has or had it, the first one of its document."""
        first = self._first
        if len(first) > _FIRST_KEPT:
            first = self._first = {}
        if missing := [id for id in ids if id not in first]:
            first |= self._store.first_passages(missing)
        return {id: first[id] for id in ids if id in first}

    def _cosines(self, vector: NDArray[np.float32], near: Ranked, worded: Ranked) -> dict[int, float]:
        """The cosine of every candidate that has a vector, also when only its words were found."""
        cosines = dict(near)
        missing = self._store.vectors_of([id for id, _ in worded if id not in cosines])
        return cosines | dict(zip(missing.ids.tolist(), (missing.rows @ vector).tolist(), strict=True))
