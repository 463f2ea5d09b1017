"""`quoth mcp`: the library as tools for a program that starts this command and speaks MCP with it."""

import argparse

from index import SettingError
from qa.access.view import View
from quoth.commands.options import FOUND, Commands, add_command, open_service
from quoth.serving.ending import ends_at_once


def register(commands: "Commands") -> None:
    add_command(commands, "mcp", run, "serve the library to a program over MCP, on standard input and output")


def run(parsed: argparse.Namespace) -> int:
    """Serves until the other side closes."""
    try:
        from quoth.mcp.server import mcp_server
    except ModuleNotFoundError as error:
        raise SettingError("MCP needs one more package: pip install 'quoth[mcp]'") from error
    with ends_at_once(), open_service(parsed) as service:
        mcp_server(lambda _request: View(service)).run("stdio")
    return FOUND
