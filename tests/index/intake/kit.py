"""What the tests of syncing share: a small folder, and what a sync says of it."""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index import (
    Library,
    Limits,
    Outcome,
    sync_folder,
)
from index.library.timing import Timing
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE

ALPHA = "The vault opened in 2008."
BETA = "The stone was found in 1799."
GAMMA = "Bees dance to tell where food is."


@pytest.fixture
def library(tmp_path: Path, embedder: HashedEmbedder) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library", embedder)
    yield opened
    opened.close()


@pytest.fixture
def one_by_one(tmp_path: Path, embedder: HashedEmbedder) -> Iterator[Library]:
    """A library in which every document is written, and reported, before the next one is loaded."""
    opened = Library.open(tmp_path / "library", embedder, timing=Timing(group_passages=1))
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
    limits: Limits = Limits(),
) -> list[str]:
    """What changed, a line each, once all has its vectors; files that are as they were say nothing."""
    results = list(
        sync_folder(library, folder, collection, dry_run=dry_run, delete_all=delete_all, limits=limits)
    )
    assert dry_run or library.wait_until_embedded(PATIENCE)
    return lines(results)


def lines(results: Sequence[Outcome]) -> list[str]:
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


def rows(library: Library) -> list[tuple[object, ...]]:
    return library.store.rows("SELECT * FROM synced_files ORDER BY path")


def passages(library: Library) -> list[tuple[object, ...]]:
    """Each with its vector, which none may lack."""
    found = library.store.rows(
        "SELECT id, start, end, vector FROM passages LEFT JOIN vectors ON passage = id ORDER BY id"
    )
    assert all(vector is not None for *_, vector in found)
    return found


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
