"""A change of the embedder that is broken off, exported or damaged midway goes on."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import (
    check,
    export_library,
    import_library,
    rebuild,
)
from index.embedders.passage_vectors import passage_vectors
from index.store.database import DATABASE
from index.store.reembedding import SWITCH, Reembedding
from index.store.store import Store
from tests.index.library.embedders import New, Old, begin, folder, is_right, opened
from tests.waiting import PATIENCE

__all__ = ["folder"]


def test_an_exported_library_goes_on_with_its_change(folder: Path, tmp_path: Path) -> None:
    begin(folder)
    library = opened(folder, change=False)
    assert export_library(library, tmp_path / "exported.zip")["embedder"] == "old"
    library.close()
    import_library(tmp_path / "exported.zip", tmp_path / "new")
    arrived = opened(tmp_path / "new")
    assert arrived.embedder.name == "old"
    assert arrived.next_embedder()[1] > 0.0
    assert is_right(arrived)
    assert arrived.wait_until_changed(PATIENCE)
    assert is_right(arrived)
    arrived.close()


def test_a_library_is_mended_during_a_change(folder: Path) -> None:
    begin(folder)
    library = opened(folder, change=False)
    with library.store.transaction() as connection:
        connection.execute("DELETE FROM vectors WHERE passage = 9")
    assert [problem.mendable for problem in check(library)] == [True]
    library.close()
    assert rebuild(folder, Old()) == []
    library = opened(folder)
    assert is_right(library)
    assert library.wait_until_changed(PATIENCE)
    assert is_right(library)
    library.close()


class Deadly(New):
    """Kills the process before it makes the block of that number."""

    def __init__(self, block: int) -> None:
        super().__init__()
        self.left = block

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return super().embed(texts)


def _deadly(statements: Sequence[str]) -> Iterator[str]:
    yield from statements
    os.kill(os.getpid(), signal.SIGKILL)


def _killed_at_a_block(folder: Path, block: int) -> None:
    opened(folder, Deadly(block)).wait_until_changed()


def _killed_in_the_switch(folder: Path, statements: int) -> None:
    change = Reembedding(Store(folder / DATABASE), _deadly(SWITCH[:statements]))
    while passages := change.lacking("new", 64, 0):
        change.add("new", passages, passage_vectors(New(), passages))
    change.switch("new")


def _killed_after_the_switch(folder: Path, _: int) -> None:
    def progress(_: str, share: float) -> None:
        if share == 1.0:
            os.kill(os.getpid(), signal.SIGKILL)

    opened(folder, New()).wait_until_changed(progress=progress)


def test_a_kill_at_any_moment_leaves_one_embedder_s_library_and_the_change_goes_on(folder: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["index", "index.testing.hashed_embedder"])
    moments: list[tuple[Callable[[Path, int], None], int]] = [
        (_killed_at_a_block, 0),
        (_killed_at_a_block, 1),
        (_killed_at_a_block, 0),
        *((_killed_in_the_switch, statements) for statements in (0, 1, 4, 5, len(SWITCH))),
    ]
    reached = 0.0
    for killed, number in moments:
        process = context.Process(target=killed, args=(folder, number))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        library = opened(folder, change=False)
        assert library.embedder.name == "old"
        following, share = library.next_embedder()
        assert following == "new"
        assert share >= reached, "what was done is kept"
        reached = share
        assert is_right(library)
        assert library.search("number7", 1)[0].passage.document.name == "7"
        library.close()
    assert reached == 1.0
    process = context.Process(target=_killed_after_the_switch, args=(folder, 0))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    library = opened(folder)
    assert library.embedder.name == "new"
    assert is_right(library)
    library.close()
