"""The inverted file of the dense index: made, renewed, damaged and taken over in the background."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.store.store import Store
from tests.index.search.dense.kit import (
    DIMENSION,
    SMALL,
    add,
    found,
    has_ivf,
    opened,
    oracle,
    settled,
    store,
    unit,
)

__all__ = ["store"]


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
