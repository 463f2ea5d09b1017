import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index import Document, Filter, Heading, LibraryError, LibraryMismatch, UnknownDocument
from index.store import Renaming, Store

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


def test_a_renamed_document_keeps_its_passages_and_vectors(store: Store) -> None:
    document = Document("a", TEXT, "Title", collection="c", metadata={"source": "/a"})
    store.add(document, PLACES, VECTORS)
    before = store.last_change()
    (new_id,) = store.rename([Renaming(document.id, "b", {"source": "/b"})])
    renamed = Document("b", TEXT, "Title", collection="c", metadata={"source": "/b"})
    assert new_id == renamed.id
    assert store.document(new_id) == renamed
    assert [passage.document for passage in store.passages([1, 2]).values()] == [renamed, renamed]
    assert store.vectors_of([1, 2]).rows.tolist() == VECTORS.tolist()
    assert store.last_change() == before
    with pytest.raises(UnknownDocument):
        store.document(document.id)


def test_documents_swap_their_names_in_one_step(store: Store) -> None:
    first, second = Document("a", TEXT), Document("b", "Other text here.")
    store.add(first, PLACES, VECTORS)
    store.add(second, PLACES[:1], VECTORS[:1])
    store.rename([Renaming(first.id, "b", {}), Renaming(second.id, "a", {})])
    found = {info.name: store.document(info.id).text for info in store.documents()}
    assert found == {"a": "Other text here.", "b": TEXT}


def test_a_rename_of_what_is_not_there_changes_nothing(store: Store) -> None:
    document = Document("a", TEXT)
    store.add(document, PLACES, VECTORS)
    with pytest.raises(UnknownDocument, match="no document with the id 'nothing'"):
        store.rename([Renaming(document.id, "b", {}), Renaming("nothing", "c", {})])
    assert store.document(document.id) == document


def test_transactions_inside_one_another_are_one(store: Store) -> None:
    def add_and_fail() -> None:
        with store.transaction():
            store.add(Document("a", TEXT), PLACES, VECTORS)
            raise KeyError

    with pytest.raises(KeyError):
        add_and_fail()
    assert store.counts() == (0, 0)
