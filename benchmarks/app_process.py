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


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


@contextmanager
def running_app(library: Path) -> Iterator[tuple[int, int]]:
    """The number of the process and the port of a running `app.py`."""
    port = free_port()
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
