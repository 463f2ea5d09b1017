"""What the commands on the library as a whole share: opening it without a reader, progress, problems."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from index import Embedder, Library, Problem, open_embedder
from qa import Settings
from qa.limits import must_exist
from quoth.commands.options import FOUND, NOT_FOUND

ONE_FILE = "the library as one file, a zip archive"
NOT_MENDABLE = "Remove such documents and add them again, or import a copy of the library."


@contextmanager
def opened(settings: Settings) -> Iterator[Library]:
    """The library that is there; LibraryError when there is none."""
    must_exist(settings.library)
    library = Library.open(settings.library, own_embedder(settings), False, by_name(settings))
    try:
        yield library
    finally:
        library.close()


def own_embedder(settings: Settings) -> Embedder | None:
    """The embedder that the settings name, or none."""
    return by_name(settings)(settings.embedder) if settings.embedder else None


def by_name(settings: Settings) -> Callable[[str], Embedder]:
    """What opens an embedder, with the threads that the settings allow."""
    return partial(open_embedder, threads=settings.threads or None)


def print_change(library: Library) -> None:
    """Says to which embedder the library is being changed, if it is."""
    embedder, share = library.next_embedder()
    if embedder:
        print(
            f"It is being changed to the embedder {embedder}: {share:.0%} done. "
            f"quoth embedder {embedder}, or the chat, goes on with it."
        )


def print_problems(problems: Sequence[Problem], advice: str) -> int:
    """Says what is wrong and what to do; the exit status is 1 when something is."""
    for problem in problems:
        print(f"{'*' if problem.mendable else ' '} {problem.what}", file=sys.stderr)
    if problems:
        print(f"{len(problems):,} problems. {advice}", file=sys.stderr)
    return NOT_FOUND if problems else FOUND


@contextmanager
def bar() -> Iterator[Callable[[str, float], None]]:
    """What shows how far the vectors have come."""
    from tqdm import tqdm

    with tqdm(total=100, unit="%", leave=False, disable=None, bar_format="{l_bar}{bar}|") as shown:

        def show(_name: str, share: float) -> None:
            shown.n = round(100 * share)
            shown.refresh()

        yield show
