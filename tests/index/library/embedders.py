"""Embedders that a library can be changed to and from, and libraries that are being changed."""

import threading
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import (
    Document,
    Library,
    ModelError,
    check,
)
from index.library.timing import Timing
from index.search.dense.sizes import DenseSizes
from index.search.local_search import LocalSearch
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE

WORDS = "river mountain forest valley meadow desert island glacier canyon prairie".split()
# These tests ask all the time, and a question keeps the embedding waiting.
SHORT_PAUSES = Timing(longest_pause=0.01, busy_passages=20)


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
            assert self.may_go_on.acquire(timeout=PATIENCE)
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
    assert library.wait_until_embedded(PATIENCE)
    library.search("number7", 1)  # goes over to the embedder that another one may have changed it to
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
    library.wait_until_embedded(PATIENCE)
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
    while not library._embedding._stopped:  # then no further block is begun
        threading.Event().wait(0.01)
    let_go(new, 1)
    closing.join(60)
