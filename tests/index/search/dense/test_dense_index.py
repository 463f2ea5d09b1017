import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Document, Filter
from index.documents.passage import Place
from index.search.dense.dense_index import DenseIndex
from index.search.dense.sizes import DenseSizes
from index.store.store import Store

DIMENSION = 16


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "library.sqlite3", "test", DIMENSION)


# An inverted file already for some hundred passages, made anew after some hundred more.
SMALL = DenseSizes(save_fewest=1, exact_up_to=500, exact_at_most=1500, fresh_up_to=200, few=20)
SAVED_AT_ONCE = DenseSizes(save_fewest=1)


@pytest.fixture(params=["one by one", "inverted file"])
def sizes(request: pytest.FixtureRequest) -> DenseSizes:
    """The same behaviour is wanted of both ways to search."""
    return DenseSizes(exact_up_to=20, few=20) if request.param == "inverted file" else DenseSizes()


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


def test_an_inverted_file_is_opened_with_what_was_added_and_removed_since(
    tmp_path: Path, store: Store
) -> None:
    vectors = unit(700, 8)
    documents = [add(store, str(part), vectors[100 * part : 100 * part + 100]) for part in range(6)]
    settled(tmp_path, store).close()
    add(store, "6", vectors[600:])
    store.remove(documents[2].id)
    for _ in range(2):  # the second time from the saved ones, without the store
        again = opened(tmp_path, store)
        assert has_ivf(again)
        assert len(again) == 600
        kept = [*range(1, 201), *range(301, 701)]
        rows = vectors[[id - 1 for id in kept]]
        assert found(again, vectors[250], 30) == oracle(rows, kept, vectors[250], 30)
        again.close()


def test_an_inverted_file_takes_in_what_was_added_and_is_trained_anew_when_the_library_has_grown(
    tmp_path: Path, store: Store
) -> None:
    vectors = unit(3000, 9)
    documents = [add(store, "0", vectors[:600])]
    (tmp_path / "dense-1-left.faiss").write_bytes(b"what a kill left behind")
    index = settled(tmp_path, store)
    trained: list[int] = []
    for end in (840, 1200, 3000):
        documents.append(add(store, str(end), vectors[store.end_passage() - 1 : end]))
        index.catch_up()
        index.save()
        index.wait()
        ivf = index._parts.ivf
        assert ivf
        trained.append(ivf.trained)
        assert (ivf.size, len(index)) == (end, end)
        assert found(index, vectors[5], 20) == oracle(vectors[:end], list(range(1, end + 1)), vectors[5], 20)
    assert trained == [600, 600, 3000]
    assert len(list(tmp_path.glob("*.faiss"))) == 1, "old files are removed"
    for document in documents[2:]:
        store.remove(document.id)
    index.catch_up()
    index.save()
    index.wait()
    assert index._parts.ivf and index._parts.ivf.gone == 0, "what is gone is taken out"
    store.remove(documents[0].id)
    index.catch_up()
    index.save()
    index.wait()
    assert not has_ivf(index), "too few for an inverted file"
    assert found(index, vectors[5], 20) == oracle(vectors[600:840], list(range(601, 841)), vectors[5], 20)
    index.close()
    assert not list(tmp_path.glob("*.faiss"))


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


def _damage(folder: Path, damage: str) -> None:
    state = folder / "dense.cells"
    file = next(folder.glob("*.faiss"))
    content = bytearray(file.read_bytes())
    if damage == "flipped head":
        content[300] ^= 0xFF
    elif damage == "flipped list":
        content[-10] ^= 0xFF
    elif damage == "cut":
        del content[len(content) // 2 :]
    file.write_bytes(content)
    if damage == "missing":
        file.unlink()
    elif damage == "state":
        state.write_bytes(state.read_bytes()[:-1])


@pytest.fixture
def filled(store: Store) -> Iterator[Store]:
    add(store, "a", unit(1000, 10))
    yield store
    store.close()


@pytest.mark.parametrize("damage", ["flipped head", "flipped list", "cut", "missing", "state"])
def test_a_damaged_inverted_file_is_made_again_and_it_is_logged(
    tmp_path: Path, filled: Store, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    vectors = unit(1000, 10)
    settled(tmp_path, filled).close()
    _damage(tmp_path, damage)
    with caplog.at_level(logging.WARNING, "index"):
        index = opened(tmp_path, filled)
        question = unit(1, 11)[0]
        index.wait()
        assert found(index, question, 10) == oracle(vectors, list(range(1, 1001)), question, 10)
    assert any("damaged" in record.message for record in caplog.records)
    index.save()
    index.wait()
    assert has_ivf(index)
    assert found(index, question, 10) == oracle(vectors, list(range(1, 1001)), question, 10)
    index.close()


def test_an_inverted_file_made_after_the_last_change_of_the_store_is_not_trusted(
    tmp_path: Path, filled: Store
) -> None:
    add(filled, "b", unit(100, 16))
    settled(tmp_path, filled).close()
    vectors = unit(600, 17)
    restored = Store(tmp_path / "restored.sqlite3", "test", DIMENSION)
    add(restored, "a", vectors)
    index = opened(tmp_path, restored)
    assert len(index) == 600
    assert found(index, vectors[9], 20) == oracle(vectors, list(range(1, 601)), vectors[9], 20)
    index.close()


def test_a_large_library_without_inverted_file_opens_at_once_and_makes_it_in_the_background(
    tmp_path: Path, store: Store
) -> None:
    vectors = unit(2000, 12)
    add(store, "a", vectors[:1900])
    index = opened(tmp_path, store)
    add(store, "b", vectors[1900:])
    index.catch_up()
    assert found(index, vectors[1950], 1) == [1951]
    # Few allowed passages are read from the store, which lacks nothing.
    assert found(index, vectors[3], 1, [(1, 11)]) == [4]
    index.wait()
    assert index.whole
    assert has_ivf(index)
    assert found(index, vectors[3], 20) == oracle(vectors, list(range(1, 2001)), vectors[3], 20)
    index.close()


def test_centroids_are_chosen_well_where_most_numbers_are_no_longer_used(
    tmp_path: Path, store: Store
) -> None:
    vectors = unit(1000, 15)
    for _ in range(8):  # the same document eight times, the last in the numbers from 7,001 on
        add(store, "a", vectors)
    index = settled(tmp_path, store)
    ivf = index._parts.ivf
    assert ivf and ivf.size == len(index) == 1000
    assert ivf.index.nlist > 100
    assert found(index, vectors[7], 20) == oracle(vectors, list(range(7001, 8001)), vectors[7], 20)
    index.close()


def test_an_inverted_file_of_which_all_is_gone_is_made_anew_once(tmp_path: Path, store: Store) -> None:
    vectors = unit(1000, 16)
    old = add(store, "old", vectors[:600])
    index = settled(tmp_path, store)
    store.remove(old.id)
    index.catch_up()
    assert has_ivf(index) and len(index) == 0
    add(store, "new", vectors[600:])
    index.catch_up()
    index.save()
    waiting = threading.Thread(target=index.wait, daemon=True)
    waiting.start()
    waiting.join(30)
    assert not waiting.is_alive(), "the inverted file is made again and again"
    assert has_ivf(index) and len(index) == 400
    assert found(index, vectors[5], 20) == oracle(vectors[600:], list(range(601, 1001)), vectors[5], 20)
    index.close()


def test_closing_gives_up_the_inverted_file_being_made(tmp_path: Path, store: Store) -> None:
    add(store, "a", unit(2000, 13))
    index = opened(tmp_path, store)
    index.close()
    assert index._worker and not index._worker.is_alive()
    store.close()


def test_an_inverted_file_that_another_process_made_is_taken_over(tmp_path: Path, filled: Store) -> None:
    first = opened(tmp_path, filled)
    second = settled(tmp_path, filled)
    file = next(tmp_path.glob("*.faiss"))
    first.save()
    first.wait()
    assert has_ivf(first)
    assert list(tmp_path.glob("*.faiss")) == [file]
    assert found(first, unit(1, 14)[0], 50) == found(second, unit(1, 14)[0], 50)
    first.close()
    second.close()


def test_a_folder_that_cannot_be_written_costs_only_the_inverted_file(
    tmp_path: Path, filled: Store, caplog: pytest.LogCaptureFixture
) -> None:
    index = opened(tmp_path / "library.sqlite3", filled)
    with caplog.at_level(logging.WARNING, "index"):
        index._start()
        index.wait()
    assert any("could not be made" in record.message for record in caplog.records)
    assert found(index, unit(1000, 10)[3], 1) == [4]


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


def test_questions_start_an_inverted_file_that_is_due_but_not_in_a_command_that_only_asks(
    tmp_path: Path, filled: Store
) -> None:
    index = opened(tmp_path, filled)
    index.search(unit(1, 19)[0], 1)
    assert index._worker is None
    index.close()
    index = opened(tmp_path, filled, replace(SMALL, asking_seconds=0.0))
    index.search(unit(1, 19)[0], 1)
    index.wait()
    assert has_ivf(index)
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


def test_waiting_while_the_background_work_is_about_to_begin_waits_for_it(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins, goes_on, came_back = threading.Event(), threading.Event(), threading.Event()

    class Slow(threading.Thread):
        def start(self) -> None:
            if self.name == "quoth-ivf":
                begins.set()
                assert goes_on.wait(60)
            super().start()

    index = opened(tmp_path, store)
    add(store, "a", unit(600, seed=1))
    index.catch_up()
    monkeypatch.setattr(threading, "Thread", Slow)
    saving = threading.Thread(target=index.save, name="saving")
    saving.start()
    assert begins.wait(60)

    def wait() -> None:
        index.wait()
        came_back.set()

    waiting = threading.Thread(target=wait, name="waiting")
    waiting.start()
    assert not came_back.wait(0.2)
    goes_on.set()
    assert came_back.wait(60)
    assert not index.exact
    saving.join()
    index.close()
