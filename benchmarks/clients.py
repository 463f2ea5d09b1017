"""Clients of a running server: what they ask, what they hear, and what it costs the server."""

import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.app_process import HOST

PATIENCE = 300
Ask = Callable[[http.client.HTTPConnection, str], Any]


@dataclass
class Heard:
    """What clients heard, and the processor seconds that it cost the server."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    different: int = 0
    passed: float = 0.0
    processor: float = 0.0

    def figures(self) -> dict[str, Any]:
        """`cores` is how many cores the server had on average: on a shared machine fewer than there are."""
        answers = len(self.seconds)
        return {
            "answers": answers,
            "per_second": round(answers / self.passed, 2),
            "seconds": summary(self.seconds),
            "processor_seconds_each": round(self.processor / max(1, answers), 4),
            "cores": round(self.processor / self.passed, 2),
            "different": self.different,
            "errors": dict(self.errors),
        }


def one_by_one(process: int, port: int, questions: Sequence[str], ask: Ask) -> tuple[dict[str, Any], Heard]:
    """The answers that a single client gets, each question asked once."""
    answers, heard = {}, Heard()
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    ask(connection, questions[0])  # models are loaded by the first question
    with _costs(process, heard):
        for question in questions:
            began = time.perf_counter()
            answers[question] = ask(connection, question)
            heard.seconds.append(time.perf_counter() - began)
    return answers, heard


def for_seconds(seconds: float) -> Callable[[], bool]:
    """True until so many seconds have passed."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end


def together(
    process: int,
    port: int,
    expected: dict[str, Any],
    ask: Ask,
    clients: int,
    goes_on: Callable[[], bool],
    apart: bool = False,
) -> Heard:
    """Clients that each ask the next question as soon as they have an answer.

    With `apart` no question is asked by two at a time, else each takes any of them.
    """
    heard, turn = Heard(), threading.Lock()
    in_turn = cycle(expected)

    def next_question(order: random.Random) -> str:
        with turn:
            return next(in_turn) if apart else order.choice(list(expected))

    def client(number: int) -> None:
        order = random.Random(number)
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        while goes_on():
            question = next_question(order)
            began = time.perf_counter()
            try:
                answer = ask(connection, question)
            except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
                heard.errors[f"{type(error).__name__}: {error}"] += 1
                connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
                continue
            heard.seconds.append(time.perf_counter() - began)
            heard.different += answer != expected[question]

    with _costs(process, heard):
        threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return heard


@contextmanager
def _costs(process: int, heard: Heard) -> Iterator[None]:
    began, before = time.perf_counter(), processor_seconds(process)
    yield
    heard.passed, heard.processor = time.perf_counter() - began, processor_seconds(process) - before


def answered(connection: http.client.HTTPConnection, question: str) -> Any:
    """Quoth's Answer without its time."""
    body = {"messages": [{"role": "user", "content": question}]}
    return {**posted(connection, "/v1/chat/completions", body)["answer"], "milliseconds": 0}


def found(connection: http.client.HTTPConnection, question: str) -> Any:
    """The passages that Quoth finds, which it does not read."""
    body = {"query": question, "max_num_results": 10}
    return posted(connection, "/v1/vector_stores/default/search", body)["data"]


def posted(connection: http.client.HTTPConnection, path: str, body: Any) -> Any:
    """What comes back as JSON; ValueError when the server answers with another status than 200."""
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    content = response.read()
    if response.status != 200:
        raise ValueError(f"status {response.status}")
    return json.loads(content)


def resident(process: int) -> float:
    """The resident memory of a process and of those it started, in megabytes."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            if process in (int(folder.name), int(stat[1])):
                pages += int((folder / "statm").read_text().split()[1])
        except (OSError, ValueError):  # it has ended meanwhile
            continue
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def processor_seconds(process: int) -> float:
    """The processor time of a process, of all its threads."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def summary(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    return {f"p{share}": round(float(np.percentile(seconds, share)), 3) for share in (50, 95, 99)}
