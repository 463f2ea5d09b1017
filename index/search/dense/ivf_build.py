"""How an inverted file is made: with new centroids, or with those of the old one and what is new."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray

from index.search.dense.ivf import InvertedFile
from index.store.runs import Run, merged, pieces
from index.store.store import Change, Store, StoredVectors

# Lists for n passages: this times the root of n. The sample holds so many passages a list, at least so few.
_LISTS = 4.0
_MOST_LISTS = 16_384
_SAMPLED = 32
_FEWEST_SAMPLED = 8
# Rounds of k-means; ten instead find 1 of 100 neighbours more in as many lists and take twice as long.
_ROUNDS = 6
# Passages read from the store at a time, while no other thread can read it, and worked on between two checks
# whether to stop.
_READ = 2_000
_ADDED = 16_000

Lists = faiss.IndexIVFScalarQuantizer
VectorRows = NDArray[np.float32]


class Stopped(Exception):
    """Work was given up on request."""


def trained(store: Store, size: int, stop: threading.Event) -> Lists:
    """All passages, `size` of them, in new lists; Stopped soon after `stop` is set."""
    lists = min(round(_LISTS * size**0.5), _MOST_LISTS)
    sample = _sample(store, _SAMPLED * lists / size, stop)
    centroids = _centroids(sample, max(1, min(lists, len(sample) // _FEWEST_SAMPLED)), stop)
    quantizer = faiss.IndexFlatIP(store.dimension)
    quantizer.add(centroids)
    index = _index(quantizer, store.dimension)
    index.train(sample)
    _add(index, store, [(1, store.end_passage())], stop)
    return index


def extended(ivf: InvertedFile, changes: Sequence[Change], store: Store, stop: threading.Event) -> Lists:
    """The same lists after all changes since they were made; Stopped soon after `stop` is set.

    `ivf`, which no other thread may use meanwhile, must outlive what is returned.
    """
    old = cast(Lists, ivf.index)
    for change in changes:
        ivf.forget(change.first_passage, change.end_passage)
    index = _index(old.quantizer, old.d)
    index.sq = old.sq
    index.is_trained = True
    for number in range(old.nlist):
        _go_on(stop)
        _copy(_lists(old), _lists(index), number, old.code_size, ivf.kept)
    index.ntotal = sum(_lists(index).list_size(number) for number in range(index.nlist))
    _add(index, store, merged((change.first_passage, change.end_passage) for change in changes), stop)
    return index


def held(index: faiss.IndexIVF) -> NDArray[np.bool_]:
    """Which passages the index holds: bool [end]."""
    lists = _lists(index)
    sizes = ((number, lists.list_size(number)) for number in range(index.nlist))
    ids = [faiss.rev_swig_ptr(lists.get_ids(number), size) for number, size in sizes if size]
    marks = np.zeros(1 + max((int(some.max()) for some in ids), default=0), np.bool_)
    for some in ids:
        marks[some] = True
    return marks


def _lists(index: faiss.IndexIVF) -> faiss.InvertedLists:
    return cast(faiss.InvertedLists, index.invlists)


def _index(quantizer: faiss.Index, dimension: int) -> Lists:
    kind = faiss.ScalarQuantizer.QT_8bit
    return faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, quantizer.ntotal, kind, faiss.METRIC_INNER_PRODUCT
    )


def _add(index: faiss.IndexIVF, store: Store, runs: Iterable[Run], stop: threading.Event) -> None:
    waiting: list[StoredVectors] = []
    for vectors in _read(store, runs, stop):
        waiting.append(vectors)
        if sum(len(some.ids) for some in waiting) >= _ADDED:
            _add_together(index, waiting)
            waiting = []
    _add_together(index, waiting)


def _add_together(index: faiss.IndexIVF, vectors: list[StoredVectors]) -> None:
    if vectors:
        rows = np.concatenate([some.rows for some in vectors])
        index.add_with_ids(rows, np.concatenate([some.ids for some in vectors]))


def _read(store: Store, runs: Iterable[Run], stop: threading.Event) -> Iterator[StoredVectors]:
    for first, end in pieces(list(runs), _READ):
        _go_on(stop)
        vectors = store.vectors(first, end)
        if len(vectors.ids):
            yield vectors


def _sample(store: Store, share: float, stop: threading.Event) -> VectorRows:
    """The vectors [n, dimension] of about this share of the passages, chosen at random."""
    ids = np.flatnonzero(np.random.default_rng(0).random(store.end_passage()) < share)
    rows = [np.zeros((0, store.dimension), np.float32)]
    for start in range(0, len(ids), _READ):
        _go_on(stop)
        rows.append(store.vectors_of(ids[start : start + _READ].tolist()).rows)
    return np.concatenate(rows)


def _centroids(sample: VectorRows, lists: int, stop: threading.Event) -> VectorRows:
    """Spherical k-means, in steps that it can stop between: float32 [lists, dimension], each of length 1."""
    random = np.random.default_rng(0)
    centroids = sample[random.choice(len(sample), lists, replace=False)]
    for _ in range(_ROUNDS):
        nearest = _nearest(centroids, sample, stop)
        order = np.argsort(nearest, kind="stable")
        filled, starts = np.unique(nearest[order], return_index=True)
        # A list that stayed empty begins again elsewhere.
        centroids = sample[random.choice(len(sample), lists, replace=False)]
        centroids[filled] = np.add.reduceat(sample[order], starts)
        centroids /= np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-12)
    return centroids


def _nearest(centroids: VectorRows, rows: VectorRows, stop: threading.Event) -> NDArray[np.int64]:
    index = faiss.IndexFlatIP(centroids.shape[1])
    index.add(centroids)
    found = []
    for start in range(0, len(rows), _ADDED):
        _go_on(stop)
        found.append(index.search(rows[start : start + _ADDED], 1)[1][:, 0])
    return np.concatenate(found)


def _copy(
    source: faiss.InvertedLists, target: faiss.InvertedLists, number: int, width: int, kept: NDArray[np.bool_]
) -> None:
    """Copies one list's passages, `width` bytes each, as far as they are kept."""
    size = source.list_size(number)
    if not size:
        return
    ids = faiss.rev_swig_ptr(source.get_ids(number), size)
    codes = faiss.rev_swig_ptr(source.get_codes(number), size * width).reshape(size, width)
    ids, codes = ids[kept[ids]], codes[kept[ids]]
    if len(ids):
        target.add_entries(number, len(ids), faiss.swig_ptr(ids), faiss.swig_ptr(codes))


def _go_on(stop: threading.Event) -> None:
    if stop.is_set():
        raise Stopped
