"""The command line: `quoth ask`, `add`, `documents`, `remove`, `search`, `chat`, and others' commands."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from importlib.metadata import version
from typing import TypeAlias

from index import DEFAULT_COLLECTION, Filter, QuothError
from qa import Service, Settings
from quoth.commands.add import SUMMARY as ADD_SUMMARY
from quoth.commands.add import add_arguments as add_add_arguments
from quoth.commands.add import pairs
from quoth.commands.add import run as add
from quoth.commands.evaluate import SUMMARY as EVALUATE_SUMMARY
from quoth.commands.evaluate import add_arguments as add_evaluate_arguments
from quoth.commands.evaluate import run as evaluate
from quoth.commands.library import add_commands as add_library_commands
from quoth.commands.sync import SUMMARY as SYNC_SUMMARY
from quoth.commands.sync import add_arguments as add_sync_arguments
from quoth.commands.sync import run as sync
from quoth.commands.terminal import indented, shown
from quoth.web.chat import serve

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

FOUND, NOT_FOUND, FAILED = 0, 1, 2
_INTERRUPTED = 130

_EPILOG = """\
exit status:
  0  done; for ask: answered
  1  ask: the documents don't say; add, sync: at least one file could not be read;
     check: something is wrong
  2  a mistake in the command, or something that needs your attention

The library is the folder that --library names, else QUOTH_LIBRARY, else one in your data folder.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    parsed = parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = parsed.run
    try:
        return run(parsed)
    except QuothError as error:
        print(f"quoth: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`quoth documents | head`): nothing is left to say, even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="quoth",
        description="Ask your own documents; every answer is quoted from them and shows where.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"quoth {version('quoth')}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    _add_asking(commands)
    add_add_arguments(_command(commands, "add", _add, ADD_SUMMARY))
    add_sync_arguments(_command(commands, "sync", _sync, SYNC_SUMMARY))
    _add_listing(commands)
    _add_chat(commands)
    add_evaluate_arguments(_command(commands, "evaluate", _evaluate, EVALUATE_SUMMARY))
    add_library_commands(partial(_command, commands), _settings)
    return top


def _add_asking(commands: "Commands") -> None:
    ask = _command(commands, "ask", _ask, "answer a question from the documents")
    ask.add_argument("question", nargs="+", help="the question, with or without quotation marks")
    _add_filter(ask)
    ask.add_argument("--json", action="store_true", help="print the whole answer as JSON")

    search = _command(commands, "search", _search, "show the passages that fit a question best")
    search.add_argument("question", nargs="+", help="a question, or just words")
    _add_filter(search)
    search.add_argument("--limit", type=int, default=10, metavar="N", help="how many passages (default 10)")
    search.add_argument("--json", action="store_true", help="print the passages as JSON")


def _add_listing(commands: "Commands") -> None:
    documents = _command(commands, "documents", _documents, "list the documents")
    _add_filter(documents)
    documents.add_argument("--json", action="store_true", help="print the list as JSON")

    remove = _command(commands, "remove", _remove, "remove documents from the library and from every answer")
    remove.add_argument("documents", nargs="+", metavar="DOCUMENT", help="a document's name or id")
    remove.add_argument(
        "--collection",
        default=DEFAULT_COLLECTION,
        metavar="NAME",
        help="the collection of a document given by name",
    )


def _add_chat(commands: "Commands") -> None:
    chat = _command(commands, "chat", _chat, "open the chat in the browser")
    chat.add_argument(
        "--port", type=int, default=7860, metavar="N", help="the port to listen on (default 7860)"
    )
    chat.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="the address to listen on (default 127.0.0.1: this machine only)",
    )
    chat.add_argument(
        "--watch",
        action="append",
        default=[],
        metavar="FOLDER",
        help="keep the library equal to this folder; may be repeated",
    )
    chat.add_argument(
        "--collection",
        default=DEFAULT_COLLECTION,
        metavar="NAME",
        help="the collection of the watched folders' files",
    )


def _command(
    commands: "Commands",
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    command.set_defaults(run=run)
    command.add_argument("--library", metavar="PATH", help="the library's folder")
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


def _add_filter(command: argparse.ArgumentParser) -> None:
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


def _settings(parsed: argparse.Namespace) -> Settings:
    settings = Settings.from_environment(library=parsed.library)
    if parsed.embedder:
        settings = replace(settings, embedder=parsed.embedder)
    if parsed.reader:
        settings = replace(settings, reader=parsed.reader)
    if parsed.threads is not None:
        settings = replace(settings, threads=parsed.threads)
    return settings


def _open(parsed: argparse.Namespace) -> Service:
    return Service.open(settings=_settings(parsed), change_embedder=False)


def _filter(parsed: argparse.Namespace) -> Filter:
    return Filter(collections=tuple(parsed.collection), metadata=pairs(parsed.metadata))


def _ask(parsed: argparse.Namespace) -> int:
    with _open(parsed) as service:
        filter = _filter(parsed)
        if not service.documents(filter):
            raise QuothError(f"There are no documents {_where(service, filter)}. Add some: quoth add FILE")
        answer = service.ask(" ".join(parsed.question), filter=filter)
    print(json.dumps(answer.to_json(), ensure_ascii=False, indent=2) if parsed.json else shown(answer))
    return FOUND if answer.answered else NOT_FOUND


def _where(service: Service, filter: Filter) -> str:
    return (
        "that pass the filter"
        if filter and service.documents()
        else f"in the library {service.settings.library}"
    )


def _search(parsed: argparse.Namespace) -> int:
    with _open(parsed) as service:
        hits = service.search(" ".join(parsed.question), parsed.limit, _filter(parsed))
    if parsed.json:
        print(json.dumps([hit.to_json() for hit in hits], ensure_ascii=False, indent=2))
        return FOUND
    for number, hit in enumerate(hits, 1):
        page = f", page {hit.passage.page}" if hit.passage.page else ""
        print(
            f"{number}. {hit.passage.document.name}{page} ({hit.score:.3f})\n{indented(hit.passage.text)}\n"
        )
    return FOUND


def _documents(parsed: argparse.Namespace) -> int:
    with _open(parsed) as service:
        documents = service.documents(_filter(parsed))
        coming, done = service.coming_embedder()
    if parsed.json:
        print(json.dumps([asdict(document) for document in documents], ensure_ascii=False, indent=2))
        return FOUND
    for document in documents:
        collection = "" if document.collection == DEFAULT_COLLECTION else f" [{document.collection}]"
        pages = f", {document.pages:,} pages" if document.pages else ""
        waiting = document.passages - document.embedded
        state = f", {waiting:,} of them found by words alone so far" if waiting else ""
        print(f"{document.id}  {document.name}{collection}{pages}, {document.passages:,} passages{state}")
    if not documents:
        print("There are no documents.")
    if coming:
        print(f"The embedder is being changed to {coming}: {done:.0%} of the passages have its vectors.")
    return FOUND


def _remove(parsed: argparse.Namespace) -> int:
    with _open(parsed) as service:
        for name in parsed.documents:
            print(f"removed   {service.remove(name, parsed.collection).name}")
    return FOUND


def _chat(parsed: argparse.Namespace) -> int:
    serve(_settings(parsed), parsed.host, parsed.port, parsed.watch, parsed.collection)
    return FOUND


def _add(parsed: argparse.Namespace) -> int:
    return FOUND if add(parsed, _settings(parsed)) else NOT_FOUND


def _sync(parsed: argparse.Namespace) -> int:
    return sync(parsed, _settings(parsed))


def _evaluate(parsed: argparse.Namespace) -> int:
    return evaluate(parsed, _settings(parsed))


if __name__ == "__main__":
    sys.exit(main())
