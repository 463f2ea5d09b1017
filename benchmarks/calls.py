"""Whether the server's memory stays as it is over many calls: answered, searched and refused ones.

    python -m benchmarks.calls [--calls 10000]

Of the calls to the real server (`app.py` in a process of its own) one in fifty is a question that is
answered, no two alike, one in six a search, and the others are refused. The resident memory is taken after a
tenth as many calls to warm up, and after each tenth of the calls.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.app_process import HOST, running_app
from benchmarks.clients import PATIENCE, answered, found, resident
from benchmarks.closed import CLIENTS, refused
from benchmarks.common import write
from benchmarks.load import fill

TEXTS = 100
ANSWERED, SEARCHED = 50, 6
FLAT = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=10_000)
    calls = parser.parse_args().calls
    memory = []
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder, "library"), [text(number) for number in range(TEXTS)])
        with running_app(Path(folder, "library")) as (process, port):
            for tenth in range(11):
                call(port, range(tenth * calls // 10, (tenth + 1) * calls // 10))
                memory.append(resident(process))
    growth = memory[-1] / memory[0] - 1
    figures = {
        "calls": calls,
        "answered": calls // ANSWERED,
        "memory_megabytes": memory,
        "growth": round(growth, 4),
    }
    write("calls", figures)
    sys.exit(1 if growth > FLAT else 0)


def text(number: int) -> str:
    return f"The vault of town {number} opened in {1500 + number}. It holds {number + 3} old books."


def call(port: int, numbers: range) -> None:
    """Calls of those numbers; those of the queue are read to their end."""

    def one(number: int) -> None:
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        question = f"When did the vault of town {number % TEXTS} open, asked for the time {number}?"
        if number % ANSWERED == 0:
            answered(connection, question)
        elif number % SEARCHED == 0:
            found(connection, question)
        else:
            refused(connection, number)
        connection.close()

    with ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(one, numbers))


if __name__ == "__main__":
    main()
