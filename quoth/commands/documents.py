"""`quoth documents`: what is in the library, and what still waits for its vectors."""

import argparse
from dataclasses import asdict

from index import DEFAULT_COLLECTION, DocumentInfo
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
from quoth.counted import counted


def register(commands: "Commands") -> None:
    command = add_command(commands, "documents", run, "list the documents")
    add_filter(command)
    add_json(command, "print the list as JSON")


def run(parsed: argparse.Namespace) -> int:
    """Lists the documents, and how far a change of the embedder is."""
    with open_service(parsed) as service:
        documents = service.documents(filter_of(parsed))
        embedder, done = service.next_embedder()
    if parsed.json:
        print(as_json([asdict(document) for document in documents]))
        return FOUND
    for document in documents:
        print(_line(document))
    if not documents:
        print("There are no documents.")
    if embedder:
        print(f"The embedder is being changed to {embedder}: {done:.0%} of the passages have its vectors.")
    return FOUND


def _line(document: DocumentInfo) -> str:
    collection = "" if document.collection == DEFAULT_COLLECTION else f" [{document.collection}]"
    pages = f", {counted(document.pages, 'page')}" if document.pages else ""
    passages = counted(document.passages, "passage")
    waiting = document.passages - document.embedded
    state = f", {waiting:,} of them found by words alone so far" if waiting else ""
    if document.pictures:
        state += f", {document.pictures_read:,} of {document.pictures:,} pictures read so far"
    unread = "".join(f"\n    not read: {remark}" for remark in document.unread)
    return f"{document.id}  {document.name}{collection}{pages}, {passages}{state}{unread}"
