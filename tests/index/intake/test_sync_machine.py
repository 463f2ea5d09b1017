"""Whatever happens to a folder, after a sync the library equals it; and a killed sync goes on."""

import multiprocessing
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from index import FolderError, Library, sync_folder
from index.library.timing import Timing
from index.testing.changing_folder import PackedFolder
from index.testing.hashed_embedder import HashedEmbedder
from index.upkeep.check import check
from tests.waiting import PATIENCE

WORDS = ("vault", "stone", "bees")
NAMES = ("a.txt", "b.txt", "sub/a.txt", "sub/c.md", "x.zip/a.txt", "x.zip/sub/c.md", "y/a.txt", "y/b.txt")
EMPTY = ""


def text_of(number: int) -> str:
    return f"The {WORDS[number]} was seen by {number + 2} people."


names = st.sampled_from(NAMES)
contents = st.sampled_from([*(text_of(number) for number in range(len(WORDS))), EMPTY])


# The embedding does not wait for a reader that isn't there.
AT_ONCE = Timing(reading_seconds=0.0)


class SyncedFolder(RuleBasedStateMachine):
    """The model: the files' texts by name, and what is to be in the library after a sync."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="quoth-sync-"))
        self.folder = self.root / "folder"
        self.disk = PackedFolder(self.folder)
        self.embedder = HashedEmbedder()
        self.library = Library.open(self.root / "library", self.embedder, timing=AT_ONCE)
        self.files: dict[str, str] = {}

    def teardown(self) -> None:
        if hasattr(self, "library"):
            self.library.close()
            shutil.rmtree(self.root)

    @rule(name=names, text=contents, spaces=st.integers(0, 2))
    def write(self, name: str, text: str, spaces: int) -> None:
        """Spaces at the end make other bytes of the same text."""
        self.disk.put(name, (text + spaces * " ").encode())
        self.files[name] = text

    @precondition(lambda self: self.files)
    @rule(data=st.data(), goal=names)
    def move(self, data: Any, goal: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        content = self.disk.take(name)
        self.disk.put(goal, content)
        self.files[goal] = self.files.pop(name)

    @precondition(lambda self: len(self.files) > 1)
    @rule(data=st.data())
    def swap(self, data: Any) -> None:
        first, second = data.draw(st.permutations(sorted(self.files)))[:2]
        contents = self.disk.take(first), self.disk.take(second)
        self.disk.put(second, contents[0])
        self.disk.put(first, contents[1])
        self.files[first], self.files[second] = self.files[second], self.files[first]

    @precondition(lambda self: self.files)
    @rule(data=st.data(), goal=names)
    def copy(self, data: Any, goal: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.disk.put(goal, self.disk.content(name))
        self.files[goal] = self.files[name]

    @precondition(lambda self: any(name.startswith("y/") for name in self.files))
    @rule()
    def rename_a_folder(self) -> None:
        """What was in `sub` under the same names goes."""
        for name in [name for name in self.files if name.startswith("y/")]:
            goal = name.replace("y/", "sub/")
            self.disk.put(goal, self.disk.take(name))
            self.files[goal] = self.files.pop(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.disk.take(name)
        del self.files[name]

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def touch(self, data: Any) -> None:
        name = data.draw(st.sampled_from(sorted(self.files)))
        os.utime(self.disk.on_disk(name), (1, 1))

    @rule()
    def restart(self) -> None:
        self.library.close()
        self.library = Library.open(self.root / "library", self.embedder, timing=AT_ONCE)

    @precondition(lambda self: self.library.documents())
    @rule(data=st.data())
    def remove_by_hand(self, data: Any) -> None:
        name = data.draw(st.sampled_from([info.name for info in self.library.documents()]))
        info = self.library.find(name, "default")
        assert info
        self.library.remove(info.id)

    @rule(delete_all=st.booleans(), steps=st.one_of(st.none(), st.integers(0, 4)), restarting=st.booleans())
    def sync(self, delete_all: bool, steps: int | None, restarting: bool) -> None:
        """A whole sync, or one that is broken off after some steps and then goes on, at once or restarted."""
        if steps is not None:
            self._broken_off(delete_all, steps)
            if restarting:
                self.restart()
        there = self.library.documents()
        before = len(self.embedder.texts)
        had = {self.library.document(info.id).text for info in there}
        embedded_before = {
            self.library.document(info.id).text for info in there if info.embedded == info.passages
        }
        try:
            results = list(sync_folder(self.library, self.folder, delete_all=delete_all))
        except FolderError:
            assert not self.files
            assert not delete_all
            assert {self.library.document(info.id).text for info in self.library.documents()} == had
            return
        assert self.library.wait_until_embedded(PATIENCE)
        self._check(results)
        # Nothing was embedded twice, nor again what was there, wherever its file is now.
        embedded = self.embedder.texts[before:]
        assert len(embedded) == len(set(embedded))
        assert not embedded_before & set(embedded)
        self._check_second_run()

    @rule()
    def sync_wholly(self) -> None:
        self.sync(delete_all=True, steps=None, restarting=False)

    def _broken_off(self, delete_all: bool, steps: int) -> None:
        running = sync_folder(self.library, self.folder, delete_all=delete_all)
        try:
            for _, _ in zip(range(steps), running, strict=False):
                pass
        except FolderError:
            assert not self.files
        del running

    def _check(self, results: list[Any]) -> None:
        found = {info.name: self.library.document(info.id).text for info in self.library.documents()}
        readable = {name: text for name, text in self.files.items() if text}
        assert {name: found.get(name) for name in readable} == readable
        for name, text in found.items():
            # A file that can't be read any more may keep what it held.
            assert self.files.get(name) in (text, EMPTY), (name, text, self.files)
        assert {one.name for one in results if one.status == "failed"} == set(self.files) - set(readable)
        assert all(info.embedded == info.passages for info in self.library.documents())
        assert check(self.library) == []

    def _check_second_run(self) -> None:
        change, embedded = self.library.store.last_change(), len(self.embedder.texts)
        rows = self.library.store.rows("SELECT * FROM synced_files")
        again = list(sync_folder(self.library, self.folder, delete_all=True))
        assert all(one.status in ("unchanged", "failed") for one in again)
        assert (self.library.store.last_change(), len(self.embedder.texts)) == (change, embedded)
        assert self.library.store.rows("SELECT * FROM synced_files") == rows

    @invariant()
    def every_document_answers(self) -> None:
        if not hasattr(self, "library"):
            return
        for info in self.library.documents():
            text = self.library.document(info.id).text
            hits = self.library.search(text, 40)
            assert text in [hit.passage.text for hit in hits]
            assert {hit.passage.document.id for hit in hits} <= {one.id for one in self.library.documents()}


TestSyncedFolder = SyncedFolder.TestCase
TestSyncedFolder.settings = settings(
    # Each is many steps, and takes as long as many examples of another test.
    max_examples=settings().max_examples // 5,
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
)


class SleepyEmbedder(HashedEmbedder):
    """One that takes its time, so that a kill finds a sync at work."""

    def embed(self, texts: Any) -> Any:
        time.sleep(0.01)
        return super().embed(texts)

    def token_counts(self, texts: Any) -> Any:
        time.sleep(0.01)
        return super().token_counts(texts)


def _sync_and_die(library: Path, folder: Path, seconds: float, vectors: bool) -> None:
    opened = Library.open(library, SleepyEmbedder(), timing=Timing(group_passages=3))

    def die() -> None:
        time.sleep(seconds)
        while vectors and opened.store.embedded() == 0:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=die).start()
    for _ in sync_folder(opened, folder):
        pass
    threading.Event().wait()


def test_a_killed_sync_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    chance = random.Random(4)
    context = multiprocessing.get_context("spawn")
    expected: dict[str, str] = {}
    left: list[int] = []
    for turn in range(6):
        # Each turn adds, changes, moves and deletes, and is killed at another moment.
        for number in range(20):
            expected[f"{turn}-{number}.txt"] = f"File {number} of turn {turn}, {chance.random()}."
        for name in chance.sample(sorted(expected), 8):
            kind = chance.choice(["change", "move", "delete"])
            text = expected.pop(name)
            (folder / name).unlink(missing_ok=True)
            if kind != "delete":
                name = f"moved-{turn}-{name}" if kind == "move" else name
                expected[name] = text if kind == "move" else f"{text} Changed in turn {turn}."
        for name, text in expected.items():
            if not (folder / name).exists() or (folder / name).read_text() != text:
                (folder / name).write_text(text)
        # The last one, however slow the machine is, when there are vectors.
        arguments = (tmp_path / "library", folder, 0.02 + 0.5 * chance.random(), turn == 5)
        process = context.Process(target=_sync_and_die, args=arguments)
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        left.append(_check_whole(tmp_path / "library", set(expected.values())))
    assert max(left) > 0, "no kill came before the end of a sync"
    assert min(left) < len(expected), "no kill came after its beginning"
    embedder = HashedEmbedder()
    library = Library.open(tmp_path / "library", embedder)
    there = {library.document(info.id).text for info in library.documents() if info.embedded == info.passages}
    before = len(embedder.texts)
    list(sync_folder(library, folder))
    assert library.wait_until_embedded(PATIENCE)
    assert {info.name: library.document(info.id).text for info in library.documents()} == expected
    assert there, "no kill came after vectors"
    assert not [text for text in embedder.texts[before:] if text in there]
    assert check(library) == []
    assert [one for one in sync_folder(library, folder) if one.status != "unchanged"] == []
    library.close()


def _check_whole(folder: Path, wanted: set[str]) -> int:
    """How many texts are still to come; every document that is there is whole and answers."""
    library = Library.open(folder, HashedEmbedder())
    texts = {library.document(info.id).text for info in library.documents()}
    for text in texts:
        assert text in [hit.passage.text for hit in library.search(text, 500)]
    library.close()
    return len(wanted - texts)
