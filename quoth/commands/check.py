"""`quoth check`: is the library whole, and do its indexes agree with it?"""

import argparse

from index import check
from quoth.commands.library import NOT_MENDABLE, opened, print_change, print_problems
from quoth.commands.options import Commands, add_command, settings_of
from quoth.counted import counted


def register(commands: "Commands") -> None:
    add_command(commands, "check", run, "check that the library is whole and that its indexes agree with it")


def run(parsed: argparse.Namespace) -> int:
    """Says what is wrong; the exit status is 1 when something is."""
    settings = settings_of(parsed)
    with opened(settings) as library:
        problems = check(library)
        if not problems:
            documents, passages = library.counts()
            waiting = library.store.waiting()
            later = f", {waiting:,} of them wait for their vectors" if waiting else ""
            held = f"{counted(documents, 'document')}, {counted(passages, 'passage')}"
            print(f"{settings.library} is whole: {held}{later}.")
        print_change(library)
    mendable = any(one.mendable for one in problems)
    return print_problems(
        problems, "quoth rebuild mends what is marked with *." if mendable else NOT_MENDABLE
    )
