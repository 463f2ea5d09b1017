import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import filelock
import numpy as np
import pytest
from numpy.typing import NDArray

from index import Document, Library, ModelError
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE, until


class SlowEmbedder(HashedEmbedder):
    """Waits before each block of passages until it may go on; questions don't wait."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Semaphore(0)
        self.at_work = threading.Event()
        self.blocks: list[list[str]] = []
        self.broken = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if threading.current_thread().name == "embedding":
            self.at_work.set()
            self.may_go_on.acquire()
            if self.broken:
                raise ModelError("the model is damaged")
            self.blocks.append(list(texts))
        return super().embed(texts)


@pytest.fixture
def slow() -> SlowEmbedder:
    return SlowEmbedder()


@pytest.fixture
def library(tmp_path: Path, slow: SlowEmbedder) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library", slow)
    yield opened
    slow.may_go_on.release(1000)
    opened.close()


def documents(number: int, words: str = "some words") -> list[Document]:
    return [Document(f"{at}", f"Document number {at} has {words}.") for at in range(number)]


def test_a_document_is_found_by_its_words_before_it_has_vectors(library: Library, slow: SlowEmbedder) -> None:
    library.add([Document("a", "Zebras graze."), Document("b", "Lions hunt.")])
    assert [info.embedded for info in library.documents()] == [0, 0]
    assert [hit.passage.document.name for hit in library.search("zebras", 5)] == ["a"]
    assert not library.wait_until_embedded(0.05)
    slow.may_go_on.release(100)
    assert library.wait_until_embedded(PATIENCE)
    assert [info.embedded for info in library.documents()] == [1, 1]
    assert len(library.search("zebras", 5)) == 2, "by their vectors, both are candidates"


def test_the_document_added_last_is_embedded_first_and_documents_share_a_block(
    library: Library, slow: SlowEmbedder
) -> None:
    library.add(documents(100))
    library.add([Document("last", "The last one.")])
    slow.may_go_on.release(100)
    assert library.wait_until_embedded(PATIENCE)
    blocks = slow.blocks
    assert any(block[0] == "The last one." for block in blocks[:2])
    assert len(blocks) <= 4
    assert sum(map(len, blocks)) == 101


def test_what_waits_when_it_is_closed_is_embedded_at_the_next_opening(
    tmp_path: Path, slow: SlowEmbedder
) -> None:
    first = Library.open(tmp_path / "library", slow)
    first.add(documents(200))
    assert slow.at_work.wait(120)
    closing = threading.Thread(target=first.close)
    closing.start()
    until(lambda: first._embedding._stopped)  # then no further block is begun
    slow.may_go_on.release(1)
    closing.join(120)
    assert not closing.is_alive()
    again = Library.open(tmp_path / "library", HashedEmbedder())
    assert 0 < again.store.waiting() < 200
    assert again.wait_until_embedded(PATIENCE)
    assert again.search_problems() == []
    again.close()


def test_a_document_removed_while_it_is_embedded_gets_no_vectors(
    library: Library, slow: SlowEmbedder
) -> None:
    (added,) = library.add(documents(1))
    library.remove(added.document_id or "")
    slow.may_go_on.release(100)
    assert library.wait_until_embedded(PATIENCE)
    assert library.search("document number", 5) == []
    assert library.store.rows("SELECT count(*) FROM vectors") == [(0,)]


def test_an_embedder_that_fails_is_told_to_who_waits_and_tried_again(
    library: Library, slow: SlowEmbedder, caplog: pytest.LogCaptureFixture
) -> None:
    slow.broken = True
    library.add(documents(1))
    slow.may_go_on.release(2)  # waiting tries again what has failed by then
    with pytest.raises(ModelError, match="the model is damaged"):
        library.wait_until_embedded(PATIENCE)
    assert "found by their words alone" in caplog.text
    slow.broken = False
    slow.may_go_on.release(10)
    assert library.wait_until_embedded(PATIENCE)


def test_progress_ends_with_the_whole(library: Library, slow: SlowEmbedder) -> None:
    library.add(documents(200))
    slow.may_go_on.release(100)
    shares: list[float] = []
    library.wait_until_embedded(PATIENCE, lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_while_questions_are_asked_little_is_embedded_at_a_time(library: Library, slow: SlowEmbedder) -> None:
    library.add(documents(300))
    library.search("anything", 1)
    slow.may_go_on.release(1000)
    end = time.monotonic() + 120
    while library.store.waiting() and time.monotonic() < end:
        library.search("anything", 1)
        if len(slow.blocks) >= 3:
            break
    assert len(slow.blocks[2]) <= 4
    assert library.wait_until_embedded(PATIENCE)


def test_one_process_embeds_at_a_time(tmp_path: Path, library: Library, slow: SlowEmbedder) -> None:
    slow.may_go_on.release(1000)
    with filelock.FileLock(tmp_path / "library" / "embed.lock"):
        library.add(documents(3))
        assert not library.wait_until_embedded(0.5)
        assert slow.blocks == []
    assert library.wait_until_embedded(PATIENCE)
