"""`quoth chat`: the page and the API in the browser."""

import argparse
from dataclasses import replace

from qa import Service
from qa.settings import LOG_FORMATS
from quoth.commands.options import FOUND, Commands, add_collection, add_command, settings_of
from quoth.commands.sync import report_news, report_status
from quoth.web.chat import serve


def register(commands: "Commands") -> None:
    command = add_command(commands, "chat", run, "open the chat in the browser")
    command.add_argument(
        "--port", type=int, default=7860, metavar="N", help="the port to listen on (default 7860)"
    )
    command.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="H",
        help="the address to listen on (default 127.0.0.1: this machine only)",
    )
    command.add_argument(
        "--watch",
        action="append",
        default=[],
        metavar="FOLDER",
        help="keep the library equal to this folder; may be repeated",
    )
    add_collection(command, "the collection of the watched folders' files")
    command.add_argument(
        "--log-format",
        choices=LOG_FORMATS,
        help="json: a line of JSON an event, for programs that gather logs (default: text)",
    )


def run(parsed: argparse.Namespace) -> int:
    """Serves until interrupted, and keeps the library equal to the folders that are watched."""
    settings = settings_of(parsed)
    if parsed.log_format:
        settings = replace(settings, log_format=parsed.log_format)

    def watch(service: Service) -> None:
        for folder in parsed.watch:
            service.watch(folder, parsed.collection, report_news, report_status)

    serve(settings, parsed.host, parsed.port, watch)
    return FOUND
