"""A `PassageSearch` in memory that compares everything: slow, right, and short enough to begin from."""

import math
import threading
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.documents.passage import Passage
from index.documents.terms import question_terms, terms
from index.locks import WriteLock
from index.search.passage_search import Ranked
from index.search.ranking import fuse
from index.store.records import Filter, passes
from index.store.store import Store
from index.store.updates import Update, updates

# The parameters of BM25 that Lucene and tantivy use.
_K1, _B = 1.2, 0.75


class ExactSearch:
    """Numpy cosines and BM25 over all passages; it keeps nothing, and so reads the whole store when made."""

    def __init__(self, folder: Path, store: Store, write_lock: WriteLock) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._position = 0, ""
        self._passages: dict[int, Passage] = {}
        self._terms: dict[int, Counter[str]] = {}
        self._vectors: dict[int, NDArray[np.float32]] = {}

    @property
    def applied(self) -> int:
        return self._store.last_change()

    def apply(self) -> None:
        with self._lock:
            self._catch_up()

    def search(
        self, question: str, vector: NDArray[np.float32] | None, limit: int, filter: Filter = Filter()
    ) -> Ranked:
        with self._lock:
            self._catch_up()
            allowed = [id for id, passage in self._passages.items() if passes(filter, passage.document)]
            worded = self._bm25(question_terms(question), allowed)
            cosines = {
                id: float(self._vectors[id] @ vector)
                for id in allowed
                if vector is not None and id in self._vectors
            }
        near = sorted(cosines.items(), key=lambda pair: -pair[1])
        return fuse(near, worded, cosines, cut=False)[:limit]

    def problems(self) -> list[str]:
        with self._lock:
            self._catch_up()
            same = self._passages.keys() == self._store.passage_ids()
        return [] if same else ["the passages in memory are not those of the store"]

    def close(self) -> None:
        pass

    def _catch_up(self) -> None:
        for update in updates(self._store, *self._position):
            self._take(update)

    def _take(self, update: Update) -> None:
        held = self._passages, self._terms, self._vectors
        for one in held:
            for id in list(one) if update.from_scratch else update.touched.tolist():
                one.pop(id, None)
        for passage in update.passages:
            self._passages[passage.id] = passage
            self._terms[passage.id] = Counter(terms(f"{passage.context}\n{passage.text}"))
        self._vectors.update(zip(update.vectors.ids.tolist(), update.vectors.rows, strict=True))
        self._position = update.applied, update.embedder

    def _bm25(self, wanted: list[str], allowed: list[int]) -> Ranked:
        """Robertson and Zaragoza (2009), with the statistics of all passages."""
        every = len(self._terms)
        average = sum(bag.total() for bag in self._terms.values()) / max(every, 1) or 1.0
        scores = dict.fromkeys(allowed, 0.0)
        for term in set(wanted):
            having = sum(term in bag for bag in self._terms.values())
            idf = math.log(1 + (every - having + 0.5) / (having + 0.5))
            for id in allowed:
                bag = self._terms[id]
                norm = _K1 * (1 - _B + _B * bag.total() / average)
                scores[id] += idf * bag[term] * (_K1 + 1) / (bag[term] + norm)
        return sorted(((id, s) for id, s in scores.items() if s > 0), key=lambda pair: -pair[1])
