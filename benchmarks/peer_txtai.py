"""txtai's hybrid search, run by `benchmarks.search` with an interpreter of its own.

    python peer_txtai.py MODEL TASK RESULT

Reads {"texts": {name: text}, "questions": [...]} from TASK and writes the names found for each question, the
time of each, and txtai's version to RESULT. Imports nothing of Quoth.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from txtai import Embeddings  # type: ignore[import-not-found, unused-ignore]

FOUND = 20
WARM_UP = 20


def main(model: str, task: Path, result: Path) -> None:
    given = json.loads(task.read_text(encoding="utf-8"))
    embeddings = Embeddings(path=model, hybrid=True)
    embeddings.index((name, text, None) for name, text in given["texts"].items())
    for question in given["questions"][:WARM_UP]:
        embeddings.search(question, FOUND)
    rankings, milliseconds = [], []
    for question in given["questions"]:
        began = time.perf_counter()
        found = embeddings.search(question, FOUND)
        milliseconds.append(1000 * (time.perf_counter() - began))
        rankings.append([name for name, _ in found])
    whole = {"rankings": rankings, "milliseconds": milliseconds, "version": version("txtai")}
    result.write_text(json.dumps(whole), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
