"""The command `quoth add`: files, folders and globs into the library, a line for each file."""

import argparse
from collections import Counter
from collections.abc import Sequence

from index import DEFAULT_COLLECTION, QuothError
from qa import Service, Settings
from quoth.commands.terminal import progress, summary

SUMMARY = "add files, folders or globs; a file that has changed is replaced"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """What the command takes."""
    command.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a file, a folder, or a quoted glob such as 'reports/**/*.pdf'",
    )
    command.add_argument(
        "--collection", default=DEFAULT_COLLECTION, metavar="NAME", help="the collection they belong to"
    )
    command.add_argument(
        "--metadata",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="something to filter by; may be repeated",
    )


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """The metadata in texts such as `KEY=VALUE`; QuothError when one is not of that form."""
    pairs = [text.partition("=") for text in texts]
    for key, sign, _ in pairs:
        if not key or not sign:
            raise QuothError(f"--metadata takes KEY=VALUE, not {key + sign!r}.")
    return {key: value for key, _, value in pairs}


def run(parsed: argparse.Namespace, settings: Settings) -> bool:
    """Adds, shows, and says whether every file could be read."""
    counts: Counter[str] = Counter()
    with (
        Service.open(settings=settings, change_embedder=False) as service,
        progress() as (show, line),
    ):
        for added in service.adding(parsed.paths, parsed.collection, pairs(parsed.metadata), show):
            counts[added.status] += 1
            line(added)
        service.wait_until_embedded(progress=show)
    print(summary(counts))
    return not counts["failed"]
