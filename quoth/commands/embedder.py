"""`quoth embedder`: which embedder the library has, or a change to another one."""

import argparse
import sys
from dataclasses import replace

from index import Embedder, Library, LibraryError
from qa import Settings
from quoth.commands.library import bar, by_name, opened, print_change
from quoth.commands.options import FOUND, Commands, add_command, settings_of
from quoth.counted import counted
from quoth.logs import raised_alone


def register(commands: "Commands") -> None:
    summary = "say which embedder the library has, or change it; the old one answers until all is done"
    command = add_command(commands, "embedder", run, summary)
    command.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="a sentence-transformers model's name or folder, or the bundled all-MiniLM-L6-v2-int8",
    )


def run(parsed: argparse.Namespace) -> int:
    """Changes the library's embedder to that of the name and waits for it; says which it has without one."""
    settings = settings_of(parsed)
    with opened(replace(settings, embedder="")) as library:
        if not parsed.name:
            print(library.embedder.name)
            print_change(library)
            return FOUND
        _change(library, by_name(settings)(parsed.name), settings)
    return FOUND


def _change(library: Library, embedder: Embedder, settings: Settings) -> None:
    if library.embedder.name == embedder.name and not library.next_embedder()[0]:
        print(f"{settings.library} has the embedder {embedder.name} already.")
        return
    try:
        with bar() as show, raised_alone():
            library.change_embedder(embedder)
            library.wait_until_changed(progress=show)
    except KeyboardInterrupt:
        print("What is done is kept; the same command, or the chat, goes on with it.", file=sys.stderr)
        raise
    if library.store.made_with() != embedder.name:
        raise LibraryError(f"Another program has changed {settings.library} to another embedder.")
    passages = counted(library.counts()[1], "passage")
    print(f"changed   {settings.library} has the embedder {embedder.name} now, {passages}")
