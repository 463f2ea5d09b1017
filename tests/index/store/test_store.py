import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import Document, Filter, Heading, LibraryError, LibraryMismatch, UnknownDocument
from index.documents.places import PagePlace, Places, packed
from index.store.statements import BUSY_SECONDS
from index.store.store import Store

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


def test_where_the_text_stands_on_its_pages_comes_back(store: Store) -> None:
    places = packed([PagePlace(0, 1, 0.1, 0.2, 0.5, 0.25), PagePlace(14, 1, 0.1, 0.25, 0.5, 0.3)])
    document = Document("a.pdf", TEXT, pages=(0,), places=places)
    store.add(document, PLACES, VECTORS)
    kept = store.document(document.id)
    assert Places(kept.places).rectangles(14, 20) == [(1, 0.1, 0.25, 0.5, 0.3)]
    assert kept == document


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
    store.add(Document("a", TEXT + " New.", "Other"), PLACES, VECTORS)
    assert store.counts() == (1, 2)
    assert list(store.passages([1, 2, 3, 4])) == [3, 4]
    store.remove(store.documents()[0].id)
    store.add(Document("b", TEXT, "Third"), PLACES, VECTORS)
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
    assert names(Filter(hidden=("x",))) == "c"
    assert names(Filter(collections=("x",), hidden=("x",))) == ""
    assert names(Filter(documents=(documents[0].id,), hidden=("x",))) == ""
    store.embed_again(documents[2].id)
    waiting = [store.waiting(filter) for filter in (Filter(), Filter(hidden=("x",)), Filter(hidden=("y",)))]
    assert waiting == [len(PLACES), len(PLACES), 0]
    assert store.ids(Filter(hidden=("x",))) == [documents[2].id]
    assert store.runs(Filter(metadata={"year": "2020"})) == [(1, 3), (5, 7)]


def test_a_filter_names_collections_in_the_form_in_which_they_are_stored() -> None:
    assert Filter(collections=("Cafe\u0301",), hidden=("Ze\u0301",)) == Filter(
        collections=("Caf\u00e9",), hidden=("Z\u00e9",)
    )


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
    with pytest.raises(LibraryMismatch, match="it has format 99, and this one reads 3 at most"):
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
    assert time.monotonic() - began < BUSY_SECONDS / 2
    second.close()
    writer.execute("ROLLBACK")
    writer.close()


def test_a_moved_document_keeps_its_passages_and_vectors(store: Store) -> None:
    document = Document("a", TEXT, "Title", collection="c", metadata={"source": "/a"}, source="/a")
    store.add(document, PLACES, VECTORS)
    new_id = store.move(document.id, "b", "/b", {"source": "/b"})
    moved = Document("b", TEXT, "Title", collection="c", metadata={"source": "/b"}, source="/b")
    assert new_id == moved.id
    assert store.document(new_id) == moved
    assert [passage.document for passage in store.passages([1, 2]).values()] == [moved, moved]
    assert store.vectors_of([1, 2]).rows.tolist() == VECTORS.tolist()
    # It is found by its new name from then on.
    changes = [(change.kind, change.document_id) for change in store.changes_since(2)]
    assert changes == [("removed", new_id), ("added", new_id)]
    with pytest.raises(UnknownDocument):
        store.document(document.id)
    with pytest.raises(UnknownDocument, match="no document with the id 'nothing'"):
        store.move("nothing", "c", "/c", {})


def test_documents_of_one_text_are_two_with_the_same_vectors(store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    store.add(Document("b", TEXT), PLACES)
    assert store.counts() == (2, 4)
    assert store.waiting() == 0
    assert store.vectors(3, 5).rows.tolist() == VECTORS.tolist()
    assert store.copies([1, 4]) == {1: [3], 4: [2]}
    assert store.changes_since(0)[-1].kind == "embedded"


def test_what_stands_under_another_title_is_another_text(store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    store.add(Document("b", TEXT, "A title"), PLACES)
    assert store.waiting() == 2
    assert store.copies([1]) == {}


def test_after_an_edit_the_passages_that_stayed_keep_their_vectors(store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    store.add(Document("a", "New sentence. Two sentences."), PLACES)
    assert [passage.text for passage in store.unembedded(9)] == ["New sentence."]
    assert store.vectors(1, 9).ids.tolist() == [4]
    assert store.vectors_of([4]).rows.tolist() == VECTORS[1:].tolist()
    assert store.documents()[0].embedded == 1


def test_replaced_texts_keep_their_vectors_until_they_are_dropped(store: Store) -> None:
    store.add(Document("a", TEXT), PLACES, VECTORS)
    store.add(Document("a", "Something else."), [(0, 15)])
    store.add(Document("b", TEXT), PLACES)
    assert store.vectors(1, 9).rows.tolist() == VECTORS.tolist()
    store.add(Document("b", "Another one."), [(0, 12)])
    store.drop_spare_vectors()
    store.add(Document("c", TEXT), PLACES)
    assert store.vectors(1, 99).ids.tolist() == []


def test_two_sources_of_one_name_are_two_documents(store: Store) -> None:
    store.add(Document("a", TEXT, source="/x/a"), PLACES)
    store.add(Document("x/a", "Other text here.", source="/y/a"), PLACES[:1])
    found = store.find("default", source="/y/a")
    assert found
    assert (found.name, found.source) == ("x/a", "/y/a")
    store.add(Document("a", "New text, once more.", source="/x/a"), PLACES[:1])
    assert [info.name for info in store.documents()] == ["a", "x/a"]


def test_what_could_not_be_read_of_a_document_is_kept_with_it(store: Store) -> None:
    document = Document("a", TEXT, metadata={"unread": "my books"}, unread=("page 1; in part", "page 7"))
    store.add(document, PLACES)
    assert store.documents()[0].unread == store.document(document.id).unread == document.unread
    assert store.documents()[0].metadata == {"unread": "my books"}


def test_transactions_inside_one_another_are_one(store: Store) -> None:
    def add_and_fail() -> None:
        with store.transaction():
            store.add(Document("a", TEXT), PLACES, VECTORS)
            raise KeyError

    with pytest.raises(KeyError):
        add_and_fail()
    assert store.counts() == (0, 0)


def test_tags_are_matched_one_by_one_and_follow_a_move(store: Store) -> None:
    document = Document("a", TEXT, metadata={"tags": "red wine, green", "author": "Smith, Ann"})
    store.add(document, PLACES)
    found = [("tags", "red wine"), ("tags", "green"), ("tags", "red wine, green"), ("author", "Smith, Ann")]
    assert all(store.counts(Filter(metadata=dict([pair]))) == (1, 2) for pair in found)
    missing = [("tags", "red"), ("tags", ""), ("author", "Ann"), ("author", "Smith")]
    assert not any(store.counts(Filter(metadata=dict([pair]))) == (1, 2) for pair in missing)
    store.move(document.id, "b", "b", {"tags": "blue"})
    assert store.counts(Filter(metadata={"tags": "green"})) == (0, 0)
    assert store.runs(Filter(metadata={"tags": "blue"})) == [(1, 3)]


def test_vectors_follow_the_document_added_last_first(store: Store) -> None:
    first, second = Document("a", TEXT, "First"), Document("b", TEXT, "Second")
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
    assert [(one.first_passage, one.end_passage) for one in embedded] == [(1, 2), (3, 5), (2, 3)]


def test_vectors_of_what_is_gone_or_embedded_by_another_are_passed_over(store: Store) -> None:
    documents = [Document(name, TEXT, f"Title {name}") for name in "abc"]
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


def test_one_vector_goes_to_all_that_wait_for_it(store: Store) -> None:
    for name in "abc":
        store.add(Document(name, TEXT), PLACES)
    waiting = store.unembedded(9)
    assert [passage.id for passage in waiting] == [5, 6]
    store.remove(store.documents()[2].id)
    store.add_vectors(waiting, VECTORS)
    assert store.waiting() == 0
    assert store.vectors(1, 9).rows.tolist() == [*VECTORS.tolist(), *VECTORS.tolist()]


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


def test_filters_are_known_again_by_all_that_they_say() -> None:
    one = Filter(("a",), ("1",), {"tags": "red", "year": "2020"}, ("secret",))
    assert {one: "seen"}[replace(one, metadata={"year": "2020", "tags": "red"})] == "seen"
    others = [
        replace(one, collections=("b",)),
        replace(one, documents=()),
        replace(one, metadata={"tags": "red"}),
        replace(one, hidden=()),
    ]
    assert len({one, *others}) == 5
