"""The web app: `python app.py [--port N] [--host H] [--library PATH]` is `quoth chat`."""

import sys

from quoth.cli import main

if __name__ == "__main__":
    sys.exit(main(["chat", *sys.argv[1:]]))
