"""Many clients at once: questions a second, waits, memory, and whether each gets what a single client gets.

    python -m benchmarks.load [--data ../shared/data] [--clients 50] [--seconds 600] [--questions 100]
        [--library FOLDER]

The real server (`app.py` in a process of its own) over the passages of eval/squad; FOLDER keeps them for the
next time.

- single: one client asks each question once, alone.
- together: all clients ask over `/v1/chat/completions`, each any next question as soon as it has its answer,
  so that some ask the same at a time. An answer counts as the same as the single client's when nothing but
  `milliseconds` differs.
- apart: the same for half as long, where no question is asked by two at a time.
- search: the same for a tenth as long, over the door that gives passages and reads none; and peer: a server
  that serves retrieval alone (`peer_served.py`), with the same questions and the first 200 texts: it takes
  minutes for the vectors of all, and microseconds more to search them.

Memory is the server's resident memory, after the single client and at the end. Other programs share the
machine, so processor seconds say more than times: `on_two_cores` is what two whole cores would answer in a
second.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.app_process import HOST, ROOT, free_port, running_app
from benchmarks.clients import Heard, answered, for_seconds, found, one_by_one, posted, resident, together
from benchmarks.common import arguments, rows, write
from qa import Library, Service

PEER_TEXTS = 200


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--library", type=Path)
    parsed = parser.parse_args()
    clients, seconds = parsed.clients, parsed.seconds
    squad = list(rows(parsed.data / "eval/squad.jsonl.gz"))
    every = max(1, len(squad) // parsed.questions)
    questions = [row["question"] for row in squad[::every]][: parsed.questions]
    texts = list(dict.fromkeys(row["context"] for row in squad))
    with tempfile.TemporaryDirectory() as folder:
        library = parsed.library or Path(folder, "library")
        if not Library.exists(library):
            fill(library, texts)
        with running_app(library) as (process, port):
            expected, single = one_by_one(process, port, questions, answered)
            before = resident(process)
            heard = together(process, port, expected, answered, clients, for_seconds(seconds))
            apart = together(process, port, expected, answered, clients, for_seconds(seconds / 2), apart=True)
            passages, _ = one_by_one(process, port, questions, found)
            search = together(process, port, passages, found, clients, for_seconds(seconds / 10))
            after = resident(process)
        with running_peer(texts[:PEER_TEXTS], Path(folder)) as (process, port):
            nearest, _ = one_by_one(process, port, questions, peer_found)
            peer = together(process, port, nearest, peer_found, clients, for_seconds(seconds / 10))
    figures = {
        "clients": clients,
        "seconds": seconds,
        "questions": len(questions),
        "single": single.figures(),
        "together": heard.figures() | on_two_cores(heard),
        "apart": apart.figures() | on_two_cores(apart),
        "search": search.figures(),
        "peer": peer.figures(),
        "memory_megabytes": {"before": before, "after": after},
    }
    write("load", figures)
    sys.exit(1 if any(one.errors or one.different for one in (heard, apart, search)) else 0)


def on_two_cores(heard: Heard) -> dict[str, float]:
    return {"on_two_cores": round(2 * len(heard.seconds) / heard.processor, 2)}


def fill(library: Path, texts: Sequence[str]) -> None:
    with Service.open(library) as service:
        service.add_documents((f"{number}.txt", text) for number, text in enumerate(dict.fromkeys(texts)))
        service.wait_until_embedded()


@contextmanager
def running_peer(texts: Sequence[str], folder: Path) -> Iterator[tuple[int, int]]:
    """The number of the process and the port of the peer."""
    port, task = free_port(), folder / "texts.json"
    task.write_text(json.dumps(texts), encoding="utf-8")
    process = subprocess.Popen([sys.executable, "benchmarks/peer_served.py", str(task), str(port)], cwd=ROOT)
    try:
        while not _answers(port):
            time.sleep(0.5)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return bool(peer_found(HTTPConnection(HOST, port, timeout=60), "Is everything ready?"))
    except OSError:
        return False


def peer_found(connection: HTTPConnection, question: str) -> Any:
    return posted(connection, "/search", {"question": question})


if __name__ == "__main__":
    main()
