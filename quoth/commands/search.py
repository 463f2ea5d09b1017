"""`quoth search`: the passages that fit a question, without reading them."""

import argparse
from collections.abc import Iterator, Sequence

from index import Hit
from quoth.commands.answer_text import indented
from quoth.commands.options import (
    FOUND,
    Commands,
    add_command,
    add_filter,
    add_json,
    as_json,
    filter_of,
    open_service,
)


def register(commands: "Commands") -> None:
    command = add_command(commands, "search", run, "show the passages that fit a question best")
    command.add_argument("question", nargs="+", help="a question, or just words")
    add_filter(command)
    command.add_argument("--limit", type=int, default=10, metavar="N", help="how many passages (default 10)")
    add_json(command, "print the passages as JSON")


def run(parsed: argparse.Namespace) -> int:
    """Searches, and shows each passage with its document, page and score."""
    with open_service(parsed) as service:
        hits = service.search(" ".join(parsed.question), parsed.limit, filter_of(parsed))
        # While the library is open, since a hit reads its page and name from there.
        shown = as_json([hit.to_json() for hit in hits]) if parsed.json else "\n".join(_numbered(hits))
        print(shown)
    return FOUND


def _numbered(hits: Sequence[Hit]) -> Iterator[str]:
    for number, hit in enumerate(hits, 1):
        page = f", page {hit.passage.page}" if hit.passage.page else ""
        place = f"{number}. {hit.passage.document.name}{page} ({hit.score:.3f})"
        yield f"{place}\n{indented(hit.passage.text)}\n"
