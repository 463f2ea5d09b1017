"""`quoth check`, `rebuild`, `export` and `import`: the library as a whole."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
    """Adds the four with `command`, which takes a name, what runs it, and a summary."""
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


def run_check(settings: Settings) -> int:
    """Says what is wrong; the exit status is 1 when something is."""
    with _opened(settings) as library:
        problems = check(library)
        if not problems:
            documents, passages = library.counts()
            waiting = library.store.waiting()
            later = f", {waiting:,} of them wait for their vectors" if waiting else ""
            print(f"{settings.library} is whole: {documents:,} documents, {passages:,} passages{later}.")
    mendable = any(one.mendable for one in problems)
    return _said(problems, "quoth rebuild mends what is marked with *." if mendable else _NOT_MENDABLE)


def run_rebuild(settings: Settings) -> int:
    """Mends what can be mended; the exit status is 1 when something is still wrong."""
    from tqdm import tqdm

    _must_exist(settings)
    with tqdm(total=100, unit="%", leave=False, disable=None, bar_format="{l_bar}{bar}|") as bar:

        def show(_name: str, share: float) -> None:
            bar.n = round(100 * share)
            bar.refresh()

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
    made = import_library(Path(file).expanduser(), settings.library, _embedder(settings))
    print(f"imported  {made['documents']:,} documents, {made['passages']:,} passages into {settings.library}")
    return SOUND


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
    library = Library.open(settings.library, _embedder(settings))
    try:
        yield library
    finally:
        library.close()


def _must_exist(settings: Settings) -> None:
    if not (settings.library / "library.sqlite3").exists():
        raise LibraryError(f"There is no library in {settings.library}. quoth add FILE makes one.")


def _embedder(settings: Settings) -> Embedder:
    return open_embedder(settings.embedder or None, settings.threads or None)
