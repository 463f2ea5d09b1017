"""How long answers take while documents go in.

    python -m benchmarks.adding [--data ../shared/data] [--documents 1000] [--clients 2] [--seconds 60]

The real server over the passages of eval/squad. Clients ask over `/v1/chat/completions`, no two the same at a
time: first for so many seconds, then while texts of reader/train are uploaded over the Gradio API, 50 files
at a time, until the last one is in. `without_vectors` are the passages that only their words find then.
"""

import json
import tempfile
import threading
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.app_process import HOST, running_app
from benchmarks.clients import PATIENCE, answered, for_seconds, one_by_one, posted, together
from benchmarks.common import arguments, rows, write
from benchmarks.load import fill

FILES = 50  # in one upload
QUESTIONS = 20


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60.0)
    parsed = parser.parse_args()
    squad = list(rows(parsed.data / "eval/squad.jsonl.gz"))
    questions = [row["question"] for row in squad[:: len(squad) // QUESTIONS]]
    known = dict.fromkeys(row["context"] for row in squad)
    added = [text for text in training_texts(parsed.data) if text not in known][: parsed.documents]
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder, "library"), list(known))
        with running_app(Path(folder, "library")) as (process, port):
            expected, _ = one_by_one(process, port, questions, answered)
            quiet = together(
                process, port, expected, answered, parsed.clients, for_seconds(parsed.seconds), apart=True
            )
            adding, began = threading.Thread(target=add, args=(port, added)), time.perf_counter()
            adding.start()
            busy = together(process, port, expected, answered, parsed.clients, adding.is_alive, apart=True)
            seconds, left = time.perf_counter() - began, waiting(port)
    figures = {
        "documents": len(added),
        "clients": parsed.clients,
        "quiet": without_comparison(quiet.figures()),
        "while_adding": without_comparison(busy.figures()),
        "adding_seconds": round(seconds, 1),
        "without_vectors": left,
        "p95_ratio": round(busy.figures()["seconds"]["p95"] / quiet.figures()["seconds"]["p95"], 2),
    }
    write("adding", figures)


def without_comparison(figures: dict[str, object]) -> dict[str, object]:
    """With other documents there may be other answers."""
    return {name: value for name, value in figures.items() if name != "different"}


def training_texts(data: Path) -> Sequence[str]:
    return list(dict.fromkeys(row["context"] for row in rows(data / "reader/train.jsonl.gz")))


def add(port: int, texts: Sequence[str]) -> None:
    """Uploads the texts as files, and returns when all are in the library."""
    for start in range(0, len(texts), FILES):
        connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        connection.request("POST", "/gradio_api/upload", *upload(start, texts[start : start + FILES]))
        paths = json.loads(connection.getresponse().read())
        files = [{"path": path, "meta": {"_type": "gradio.FileData"}} for path in paths]
        event = posted(connection, "/gradio_api/call/add", {"data": [files, None]})["event_id"]
        connection.request("GET", f"/gradio_api/call/add/{event}")
        assert b"event: complete" in connection.getresponse().read()
        connection.close()


def upload(start: int, texts: Sequence[str]) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of an upload of a file for each text."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="files"; filename="added {start + number}.txt"\r\n\r\n'
        f"{text}\r\n"
        for number, text in enumerate(texts)
    ]
    return "".join([*parts, "--x--\r\n"]).encode(), {"Content-Type": "multipart/form-data; boundary=x"}


def waiting(port: int) -> int:
    """How many passages have no vector yet."""
    connection = HTTPConnection(HOST, port, timeout=PATIENCE)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    return next(int(float(line.split()[1])) for line in lines if line.startswith("quoth_waiting_passages "))


if __name__ == "__main__":
    main()
