"""`quoth check`, `rebuild`, `export`, `import` and `embedder`: the library as a whole."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from index import (
    Embedder,
    Library,
    LibraryError,
    Problem,
    check,
    export_library,
    import_library,
    open_embedder,
    rebuild,
)
from qa import Settings

SOUND, UNSOUND = 0, 1

Run = Callable[[argparse.Namespace], int]


def add_commands(
    command: Callable[[str, Run, str], argparse.ArgumentParser],
    settings: Callable[[argparse.Namespace], Settings],
) -> None:
    """Adds the five with `command`, which takes a name, what runs it, and a summary."""
    command(
        "check",
        lambda parsed: run_check(settings(parsed)),
        "check that the library is whole and that its indexes agree with it",
    )
    command(
        "rebuild",
        lambda parsed: run_rebuild(settings(parsed)),
        "make the indexes anew, and the vectors that are missing or damaged",
    )
    one_file = "the library as one file, a zip archive"
    command(
        "export",
        lambda parsed: run_export(settings(parsed), parsed.file),
        "write the whole library into one file",
    ).add_argument("file", metavar="FILE", help=one_file)
    command(
        "import",
        lambda parsed: run_import(settings(parsed), parsed.file),
        "make a library from a file that export wrote",
    ).add_argument("file", metavar="FILE", help=one_file)
    command(
        "embedder",
        lambda parsed: run_embedder(settings(parsed), parsed.name),
        "say which embedder the library has, or change it; the old one answers until all is done",
    ).add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="a sentence-transformers model's name or folder, or the bundled all-MiniLM-L6-v2-int8",
    )


def run_check(settings: Settings) -> int:
    """Says what is wrong; the exit status is 1 when something is."""
    with _opened(settings) as library:
        problems = check(library)
        if not problems:
            documents, passages = library.counts()
            waiting = library.store.waiting()
            later = f", {waiting:,} of them wait for their vectors" if waiting else ""
            print(f"{settings.library} is whole: {documents:,} documents, {passages:,} passages{later}.")
        _tell_change(library)
    mendable = any(one.mendable for one in problems)
    return _said(problems, "quoth rebuild mends what is marked with *." if mendable else _NOT_MENDABLE)


def run_rebuild(settings: Settings) -> int:
    """Mends what can be mended; the exit status is 1 when something is still wrong."""
    _must_exist(settings)
    with _bar() as show:
        problems = rebuild(settings.library, _embedder(settings), show)
    if not problems:
        print(f"{settings.library} is whole.")
    return _said(problems, _NOT_MENDABLE)


def run_export(settings: Settings, file: str) -> int:
    """Writes the library into one file."""
    with _opened(settings) as library:
        made = export_library(library, Path(file).expanduser())
    print(f"exported  {made['documents']:,} documents, {made['passages']:,} passages to {file}")
    return SOUND


def run_import(settings: Settings, file: str) -> int:
    """Makes the library from one file."""
    embedder = _embedder(settings)
    made = import_library(Path(file).expanduser(), settings.library, embedder.name if embedder else "")
    print(f"imported  {made['documents']:,} documents, {made['passages']:,} passages into {settings.library}")
    return SOUND


def run_embedder(settings: Settings, name: str | None) -> int:
    """Changes the library's embedder to that of the name and waits for it; says which it has without one."""
    with _opened(replace(settings, embedder="")) as library:
        if not name:
            print(library.embedder.name)
            _tell_change(library)
            return SOUND
        embedder = _by_name(settings)(name)
        if library.embedder.name == embedder.name and not library.next_embedder()[0]:
            print(f"{settings.library} has the embedder {embedder.name} already.")
            return SOUND
        library.change_embedder(embedder)
        try:
            with _bar() as show:
                library.wait_until_changed(progress=show)
        except KeyboardInterrupt:
            print("What is done is kept; the same command, or the chat, goes on with it.", file=sys.stderr)
            raise
        if library.store.made_with() != embedder.name:
            raise LibraryError(f"Another program has changed {settings.library} to another embedder.")
        passages = library.counts()[1]
    print(f"changed   {settings.library} has the embedder {embedder.name} now, {passages:,} passages")
    return SOUND


def _tell_change(library: Library) -> None:
    coming, share = library.next_embedder()
    if coming:
        print(
            f"It is being changed to the embedder {coming}: {share:.0%} done. "
            f"quoth embedder {coming}, or the chat, goes on with it."
        )


@contextmanager
def _bar() -> Iterator[Callable[[str, float], None]]:
    """What shows how far the vectors have come."""
    from tqdm import tqdm

    with tqdm(total=100, unit="%", leave=False, disable=None, bar_format="{l_bar}{bar}|") as bar:

        def show(_name: str, share: float) -> None:
            bar.n = round(100 * share)
            bar.refresh()

        yield show


_NOT_MENDABLE = "Remove such documents and add them again, or import a copy of the library."


def _said(problems: Sequence[Problem], advice: str) -> int:
    for problem in problems:
        print(f"{'*' if problem.mendable else ' '} {problem.what}", file=sys.stderr)
    if problems:
        print(f"{len(problems):,} problems. {advice}", file=sys.stderr)
    return UNSOUND if problems else SOUND


@contextmanager
def _opened(settings: Settings) -> Iterator[Library]:
    _must_exist(settings)
    library = Library.open(settings.library, _embedder(settings), False, _by_name(settings))
    try:
        yield library
    finally:
        library.close()


def _must_exist(settings: Settings) -> None:
    if not (settings.library / "library.sqlite3").exists():
        raise LibraryError(f"There is no library in {settings.library}. quoth add FILE makes one.")


def _embedder(settings: Settings) -> Embedder | None:
    return _by_name(settings)(settings.embedder) if settings.embedder else None


def _by_name(settings: Settings) -> Callable[[str], Embedder]:
    return partial(open_embedder, threads=settings.threads or None)
