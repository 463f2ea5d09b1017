"""What every `PassageSearch` must do, as tests.

    from index.testing.search_contract import PassageSearchContract

    class TestMySearch(PassageSearchContract):
        make_search = MySearch

pytest then runs each test of the contract on a library of its own. `make_search` is a `SearchFactory`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from index.documents.document import Document
from index.locks import WriteLock
from index.search.passage_search import PassageSearch
from index.store.records import Filter
from index.store.reembedding import Reembedding
from index.store.store import Store
from index.testing.hashed_embedder import HashedEmbedder

DIMENSION = 8
# What the scale of the scores allows for vectors of 16 bits.
_TOLERANCE = 2e-3


def axis(number: int) -> NDArray[np.float32]:
    """A vector of length 1, orthogonal to those of other numbers."""
    vector: NDArray[np.float32] = np.eye(DIMENSION, dtype=np.float32)[number]
    return vector


class SearchedStore:
    """A store with a search over it, as a library has them; a method returns when its work is done."""

    def __init__(self, folder: Path, make_search: Any) -> None:
        self._folder, self._make_search = folder, make_search
        self._lock = WriteLock(folder)
        self.store = Store(folder / "library.sqlite3", "test", DIMENSION)
        self.search: PassageSearch = make_search(folder, self.store, self._lock)

    def add(
        self,
        name: str,
        passages: Sequence[str],
        vectors: Sequence[NDArray[np.float32]] | None = None,
        collection: str = "default",
        **metadata: str,
    ) -> Document:
        document = Document(name, "\n".join(passages), collection=collection, metadata=metadata)
        ends = np.cumsum([len(passage) + 1 for passage in passages]).tolist()
        places = [(end - 1 - len(text), end - 1) for end, text in zip(ends, passages, strict=True)]
        with self._lock.held():
            self.store.add(document, places, np.stack(vectors) if vectors else None)
            self.search.apply()
        return document

    def remove(self, document: Document) -> None:
        with self._lock.held():
            self.store.remove(document.id)
            self.search.apply()

    def restart(self) -> None:
        self.close()
        self.store = Store(self._folder / "library.sqlite3")
        self.search = self._make_search(self._folder, self.store, self._lock)

    def second(self) -> "SearchedStore":
        """The same library as another process has it open."""
        return SearchedStore(self._folder, self._make_search)

    def found(
        self,
        question: str,
        vector: NDArray[np.float32] | None = None,
        limit: int = 10,
        filter: Filter = Filter(),
    ) -> dict[str, float]:
        """The texts that are found with their scores, in order."""
        ranked = self.search.search(question, vector, limit, filter)
        assert len(ranked) <= limit
        passages = self.store.passages([id for id, _ in ranked])
        return {passages[id].text: score for id, score in ranked}

    def close(self) -> None:
        self.search.close()
        self.store.close()


class PassageSearchContract:
    """Subclass it with a `make_search`."""

    make_search: ClassVar[Any]

    @pytest.fixture
    def searched(self, tmp_path: Path) -> Iterator[SearchedStore]:
        searched = SearchedStore(tmp_path, type(self).make_search)
        yield searched
        searched.close()

    def test_an_empty_library_finds_nothing(self, searched: SearchedStore) -> None:
        assert searched.found("anything", axis(0)) == {}
        assert searched.search.problems() == []

    def test_the_score_is_the_promised_share_of_cosine_and_words(self, searched: SearchedStore) -> None:
        half = (axis(0) + np.sqrt(3) * axis(1)) / 2
        texts = ["granite boulder", "volcano crater", "glacier moraine"]
        searched.add("facts", texts, [axis(0), half, axis(2)])
        scores = searched.found("granite boulder", axis(0))
        assert scores["granite boulder"] == pytest.approx(1.0, abs=_TOLERANCE)
        assert scores["volcano crater"] == pytest.approx(0.65 * 0.5, abs=_TOLERANCE)
        assert scores.get("glacier moraine", 0.0) == pytest.approx(0.0, abs=_TOLERANCE)
        assert next(iter(scores)) == "granite boulder"

    def test_without_a_vector_of_the_question_the_best_by_words_scores_1(
        self, searched: SearchedStore
    ) -> None:
        searched.add("facts", ["granite boulder", "granite of another kind altogether"], [axis(0), axis(1)])
        scores = searched.found("granite boulder")
        assert list(scores) == ["granite boulder", "granite of another kind altogether"]
        assert scores["granite boulder"] == pytest.approx(1.0, abs=_TOLERANCE)
        assert 0.0 < scores["granite of another kind altogether"] < 1.0

    def test_opposite_vectors_do_not_leave_the_scale(self, searched: SearchedStore) -> None:
        searched.add("facts", ["granite", "volcano"], [-axis(0), axis(0)])
        scores = searched.found("granite volcano", axis(0))
        assert all(0.0 <= score <= 1.0 + _TOLERANCE for score in scores.values())
        assert scores["granite"] <= 0.35 + _TOLERANCE

    def test_words_are_found_before_there_is_a_vector_and_both_afterwards(
        self, searched: SearchedStore
    ) -> None:
        searched.add("old", ["volcano crater"], [axis(0)])
        searched.add("new", ["granite boulder"])
        assert "granite boulder" in searched.found("granite", axis(1))
        searched.store.add_vectors(searched.store.unembedded(10), axis(1)[None])
        scores = searched.found("unrelated", axis(1))
        assert scores["granite boulder"] == pytest.approx(0.65, abs=_TOLERANCE)

    def test_what_was_removed_or_replaced_is_not_found(self, searched: SearchedStore) -> None:
        first = searched.add("a", ["granite boulder"], [axis(0)])
        searched.add("b", ["volcano crater"], [axis(1)])
        searched.add("b", ["glacier moraine"], [axis(2)])
        searched.remove(first)
        assert set(searched.found("granite volcano crater glacier", axis(0))) == {"glacier moraine"}
        assert searched.search.problems() == []

    def test_a_document_that_was_renamed_is_found_in_its_filter(self, searched: SearchedStore) -> None:
        document = searched.add("a", ["granite boulder"], [axis(0)], place="north")
        searched.store.move(document.id, "b", "b", {"place": "south"})
        south, north = ({"place": value} for value in ("south", "north"))
        assert set(searched.found("granite", axis(0), filter=Filter(metadata=south))) == {"granite boulder"}
        assert searched.found("granite", axis(0), filter=Filter(metadata=north)) == {}
        assert searched.found("granite", axis(0))["granite boulder"] == pytest.approx(1.0, abs=_TOLERANCE)

    def test_the_filter_comes_before_the_ranking(self, searched: SearchedStore) -> None:
        for number in range(300):
            searched.store.add(
                Document(f"better {number}", f"granite boulder {number}", collection="other"),
                [(0, 15)],
                axis(0)[None],
            )
        wanted = searched.add("wanted", ["a boulder"], [axis(1)], tags="red, round")
        for filter in (
            Filter(collections=("default",)),
            Filter(documents=(wanted.id,)),
            Filter(metadata={"tags": "round"}),
            Filter(hidden=("other",)),
        ):
            assert set(searched.found("granite boulder", axis(0), 5, filter)) == {"a boulder"}
            assert set(searched.found("granite boulder", None, 5, filter)) == {"a boulder"}
        assert searched.found("granite", axis(0), 5, Filter(collections=("nothing",))) == {}

    def test_passages_of_a_document_need_not_be_numbered_one_after_the_other(
        self, searched: SearchedStore
    ) -> None:
        document = searched.add("a", ["granite", "volcano", "glacier"], [axis(0), axis(1), axis(2)])
        with searched.store.transaction() as connection:
            connection.execute("DELETE FROM passages WHERE id = 2")
            connection.execute("DELETE FROM vectors WHERE passage = 2")
            connection.execute(
                "INSERT INTO changes (kind, document_id, first_passage, end_passage, stamp)"
                " VALUES ('removed', ?, 1, 4, 7), ('added', ?, 1, 4, 8)",
                (document.id, document.id),
            )
        assert set(searched.found("granite volcano glacier", axis(1))) == {"granite", "glacier"}

    def test_a_restart_and_a_second_process_find_the_same(self, searched: SearchedStore) -> None:
        searched.add("a", ["granite boulder", "volcano crater"], [axis(0), axis(1)])
        before = searched.found("granite volcano", axis(1))
        second = searched.second()
        assert second.found("granite volcano", axis(1)) == pytest.approx(before)
        gone = second.add("b", ["glacier moraine"], [axis(2)])
        assert "glacier moraine" in searched.found("glacier", axis(2))
        second.remove(gone)
        assert "glacier moraine" not in searched.found("glacier", axis(2))
        second.close()
        searched.restart()
        assert searched.found("granite volcano", axis(1)) == pytest.approx(before)

    def test_changes_that_it_has_may_be_forgotten(self, searched: SearchedStore) -> None:
        second = searched.second()
        assert second.found("granite", axis(0)) == {}
        for number in range(6):
            searched.add("a", [f"granite boulder {number}"], [axis(0)])
        searched.add("b", ["volcano crater"], [axis(1)])
        searched.store.forget_changes(searched.search.applied, keep=1)
        expected = {"granite boulder 5", "volcano crater"}
        # The second one lacks changes that are forgotten.
        assert set(second.found("granite volcano", axis(0))) == expected
        second.close()
        searched.restart()
        assert set(searched.found("granite volcano", axis(0))) == expected
        assert searched.search.problems() == []

    def test_another_embedder_s_vectors_take_the_place_of_the_old_ones(self, searched: SearchedStore) -> None:
        searched.add("a", ["granite boulder"], [axis(0)])
        assert searched.found("nothing", axis(0))["granite boulder"] == pytest.approx(0.65, abs=_TOLERANCE)
        other = HashedEmbedder(DIMENSION)
        change = Reembedding(searched.store)
        assert change.begin(other)
        change.add(other.name, change.lacking(other.name, 10, 0), axis(3)[None])
        assert change.switch(other.name)
        searched.store.follow()
        scores = searched.found("nothing", axis(3))
        assert scores["granite boulder"] == pytest.approx(0.65, abs=_TOLERANCE)
        assert searched.search.problems() == []
