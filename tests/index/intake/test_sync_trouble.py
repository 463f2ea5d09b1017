"""Files and folders that can't be read or are gone, and syncs that are broken off."""

import os
import shutil
import sqlite3
from pathlib import Path

import filelock
import pytest

from index import (
    FolderError,
    Library,
    LibraryBusy,
    ModelError,
    Outcome,
    sync_folder,
)
from index.loaders import LOADERS, MAX_BYTES
from index.loaders.formats.text import load_text
from index.testing.hashed_embedder import HashedEmbedder
from index.upkeep.check import check
from tests.index.intake.kit import (
    ALPHA,
    BETA,
    GAMMA,
    folder,
    library,
    locked,
    news,
    one_by_one,
    texts,
    write,
)
from tests.waiting import until

__all__ = ["folder", "library", "one_by_one"]


def test_what_can_not_be_read_is_told_every_time_but_read_once(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 nothing of a PDF")
    first = news(library, folder)
    assert first[1].startswith("failed bad.pdf: ")
    monkeypatch.setattr("index.intake.loading.extract", None)
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


def test_a_file_or_folder_that_is_locked_keeps_its_documents(library: Library, folder: Path) -> None:
    news(library, folder)
    (folder / "a.txt").touch()
    with locked(folder / "a.txt", folder / "sub"):
        for _ in range(2):
            assert news(library, folder) == [
                "failed a.txt: it can't be opened: Permission denied",
                "failed sub: it can't be opened: Permission denied",
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


def test_a_failure_between_files_leaves_what_is_done_and_the_rest_comes_next(
    one_by_one: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    library = one_by_one
    sync = sync_folder(library, folder)
    assert next(sync) == Outcome("a.txt", "added", library.documents()[0].id, 1)
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

    monkeypatch.setattr("index.store.synced_files.SyncedFiles.put", fail)
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


def test_only_one_sync_of_a_library_is_at_work(library: Library, folder: Path) -> None:
    with (
        filelock.FileLock(library.folder / "sync.lock"),
        pytest.raises(LibraryBusy, match="Another sync into the library"),
    ):
        list(sync_folder(library, folder, lock_seconds=0.1))
    assert len(news(library, folder)) == 2


def test_a_file_over_the_limit_fails_without_being_read(library: Library, folder: Path) -> None:
    # Nothing but its size is on the disk.
    with (folder / "large.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    too_large = f"failed large.txt: it has {MAX_BYTES + 1:,} bytes; the limit is {MAX_BYTES:,}"
    assert too_large in news(library, folder)
    assert news(library, folder) == [too_large]
    write(folder / "large.txt", GAMMA)
    assert news(library, folder) == ["added large.txt"]
