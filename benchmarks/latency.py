"""How long a person waits: a cold question in the shell, a cold start of the chat, a warm question.

    python -m benchmarks.latency [--data ../shared/data]

- cold: `quoth ask` in a new process on the seed documents, the whole process from outside.
- start: `app.py` in a new process on an empty library, until `/ask` has answered the first question.
- warm: questions of eval/squad through the Service over the distinct passages of eval/squad, eval/squad2 and
  as many of reader/train as make 2,067, the size of SQuAD's whole development set.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gradio_client import Client

from benchmarks.app_process import HOST, ROOT, running_app
from benchmarks.common import arguments, rows, write
from index import Document, normalise
from qa import Service
from qa.reading.sentence_reader import SentenceReader
from quoth.web.seed_documents import seed_paths

QUESTION = "Which companies stopped selling facial recognition?"
COLD_RUNS = 7
STARTS = 3
PASSAGES = 2_067
WARM_QUESTIONS = 200


def main() -> None:
    parsed = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder, "seeds")
        with Service.open(seeds) as service:
            service.add(seed_paths())
            service.wait_until_embedded()
        figures = {
            "cold_ask_seconds": summary([cold_ask(seeds) for _ in range(COLD_RUNS + 1)][1:]),
            "start_to_first_answer_seconds": summary(
                [start(Path(folder, str(run))) for run in range(STARTS)]
            ),
            "warm_ask": warm(parsed.data, Path(folder, "squad")),
        }
    write("latency", figures)


def cold_ask(library: Path) -> float:
    command = [sys.executable, "-m", "quoth.cli", "ask", QUESTION, "--library", str(library)]
    return timed(lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT))


def start(library: Path) -> float:
    """Seconds from the start of the process to the first answer."""
    began = time.perf_counter()
    with app(library) as (_, client):
        assert client.predict(QUESTION, api_name="/ask")["answered"]
        return time.perf_counter() - began


@contextmanager
def app(library: Path) -> Iterator[tuple[int, Client]]:
    """The number of the process of a running `app.py`, and a client of its API."""
    with running_app(library) as (process, port):
        yield process, Client(f"http://{HOST}:{port}", verbose=False)


def warm(data: Path, library: Path) -> dict[str, Any]:
    squad = list(rows(data / "eval/squad.jsonl.gz"))
    texts = dict.fromkeys(row["context"] for row in squad)
    for name in ("eval/squad2", "reader/train"):
        for row in rows(data / f"{name}.jsonl.gz"):
            if len(texts) < PASSAGES:
                texts[row["context"]] = None
    questions = [row["question"] for row in squad[:: len(squad) // WARM_QUESTIONS]]
    with Service.open(library) as service:
        service.library.add(Document(str(number), normalise(text)) for number, text in enumerate(texts))
        service.wait_until_embedded()
        for question in questions[:20]:
            service.ask(question)
        search = [1000 * timed(lambda q=question: service.search(q)) for question in questions]  # type: ignore[misc]
        ask = [1000 * timed(lambda q=question: service.ask(q)) for question in questions]  # type: ignore[misc]
        plain = Service(service.library, SentenceReader(service.library.embedder), service.settings)
        sentence = [1000 * timed(lambda q=question: plain.ask(q)) for question in questions]  # type: ignore[misc]
        return {
            "documents": len(texts),
            "passages": service.library.counts()[1],
            "questions": len(questions),
            "passages_read": service.settings.passages,
            "search_milliseconds": percentiles(search),
            "ask_milliseconds": percentiles(ask),
            "ask_with_sentence_reader_milliseconds": percentiles(sentence),
        }


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def summary(seconds: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(seconds), 2),
        "least": round(min(seconds), 2),
        "most": round(max(seconds), 2),
        "runs": len(seconds),
    }


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(milliseconds, n=100)
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1)}


if __name__ == "__main__":
    main()
