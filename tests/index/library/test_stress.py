"""All that goes on in a library at once: a lock taken in the wrong order would stop it for good."""

import faulthandler
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from index import Document, Library, check, sync_folder
from index.library.timing import Timing
from index.search.dense.sizes import DenseSizes
from index.search.local_search import LocalSearch
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE

SEARCHERS, SEARCHES = 8, 25
WRITERS, WRITES = 2, 8


class Other(HashedEmbedder):
    name = "other"


def by_name(name: str) -> HashedEmbedder:
    return Other() if name == "other" else HashedEmbedder()


def run_together(jobs: Sequence[Callable[[], object]]) -> None:
    errors: list[BaseException] = []

    def guarded(job: Callable[[], object]) -> None:
        try:
            job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    if any(thread.is_alive() for thread in threads):
        faulthandler.dump_traceback()
        raise AssertionError("some threads wait for each other; see their tracebacks")
    assert errors == []


def test_searching_writing_syncing_and_a_change_of_the_embedder_at_once(tmp_path: Path) -> None:
    sizes = DenseSizes(exact_up_to=20, save_fewest=1, fresh_up_to=10, asking_seconds=0.0)
    timing = Timing(reading_seconds=0.0, longest_pause=0.01)
    search = partial(LocalSearch, dense=sizes)
    with Library.open(tmp_path / "library", HashedEmbedder(), True, by_name, search, timing) as library:
        library.add([Document(f"kept {number}", f"Kept word{number} for good.") for number in range(30)])

        def searches(number: int) -> None:
            for turn in range(SEARCHES):
                word = f"word{(number + turn) % 30}"
                assert word in library.search(word, 3)[0].passage.text

        def writes(number: int) -> None:
            for turn in range(WRITES):
                (added,) = library.add([Document(f"{number}", f"Writer {number} wrote version{turn}.")])
                assert library.search(f"version{turn}", 5)
            library.remove(added.document_id or "")

        def synced() -> None:
            folder = tmp_path / "folder"
            folder.mkdir()
            for turn in range(WRITES):
                (folder / f"{turn}.txt").write_text(f"Synced in turn{turn}.", "utf-8")
                (folder / f"{turn - 1}.txt").unlink(missing_ok=True)
                became = {outcome.status for outcome in sync_folder(library, folder)}
                assert became == ({"added", "removed"} if turn else {"added"})

        def changes_the_embedder() -> None:
            library.change_embedder(Other())
            assert library.wait_until_changed(PATIENCE)

        run_together(
            [
                *(partial(searches, number) for number in range(SEARCHERS)),
                *(partial(writes, number) for number in range(WRITERS)),
                synced,
                changes_the_embedder,
            ]
        )
        assert library.wait_until_embedded(PATIENCE)
        assert library.embedder.name == "other"
        assert library.counts() == (31, 31)
        assert check(library) == []
