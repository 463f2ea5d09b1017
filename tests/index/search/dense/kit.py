"""What the tests of the dense index share: vectors, documents that have them, and an oracle."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Document
from index.documents.passage import Place
from index.search.dense.dense_index import DenseIndex
from index.search.dense.sizes import DenseSizes
from index.store.store import Store

DIMENSION = 16
# An inverted file already for some hundred passages, made anew after some hundred more.
SMALL = DenseSizes(save_fewest=1, exact_up_to=500, exact_at_most=1500, fresh_up_to=200, few=20)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "library.sqlite3", "test", DIMENSION)


def unit(rows: int, seed: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)
    # What the store keeps has 16 bits, so the oracle gets the same.
    unit_length = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    kept: NDArray[np.float32] = unit_length.astype(np.float16).astype(np.float32)
    return kept


def of_passages(name: str, count: int) -> tuple[Document, list[Place]]:
    """A document of that many passages, each of a text of its own: passages of one text have one vector."""
    texts = [f"{name} {number}\n" for number in range(count)]
    ends = np.cumsum([len(text) for text in texts]).tolist()
    places = [(end - len(text), end - 1) for end, text in zip(ends, texts, strict=True)]
    return Document(name, "".join(texts)), places


def add(store: Store, name: str, vectors: NDArray[np.float32]) -> Document:
    document, places = of_passages(name, len(vectors))
    store.add(document, places, vectors)
    return document


def opened(folder: Path, store: Store, sizes: DenseSizes = SMALL, embedder: str = "test") -> DenseIndex:
    return DenseIndex(folder / "dense.index", store, embedder, sizes)


def settled(tmp_path: Path, store: Store, sizes: DenseSizes = SMALL) -> DenseIndex:
    """The index when all that goes on in the background is done."""
    index = opened(tmp_path, store, sizes)
    index.save()
    index.wait()
    return index


def has_ivf(index: DenseIndex) -> bool:
    return index._parts.ivf is not None


def oracle(
    vectors: NDArray[np.float32], ids: list[int], question: NDArray[np.float32], limit: int
) -> list[int]:
    order = np.argsort(-(vectors @ question), kind="stable")[:limit]
    return [ids[position] for position in order]


def found(
    index: DenseIndex, question: NDArray[np.float32], limit: int, runs: list[tuple[int, int]] | None = None
) -> list[int]:
    return [id for id, _ in index.search(question, limit, runs)]
