import threading
from pathlib import Path

import numpy as np
import pytest

from index import Filter
from index.search.dense.sizes import DenseSizes
from index.store.store import Store
from tests.index.search.dense.kit import (
    add,
    found,
    has_ivf,
    of_passages,
    opened,
    oracle,
    settled,
    store,
    unit,
)

__all__ = ["store"]


SAVED_AT_ONCE = DenseSizes(save_fewest=1)


@pytest.fixture(params=["one by one", "inverted file"])
def sizes(request: pytest.FixtureRequest) -> DenseSizes:
    """The same behaviour is wanted of both ways to search."""
    return DenseSizes(exact_up_to=20, few=20) if request.param == "inverted file" else DenseSizes()


# With so few lists every question searches all of them, so both ways must agree with the oracle.


def test_search_agrees_with_numpy(tmp_path: Path, store: Store, sizes: DenseSizes) -> None:
    vectors = unit(300, 1)
    add(store, "a", vectors)
    index = settled(tmp_path, store, sizes)
    assert has_ivf(index) == (sizes.exact_up_to == 20)
    for question in unit(20, 2):
        ranked = index.search(question, 10)
        assert [id for id, _ in ranked] == oracle(vectors, list(range(1, 301)), question, 10)
        assert np.allclose([score for _, score in ranked], sorted(vectors @ question)[::-1][:10], atol=1e-6)
    index.close()


def test_runs_limit_the_search_before_the_ranking(tmp_path: Path, store: Store, sizes: DenseSizes) -> None:
    vectors = unit(100, 3)
    first = add(store, "a", vectors[:50])
    add(store, "b", vectors[50:])
    index = settled(tmp_path, store, sizes)
    question = unit(1, 4)[0]
    runs = store.runs(Filter(documents=(first.id,)))
    assert found(index, question, 10, runs) == oracle(vectors[:50], list(range(1, 51)), question, 10)
    assert index.search(question, 10, []) == []
    assert len(index.search(question, 1000, [(1, 6)])) == 5
    scattered = [(3, 9), (20, 21), (60, 90), (99, 200)]
    allowed = [number for first, end in scattered for number in range(first, min(end, 101))]
    rows = vectors[[number - 1 for number in allowed]]
    assert found(index, question, 50, scattered) == oracle(rows, allowed, question, 50)
    index.close()


def test_additions_and_removals_are_followed(tmp_path: Path, store: Store, sizes: DenseSizes) -> None:
    vectors = unit(80, 5)
    documents = [add(store, str(number), vectors[20 * number : 20 * number + 20]) for number in range(3)]
    index = settled(tmp_path, store, sizes)
    store.remove(documents[1].id)
    add(store, "3", vectors[60:])
    index.catch_up()
    kept = [*range(1, 21), *range(41, 81)]
    assert len(index) == 60
    rows = vectors[[id - 1 for id in kept]]
    for runs in (None, [(10, 70)]):
        allowed = [place for place, id in enumerate(kept) if not runs or 10 <= id < 70]
        wanted = oracle(rows[allowed], [kept[place] for place in allowed], vectors[25], 40)
        assert found(index, vectors[25], 40, runs) == wanted
    index.close()


def test_a_change_applied_twice_does_no_harm(tmp_path: Path, store: Store, sizes: DenseSizes) -> None:
    vectors = unit(100, 6)
    for number in range(5):
        add(store, str(number), vectors[20 * number : 20 * number + 20])
    index = settled(tmp_path, store, sizes)
    index._parts.take(store.changes_since(2), store)
    assert len(index) == 100
    assert found(index, vectors[70], 100) == oracle(vectors, list(range(1, 101)), vectors[70], 100)
    index.close()


def test_a_saved_index_is_loaded_and_brought_up_to_date(tmp_path: Path, store: Store) -> None:
    add(store, "a", unit(30, 6))
    first = opened(tmp_path, store)
    first.save()
    saved = (tmp_path / "dense.index").read_bytes()
    add(store, "b", unit(30, 7))
    again = opened(tmp_path, store)
    assert len(again) == 60
    assert again.applied == store.last_change()
    assert (tmp_path / "dense.index").read_bytes() == saved, "loading alone writes nothing"


@pytest.mark.parametrize("damage", ["flipped", "cut", "missing", "other embedder", "other facts"])
def test_a_damaged_index_is_made_again(tmp_path: Path, store: Store, damage: str) -> None:
    vectors = unit(30, 8)
    add(store, "a", vectors)
    path = tmp_path / "dense.index"
    opened(tmp_path, store, SAVED_AT_ONCE).save()
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        content[-10] ^= 0xFF
        path.write_bytes(content)
    elif damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "missing":
        path.unlink()
    elif damage == "other facts":
        path.write_bytes(content.replace(b'"applied": 1', b'"applied": 0'))
    index = opened(tmp_path, store, SAVED_AT_ONCE, "another" if damage == "other embedder" else "test")
    assert [id for id, _ in index.search(vectors[7], 1)] == [8]
    assert len(index) == 30


def test_searching_while_adding_and_making_an_inverted_file_is_safe(tmp_path: Path, store: Store) -> None:
    index = opened(tmp_path, store)
    add(store, "first", unit(50, 9))
    index.catch_up()
    stop = threading.Event()
    seen: list[int] = []

    def search() -> None:
        while not stop.is_set():
            seen.append(len(index.search(unit(1, 10)[0], 10)))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(60):
        add(store, str(number), unit(20, number))
        index.catch_up()
        index.save()
    stop.set()
    for thread in threads:
        thread.join()
    index.save()
    index.wait()
    assert set(seen) == {10}
    assert len(index) == 1250
    assert has_ivf(index)
    index.close()


def test_passages_without_vectors_are_taken_in_when_they_have_one(
    tmp_path: Path, store: Store, sizes: DenseSizes
) -> None:
    vectors = unit(100, 18)
    add(store, "a", vectors[:60])
    store.add(*of_passages("b", 40))
    index = settled(tmp_path, store, sizes)
    assert (len(index), store.embedded()) == (60, 60)
    assert has_ivf(index) == (sizes.exact_up_to == 20)
    assert found(index, vectors[70], 100) == oracle(vectors[:60], list(range(1, 61)), vectors[70], 100)
    for first in (60, 80):
        store.add_vectors(store.unembedded(20), vectors[first : first + 20])
        index.catch_up()
    assert (len(index), store.embedded()) == (100, 100)
    assert found(index, vectors[70], 100) == oracle(vectors, list(range(1, 101)), vectors[70], 100)
    store.embed_again(of_passages("b", 40)[0].id)
    index.catch_up()
    assert (len(index), store.embedded()) == (60, 60)
    assert found(index, vectors[70], 100) == oracle(vectors[:60], list(range(1, 61)), vectors[70], 100)
    index.close()


def test_an_index_that_cannot_be_saved_is_closed_all_the_same(
    tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    add(store, "a", unit(10, 20))
    index = opened(tmp_path / "library.sqlite3", store)
    index.save()
    assert "can't be saved" in caplog.text
    index.close()
    assert len(found(index, unit(1, 20)[0], 10)) == 10


def test_a_new_index_holds_what_is_in_the_store_whatever_the_changes_say(
    tmp_path: Path, store: Store
) -> None:
    vectors = unit(30, 21)
    add(store, "a", vectors)
    with store.transaction() as connection:
        connection.execute("DELETE FROM changes WHERE kind = 'embedded'")
    index = opened(tmp_path, store)
    assert found(index, vectors[3], 30) == oracle(vectors, list(range(1, 31)), vectors[3], 30)
