import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import (
    Document,
    Library,
    LibraryMismatch,
    ModelError,
    check,
    export_library,
    import_library,
    rebuild,
)
from index.library.timing import Timing
from index.search.dense.sizes import DenseSizes
from index.search.local_search import LocalSearch
from index.store import reembedding
from index.testing.hashed_embedder import HashedEmbedder

WORDS = "river mountain forest valley meadow desert island glacier canyon prairie".split()


class Old(HashedEmbedder):
    name = "old"


class New(HashedEmbedder):
    """Of the same dimension, so that its vectors could be taken for the old ones; those lie elsewhere."""

    name = "new"
    at_work: threading.Event | None = None
    may_go_on: threading.Semaphore | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.may_go_on and threading.current_thread().name == "embedding":
            assert self.at_work
            self.at_work.set()
            assert self.may_go_on.acquire(timeout=60)
        elsewhere: NDArray[np.float32] = -np.roll(super().embed(texts), 1, axis=1)
        return elsewhere


class Wide(HashedEmbedder):
    name = "wide"

    def __init__(self) -> None:
        super().__init__(48)


class Gone(HashedEmbedder):
    """A model whose folder is no longer there."""

    name = "old"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ModelError("The embedder old can't be loaded: it is gone.")


def by_name(name: str) -> HashedEmbedder:
    kinds: dict[str, type[HashedEmbedder]] = {"": Old, "old": Old, "new": New, "wide": Wide}
    return kinds[name]()


# These tests ask all the time, and a question keeps the embedding waiting.
SHORT_PAUSES = Timing(longest_pause=0.01, busy_passages=20)
IVF = DenseSizes(exact_up_to=20, save_fewest=1, asking_seconds=0.0)


def opened(
    folder: Path,
    embedder: HashedEmbedder | None = None,
    change: bool = True,
    sizes: DenseSizes = DenseSizes(),
) -> Library:
    search = partial(LocalSearch, dense=sizes)
    return Library.open(folder, embedder, change, by_name, search, SHORT_PAUSES)


def local(library: Library) -> LocalSearch:
    assert isinstance(library.passage_search, LocalSearch)
    return library.passage_search


def text(number: int) -> str:
    return f"Document number{number} tells of the {WORDS[number % 10]} by the {WORDS[number // 10 % 10]}."


def documents(first: int, end: int) -> list[Document]:
    return [Document(str(number), text(number)) for number in range(first, end)]


def is_right(library: Library) -> bool:
    """Whether every vector, also in the index, is the one that the library's embedder gives its passage."""
    assert library.wait_until_embedded(60)
    index, _ = local(library).indexes()
    passages = library.store.passages_of(0, library.store.end_passage())
    expected = library.embedder.embed([passage.text for passage in passages])
    vectors = library.store.vectors(0, library.store.end_passage())
    assert vectors.ids.tolist() == [passage.id for passage in passages]
    np.testing.assert_allclose(vectors.rows, expected, atol=2e-3)
    for passage, vector in zip(passages, expected, strict=True):
        assert dict(index.search(vector, 5))[passage.id] == pytest.approx(1.0, abs=2e-3)
    assert check(library) == []
    return True


@pytest.fixture
def folder(memory_folder: Path) -> Path:
    library = opened(memory_folder / "library", Old())
    library.add(documents(0, 150))
    library.wait_until_embedded(60)
    library.close()
    return memory_folder / "library"


@pytest.fixture
def held() -> New:
    """Makes a block of vectors each time that it is let go on; questions don't wait."""
    new = New()
    new.at_work, new.may_go_on = threading.Event(), threading.Semaphore(0)
    return new


@pytest.fixture
def changing(folder: Path, held: New) -> Iterator[Library]:
    """At work on the first vectors of the new embedder."""
    library = opened(folder)
    library.change_embedder(held)
    assert held.at_work and held.at_work.wait(60)
    yield library
    let_go(held, 1000)
    library.close()


def let_go(held: New, blocks: int) -> None:
    assert held.may_go_on
    held.may_go_on.release(blocks)


@pytest.mark.parametrize("sizes", [DenseSizes(), IVF], ids=["exact", "inverted file"])
@pytest.mark.parametrize("kind", [New, Wide])
def test_a_library_that_is_opened_with_another_embedder_goes_over_to_it(
    folder: Path, kind: type[HashedEmbedder], sizes: DenseSizes
) -> None:
    library = opened(folder, kind(), sizes=sizes)
    assert library.embedder.name == "old"
    assert is_right(library)
    assert library.wait_until_changed(60)
    assert library.embedder.name == kind.name
    local(library).wait()
    assert is_right(library)
    assert library.search("number7", 1)[0].passage.document.name == "7"
    library.close()
    again = opened(folder, sizes=sizes)
    assert again.embedder.name == kind.name
    assert is_right(again)
    again.close()


def test_the_old_embedder_answers_until_the_last_vector_is_there(changing: Library, held: New) -> None:
    shares: list[float] = []
    while changing.store.made_with() == "old":
        assert changing.search("number7", 1)[0].passage.document.name == "7"
        if changing.store.made_with() == "old":
            assert "number7" not in held.texts, "the question was embedded by the new one"
            shares.append(changing.next_embedder()[1])
        let_go(held, 1)
        threading.Event().wait(0.02)
    assert shares == sorted(shares)
    assert len(set(shares)) > 2
    assert changing.wait_until_changed(60)
    assert changing.search("number7", 1)[0].passage.document.name == "7"
    assert held.texts[-1] == "number7"
    assert is_right(changing)


def test_what_comes_and_goes_meanwhile_is_right_in_both(changing: Library, held: New) -> None:
    changing.add(documents(150, 160))
    for number in (3, 70, 155):
        found = changing.find(str(number), "default")
        assert found
        changing.remove(found.id)
    changing.add([Document("5", "Another text stands here instead.")])
    let_go(held, 1)
    assert changing.wait_until_embedded(60), "the new ones go before the change"
    assert changing.next_embedder()[0] == "new"
    assert changing.embedder.name == "old"
    assert is_right(changing)
    let_go(held, 1000)
    assert changing.wait_until_changed(60)
    assert changing.embedder.name == "new"
    assert is_right(changing)
    names = {info.name for info in changing.documents()}
    assert names == {str(number) for number in range(160)} - {"3", "70", "155"}
    assert changing.search("another text instead", 1)[0].passage.document.name == "5"


def test_progress_ends_with_the_switch(folder: Path) -> None:
    library = opened(folder, New())
    shares: list[float] = []
    library.wait_until_changed(60, lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    library.close()


def test_others_that_have_it_open_go_over_too(folder: Path, changing: Library, held: New) -> None:
    other, idle = opened(folder, change=False), opened(folder, change=False)
    assert other.search("number7", 1)[0].passage.document.name == "7"
    let_go(held, 1000)
    assert changing.wait_until_changed(60)
    assert other.search("number7", 1)[0].passage.document.name == "7"
    assert (other.embedder.name, other.store.embedder) == ("new", "new")
    assert is_right(other)
    idle.add(documents(150, 155))  # before it has looked at anything
    assert idle.wait_until_embedded(60)
    for library in (idle, other, changing):
        assert is_right(library)
    other.close()
    idle.close()


def test_searches_find_the_same_while_the_embedder_is_changed_back_and_forth(folder: Path) -> None:
    changing, other = opened(folder), opened(folder, change=False)
    wrong: list[object] = []
    stop = threading.Event()

    def search(library: Library) -> None:
        number = 0
        while not stop.is_set():
            number = (number + 1) % 150
            try:
                found = library.search(text(number), 1)[0].passage.document.name
                if found != str(number):
                    wrong.append((number, found))
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=search, args=(library,)) for library in (changing, other)]
    for thread in threads:
        thread.start()
    for embedder in (New(), Wide(), Old()):
        changing.change_embedder(embedder)
        assert changing.wait_until_changed(60)
        assert changing.store.made_with() == embedder.name
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert is_right(changing)
    assert is_right(other)
    changing.close()
    other.close()


def test_where_nothing_is_to_be_changed_another_embedder_is_refused_with_what_to_do(folder: Path) -> None:
    with pytest.raises(LibraryMismatch, match=r"made with embedder 'old', but 'new' was.*quoth embedder new"):
        opened(folder, New(), change=False)
    library = opened(folder, Old(), change=False)
    assert library.next_embedder() == ("", 0.0)
    library.close()


def test_an_opening_with_the_next_embedder_or_none_answers_and_goes_on_if_it_may(folder: Path) -> None:
    begin(folder)
    for embedder in (New(), Old(), None):
        library = opened(folder, embedder, change=False)
        assert library.wait_until_changed(0.0)
        assert library.next_embedder()[0] == "new"
        assert library.embedder.name == "old"
        library.close()
    library = opened(folder)
    assert library.wait_until_changed(60)
    assert library.embedder.name == "new"
    library.close()


def begin(folder: Path) -> None:
    """Leaves the library with some vectors of the new embedder."""
    new = New()
    new.at_work, new.may_go_on = threading.Event(), threading.Semaphore(1)
    library = opened(folder, new)
    assert not library.wait_until_changed(0.0)
    while library.next_embedder()[1] == 0.0:
        threading.Event().wait(0.01)
    closing = threading.Thread(target=library.close)
    closing.start()
    threading.Event().wait(0.3)  # for it to say that no further block is to be begun
    let_go(new, 1)
    closing.join(60)


def test_the_library_s_own_embedder_ends_the_change(folder: Path) -> None:
    begin(folder)
    library = opened(folder, change=False)
    library.change_embedder(Old())
    assert library.wait_until_changed(60)
    assert library.next_embedder() == ("", 0.0)
    assert is_right(library)
    library.close()


def test_one_that_can_not_be_loaded_changes_nothing_and_is_told_of(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Missing(Gone):
        name = "missing"

    library = opened(folder)
    library.change_embedder(Missing())
    with pytest.raises(ModelError, match="it is gone"):
        library.wait_until_changed(60)
    assert "The embedder can't be changed to missing now" in caplog.text
    library.add(documents(150, 152))
    assert is_right(library)
    library.change_embedder(New())
    assert library.wait_until_changed(60)
    assert is_right(library)
    library.close()


def test_without_the_old_model_words_answer_until_the_new_one_s_vectors_are_there(
    folder: Path, held: New
) -> None:
    library = Library.open(folder, by_name=lambda name: Gone() if name == "old" else by_name(name))
    with pytest.raises(ModelError, match="it is gone"):
        library.search("number7", 1)
    library.change_embedder(held)
    assert library.search("number7", 1)[0].passage.document.name == "7"
    library.add(documents(150, 152))
    assert library.search("number151", 1)[0].passage.document.name == "151"
    let_go(held, 1000)
    assert library.wait_until_changed(60)
    assert is_right(library)
    library.close()


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
    assert arrived.wait_until_changed(60)
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
    assert library.wait_until_changed(60)
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
    reembedding._SWITCH = _deadly(reembedding._SWITCH[:statements])  # type: ignore[assignment]
    opened(folder, New()).wait_until_changed()


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
        *((_killed_in_the_switch, statements) for statements in (0, 1, 4, 5, len(reembedding._SWITCH))),
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
