from pathlib import Path

import numpy as np
import pytest

from index import Document, LibraryError
from index.store.reembedding import Reembedding
from index.store.store import Store
from index.testing.hashed_embedder import HashedEmbedder

TEXT = "One sentence. Two sentences."
PLACES = [(0, 13), (14, 28)]


class Named(HashedEmbedder):
    def __init__(self, name: str, dimension: int) -> None:
        super().__init__(dimension)
        self.name = name


OLD, NEW, OTHER = Named("old", 4), Named("new", 6), Named("other", 4)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "library.sqlite3", "old", 4)
    for name in "abc":
        store.add(Document(name, f"{name} {TEXT}"), PLACES, OLD.embed(["One", "Two"]))
    return store


def fill(change: Reembedding, embedder: HashedEmbedder = NEW, after: int = 0, limit: int = 99) -> None:
    passages = change.lacking(embedder.name, limit, after)
    change.add(embedder.name, passages, embedder.embed([passage.text for passage in passages]))


def test_nothing_is_read_of_the_coming_vectors_before_the_switch_and_nothing_else_after(store: Store) -> None:
    change = Reembedding(store)
    before = store.vectors(0, 99).rows
    assert change.begin(NEW)
    fill(change)
    assert store.vectors(0, 99).rows.tolist() == before.tolist()
    assert change.switch("new")
    assert store.vectors(0, 99).ids.tolist() == [], "the store still looks for those of the old one"
    store.follow()
    assert (store.embedder, store.dimension, change.embedder) == ("new", 6, "")
    passages = store.passages_of(0, 99)
    np.testing.assert_allclose(
        store.vectors(0, 99).rows, NEW.embed([passage.text for passage in passages]), atol=1e-3
    )
    assert {
        name for (name,) in store.rows("SELECT name FROM sqlite_master WHERE name LIKE '%coming%'")
    } == set()
    assert store.rows("SELECT 1 FROM sqlite_master WHERE type = 'trigger'") == []


def test_it_takes_a_vector_for_each_passage_in_order_whatever_comes_and_goes(store: Store) -> None:
    change = Reembedding(store)
    change.begin(NEW)
    assert [passage.id for passage in change.lacking("new", 3, 0)] == [1, 2, 3]
    fill(change, limit=3)
    store.remove(store.documents()[0].id)
    store.add(Document("d", f"d {TEXT}"), PLACES)
    assert [passage.id for passage in change.lacking("new", 99, 3)] == [4, 5, 6, 7, 8]
    assert not change.switch("new")
    fill(change, after=4)
    assert not change.switch("new"), "number 4 was passed over"
    fill(change)
    assert change.switch("new")
    store.follow()
    assert store.vectors(0, 99).ids.tolist() == [3, 4, 5, 6, 7, 8]
    assert store.waiting() == 0, "what waited for a vector of the old one waits no more"
    embedded = [change for change in store.changes_since(0) if change.kind == "embedded"]
    # Number 8 waited for none, since another document has its text.
    assert (embedded[-1].first_passage, embedded[-1].end_passage) == (7, 8)


def test_the_share_grows_with_the_vectors(store: Store) -> None:
    change = Reembedding(store)
    assert change.share() == 0.0
    change.begin(NEW)
    shares = [change.share()]
    for after in range(6):
        fill(change, after=after, limit=1)
        shares.append(change.share())
    assert shares == pytest.approx([number / 6 for number in range(7)])


def test_a_change_that_was_begun_goes_on_in_another_process(tmp_path: Path, store: Store) -> None:
    Reembedding(store).begin(NEW)
    fill(Reembedding(store), limit=4)
    again = Store(tmp_path / "library.sqlite3")
    assert Reembedding(again).begin(NEW)
    assert [passage.id for passage in Reembedding(again).lacking("new", 99, 0)] == [5, 6]


def test_a_change_to_a_third_embedder_or_back_gives_up_the_first(store: Store) -> None:
    change = Reembedding(store)
    change.begin(NEW)
    fill(change)
    assert change.begin(OTHER)
    assert change.lacking("new", 99, 0) == []
    assert not change.switch("new")
    fill(change, NEW)
    assert len(change.lacking("other", 99, 0)) == 6, "vectors of the first one don't count"
    assert not change.begin(OLD)
    assert change.embedder == ""
    assert store.vectors(0, 99).ids.tolist() == [1, 2, 3, 4, 5, 6]


def test_vectors_that_were_made_before_the_switch_are_not_taken_for_the_new_ones(store: Store) -> None:
    change = Reembedding(store)
    store.embed_again(store.documents()[0].id)
    late = store.unembedded(9)
    change.begin(OTHER)
    fill(change, OTHER)
    change.switch("other")
    store.follow()
    store.embed_again(store.documents()[0].id)
    store.add_vectors(late, OLD.embed(["late", "late"]), "old")
    assert store.waiting() == 2
    store.add_vectors(late, OTHER.embed(["late", "late"]), "other")
    assert store.waiting() == 0


def test_a_model_that_is_not_what_it_was_is_refused(store: Store) -> None:
    change = Reembedding(store)
    change.begin(NEW)
    with pytest.raises(LibraryError, match=r"new gave vectors of the shape \(2, 5\) instead of \(2, 6\)"):
        change.add("new", change.lacking("new", 2, 0), np.zeros((2, 5), np.float32))
