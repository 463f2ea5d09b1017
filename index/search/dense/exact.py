"""Few vectors: all of them compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.store.runs import Runs, marked
from index.store.store import StoredVectors


class Exact:
    """Vectors in 16 bits a number, as the store keeps them, so that every cosine is exact.

    FAISS may crash when one thread searches while another adds or removes; the caller keeps them
    apart.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def empty(cls, dimension: int) -> Self:
        half = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        return cls(faiss.IndexIDMap(half))

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        return cls(faiss.deserialize_index(np.frombuffer(content, np.uint8)))

    def to_bytes(self) -> memoryview:
        return faiss.serialize_index(self._index).data

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, vectors: StoredVectors) -> None:
        if len(vectors.ids):
            self._index.add_with_ids(vectors.rows, vectors.ids)

    def remove(self, first: int, end: int) -> None:
        """Takes out the passages of a half-open run, as far as they are here."""
        if len(self):
            self._index.remove_ids(faiss.IDSelectorRange(first, end))

    def search(
        self, vector: NDArray[np.float32], limit: int, runs: Runs | None = None
    ) -> list[tuple[int, float]]:
        """The nearest passages, out of the half-open runs if given, as (id, cosine), best first."""
        parameters = None
        if runs is not None:
            bits = np.packbits(marked(runs, runs[-1][1]), bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits)))  # type: ignore[call-arg]
        scores, ids = self._index.search(vector.reshape(1, -1), limit, params=parameters)
        return [(id, score) for id, score in zip(ids[0].tolist(), scores[0].tolist(), strict=True) if id >= 0]


@contextmanager
def one_thread() -> Iterator[None]:
    """FAISS does on the calling thread alone what it is asked inside.

    For one question its other threads only wait for work; on a busy machine all wait for them: 20 ms of
    processor time for 0.2 ms of search.
    """
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
