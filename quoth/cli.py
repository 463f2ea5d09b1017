"""The command line: each command is a file in `quoth/commands` with its own `register`."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

from index import QuothError
from quoth.commands import (
    add,
    ask,
    chat,
    check,
    documents,
    embedder,
    evaluate,
    export,
    import_,
    keys,
    mcp,
    private,
    rebuild,
    remove,
    search,
    sync,
    users,
)
from quoth.commands.options import FAILED, FOUND, Command

_INTERRUPTED = 130
# In the order of the help.
_COMMANDS = (
    ask, add, sync, documents, remove, search, chat, mcp, evaluate, check, rebuild, export, import_, embedder,
    users, keys, private,
)  # fmt: skip

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
    run: Command = parsed.run
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
    for command in _COMMANDS:
        command.register(commands)
    return top


if __name__ == "__main__":
    sys.exit(main())
