"""`quoth rebuild`: makes again what can be made again."""

import argparse

from index import rebuild
from qa.limits import must_exist
from quoth.commands.library import NOT_MENDABLE, bar, own_embedder, print_problems
from quoth.commands.options import Commands, add_command, settings_of


def register(commands: "Commands") -> None:
    summary = "rebuild the indexes, and the vectors that are missing or damaged"
    add_command(commands, "rebuild", run, summary)


def run(parsed: argparse.Namespace) -> int:
    """Mends what can be mended; the exit status is 1 when something is still wrong."""
    settings = settings_of(parsed)
    must_exist(settings.library)
    with bar() as show:
        problems = rebuild(settings.library, own_embedder(settings), show)
    if not problems:
        print(f"{settings.library} is whole.")
    return print_problems(problems, NOT_MENDABLE)
