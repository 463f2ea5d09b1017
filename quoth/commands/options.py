"""What the commands share: how one is added, the options that many take, and the service they open."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from index import DEFAULT_COLLECTION, Filter, QuothError
from qa import Service, Settings

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Command: TypeAlias = Callable[[argparse.Namespace], int]

# Exit statuses; `NOT_FOUND` is also that of a file that can't be read, and of a library that is not whole.
FOUND, NOT_FOUND, FAILED = 0, 1, 2


def add_command(commands: "Commands", name: str, run: Command, summary: str) -> argparse.ArgumentParser:
    """A command of that name, with the options that all commands take."""
    command = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    command.set_defaults(run=run)
    add_library(command)
    command.add_argument(
        "--reader",
        metavar="NAME",
        help="span: short answers and lists (default); sentence: whole sentences; or a reader's folder",
    )
    command.add_argument(
        "--embedder",
        metavar="NAME",
        help="a sentence-transformers model for a new library, or for the chat to change to",
    )
    command.add_argument(
        "--threads", type=int, metavar="N", help="processor threads for the models (default: all cores)"
    )
    return command


def add_library(command: argparse.ArgumentParser) -> None:
    """The option that names the library."""
    command.add_argument("--library", metavar="PATH", help="the library's folder")


def settings_of(parsed: argparse.Namespace) -> Settings:
    """The settings of the environment, and over them those of the command."""
    settings = Settings.from_environment(library=parsed.library)
    given = {name: getattr(parsed, name, None) for name in ("embedder", "reader", "threads")}
    return replace(settings, **{name: value for name, value in given.items() if value not in (None, "")})


def open_service(parsed: argparse.Namespace, create: bool = False) -> Service:
    """The service over the library; LibraryError where there is none, unless it may be made."""
    return Service.open(settings=settings_of(parsed), change_embedder=False, create=create)


def add_filter(command: argparse.ArgumentParser) -> None:
    """The options that say which documents are meant."""
    command.add_argument(
        "--collection",
        action="append",
        default=[],
        metavar="NAME",
        help="only this collection; may be repeated",
    )
    command.add_argument(
        "--metadata",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="only documents with this; may be repeated",
    )


def filter_of(parsed: argparse.Namespace) -> Filter:
    """The documents that the options of `add_filter` mean."""
    return Filter(collections=tuple(parsed.collection), metadata=pairs(parsed.metadata))


def add_collection(command: argparse.ArgumentParser, words: str) -> None:
    """The option that names one collection."""
    command.add_argument("--collection", default=DEFAULT_COLLECTION, metavar="NAME", help=words)


def add_json(command: argparse.ArgumentParser, words: str) -> None:
    """The option for output that programs read."""
    command.add_argument("--json", action="store_true", help=words)


def as_json(value: object) -> str:
    """The value as programs and people can read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def pairs(texts: Sequence[str]) -> dict[str, str]:
    """The metadata in texts such as `KEY=VALUE`; QuothError when one is not of that form."""
    pairs = [text.partition("=") for text in texts]
    for key, sign, _ in pairs:
        if not key or not sign:
            raise QuothError(f"--metadata takes KEY=VALUE, not {key + sign!r}.")
    return {key: value for key, _, value in pairs}
