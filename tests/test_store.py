import sqlite3
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
    assert [(change.added, change.first_passage) for change in store.changes_since(1)] == [
        (False, 1),
        (True, 3),
        (False, 3),
        (True, 5),
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
    with pytest.raises(LibraryMismatch, match="format '99', but '1' was asked for"):
        Store(tmp_path / "library.sqlite3", "test", 4)


def test_a_file_that_is_no_library_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(LibraryError, match=r"library\.sqlite3 is damaged or is no library"):
        Store(path, "test", 4)
