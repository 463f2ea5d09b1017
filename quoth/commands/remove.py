"""`quoth remove`: documents out of the library and out of every answer."""

import argparse

from quoth.commands.options import FOUND, Commands, add_collection, add_command, open_service


def register(commands: "Commands") -> None:
    summary = "remove documents from the library and from every answer"
    command = add_command(commands, "remove", run, summary)
    command.add_argument("documents", nargs="+", metavar="DOCUMENT", help="a document's name or id")
    add_collection(command, "the collection of a document given by name")


def run(parsed: argparse.Namespace) -> int:
    """Removes the documents, a line for each."""
    with open_service(parsed) as service:
        for name in parsed.documents:
            print(f"removed   {service.remove(name, parsed.collection).name}")
    return FOUND
