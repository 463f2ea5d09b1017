import errno
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import pytest
from numpy.typing import NDArray

from index import (
    Document,
    Filter,
    FolderError,
    Library,
    LibraryBusy,
    ModelError,
    Synced,
    add_files,
    sync_folder,
)
from index.intake import sync as sync_module
from index.loaders import LOADERS
from index.loaders.formats.text import load_text
from index.search.local_search import LocalSearch
from index.testing.hashed_embedder import HashedEmbedder
from index.upkeep.check import check

ALPHA = "The vault opened in 2008."
BETA = "The stone was found in 1799."
GAMMA = "Bees dance to tell where food is."


@pytest.fixture
def library(tmp_path: Path, embedder: HashedEmbedder) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library", embedder)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "notes"
    write(made / "a.txt", ALPHA)
    write(made / "sub" / "b.txt", BETA)
    return made


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def swap(first: Path, second: Path) -> None:
    aside = first.rename(first.with_name("aside"))
    second.rename(first)
    aside.rename(second)


def news(
    library: Library,
    folder: Path,
    collection: str = "default",
    *,
    dry_run: bool = False,
    delete_all: bool = False,
) -> list[str]:
    """What changed, a line each, once all has its vectors; files that are as they were say nothing."""
    results = list(sync_folder(library, folder, collection, dry_run=dry_run, delete_all=delete_all))
    assert dry_run or library.wait_until_embedded(60)
    return lines(results)


def lines(results: Sequence[Synced]) -> list[str]:
    return [
        f"{one.status} {one.name}" + (f": {one.reason}" if one.reason else "")
        for one in results
        if one.status != "unchanged" or one.reason
    ]


def texts(library: Library, collection: str = "default") -> dict[str, str]:
    return {
        info.name: library.document(info.id).text
        for info in library.documents()
        if info.collection == collection
    }


def test_a_folder_goes_in_and_a_second_run_does_nothing(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    assert news(library, folder) == ["added a.txt", "added sub/b.txt"]
    assert texts(library) == {"a.txt": ALPHA, "sub/b.txt": BETA}
    before = (len(embedder.texts), library.store.last_change(), rows(library))
    again = list(sync_folder(library, folder))
    assert [(one.name, one.status) for one in again] == [("a.txt", "unchanged"), ("sub/b.txt", "unchanged")]
    assert (len(embedder.texts), library.store.last_change(), rows(library)) == before


def rows(library: Library) -> list[tuple[object, ...]]:
    return library.store.rows("SELECT * FROM synced_files ORDER BY path")


def test_a_second_run_reads_no_file(library: Library, folder: Path) -> None:
    news(library, folder)
    with locked(folder / "a.txt", folder / "sub" / "b.txt"):
        assert news(library, folder) == []


def test_a_changed_file_replaces_and_the_old_text_no_longer_answers(library: Library, folder: Path) -> None:
    news(library, folder)
    write(folder / "a.txt", GAMMA)
    assert news(library, folder) == ["replaced a.txt"]
    assert texts(library) == {"a.txt": GAMMA, "sub/b.txt": BETA}
    assert all("vault" not in hit.passage.text for hit in library.search("vault opened", 10))


def test_a_change_of_the_same_size_at_the_same_time_is_seen(library: Library, folder: Path) -> None:
    news(library, folder)
    status = (folder / "a.txt").stat()
    write(folder / "a.txt", ALPHA.replace("2008", "2009"))
    os.utime(folder / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert news(library, folder) == ["replaced a.txt"]


def test_a_touched_file_is_unchanged_and_not_embedded(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    os.utime(folder / "a.txt", (1, 1))
    before = len(embedder.texts)
    assert news(library, folder) == []
    assert len(embedder.texts) == before


def test_deleted_files_are_gone_from_every_answer(library: Library, folder: Path) -> None:
    news(library, folder)
    (folder / "a.txt").unlink()
    assert news(library, folder) == ["removed a.txt"]
    assert [hit.passage.document.name for hit in library.search("vault opened 2008", 10)] == ["sub/b.txt"]
    assert [path for (path,) in library.store.rows("SELECT path FROM synced_files")] == [
        os.fsencode(folder / "sub" / "b.txt")
    ]


def test_a_moved_file_keeps_passages_and_vectors_and_takes_its_new_name(
    tmp_path: Path, library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    before = (passages(library), len(embedder.texts))
    (folder / "sub").rename(folder / "other")
    (folder / "a.txt").rename(folder / "z.txt")
    assert news(library, folder) == ["moved z.txt: was a.txt", "moved other/b.txt: was sub/b.txt"]
    assert (passages(library), len(embedder.texts)) == before
    assert texts(library) == {"z.txt": ALPHA, "other/b.txt": BETA}
    info = library.find("z.txt", "default")
    assert info
    assert info.metadata["source"] == str(folder / "z.txt")
    assert check(library) == []
    hit = library.search("vault opened", 1)[0]
    assert (hit.passage.document.name, hit.passage.document.id) == ("z.txt", info.id)
    library.remove(info.id)
    assert [hit.passage.document.name for hit in library.search("vault opened", 5)] == ["other/b.txt"]


def passages(library: Library) -> list[tuple[object, ...]]:
    """Each with its vector, which none may lack."""
    found = library.store.rows(
        "SELECT id, start, end, vector FROM passages LEFT JOIN vectors ON passage = id ORDER BY id"
    )
    assert all(vector is not None for *_, vector in found)
    return found


def test_a_moved_file_is_filtered_by_where_it_is_now(library: Library, folder: Path) -> None:
    news(library, folder)
    (folder / "a.txt").rename(folder / "z.txt")
    news(library, folder)
    for name, found in (("a.txt", []), ("z.txt", ["z.txt"])):
        here = Filter(metadata={"source": str(folder / name)})
        assert [info.name for info in library.documents(here)] == found
        hits = library.search("vault opened 2008", 10, here)
        assert [hit.passage.document.name for hit in hits] == found


class HeldEmbedder(HashedEmbedder):
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
    held = HeldEmbedder()
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
            "removed c.txt",
            "replaced sub/b.txt",
        ]
        assert [info.embedded for info in library.documents()] == [0, 0]
        held.let_go.set()
        assert library.wait_until_embedded(60)
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


def test_files_that_swap_their_names_swap_their_documents(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    before = len(embedder.texts)
    swap(folder / "a.txt", folder / "sub" / "b.txt")
    assert news(library, folder) == ["moved a.txt: was sub/b.txt", "moved sub/b.txt: was a.txt"]
    assert texts(library) == {"a.txt": BETA, "sub/b.txt": ALPHA}
    assert len(embedder.texts) == before


def test_a_file_moved_over_another_takes_its_place(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    before = len(embedder.texts)
    (folder / "sub" / "b.txt").rename(folder / "a.txt")
    assert news(library, folder) == [
        "replaced a.txt",
        "removed sub/b.txt: its text stays as that of a.txt",
    ]
    assert texts(library) == {"a.txt": BETA}
    assert len(embedder.texts) == before


def test_a_file_kept_under_another_name_before_it_is_changed_is_not_embedded_again(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    (folder / "a.txt").rename(folder / "a-old.txt")
    write(folder / "a.txt", GAMMA)
    assert news(library, folder) == ["moved a-old.txt: was a.txt", "replaced a.txt"]
    assert texts(library) == {"a-old.txt": ALPHA, "a.txt": GAMMA, "sub/b.txt": BETA}
    assert len(embedder.texts) == 3


def test_another_suffix_is_read_anew_but_not_embedded(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    (folder / "a.txt").rename(folder / "a.md")
    news(library, folder)
    assert texts(library) == {"a.md": ALPHA, "sub/b.txt": BETA}
    assert len(embedder.texts) == 2


def test_a_text_moved_to_another_suffix_while_its_file_gets_a_new_one_is_not_embedded_again(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    write(folder / "z.md", GAMMA)
    news(library, folder)
    write(folder / "new.txt", GAMMA)
    write(folder / "z.md", "A fourth text.")
    assert news(library, folder) == ["moved new.txt: was z.md", "replaced z.md"]
    assert texts(library) == {"a.txt": ALPHA, "new.txt": GAMMA, "sub/b.txt": BETA, "z.md": "A fourth text."}
    assert len(embedder.texts) == 4


def test_a_file_moved_over_one_of_another_suffix_takes_its_name(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    write(folder / "c.md", GAMMA)
    news(library, folder)
    (folder / "c.md").rename(folder / "a.txt")
    assert news(library, folder) == [
        "replaced a.txt: the same text as c.md",
        "removed c.md: its text stays as that of a.txt",
    ]
    assert texts(library) == {"a.txt": GAMMA, "sub/b.txt": BETA}
    assert len(embedder.texts) == 3


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


def test_a_text_comes_under_another_suffix_before_its_file_gets_a_new_one(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    write(folder / "z.md", ALPHA)
    write(folder / "a.txt", GAMMA)
    assert news(library, folder) == ["moved z.md: was a.txt", "replaced a.txt"]
    assert texts(library) == {"a.txt": GAMMA, "sub/b.txt": BETA, "z.md": ALPHA}
    assert len(embedder.texts) == 3


def test_files_of_the_same_text_share_a_document_and_that_is_told(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    write(folder / "copy.txt", ALPHA)
    write(folder / "spaced.txt", f"{ALPHA}  \r\n")
    assert news(library, folder) == [
        "added a.txt",
        "added sub/b.txt",
        "unchanged copy.txt: the same text as a.txt",
        "unchanged spaced.txt: the same text as a.txt",
    ]
    assert len(embedder.texts) == 2
    (folder / "a.txt").unlink()
    assert news(library, folder) == ["removed a.txt: its text stays as that of copy.txt"]
    assert texts(library) == {"copy.txt": ALPHA, "sub/b.txt": BETA}
    write(folder / "copy.txt", GAMMA)
    assert news(library, folder) == ["replaced copy.txt"]
    assert texts(library) == {"copy.txt": GAMMA, "spaced.txt": ALPHA, "sub/b.txt": BETA}
    assert len(embedder.texts) == 3


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(library: Library, folder: Path) -> None:
    assert news(library, folder, dry_run=True) == ["added a.txt", "added sub/b.txt"]
    assert library.counts() == (0, 0)
    news(library, folder)
    write(folder / "new.txt", GAMMA)
    write(folder / "sub" / "b.txt", "Another text.")
    (folder / "a.txt").rename(folder / "z.txt")
    before = (rows(library), library.store.last_change())
    expected = ["moved z.txt: was a.txt", "added new.txt", "replaced sub/b.txt"]
    assert news(library, folder, dry_run=True) == expected
    assert (rows(library), library.store.last_change()) == before
    assert news(library, folder) == expected


def test_what_can_not_be_read_is_told_every_time_but_read_once(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 nothing of a PDF")
    first = news(library, folder)
    assert first[1].startswith("failed bad.pdf: ")
    monkeypatch.setattr("index.intake.new_files.extract", None)
    assert news(library, folder) == [first[1]]
    monkeypatch.undo()
    write(folder / "bad.pdf", "%PDF-1.7 nothing else of a PDF")
    assert news(library, folder)[0].startswith("failed bad.pdf: ")
    (folder / "bad.pdf").unlink()
    assert news(library, folder) == []


def test_a_file_that_failed_is_read_again_when_more_kinds_can_be_read(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "c.log", GAMMA)
    assert news(library, folder)[1].startswith("failed c.log: unknown kind .log")
    # Short texts are read in this process.
    monkeypatch.setattr("index.loaders.process.isolation.is_plain", lambda data, suffix: suffix == ".log")
    monkeypatch.setitem(LOADERS, ".log", load_text)
    for module in ("index.intake.plan", "index.intake.new_files"):
        monkeypatch.setattr(f"{module}.KINDS", 1)
    assert news(library, folder) == ["added c.log"]


def test_a_file_that_can_no_longer_be_read_keeps_its_document(library: Library, folder: Path) -> None:
    news(library, folder)
    write(folder / "a.txt", "")
    for _ in range(2):
        assert news(library, folder) == ["failed a.txt: it is empty; what it held before stays"]
        assert texts(library)["a.txt"] == ALPHA
    write(folder / "a.txt", ALPHA)
    assert news(library, folder) == []
    write(folder / "a.txt", "")
    news(library, folder)
    (folder / "a.txt").unlink()
    assert news(library, folder) == ["removed a.txt"]
    assert texts(library) == {"sub/b.txt": BETA}


@contextmanager
def locked(*paths: Path) -> Iterator[None]:
    """The system refuses to open the paths, as it does for a locked file; also to root, who may open any."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((os, "scandir"), (Path, "open")):
            patch.setattr(owner, name, refusing(getattr(owner, name), {str(path) for path in paths}))
        yield


def refusing(real: Callable[..., Any], refused: set[str]) -> Callable[..., Any]:
    def call(path: Path | str, *rest: Any, **more: Any) -> Any:
        if str(path) in refused:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, *rest, **more)

    return call


def test_a_file_or_folder_that_is_locked_keeps_its_documents(library: Library, folder: Path) -> None:
    news(library, folder)
    (folder / "a.txt").touch()
    with locked(folder / "a.txt", folder / "sub"):
        for _ in range(2):
            assert news(library, folder) == [
                "failed sub: it can't be opened: Permission denied",
                "failed a.txt: it can't be opened: Permission denied",
            ]
    assert texts(library) == {"a.txt": ALPHA, "sub/b.txt": BETA}
    assert news(library, folder) == []


def test_a_new_file_that_is_locked_goes_in_when_it_no_longer_is(library: Library, folder: Path) -> None:
    with locked(folder / "a.txt"):
        assert news(library, folder) == [
            "failed a.txt: it can't be opened: Permission denied",
            "added sub/b.txt",
        ]
    assert news(library, folder) == ["added a.txt"]


def test_a_folder_that_is_locked_deletes_nothing(library: Library, folder: Path) -> None:
    news(library, folder)
    with locked(folder), pytest.raises(FolderError, match=r"Permission denied\. Nothing was changed"):
        news(library, folder, delete_all=True)
    assert library.counts()[0] == 2


def test_a_file_that_was_just_written_waits_when_asked_to(library: Library, folder: Path) -> None:
    os.utime(folder / "sub" / "b.txt", (1, 1))
    found = [(one.name, one.status) for one in sync_folder(library, folder, settle=60)]
    assert found == [("a.txt", "waiting"), ("sub/b.txt", "added")]
    assert news(library, folder) == ["added a.txt"]


@pytest.mark.parametrize("vanished", [True, False])
def test_a_folder_that_vanished_or_is_empty_deletes_nothing_unless_told(
    library: Library, folder: Path, vanished: bool
) -> None:
    news(library, folder)
    shutil.rmtree(folder)
    if not vanished:
        folder.mkdir()
    for dry_run in (False, True):
        with pytest.raises(FolderError, match="Nothing was changed, since 2 files of it are in the library"):
            news(library, folder, dry_run=dry_run)
    assert library.counts()[0] == 2
    assert news(library, folder, delete_all=True) == ["removed a.txt", "removed sub/b.txt"]
    assert library.counts() == (0, 0)


def test_another_disk_in_the_folders_place_deletes_nothing_unless_told(
    library: Library, folder: Path
) -> None:
    for number in range(20):
        write(folder / f"{number}.txt", f"Text number {number}.")
    news(library, folder)
    shutil.rmtree(folder)
    write(folder / "else.txt", "Something else.")
    with pytest.raises(FolderError, match=r"Of 22 files that were in .* none is there any more"):
        news(library, folder)
    assert library.counts()[0] == 22
    assert len(news(library, folder, delete_all=True)) == 23
    assert texts(library) == {"else.txt": "Something else."}


def test_a_folder_that_was_never_there_is_an_error(tmp_path: Path, library: Library) -> None:
    for delete_all in (False, True):
        with pytest.raises(FolderError, match=r"missing can't be opened: No such file or directory\.$"):
            news(library, tmp_path / "missing", delete_all=delete_all)


def test_what_was_added_by_hand_is_never_deleted(tmp_path: Path, library: Library, folder: Path) -> None:
    list(add_files(library, [folder / "a.txt"]))
    library.add([Document("by hand", GAMMA)])
    write(folder / "gamma.txt", GAMMA)
    assert news(library, folder) == [
        "unchanged gamma.txt: the same text as by hand",
        "added sub/b.txt",
    ]
    (folder / "a.txt").unlink()
    (folder / "gamma.txt").unlink()
    assert news(library, folder) == [
        "kept a.txt: its document was added by hand, and stays",
        "kept gamma.txt: its document was added by hand, and stays",
    ]
    assert texts(library) == {"a.txt": ALPHA, "by hand": GAMMA, "sub/b.txt": BETA}


def test_a_file_added_by_hand_is_kept_up_to_date(library: Library, folder: Path) -> None:
    list(add_files(library, [folder / "sub" / "b.txt"]))
    assert list(texts(library)) == ["b.txt"]
    news(library, folder)
    write(folder / "sub" / "b.txt", GAMMA)
    assert news(library, folder) == ["replaced sub/b.txt"]
    assert texts(library) == {"a.txt": ALPHA, "b.txt": GAMMA}


def test_a_document_by_hand_of_the_same_name_is_left_alone(library: Library, folder: Path) -> None:
    library.add([Document("a.txt", GAMMA)])
    news(library, folder)
    assert texts(library) == {"a.txt": GAMMA, "notes/a.txt": ALPHA, "sub/b.txt": BETA}
    write(folder / "a.txt", "Changed.")
    news(library, folder)
    assert texts(library) == {"a.txt": GAMMA, "notes/a.txt": "Changed.", "sub/b.txt": BETA}


def test_what_is_removed_by_hand_comes_back_as_long_as_its_file_is_there(
    library: Library, folder: Path
) -> None:
    news(library, folder)
    info = library.find("a.txt", "default")
    assert info
    library.remove(info.id)
    assert news(library, folder) == ["added a.txt"]


def test_two_folders_with_the_same_names_do_not_fight(
    tmp_path: Path, library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    other = tmp_path / "letters"
    write(other / "a.txt", GAMMA)
    write(other / "sub" / "b.txt", BETA)
    news(library, folder)
    same = f"unchanged sub/b.txt: the same text as {folder / 'sub' / 'b.txt'}"
    assert news(library, other) == [same, "added a.txt"]
    everything = {"a.txt": ALPHA, "letters/a.txt": GAMMA, "sub/b.txt": BETA}
    for _ in range(2):
        assert news(library, folder) == news(library, other) == []
        assert texts(library) == everything
    shutil.rmtree(folder / "sub")
    news(library, folder)
    assert texts(library) == everything
    assert news(library, other) == []
    shutil.rmtree(other / "sub")
    news(library, other)
    assert texts(library) == {"a.txt": ALPHA, "letters/a.txt": GAMMA}
    assert len(embedder.texts) == 3


def test_a_folder_in_two_collections_is_two_sets_of_documents(library: Library, folder: Path) -> None:
    news(library, folder, "one")
    news(library, folder, "two")
    (folder / "a.txt").rename(folder / "z.txt")
    assert news(library, folder, "one") == ["moved z.txt: was a.txt"]
    assert texts(library, "one") == {"z.txt": ALPHA, "sub/b.txt": BETA}
    assert texts(library, "two") == {"a.txt": ALPHA, "sub/b.txt": BETA}
    assert news(library, folder, "two") == ["moved z.txt: was a.txt"]
    (folder / "z.txt").unlink()
    news(library, folder, "one")
    assert texts(library, "two") == {"z.txt": ALPHA, "sub/b.txt": BETA}


def test_a_folder_within_a_synced_folder_is_the_same_files(library: Library, folder: Path) -> None:
    news(library, folder)
    assert news(library, folder / "sub") == []
    write(folder / "sub" / "b.txt", GAMMA)
    assert news(library, folder / "sub") == ["replaced b.txt"]
    assert news(library, folder) == []
    assert texts(library) == {"a.txt": ALPHA, "sub/b.txt": GAMMA}


def test_a_hidden_folder_synced_by_itself_is_not_deleted_with_the_one_around_it(
    library: Library, folder: Path
) -> None:
    write(folder / ".private" / "c.txt", GAMMA)
    news(library, folder / ".private")
    news(library, folder)
    assert texts(library) == {"a.txt": ALPHA, "c.txt": GAMMA, "sub/b.txt": BETA}


def test_the_library_may_lie_in_the_folder(tmp_path: Path, library: Library, folder: Path) -> None:
    assert news(library, tmp_path) == ["added notes/a.txt", "added notes/sub/b.txt"]


def test_names_that_look_the_same_are_two_documents(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "names"
    write(folder / "caf\u00e9.txt", ALPHA)
    write(folder / "cafe\u0301.txt", BETA)
    write(folder / "x\x01.txt", GAMMA)
    write(folder / "x\x02.txt", "A fourth text.")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("A fifth text.")
    if len(list(folder.iterdir())) < 5:
        pytest.skip("this file system folds such names into one")
    news(library, folder)
    assert sorted(texts(library).values()) == sorted([ALPHA, BETA, GAMMA, "A fourth text.", "A fifth text."])
    assert news(library, folder) == []
    (folder / "x\x02.txt").unlink()
    news(library, folder)
    assert len(texts(library)) == 4


def test_a_failure_between_files_leaves_what_is_done_and_the_rest_comes_next(
    library: Library, folder: Path, embedder: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.library.writer._BATCH_PASSAGES", 1)
    sync = sync_folder(library, folder)
    assert next(sync) == Synced("a.txt", "added", library.documents()[0].id, 1)
    del sync  # broken off
    assert news(library, folder) == ["added sub/b.txt"]
    assert len(embedder.texts) == 2


def test_what_is_kept_of_a_file_dies_with_its_document(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news(library, folder)
    write(folder / "a.txt", GAMMA)

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr("index.store.synced_files.SyncedFiles.own", fail)
    with pytest.raises(Exception, match="disk full"):
        news(library, folder)
    monkeypatch.undo()
    assert texts(library) == {"a.txt": ALPHA, "sub/b.txt": BETA}
    assert news(library, folder) == ["replaced a.txt"]


def test_what_is_done_before_a_failure_gets_its_vectors(library: Library, folder: Path) -> None:
    def fail_at(name: str, share: float) -> None:
        if share == 1.0:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(sync_folder(library, folder, progress=fail_at))
    assert [info.name for info in library.documents()] == ["a.txt", "sub/b.txt"]
    until(lambda: library.store.waiting() == 0)
    assert news(library, folder) == []
    assert check(library) == []


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_sync_that_finds_no_change_tries_again_what_the_embedder_failed_at(
    library: Library, folder: Path, embedder: HashedEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ModelError("no memory is left")

    monkeypatch.setattr(embedder, "embed", fail)
    with pytest.raises(ModelError, match="no memory is left"):
        news(library, folder)
    monkeypatch.undo()
    assert library.store.waiting() == 2
    assert [one.status for one in sync_folder(library, folder)] == ["unchanged", "unchanged"]
    until(lambda: library.store.waiting() == 0)


def test_a_document_removed_before_the_tables_were_looked_after_comes_back(
    library: Library, folder: Path
) -> None:
    news(library, folder)
    with library.store.transaction() as connection:
        for trigger in ("synced_document_removed", "synced_document_renamed"):
            connection.execute(f"DROP TRIGGER {trigger}")
    library.remove(library.documents()[0].id)
    assert news(library, folder) == ["added a.txt"]
    library.remove(library.documents()[0].id)
    assert news(library, folder) == ["added a.txt"]


def test_only_one_sync_of_a_library_is_at_work(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "_LOCK_SECONDS", 0.1)
    with (
        filelock.FileLock(library.folder / "sync.lock"),
        pytest.raises(LibraryBusy, match="Another sync into the library"),
    ):
        news(library, folder)
    assert len(news(library, folder)) == 2


def test_a_file_over_the_limit_fails_without_being_read(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("index.intake.folder", "index.intake.new_files"):
        monkeypatch.setattr(f"{module}.MAX_BYTES", 100)
    write(folder / "large.txt", ALPHA * 10)
    too_large = "failed large.txt: it has 250 bytes; the limit is 100"
    assert too_large in news(library, folder)
    assert news(library, folder) == [too_large]
    write(folder / "large.txt", GAMMA)
    assert news(library, folder) == ["added large.txt"]
