"""`quoth add`: files, folders and globs into the library, a line for each file."""

import argparse
import sys
from collections import Counter

from quoth.commands.options import (
    FOUND,
    NOT_FOUND,
    Commands,
    add_collection,
    add_command,
    open_service,
    pairs,
)
from quoth.commands.terminal import progress, summary
from quoth.logs import raised_alone


def register(commands: "Commands") -> None:
    about = "add files, folders or globs; a file that has changed is replaced"
    command = add_command(commands, "add", run, about)
    command.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a file, a folder, or a quoted glob such as 'reports/**/*.pdf'",
    )
    add_collection(command, "the collection they belong to")
    command.add_argument(
        "--metadata",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="something to filter by; may be repeated",
    )


def run(parsed: argparse.Namespace) -> int:
    """Adds and shows; the exit status is 1 when a file could not be read."""
    metadata = pairs(parsed.metadata)
    counts: Counter[str] = Counter()
    with open_service(parsed, create=True) as service, progress() as (show, line), raised_alone():
        for added in service.adding(parsed.paths, parsed.collection, metadata, show):
            counts[added.status] += 1
            line(added)
        try:
            service.wait_until_embedded(progress=show)
        except KeyboardInterrupt:
            if left := service.library.pictures_left():
                print(f"{left:,} pictures are left; the chat, or quoth add, reads on.", file=sys.stderr)
            raise
    print(summary(counts))
    return NOT_FOUND if counts["failed"] else FOUND
