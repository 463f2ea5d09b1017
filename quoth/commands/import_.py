"""`quoth import`: a library from a file that export wrote."""

import argparse
from pathlib import Path

from index import import_library
from quoth.commands.library import ONE_FILE, own_embedder
from quoth.commands.options import FOUND, Commands, add_command, settings_of
from quoth.counted import counted


def register(commands: "Commands") -> None:
    command = add_command(commands, "import", run, "make a library from a file that export wrote")
    command.add_argument("file", metavar="FILE", help=ONE_FILE)


def run(parsed: argparse.Namespace) -> int:
    """Makes the library from one file."""
    settings = settings_of(parsed)
    embedder = own_embedder(settings)
    file = Path(parsed.file).expanduser()
    made = import_library(file, settings.library, embedder.name if embedder else "")
    documents, passages = counted(made["documents"], "document"), counted(made["passages"], "passage")
    print(f"imported  {documents}, {passages} into {settings.library}")
    return FOUND
