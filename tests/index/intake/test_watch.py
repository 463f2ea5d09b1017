import logging
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from index import Library, ModelError, Outcome, UnknownDocument, Watcher, WatchStatus
from index.intake.watch import WatchTiming
from index.library.timing import Timing
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE, until

ALPHA = "The vault opened in 2008."
BETA = "The stone was found in 1799."


QUICK = WatchTiming(quiet_milliseconds=100, settle_seconds=0.3, look_seconds=0.2)


class Watched:
    """A folder that is watched, and what its watcher reported."""

    def __init__(self, tmp_path: Path, watching: WatchTiming = QUICK) -> None:
        self.folder = tmp_path / "notes"
        self.folder.mkdir()
        self.embedder = HashedEmbedder()
        # Every file is written, and reported, before the next one is loaded.
        timing = Timing(group_passages=1)
        self.library = Library.open(tmp_path / "library", self.embedder, timing=timing)
        self.reports: list[Outcome] = []
        self.statuses: list[WatchStatus] = []
        self.watcher = Watcher(
            self.library,
            self.folder,
            report=self.reports.append,
            on_status=self.statuses.append,
            timing=watching,
        )

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def until(self, condition: Callable[[], bool]) -> None:
        until(condition, lambda: (self.watcher.status, self.texts(), self.reports))

    def texts(self) -> dict[str, str]:
        found = {}
        for info in self.library.documents():
            with suppress(UnknownDocument):  # replaced since it was listed
                found[info.name] = self.library.document(info.id).text
        return found

    def close(self) -> None:
        self.watcher.stop()
        self.library.close()

    def until_equal(self, texts: dict[str, str]) -> None:
        self.until(lambda: self.texts() == texts and self.watcher.status.state == "watching")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    yield made
    made.close()


def test_what_happens_in_the_folder_happens_in_the_library(watched: Watched) -> None:
    watched.write("a.txt", ALPHA)
    watched.watcher.start()
    watched.until_equal({"a.txt": ALPHA})
    watched.write("sub/b.txt", BETA)
    watched.until_equal({"a.txt": ALPHA, "sub/b.txt": BETA})
    (watched.folder / "a.txt").rename(watched.folder / "z.txt")
    watched.until_equal({"z.txt": ALPHA, "sub/b.txt": BETA})
    (watched.folder / "z.txt").unlink()
    watched.until_equal({"sub/b.txt": BETA})
    assert [(one.name, one.status) for one in watched.reports] == [
        ("a.txt", "added"),
        ("sub/b.txt", "added"),
        ("z.txt", "moved"),
        ("z.txt", "removed"),
    ]
    assert watched.library.wait_until_embedded(PATIENCE)
    assert len(watched.embedder.texts) == 2
    assert watched.watcher.status.files == 1
    assert watched.watcher.status.synced


def test_an_editor_that_writes_aside_and_renames_changes_one_document(tmp_path: Path) -> None:
    # However busy the machine is, the file is back before its folder counts as quiet.
    watched = Watched(tmp_path, replace(QUICK, quiet_milliseconds=2000))
    path = watched.write("a.txt", ALPHA)
    watched.watcher.start()
    watched.until_equal({"a.txt": ALPHA})
    for number in range(3):
        aside = watched.write("a.txt.tmp", f"Version {number}.")
        path.rename(watched.folder / "a.txt~")
        aside.rename(path)
        (watched.folder / "a.txt~").unlink()
        watched.until_equal({"a.txt": f"Version {number}."})
    assert {one.status for one in watched.reports[1:]} == {"replaced"}
    watched.close()


def test_a_file_that_is_copied_slowly_goes_in_once_and_whole(tmp_path: Path) -> None:
    # However busy the machine is, the next line comes before the file counts as written.
    watched = Watched(tmp_path, replace(QUICK, settle_seconds=5.0))
    watched.watcher.start()
    watched.until_equal({})
    lines = [f"Line {number} of a large file." for number in range(12)]
    with (watched.folder / "large.txt").open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(f"{line}\n")
            file.flush()
            time.sleep(0.15)
    watched.until(lambda: bool(watched.reports))
    assert all(line in watched.texts()["large.txt"] for line in lines)
    assert [(one.name, one.status) for one in watched.reports] == [("large.txt", "added")]
    watched.close()


def test_the_folder_may_vanish_and_come_back(watched: Watched, tmp_path: Path) -> None:
    watched.write("a.txt", ALPHA)
    watched.watcher.start()
    watched.until_equal({"a.txt": ALPHA})
    watched.folder.rename(tmp_path / "unplugged")
    watched.until(lambda: watched.watcher.status.state == "missing")
    assert "Nothing was changed" in watched.watcher.status.message
    assert watched.texts() == {"a.txt": ALPHA}
    watched.folder.mkdir()
    watched.until(lambda: "is empty" in watched.watcher.status.message)
    watched.folder.rmdir()
    (tmp_path / "unplugged").rename(watched.folder)
    watched.until_equal({"a.txt": ALPHA})
    watched.write("b.txt", BETA)
    watched.until_equal({"a.txt": ALPHA, "b.txt": BETA})
    assert watched.library.wait_until_embedded(PATIENCE)
    assert len(watched.embedder.texts) == 2


def test_a_folder_that_is_not_there_yet_is_waited_for(watched: Watched) -> None:
    watched.folder.rmdir()
    watched.watcher.start()
    watched.until(lambda: watched.watcher.status.state == "missing")
    watched.write("a.txt", ALPHA)
    watched.until_equal({"a.txt": ALPHA})


def test_a_file_that_can_not_be_read_is_reported_once_and_logged(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "index.intake.watch")
    watched.write("bad.pdf", "%PDF-1.7 nothing of a PDF")
    watched.watcher.start()
    watched.until(lambda: watched.watcher.status.failed == 1)
    watched.write("a.txt", ALPHA)
    watched.until_equal({"a.txt": ALPHA})
    assert [one.name for one in watched.reports] == ["bad.pdf", "a.txt"]
    assert [one.args[:2] for one in caplog.records if one.args and len(one.args) == 4] == [  # type: ignore[index]
        ("failed", "bad.pdf"),
        ("added", "a.txt"),
    ]


def test_the_status_names_what_can_not_be_read_until_it_can(watched: Watched) -> None:
    path = watched.write("bad.pdf", "%PDF-1.7 nothing of a PDF")
    watched.watcher.start()
    watched.until(lambda: bool(watched.watcher.status.failures))
    ((name, reason),) = [(one.name, one.reason) for one in watched.watcher.status.failures]
    assert name == "bad.pdf" and reason.startswith("it is damaged")
    path.unlink()
    watched.until(lambda: watched.watcher.status.failures == ())


def test_the_status_says_how_many_of_the_new_files_have_been_read(watched: Watched) -> None:
    seen: list[tuple[int, int]] = []

    def note(_: Outcome) -> None:
        seen.append((watcher.status.read, watcher.status.reading))

    watcher = Watcher(watched.library, watched.folder, report=note, timing=QUICK)
    watched.write("bad.pdf", "%PDF-1.7 nothing of a PDF")
    for number in range(3):
        watched.write(f"{number}.txt", f"Text number {number}.")
    time.sleep(2 * QUICK.settle_seconds)  # else they are left for the next time
    watcher.start()
    watched.until(lambda: watcher.status.files == 3)
    assert (watcher.status.read, watcher.status.reading) == (0, 0)
    watcher.stop()
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_an_error_is_shown_and_the_watching_goes_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.write("a.txt", ALPHA)
    whole = watched.embedder.token_counts

    def fail(texts: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(watched.embedder, "token_counts", fail)
    watched.watcher.start()
    watched.until(lambda: watched.watcher.status.state == "error")
    assert "No space left on device" in watched.watcher.status.message
    monkeypatch.setattr(watched.embedder, "token_counts", whole)
    watched.until_equal({"a.txt": ALPHA})


def test_what_an_embedder_failed_at_is_tried_again_when_something_changes(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(texts: object) -> None:
        raise ModelError("no memory is left")

    monkeypatch.setattr(watched.embedder, "embed", fail)
    path = watched.write("a.txt", ALPHA)
    watched.watcher.start()
    watched.until_equal({"a.txt": ALPHA})
    with pytest.raises(ModelError, match="no memory is left"):
        watched.library.wait_until_embedded(PATIENCE)
    monkeypatch.undo()
    assert watched.library.store.waiting() == 1
    path.touch()
    watched.until(lambda: watched.library.store.waiting() == 0)


def test_a_library_in_the_folder_does_not_make_it_sync_for_ever(tmp_path: Path) -> None:
    opened = Library.open(tmp_path / "library", HashedEmbedder())
    (tmp_path / "a.txt").write_text(ALPHA)
    watcher = Watcher(opened, tmp_path, timing=QUICK)
    watcher.start()
    # The first sync may find the file too new, and then there is a second one.
    until(lambda: (watcher.status.state, watcher.status.files) == ("watching", 1), lambda: watcher.status)
    time.sleep(3 * QUICK.look_seconds)
    lock = (tmp_path / "library" / "sync.lock").stat().st_mtime_ns
    time.sleep(5 * QUICK.look_seconds)
    assert (tmp_path / "library" / "sync.lock").stat().st_mtime_ns == lock
    watcher.stop()
    opened.close()


def test_stopping_ends_a_sync_that_is_at_work(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = watched.embedder.token_counts

    def slow(texts: list[str]) -> object:
        time.sleep(0.1)
        return whole(texts)

    monkeypatch.setattr(watched.embedder, "token_counts", slow)
    for number in range(300):
        watched.write(f"{number}.txt", f"Text number {number}.")
    shutil.copytree(watched.folder, watched.folder / "copy")
    watched.watcher.start()
    watched.until(lambda: len(watched.texts()) > 2)
    began = time.monotonic()
    watched.watcher.stop()
    assert time.monotonic() - began < PATIENCE / 2, "all of it takes a minute"
    assert watched.watcher.status.state == "stopped"
    there = len(watched.texts())
    time.sleep(0.5)
    assert len(watched.texts()) == there < 300
