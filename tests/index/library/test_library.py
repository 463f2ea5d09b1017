import multiprocessing
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import filelock
import pytest

from index import (
    Document,
    Filter,
    Library,
    LibraryBusy,
    LibraryMismatch,
    UnknownDocument,
    open_embedder,
)
from index.embedders.onnx_embedder import OnnxEmbedder
from index.library.timing import Timing
from index.search.dense.sizes import DenseSizes
from index.search.local_search import CANDIDATES, LocalSearch
from tests.waiting import PATIENCE

SEEDS = {
    "vault": "The Svalbard Global Seed Vault opened in 2008. It keeps seeds of crops at minus 18 degrees.",
    "stone": "The Rosetta Stone was found in 1799. It carries one decree in three scripts.",
    "bees": "A honeybee dances to tell others where food is. The angle of its dance gives the direction.",
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library")
    yield opened
    opened.close()


def add_seeds(library: Library, collection: str = "default") -> None:
    library.add(Document(name, text, collection=collection) for name, text in SEEDS.items())
    assert library.wait_until_embedded(PATIENCE)


def best(library: Library, question: str, filter: Filter = Filter()) -> str | None:
    hits = library.search(question, 1, filter)
    return hits[0].passage.document.name if hits else None


def test_the_passage_that_fits_comes_first(library: Library) -> None:
    add_seeds(library)
    assert best(library, "Where are seeds kept frozen?") == "vault"
    assert best(library, "how do insects tell each other about a meal") == "bees"
    assert best(library, "three scripts") == "stone"


def test_hits_are_ranked_and_scored_from_0_to_1(library: Library) -> None:
    add_seeds(library)
    scores = [hit.score for hit in library.search("seeds of food crops", 10)]
    assert len(scores) == 3
    assert scores[0] == max(scores)
    assert all(0 <= score <= 1 for score in scores)


def test_an_empty_library_finds_nothing(library: Library) -> None:
    assert library.search("anything", 5) == []
    assert library.documents() == []


def test_the_same_content_again_changes_nothing(library: Library) -> None:
    document = Document("a", SEEDS["vault"])
    assert [added.status for added in library.add([document, document])] == ["added", "unchanged"]
    assert [added.status for added in library.add([document])] == ["unchanged"]
    assert library.counts() == (1, 1)


def test_two_documents_of_one_text_are_two(library: Library) -> None:
    added = library.add([Document("a", SEEDS["vault"]), Document("copy", SEEDS["vault"])])
    assert [one.status for one in added] == ["added", "added"]
    assert added[0].document_id != added[1].document_id
    assert library.counts() == (2, 2)


def test_names_are_compared_as_they_look(library: Library) -> None:
    library.add([Document("cafe\u0301", SEEDS["vault"], collection="cafe\u0301")])
    again = library.add([Document("caf\u00e9", SEEDS["vault"], collection="caf\u00e9")])
    assert [one.status for one in again] == ["unchanged"]
    assert library.find("cafe\u0301", "cafe\u0301")
    assert library.documents()[0].name == "caf\u00e9"


def test_two_sources_of_one_name_are_two_documents_and_keep_their_names(library: Library) -> None:
    documents = [Document("a", text, source=f"/{text}/a") for text in ("x", "y")]
    assert [one.name for one in library.add([*documents, Document("a", "z")])] == ["a", "y/a", "a (2)"]
    assert [one.status for one in library.add([Document("a", "new", source="/y/a")])] == ["replaced"]
    assert {info.name: info.source for info in library.documents()} == {
        "a": "/x/a",
        "y/a": "/y/a",
        "a (2)": "a",
    }


def test_changed_content_replaces_and_the_old_no_longer_answers(library: Library) -> None:
    add_seeds(library)
    assert library.add([Document("stone", "Volcanoes erupt lava.")])[0].status == "replaced"
    assert all("Rosetta" not in hit.passage.text for hit in library.search("Rosetta Stone three scripts", 10))
    assert best(library, "What erupts?") == "stone"
    assert library.counts() == (3, 3)


def test_a_copy_that_takes_the_place_of_other_content_replaces_it(library: Library) -> None:
    add_seeds(library)
    assert library.add([Document("bees", SEEDS["stone"])])[0].status == "replaced"
    assert all("honeybee" not in hit.passage.text for hit in library.search("honeybee dance", 10))


def test_a_removed_document_is_gone_from_every_answer(library: Library) -> None:
    add_seeds(library)
    vault = library.find("vault", "default")
    assert vault
    library.remove(vault.id)
    assert best(library, "Svalbard seed vault") != "vault"
    assert [info.name for info in library.documents()] == ["bees", "stone"]
    with pytest.raises(UnknownDocument):
        library.document(vault.id)
    with pytest.raises(UnknownDocument):
        library.remove(vault.id)


def test_the_filter_comes_before_the_ranking(library: Library) -> None:
    add_seeds(library)
    # More documents than candidates that fit better: a filter after the ranking would find nothing.
    library.add(
        Document(f"seed {number}", f"Seed vault number {number} of Svalbard.", collection="other")
        for number in range(2 * CANDIDATES)
    )
    hits = library.search("Svalbard seed vault", 5, Filter(collections=("default",)))
    assert {hit.passage.document.collection for hit in hits} == {"default"}
    assert hits[0].passage.document.name == "vault"
    assert library.search("Svalbard", 5, Filter(collections=("nothing",))) == []


def test_everything_is_there_after_opening_again(tmp_path: Path) -> None:
    first = Library.open(tmp_path / "library")
    add_seeds(first)
    first.close()
    again = Library.open(tmp_path / "library")
    assert again.counts() == (3, 3)
    assert best(again, "Rosetta Stone") == "stone"
    again.close()


def test_another_embedder_is_refused_where_none_is_to_be_changed(tmp_path: Path, library: Library) -> None:
    class Renamed(OnnxEmbedder):
        name = "other"

    with pytest.raises(LibraryMismatch, match=r"made with embedder 'all-MiniLM-L6-v2-int8'.*'other'"):
        Library.open(tmp_path / "library", Renamed(), change_embedder=False)


def test_a_second_library_on_the_same_folder_sees_changes_at_once(tmp_path: Path, library: Library) -> None:
    second = Library.open(tmp_path / "library", library.embedder)
    assert second.search("seeds", 5) == []
    add_seeds(library)
    assert best(second, "Svalbard seed vault") == "vault"
    vault = library.find("vault", "default")
    assert vault
    library.remove(vault.id)
    assert best(second, "Svalbard seed vault") != "vault"
    second.close()


def test_a_second_writer_waits_then_gets_a_clear_error(tmp_path: Path, library: Library) -> None:
    impatient = Library.open(tmp_path / "library", library.embedder, timing=Timing(write_seconds=0.2))
    with (
        filelock.FileLock(tmp_path / "library" / "write.lock"),
        pytest.raises(LibraryBusy, match="Another program has held the library"),
    ):
        add_seeds(impatient)
    add_seeds(impatient)
    assert impatient.counts() == (3, 3)
    impatient.close()


def _write(folder: Path, number: int) -> None:
    library = Library.open(folder)
    library.add([Document(f"{number}-{part}", f"Document {number}, part {part}.") for part in range(5)])
    library.close()


def test_processes_that_write_at_the_same_time_lose_nothing(tmp_path: Path, library: Library) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(tmp_path / "library", number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert library.counts() == (15, 15)
    assert len(library.search("document part", 20)) == 15


def test_threads_that_add_remove_and_search_do_not_disturb_each_other(library: Library) -> None:
    add_seeds(library)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            for turn in range(5):
                added = library.add([Document(f"{number}", f"Thread {number} wrote version {turn}.")])
                assert library.search(f"thread {number} version", 5)
            library.remove(added[0].document_id or "")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert library.counts() == (3, 3)


def test_progress_tells_name_and_share(library: Library) -> None:
    seen: list[tuple[str, float]] = []
    library.add([Document("a", SEEDS["vault"])], lambda name, share: seen.append((name, share)))
    assert seen == [("a", 1.0)]


def test_the_default_embedder_is_the_bundled_one(library: Library) -> None:
    assert library.embedder.name == open_embedder().name == "all-MiniLM-L6-v2-int8"


def test_indexes_of_another_library_in_the_same_folder_are_not_believed(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "library"
    saved_at_once = partial(LocalSearch, dense=DenseSizes(save_fewest=1))
    first = Library.open(folder, make_search=saved_at_once)
    add_seeds(first)
    first.add([Document("more", "Volcanoes erupt lava.")])
    first.close()
    for path in folder.glob("library.sqlite3*"):
        path.unlink()
    second = Library.open(folder, make_search=saved_at_once)
    second.add([Document("stone", SEEDS["stone"]), Document("bees", SEEDS["bees"])])
    assert best(second, "Rosetta Stone three scripts") == "stone"
    assert len(second.search("Rosetta Stone honeybee", 10)) == 2
    second.close()


def test_closing_does_not_wait_for_another_writer(tmp_path: Path, library: Library) -> None:
    add_seeds(library)
    reader = Library.open(tmp_path / "library", library.embedder)
    assert best(reader, "Rosetta Stone") == "stone"
    began = time.monotonic()
    with filelock.FileLock(tmp_path / "library" / "write.lock"):
        reader.close()
    assert time.monotonic() - began < Timing().write_seconds / 2
