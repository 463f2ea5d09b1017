"""`quoth private`: collections that not every user may see."""

import argparse

from qa.access.accounts import changing, load
from quoth.commands.options import FOUND, Commands, add_library, settings_of


def register(commands: "Commands") -> None:
    summary = "keep a collection to some users and groups, or show which are kept so"
    command = commands.add_parser("private", help=summary, description=f"{summary.capitalize()}.")
    command.set_defaults(run=run)
    add_library(command)
    command.add_argument("collection", nargs="?", metavar="COLLECTION", help="the collection")
    command.add_argument("allowed", nargs="*", metavar="USER", help="who may see it; a group as @GROUP")
    command.add_argument("--everyone", action="store_true", help="let all users see it again")


def run(parsed: argparse.Namespace) -> int:
    """Shows the private collections, or changes one."""
    folder = settings_of(parsed).library
    if parsed.collection is None:
        for collection, allowed in sorted(load(folder).private.items()):
            print(f"{collection}: {', '.join(allowed) or 'nobody'}")
        return FOUND
    with changing(folder) as kept:
        if parsed.everyone:
            kept.append(kept[-1].without_private(parsed.collection))
        else:
            kept.append(kept[-1].with_private(parsed.collection, tuple(parsed.allowed)))
    print("everyone" if parsed.everyone else ", ".join(parsed.allowed) or "nobody")
    return FOUND
