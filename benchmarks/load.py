"""Many clients at once: questions a second, waits, memory, and whether each gets what a single client gets.

    python -m benchmarks.load [--data ../shared/data] [--clients 50] [--seconds 600] [--questions 100]

The real server (`app.py` in a process of its own) over the passages of eval/squad. First a single client asks
each question once, alone; then all clients ask them in orders of their own over `/v1/chat/completions`, each
the next one as soon as it has its answer. An answer counts as the same when nothing but `milliseconds`
differs. Memory is the server's resident memory, after the single client and at the end.
"""

import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.app_process import HOST, running_app
from benchmarks.common import arguments, rows, write
from qa import Service

PATIENCE = 300


@dataclass
class Heard:
    """What the clients heard so far."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    different: int = 0


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--questions", type=int, default=100)
    parsed = parser.parse_args()
    squad = list(rows(parsed.data / "eval/squad.jsonl.gz"))
    every = max(1, len(squad) // parsed.questions)
    questions = [row["question"] for row in squad[::every]][: parsed.questions]
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder, "library"), [row["context"] for row in squad])
        with running_app(Path(folder, "library")) as (process, port):
            alone = single(port, questions)
            before = resident(process)
            heard = together(port, alone.answers, parsed.clients, parsed.seconds)
            after = resident(process)
    figures = {
        "clients": parsed.clients,
        "seconds": parsed.seconds,
        "questions": len(questions),
        "single_client_per_second": round(len(questions) / sum(alone.seconds), 2),
        "single_client_seconds": summary(alone.seconds),
        "answers": len(heard.seconds),
        "per_second": round(len(heard.seconds) / parsed.seconds, 2),
        "answer_seconds": summary(heard.seconds),
        "different_answers": heard.different,
        "errors": dict(heard.errors),
        "memory_megabytes": {"before": before, "after": after},
    }
    write("load", figures)
    sys.exit(1 if heard.errors or heard.different else 0)


def fill(library: Path, texts: Sequence[str]) -> None:
    with Service.open(library) as service:
        service.add_documents((f"{number}.txt", text) for number, text in enumerate(dict.fromkeys(texts)))
        service.wait_until_embedded()


@dataclass(frozen=True)
class Alone:
    """The answers that a single client got, and how long each took."""

    answers: dict[str, Any]
    seconds: list[float]


def single(port: int, questions: Sequence[str]) -> Alone:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    answers, seconds = {}, []
    ask(connection, questions[0])  # models are loaded by the first question
    for question in questions:
        began = time.perf_counter()
        answers[question] = ask(connection, question)
        seconds.append(time.perf_counter() - began)
    return Alone(answers, seconds)


def together(port: int, expected: dict[str, Any], clients: int, seconds: float) -> Heard:
    heard, end = Heard(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=client, args=(port, expected, number, end, heard))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


def client(port: int, expected: dict[str, Any], number: int, end: float, heard: Heard) -> None:
    """Asks until the end; appending to a list and counting are safe from several threads."""
    order = random.Random(number)
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    questions = list(expected)
    while time.monotonic() < end:
        question = order.choice(questions)
        began = time.perf_counter()
        try:
            answer = ask(connection, question)
        except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
            heard.errors[f"{type(error).__name__}: {error}"] += 1
            connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
            continue
        if time.monotonic() < end:
            heard.seconds.append(time.perf_counter() - began)
        heard.different += answer != expected[question]


def ask(connection: http.client.HTTPConnection, question: str) -> Any:
    """The Answer without its time; ValueError when the server answers with another status."""
    body = json.dumps({"messages": [{"role": "user", "content": question}]})
    connection.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise ValueError(f"status {response.status}")
    return {**json.loads(content)["answer"], "milliseconds": 0}


def resident(process: int) -> int:
    """The resident memory of a process and of those it started, in megabytes."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            if process in (int(folder.name), int(stat[1])):
                pages += int((folder / "statm").read_text().split()[1])
        except (OSError, ValueError):  # it has ended meanwhile
            continue
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def summary(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {f"p{share}": round(float(np.percentile(seconds, share)), 3) for share in (50, 95, 99)}


if __name__ == "__main__":
    main()
