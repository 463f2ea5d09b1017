import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest

from index import Document, Filter, Heading, LibraryError, LibraryMismatch, UnknownDocument
from index.store.store import Renaming, Store

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
    assert second.last_change() == store.last_change()
    assert time.monotonic() - began < 5
    second.close()
    writer.execute("ROLLBACK")
    writer.close()


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
    # It is found by its new name from then on.
    changes = [(change.kind, change.document_id) for change in store.changes_since(before)]
    assert changes == [("removed", new_id), ("added", new_id)]
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


def test_tags_are_matched_one_by_one_and_follow_a_rename(store: Store) -> None:
    document = Document("a", TEXT, metadata={"tags": "red wine, green", "author": "Smith, Ann"})
    store.add(document, PLACES)
    found = [("tags", "red wine"), ("tags", "green"), ("tags", "red wine, green"), ("author", "Smith, Ann")]
    assert all(store.counts(Filter(metadata=dict([pair]))) == (1, 2) for pair in found)
    missing = [("tags", "red"), ("tags", ""), ("author", "Ann"), ("author", "Smith")]
    assert not any(store.counts(Filter(metadata=dict([pair]))) == (1, 2) for pair in missing)
    store.rename([Renaming(document.id, "b", {"tags": "blue"})])
    assert store.counts(Filter(metadata={"tags": "green"})) == (0, 0)
    assert store.runs(Filter(metadata={"tags": "blue"})) == [(1, 3)]


def test_vectors_follow_the_document_added_last_first(store: Store) -> None:
    first, second = Document("a", TEXT), Document("b", TEXT + " More.")
    store.add(first, PLACES)
    store.add(second, PLACES)
    assert [passage.id for passage in store.unembedded(3)] == [3, 4, 1]
    store.add_vectors(store.unembedded(3), VECTORS[[0, 1, 0]])
    assert [(info.name, info.embedded) for info in store.documents()] == [("a", 1), ("b", 2)]
    assert store.waiting() == 1
    store.add_vectors(store.unembedded(3), VECTORS[1:])
    assert store.waiting() == 0
    assert store.vectors(1, 9).rows.tolist() == VECTORS[[0, 1, 0, 1]].tolist()
    embedded = [change for change in store.changes_since(0) if change.kind == "embedded"]
    assert [(one.first_passage, one.end_passage) for one in embedded] == [(3, 5), (1, 2), (2, 3)]


def test_vectors_of_what_is_gone_or_embedded_by_another_are_passed_over(store: Store) -> None:
    documents = [Document(name, f"{name} {TEXT}") for name in "abc"]
    for document in documents:
        store.add(document, PLACES)
    waiting = store.unembedded(6)
    store.remove(documents[1].id)
    store.add_vectors(waiting[4:], VECTORS[::-1])
    store.add_vectors(waiting, np.concatenate([VECTORS, VECTORS, VECTORS]))
    assert store.vectors(1, 3).rows.tolist() == VECTORS[::-1].tolist()
    assert store.vectors(3, 5).ids.tolist() == []
    assert store.vectors(5, 7).rows.tolist() == VECTORS.tolist()
    assert store.waiting() == 0


def test_vectors_that_are_to_be_made_again_wait_like_new_ones(store: Store) -> None:
    document = Document("a", TEXT)
    store.add(document, PLACES, VECTORS)
    store.embed_again(document.id)
    assert store.vectors(1, 3).ids.tolist() == []
    assert [passage.id for passage in store.unembedded(9)] == [1, 2]
    with pytest.raises(UnknownDocument):
        store.embed_again("nothing")


def test_derived_files_are_believed_for_the_history_they_were_made_from(tmp_path: Path, store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    other = Store(tmp_path / "other.sqlite3", "test", 4)
    other.add(Document("a", TEXT), PLACES, VECTORS)
    facts = store.position(store.last_change())
    assert store.follows({**facts, "dimension": 4})
    assert not other.follows(facts)
    assert not store.follows({**facts, "applied": 1})
    assert not store.follows({**facts, "applied": 99, "stamp": 0})
    assert not store.follows({})
