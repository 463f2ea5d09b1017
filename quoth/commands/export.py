"""`quoth export`: the whole library into one file."""

import argparse
from pathlib import Path

from index import export_library
from quoth.commands.library import ONE_FILE, opened
from quoth.commands.options import FOUND, Commands, add_command, settings_of
from quoth.counted import counted


def register(commands: "Commands") -> None:
    command = add_command(commands, "export", run, "write the whole library into one file")
    command.add_argument("file", metavar="FILE", help=ONE_FILE)


def run(parsed: argparse.Namespace) -> int:
    """Writes the library into one file."""
    with opened(settings_of(parsed)) as library:
        made = export_library(library, Path(parsed.file).expanduser())
    documents, passages = counted(made["documents"], "document"), counted(made["passages"], "passage")
    print(f"exported  {documents}, {passages} to {parsed.file}")
    return FOUND
