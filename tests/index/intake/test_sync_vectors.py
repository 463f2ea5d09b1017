"""What is in a folder is embedded once, whatever its files are called and wherever they move."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import (
    Filter,
    Library,
    sync_folder,
)
from index.search.local_search import LocalSearch
from index.testing.hashed_embedder import HashedEmbedder
from index.upkeep.check import check
from tests.index.intake.kit import (
    ALPHA,
    BETA,
    GAMMA,
    folder,
    library,
    lines,
    news,
    passages,
    swap,
    texts,
    write,
)
from tests.waiting import PATIENCE

__all__ = ["folder", "library"]


class GatedEmbedder(HashedEmbedder):
    """Embeds no passage before it is let go; questions don't wait."""

    def __init__(self) -> None:
        super().__init__()
        self.at_work = threading.Event()
        self.let_go = threading.Event()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if threading.current_thread().name == "embedding":
            self.at_work.set()
            self.let_go.wait()
        return super().embed(texts)


def test_files_that_change_while_they_wait_for_their_vectors_get_the_right_ones(
    tmp_path: Path, folder: Path
) -> None:
    write(folder / "c.txt", GAMMA)
    held = GatedEmbedder()
    library = Library.open(tmp_path / "library", held)
    try:
        list(sync_folder(library, folder))
        assert held.at_work.wait(60)  # all three are on their way through the embedder
        ids = library.store.rows("SELECT id, start, end FROM passages ORDER BY id")
        (folder / "a.txt").rename(folder / "z.txt")
        write(folder / "sub" / "b.txt", "A fourth text.")
        (folder / "c.txt").unlink()
        assert lines(list(sync_folder(library, folder))) == [
            "moved z.txt: was a.txt",
            "replaced sub/b.txt",
            "removed c.txt",
        ]
        assert [info.embedded for info in library.documents()] == [0, 0]
        held.let_go.set()
        assert library.wait_until_embedded(PATIENCE)
        assert sorted(held.texts) == sorted([ALPHA, BETA, GAMMA, "A fourth text."])
        assert [row[:3] for row in passages(library)][:1] == ids[:1], "the moved one's passage is the same"
        for info in library.documents():
            text = library.document(info.id).text
            (found,) = library.store.runs(Filter(documents=(info.id,)))
            expected = HashedEmbedder().embed([text])
            assert np.allclose(library.store.vectors(*found).rows, expected, atol=1e-3)
            assert isinstance(library.passage_search, LocalSearch)
            nearest = library.passage_search.indexes()[0].search(expected[0], 1)
            assert nearest[0][0] == found[0], "in the dense index, too"
        assert texts(library) == {"z.txt": ALPHA, "sub/b.txt": "A fourth text."}
        assert check(library) == []
    finally:
        held.let_go.set()
        library.close()


def test_files_that_swap_their_names_swap_their_texts(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    before = len(embedder.texts)
    swap(folder / "a.txt", folder / "sub" / "b.txt")
    assert news(library, folder) == ["replaced a.txt", "replaced sub/b.txt"]
    assert texts(library) == {"a.txt": BETA, "sub/b.txt": ALPHA}
    assert len(embedder.texts) == before
    assert library.store.rows("SELECT * FROM spare_vectors") == []


def test_a_file_moved_over_another_takes_its_place(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    before = len(embedder.texts)
    (folder / "sub" / "b.txt").rename(folder / "a.txt")
    assert news(library, folder) == ["replaced a.txt", "removed sub/b.txt"]
    assert texts(library) == {"a.txt": BETA}
    assert len(embedder.texts) == before


def test_a_file_kept_under_another_name_before_it_is_changed_is_not_embedded_again(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    (folder / "a.txt").rename(folder / "a-old.txt")
    write(folder / "a.txt", GAMMA)
    assert news(library, folder) == ["added a-old.txt", "replaced a.txt"]
    assert texts(library) == {"a-old.txt": ALPHA, "a.txt": GAMMA, "sub/b.txt": BETA}
    assert len(embedder.texts) == 3


def test_an_edit_of_one_paragraph_embeds_only_what_is_new(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    paragraphs = [" ".join(f"Word {number} of part {part}." for number in range(30)) for part in range(6)]
    write(folder / "long.md", "\n\n".join(f"# Part {one}\n\n{two}" for one, two in enumerate(paragraphs)))
    news(library, folder)
    before = len(embedder.texts)
    paragraphs[3] = paragraphs[3].replace("Word 7 ", "Something else ")
    write(folder / "long.md", "\n\n".join(f"# Part {one}\n\n{two}" for one, two in enumerate(paragraphs)))
    assert news(library, folder) == ["replaced long.md"]
    assert len(embedder.texts) == before + 1
    assert check(library) == []


def test_another_suffix_is_read_anew_but_not_embedded(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    (folder / "a.txt").rename(folder / "a.md")
    assert news(library, folder) == ["added a.md", "removed a.txt"]
    assert texts(library) == {"a.md": ALPHA, "sub/b.txt": BETA}
    assert len(embedder.texts) == 2


def test_files_of_different_suffixes_swap_their_documents(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    write(folder / "c.md", GAMMA)
    news(library, folder)
    swap(folder / "a.txt", folder / "c.md")
    news(library, folder)
    assert texts(library) == {"a.txt": GAMMA, "c.md": ALPHA, "sub/b.txt": BETA}
    assert len(embedder.texts) == 3


@pytest.mark.parametrize("another_gone", [False, True])
@pytest.mark.parametrize("steps", [0, 1, 2, 9])
def test_a_text_whose_file_is_taken_by_another_is_not_embedded_again_under_another_suffix(
    library: Library, folder: Path, embedder: HashedEmbedder, another_gone: bool, steps: int
) -> None:
    write(folder / "gone.txt", GAMMA)
    news(library, folder)
    (folder / "sub" / "b.txt").rename(folder / "c.md")
    (folder / "a.txt").rename(folder / "sub" / "b.txt")
    if another_gone:
        (folder / "gone.txt").unlink()
    broken_off = sync_folder(library, folder)
    for _ in zip(range(steps), broken_off, strict=False):
        pass
    del broken_off
    news(library, folder)
    gone = {} if another_gone else {"gone.txt": GAMMA}
    assert texts(library) == {"sub/b.txt": ALPHA, "c.md": BETA, **gone}
    assert len(embedder.texts) == 3
    assert news(library, folder) == []


def test_files_of_one_text_are_documents_of_their_own_and_embedded_once(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    write(folder / "copy.txt", ALPHA)
    write(folder / "spaced.txt", f"{ALPHA}  \r\n")
    assert news(library, folder) == ["added a.txt", "added copy.txt", "added spaced.txt", "added sub/b.txt"]
    assert len(embedder.texts) == 2
    (folder / "a.txt").unlink()
    assert news(library, folder) == ["removed a.txt"]
    assert texts(library) == {"copy.txt": ALPHA, "spaced.txt": ALPHA, "sub/b.txt": BETA}
    write(folder / "copy.txt", GAMMA)
    assert news(library, folder) == ["replaced copy.txt"]
    assert texts(library) == {"copy.txt": GAMMA, "spaced.txt": ALPHA, "sub/b.txt": BETA}
    assert len(embedder.texts) == 3
