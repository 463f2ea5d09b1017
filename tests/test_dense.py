import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Document, Filter
from index import dense as dense_module
from index.dense import DenseIndex
from index.store import Store

DIMENSION = 16


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "library.sqlite3", "test", DIMENSION)


def unit(rows: int, seed: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)
    # What the store keeps has 16 bits, so the oracle gets the same.
    unit_length = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    kept: NDArray[np.float32] = unit_length.astype(np.float16).astype(np.float32)
    return kept


def add(store: Store, name: str, vectors: NDArray[np.float32]) -> Document:
    document = Document(name, "x" * len(vectors))
    store.add(document, [(at, at + 1) for at in range(len(vectors))], vectors)
    return document


def oracle(
    vectors: NDArray[np.float32], ids: list[int], question: NDArray[np.float32], limit: int
) -> list[int]:
    order = np.argsort(-(vectors @ question), kind="stable")[:limit]
    return [ids[position] for position in order]


def test_search_agrees_with_numpy(tmp_path: Path, store: Store) -> None:
    vectors = unit(300, 1)
    add(store, "a", vectors)
    index = DenseIndex(tmp_path / "dense.index", store, "test")
    for question in unit(20, 2):
        found = index.search(question, 10)
        assert [id for id, _ in found] == oracle(vectors, list(range(1, 301)), question, 10)
        assert np.allclose([score for _, score in found], sorted(vectors @ question)[::-1][:10], atol=1e-6)


def test_runs_limit_the_search_before_the_ranking(tmp_path: Path, store: Store) -> None:
    vectors = unit(100, 3)
    first = add(store, "a", vectors[:50])
    add(store, "b", vectors[50:])
    index = DenseIndex(tmp_path / "dense.index", store, "test")
    question = unit(1, 4)[0]
    found = index.search(question, 10, store.runs(Filter(documents=(first.id,))))
    assert [id for id, _ in found] == oracle(vectors[:50], list(range(1, 51)), question, 10)
    assert index.search(question, 10, []) == []
    assert len(index.search(question, 1000, [(1, 6)])) == 5


def test_additions_and_removals_are_followed(tmp_path: Path, store: Store) -> None:
    index = DenseIndex(tmp_path / "dense.index", store, "test")
    vectors = unit(60, 5)
    documents = [add(store, str(number), vectors[20 * number : 20 * number + 20]) for number in range(3)]
    store.remove(documents[1].id)
    index.catch_up()
    question = vectors[25]
    kept = [*range(1, 21), *range(41, 61)]
    assert [id for id, _ in index.search(question, 40)] == oracle(
        vectors[[id - 1 for id in kept]], kept, question, 40
    )


def test_a_saved_index_is_loaded_and_brought_up_to_date(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense_module, "_SAVE_FEWEST", 1)
    add(store, "a", unit(30, 6))
    first = DenseIndex(tmp_path / "dense.index", store, "test")
    first.save()
    saved = (tmp_path / "dense.index").read_bytes()
    add(store, "b", unit(30, 7))
    again = DenseIndex(tmp_path / "dense.index", store, "test")
    assert len(again) == 60
    assert again.applied == store.last_change()
    assert (tmp_path / "dense.index").read_bytes() == saved, "loading alone writes nothing"


@pytest.mark.parametrize("damage", ["flipped", "cut", "missing", "other embedder"])
def test_a_damaged_index_is_made_again(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr(dense_module, "_SAVE_FEWEST", 1)
    vectors = unit(30, 8)
    add(store, "a", vectors)
    path = tmp_path / "dense.index"
    DenseIndex(path, store, "test").save()
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        content[-10] ^= 0xFF
        path.write_bytes(content)
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "missing":
        path.unlink()
    index = DenseIndex(path, store, "another" if damage == "other embedder" else "test")
    assert [id for id, _ in index.search(vectors[7], 1)] == [8]
    assert len(index) == 30


def test_searching_while_adding_is_safe(tmp_path: Path, store: Store) -> None:
    index = DenseIndex(tmp_path / "dense.index", store, "test")
    add(store, "first", unit(50, 9))
    index.catch_up()
    stop = threading.Event()
    found: list[int] = []

    def search() -> None:
        while not stop.is_set():
            found.append(len(index.search(unit(1, 10)[0], 10)))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(30):
        add(store, str(number), unit(20, number))
        index.catch_up()
    stop.set()
    for thread in threads:
        thread.join()
    assert set(found) == {10}
    assert len(index) == 650
