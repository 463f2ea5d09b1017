"""A document moves to another collection with all that it has; what can't move says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Document, Filter, Library, check, sync_folder
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", HashedEmbedder()) as opened:
        opened.add([Document("a", "Zebras graze.", metadata={"tags": "wild"}), Document("b", "Lions hunt.")])
        assert opened.wait_until_embedded(PATIENCE)
        yield opened


def ids(library: Library, collection: str = "default") -> dict[str, str]:
    return {info.name: info.id for info in library.documents(Filter(collections=(collection,)))}


def test_it_is_found_in_the_new_collection_alone_and_embedded_once(library: Library) -> None:
    (outcome,) = library.move([ids(library)["a"]], "animals")
    assert (outcome.status, ids(library, "animals")) == ("moved", {"a": outcome.document_id})
    assert library.store.waiting() == 0
    assert [hit.passage.document.name for hit in library.search("zebras", 5, Filter(("default",)))] == ["b"]
    assert [hit.passage.document.id for hit in library.search("zebras", 5, Filter(("animals",)))] == [
        outcome.document_id
    ]
    assert [info.name for info in library.documents(Filter(metadata={"tags": "wild"}))] == ["a"]
    assert check(library) == []


def test_a_name_that_is_taken_there_gets_a_number(library: Library) -> None:
    library.add([Document("a", "Another text.", collection="animals", source="/elsewhere/a")])
    library.move([ids(library)["a"]], "animals")
    assert sorted(ids(library, "animals")) == ["a", "a (2)"]
    assert check(library) == []


def test_what_stays_says_why_and_hinders_nothing_else(library: Library, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "c.txt").write_text("Synced.")
    list(sync_folder(library, tmp_path / "folder"))
    library.add([Document("a", "The same file there.", collection="animals")])
    known = ids(library)
    outcomes = library.move([known["a"], known["c.txt"], "0" * 16, known["b"]], "animals")
    assert [one.status for one in outcomes] == ["failed", "failed", "failed", "moved"]
    assert "has it already" in outcomes[0].reason and "synced folder" in outcomes[1].reason
    assert [one.status for one in library.move([outcomes[3].document_id or ""], "animals")] == ["unchanged"]
