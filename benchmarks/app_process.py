"""The app in a process of its own, as a person starts it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).parent.parent


@contextmanager
def running_app(library: Path) -> Iterator[tuple[int, int]]:
    """The number of the process and the port of a running `app.py`."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "app.py", "--port", str(port), "--library", str(library)]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # says where the chat is
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()
