"""`quoth ask`: the answer to a question, quoted from the documents."""

import argparse
import sys

from index import Filter, QuothError
from qa import Service
from quoth.commands.answer_text import bold, plain, shown
from quoth.commands.options import (
    FOUND,
    NOT_FOUND,
    Commands,
    add_command,
    add_filter,
    add_json,
    as_json,
    filter_of,
    open_service,
)


def register(commands: "Commands") -> None:
    command = add_command(commands, "ask", run, "answer a question from the documents")
    command.add_argument("question", nargs="+", help="the question, with or without quotation marks")
    add_filter(command)
    add_json(command, "print the whole answer as JSON")


def run(parsed: argparse.Namespace) -> int:
    """Asks, and shows the answer; the exit status is 1 when the documents don't say."""
    with open_service(parsed) as service:
        filter = filter_of(parsed)
        answer = service.ask(" ".join(parsed.question), filter=filter)
        if not answer.searched.documents:
            raise QuothError(f"There are no documents {_where(service, filter)}. Add some: quoth add FILE")
    mark = bold if sys.stdout.isatty() else plain
    print(as_json(answer.to_json()) if parsed.json else shown(answer, mark))
    return FOUND if answer.answered else NOT_FOUND


def _where(service: Service, filter: Filter) -> str:
    passes = filter and service.documents()
    return "that pass the filter" if passes else f"in the library {service.settings.library}"
