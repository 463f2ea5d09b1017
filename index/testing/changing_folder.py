"""A folder of text files, some of them in an archive, that changes at random: for tests of syncing."""

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

ARCHIVE = "x.zip"
NAMES = (
    *(f"{number}.txt" for number in range(8)),
    *(f"sub/{number}.md" for number in range(4)),
    *(f"{ARCHIVE}/{number}.txt" for number in range(4)),
)
MOST_CHANGES = 4


class PackedFolder:
    """A folder in which `x.zip/a.txt` is the file `a.txt` in an archive; an archive without files goes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True)

    def on_disk(self, name: str) -> Path:
        """The file itself, or the archive in which it lies."""
        return self.path / (ARCHIVE if self._inner(name) else name)

    def content(self, name: str) -> bytes:
        inner = self._inner(name)
        return self._unpacked()[inner] if inner else self.on_disk(name).read_bytes()

    def put(self, name: str, content: bytes) -> None:
        """Writes the file, over one that is there."""
        inner = self._inner(name)
        if inner:
            self._pack({**self._unpacked(), inner: content})
            return
        self.on_disk(name).parent.mkdir(parents=True, exist_ok=True)
        self.on_disk(name).write_bytes(content)

    def take(self, name: str) -> bytes:
        """Deletes the file; what was in it."""
        content = self.content(name)
        inner = self._inner(name)
        if inner:
            self._pack({other: found for other, found in self._unpacked().items() if other != inner})
        else:
            self.on_disk(name).unlink()
        return content

    def _inner(self, name: str) -> str:
        return name.removeprefix(f"{ARCHIVE}/") if name.startswith(f"{ARCHIVE}/") else ""

    def _unpacked(self) -> dict[str, bytes]:
        if not (self.path / ARCHIVE).exists():
            return {}
        with zipfile.ZipFile(self.path / ARCHIVE) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _pack(self, contents: dict[str, bytes]) -> None:
        (self.path / ARCHIVE).unlink(missing_ok=True)
        if contents:
            with zipfile.ZipFile(self.path / ARCHIVE, "w") as archive:
                for name, content in contents.items():
                    archive.writestr(name, content)


class ChangingFolder:
    """`files` are the texts in it by name; some stand in several files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[str, str] = {}
        self._disk = PackedFolder(path)

    def change(self, choice: random.Random, text: Callable[[], str]) -> None:
        """Writes, moves, copies, swaps and deletes some files; one is left."""
        for _ in range(choice.randint(1, MOST_CHANGES)):
            name, goal = choice.choice(sorted(self.files) or NAMES), choice.choice(NAMES)
            what = choice.choice(("write", "write", "move", "copy", "swap", "delete"))
            if what == "write" or len(self.files) < 2:
                self._put(goal, text())
            elif what == "move" and name != goal:
                self._disk.put(goal, self._disk.take(name))
                self.files[goal] = self.files.pop(name)
            elif what == "copy":
                self._put(goal, self.files[name])
            elif what == "swap" and goal in self.files:
                first, second = self.files[name], self.files[goal]
                self._put(name, second)
                self._put(goal, first)
            elif what == "delete":
                self._disk.take(name)
                del self.files[name]

    def _put(self, name: str, text: str) -> None:
        self.files[name] = text
        self._disk.put(name, text.encode())
