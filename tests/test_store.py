import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest

from index import Document, Filter, Heading, LibraryError, LibraryMismatch, UnknownDocument
from index.store import Store

TEXT = "One sentence. Two sentences."
PLACES = [(0, 13), (14, 28)]
VECTORS = np.asarray([[1, 0, 0, 0], [0, 1, 0, 0]], np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "library.sqlite3", "test", 4)


def test_a_document_comes_back_as_it_went_in(store: Store) -> None:
    document = Document("a.pdf", TEXT, "Title", (0, 14), (Heading(0, 3, 1),), "c", {"author": "Ann"})
    store.add(document, PLACES, VECTORS)
    assert store.document(document.id) == document
    info = store.documents()[0]
    assert (info.name, info.title, info.passages, info.pages, info.characters) == ("a.pdf", "Title", 2, 2, 28)


def test_passages_and_vectors_come_back_by_id(store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    assert [passage.text for passage in store.passages([2, 1, 9]).values()] == [
        "One sentence.",
        "Two sentences.",
    ]
    found = store.vectors_of([2])
    assert found.ids.tolist() == [2]
    assert found.rows.tolist() == [[0, 1, 0, 0]]


def test_the_same_name_replaces_and_passage_numbers_are_never_used_again(store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    store.add(Document("a", TEXT + " New."), PLACES, VECTORS)
    assert store.counts() == (1, 2)
    assert list(store.passages([1, 2, 3, 4])) == [3, 4]
    store.remove(store.documents()[0].id)
    store.add(Document("b", TEXT), PLACES, VECTORS)
    assert list(store.passages(range(1, 10))) == [5, 6]
    assert [(change.kind, change.first_passage) for change in store.changes_since(2)] == [
        ("removed", 1),
        ("added", 3),
        ("embedded", 3),
        ("removed", 3),
        ("added", 5),
        ("embedded", 5),
    ]


def test_a_failed_addition_leaves_what_was_there(store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    with pytest.raises(
        LibraryError, match=r"a: 1 passages of dimension 4 came with vectors of shape \(2, 4\)"
    ):
        store.add(Document("a", "other"), PLACES[:1], VECTORS)
    with pytest.raises(UnknownDocument):
        store.remove("nothing")
    assert store.counts() == (1, 2)


def test_filters_limit_by_collection_id_and_metadata(store: Store) -> None:
    documents = [
        Document("a", TEXT, collection="x", metadata={"year": "2020", 'odd "$key': "v"}),
        Document("b", TEXT, collection="x", metadata={"year": "2021"}),
        Document("c", TEXT, collection="y", metadata={"year": "2020"}),
    ]
    for document in documents:
        store.add(document, PLACES, VECTORS)

    def names(filter: Filter) -> str:
        return "".join(info.name for info in store.documents(filter))

    assert names(Filter()) == "abc"
    assert names(Filter(collections=("x",))) == "ab"
    assert names(Filter(collections=("x",), metadata={"year": "2020"})) == "a"
    assert names(Filter(metadata={'odd "$key': "v"})) == "a"
    assert names(Filter(documents=(documents[2].id,))) == "c"
    assert store.runs(Filter(metadata={"year": "2020"})) == [(1, 3), (5, 7)]


def test_another_embedder_is_refused_with_both_names(tmp_path: Path, store: Store) -> None:
    store.close()
    with pytest.raises(LibraryMismatch, match="made with embedder 'test', but 'other' was asked for"):
        Store(tmp_path / "library.sqlite3", "other", 4)


def test_another_format_is_refused_with_both_values(tmp_path: Path, store: Store) -> None:
    store.close()
    connection = sqlite3.connect(tmp_path / "library.sqlite3")
    connection.execute("UPDATE manifest SET value = '99' WHERE key = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(LibraryMismatch, match="format '99', but '2' was asked for"):
        Store(tmp_path / "library.sqlite3", "test", 4)


def test_a_file_that_is_no_library_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(LibraryError, match=r"library\.sqlite3 is damaged or is no library"):
        Store(path, "test", 4)


def test_a_document_that_comes_back_with_another_title_is_not_shown_with_the_old_one(store: Store) -> None:
    first = Document("a", TEXT, "Old", metadata={"year": "1"})
    store.add(first, PLACES, VECTORS)
    assert store.document(first.id).title == "Old"
    store.remove(first.id)
    store.add(Document("a", TEXT, "New", metadata={"year": "2"}), PLACES, VECTORS)
    assert store.document(first.id).title == "New"
    assert store.passages([3])[3].document.metadata == {"year": "2"}


def test_reading_and_opening_do_not_wait_for_a_writer(tmp_path: Path, store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    writer = sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    second = Store(tmp_path / "library.sqlite3", "test", 4)
    assert second.counts() == (1, 2)
    assert second.snapshot()[0] == store.last_change()
    assert time.monotonic() - began < 5
    second.close()
    writer.execute("ROLLBACK")
    writer.close()
