"""How time and memory grow from a thousand passages to a million, and of the dense part alone to ten million.

    python -m benchmarks.scale [--data ../shared/data] [--work FOLDER] [--sizes N ...] [--dense-sizes N ...]

Each size is built once in FOLDER, through the real store and the real indexes but without embedding its
passages, whose texts and vectors benchmarks/growth.py makes, and then opened and measured in a process of
its own. What FOLDER already holds is not built or measured again; remove FOLDER when all is done (a million
passages take 2.5 GB, ten million vectors 16 GB). Writes benchmarks/results/scale.json and docs/scale.svg.

- hybrid: `Library.search` of development questions, 20 passages, the question's embedding included.
- dense: the ten nearest of the dense index; recall@10 against comparing the question with every vector.
- open: the library and its first search, the models being loaded.
- add, remove: one document of about 250 words: splitting, embedding, and all that goes to the disk.
- service_resident: the memory of a Service after five answered questions, both models loaded.

Times are given twice: as they passed, and the processor time they took, which other work on the machine
lengthens much less.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from benchmarks.common import arguments, write
from benchmarks.growth import Corpus
from benchmarks.plot import growth_plot
from index import Document, Library
from index.embedders.onnx_embedder import OnnxEmbedder
from index.search.dense.dense_index import DenseIndex
from index.search.lexical.lexical_index import LexicalIndex
from index.search.local_search import LocalSearch
from index.store.store import Store
from qa import Service

SIZES = (1_000, 10_000, 100_000, 1_000_000)
EMBEDDED = 2_500
QUESTIONS = 400
WARM_UP = 20
CHANGES = 10
READ = 10_000
NEAREST = 10
PLOT = Path(__file__).parent.parent / "docs" / "scale.svg"


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "quoth-scale"))
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, metavar="N")
    parser.add_argument("--dense-sizes", type=int, nargs="*", default=(), metavar="N")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.step:
        STEPS[parsed.step](parsed.work, parsed.data)
        return
    folders = [parsed.work / str(size) for size in parsed.sizes]
    folders += [parsed.work / f"{size}-dense" for size in parsed.dense_sizes]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for step in STEPS:
            done = folder / f"{step}.json"
            if not done.exists():
                command = [sys.executable, "-m", "benchmarks.scale", "--step", step, "--work", str(folder)]
                subprocess.run([*command, "--data", str(parsed.data)], check=True)
    sizes = {
        folder.name: {step: json.loads((folder / f"{step}.json").read_text()) for step in STEPS}
        for folder in folders
    }
    about = {
        "texts": "real passages, and the same again with one word in five changed (benchmarks/growth.py)",
        "vectors": f"those of {EMBEDDED} real passages, and synthetic ones around them",
        "load": "where other work kept the processors busy, times as they passed are upper bounds",
        "load_averages": [round(load, 1) for load in os.getloadavg()],
    }
    write("scale", {"about": about, "questions": QUESTIONS, "sizes": sizes})
    PLOT.write_text(growth_plot(sizes), encoding="utf-8")


def corpus_for(folder: Path, data: Path) -> tuple[OnnxEmbedder, Corpus, int, bool]:
    """The models, the corpus, the size that the folder's name says, and whether only vectors are wanted."""
    embedder = OnnxEmbedder(threads=1)
    size, _, kind = folder.name.partition("-")
    corpus = Corpus.read(data, embedder, EMBEDDED, QUESTIONS, folder.parent / "vectors.npz")
    return embedder, corpus, int(size), kind == "dense"


def build(folder: Path, data: Path) -> None:
    """The store, then the indexes, with the seconds each took."""
    embedder, corpus, size, dense_only = corpus_for(folder, data)
    figures: dict[str, Any] = {}
    shutil.rmtree(folder)
    folder.mkdir()
    store = Store(folder / "library.sqlite3", embedder.name, embedder.dimension)

    def fill() -> None:
        for document, places, vectors in (corpus.bare_documents if dense_only else corpus.documents)(size):
            store.add(document, places, vectors)

    def make_dense() -> None:
        index = DenseIndex(folder / "dense.index", store, embedder.name)
        index.save()
        index.wait()
        index.close()

    (folder.parent / "questions.json").write_text(json.dumps(corpus.questions[:5]))
    figures["store"] = seconds(fill)
    if not dense_only:
        figures["lexical"] = seconds(LexicalIndex(folder / "lexical", store).catch_up)
    figures["dense"] = seconds(make_dense)
    store.close()
    figures["resident_MiB_at_the_most"] = round(most_resident())
    figures["bytes"] = {
        name: sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and name in str(path))
        for name in ("library.sqlite3", "lexical", "dense")
    }
    done(folder, "build", figures)


def measure(folder: Path, data: Path) -> None:
    """Search, opening and changes, in a process that has built nothing."""
    embedder, corpus, _, dense_only = corpus_for(folder, data)
    embedder.embed(corpus.questions[:1])
    done(folder, "measure", (dense_alone if dense_only else whole)(folder, embedder, corpus))


def dense_alone(folder: Path, embedder: OnnxEmbedder, corpus: Corpus) -> dict[str, Any]:
    store = Store(folder / "library.sqlite3", embedder.name, embedder.dimension)
    opened: list[DenseIndex] = []
    figures: dict[str, Any] = {
        "open": seconds(lambda: opened.append(DenseIndex(folder / "dense.index", store, embedder.name)))
    }
    opened[0].wait()
    figures["dense"] = dense(opened[0], store, corpus)
    figures["resident_MiB"] = resident()
    opened[0].close()
    store.close()
    return figures


def whole(folder: Path, embedder: OnnxEmbedder, corpus: Corpus) -> dict[str, Any]:
    opened: list[Library] = []

    def first_search() -> None:
        opened.append(Library.open(folder, embedder))
        opened[0].search(corpus.questions[0])

    figures: dict[str, Any] = {"open": seconds(first_search)}
    library = opened[0]
    index, lexical = local(library)
    index.wait()
    figures["passages"] = library.counts()[1]
    figures["hybrid"] = milliseconds(library.search, corpus.questions)
    figures["dense"] = dense(index, library.store, corpus)
    figures["parts"] = {
        "embedding": milliseconds(lambda question: embedder.embed([question]), corpus.questions),
        "lexical": milliseconds(lambda question: lexical.search(question, 100), corpus.questions),
        "dense_100": milliseconds(lambda row: index.search(row, 100), corpus.question_vectors),
    }
    figures["filtered"] = filtered(library, corpus)
    figures |= changes(library, corpus)
    library.close()
    return figures


def local(library: Library) -> tuple[DenseIndex, LexicalIndex]:
    assert isinstance(library.passage_search, LocalSearch)
    return library.passage_search.indexes()


def filtered(library: Library, corpus: Corpus) -> dict[str, Any]:
    """The ten nearest among one document's passages, and among a hundredth and half of all."""
    (index, _), size = local(library), library.counts()[1]
    limits = {"one_document": [(1, 51)], "a_hundredth": [(1, size // 100 + 1)], "half": [(1, size // 2 + 1)]}
    questions = corpus.question_vectors[:100]
    return {
        name: milliseconds(lambda row, runs=runs: index.search(row, NEAREST, runs), questions)  # type: ignore[misc]
        for name, runs in limits.items()
    }


def dense(index: DenseIndex, store: Store, corpus: Corpus) -> dict[str, Any]:
    questions = corpus.question_vectors[:: max(1, len(corpus.question_vectors) // 200)]
    found = [{id for id, _ in index.search(question, NEAREST)} for question in questions]
    right = nearest(store, questions)
    recall = statistics.fmean(
        len(ids & set(best)) / len(best) for ids, best in zip(found, right, strict=True)
    )
    return {
        "recall@10": round(recall, 4),
        **milliseconds(lambda question: index.search(question, NEAREST), questions),
    }


def nearest(store: Store, questions: np.ndarray[Any, Any]) -> list[list[int]]:
    """The ids of the truly nearest, by comparing with every stored vector."""
    best = faiss.ResultHeap(len(questions), NEAREST, keep_max=True)
    for first in range(1, store.end_passage(), READ):
        vectors = store.vectors(first, first + READ)
        scores = questions @ vectors.rows.T
        best.add_result(scores, np.broadcast_to(vectors.ids, scores.shape))
    best.finalize()
    found: list[list[int]] = best.I.tolist()
    return found


def changes(library: Library, corpus: Corpus) -> dict[str, Any]:
    """Adds documents one by one, searches for each, and takes them away again."""
    random = np.random.default_rng(3)
    texts = [
        "\n".join(corpus.passage(-1 - 2 * number - part, random) for part in range(2))
        for number in range(CHANGES)
    ]
    documents = [Document(f"new {number}", text) for number, text in enumerate(texts)]
    ids: list[str] = []

    def add(document: Document) -> None:
        ids.append(library.add([document])[0].document_id or "")
        library.wait_until_embedded()

    added = milliseconds(add, documents, warm_up=0)
    assert library.search(texts[0][:100], 1)[0].passage.document.name == "new 0"
    return {"add": added, "remove": milliseconds(library.remove, ids, warm_up=0)}


def serve(folder: Path, data: Path) -> None:
    """The memory of a Service that has answered."""
    if folder.name.endswith("-dense"):
        done(folder, "serve", {})
        return
    questions = json.loads((folder.parent / "questions.json").read_text())
    with Service.open(folder) as service:
        for question in questions:
            service.ask(question)
        done(folder, "serve", {"service_resident_MiB": resident()})


STEPS: dict[str, Callable[[Path, Path], None]] = {"build": build, "measure": measure, "serve": serve}


def seconds(work: Callable[[], object]) -> dict[str, float]:
    began, used = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": round(time.perf_counter() - began, 3),
        "processor_seconds": round(time.process_time() - used, 3),
    }


def milliseconds(
    work: Callable[[Any], object], inputs: Iterable[Any], warm_up: int = WARM_UP
) -> dict[str, float]:
    """The 50th and 95th of 100, as time passed and in processor time."""
    passed, used = [], []
    for number, one in enumerate(_twice(list(inputs), warm_up)):
        began, processor = time.perf_counter(), time.process_time()
        work(one)
        if number >= warm_up:
            used.append(1000 * (time.process_time() - processor))
            passed.append(1000 * (time.perf_counter() - began))
    return {
        f"{name}{kind}_ms": round(float(np.percentile(values, percent)), 2)
        for kind, values in (("", passed), ("_processor", used))
        for name, percent in (("p50", 50), ("p95", 95))
    }


def _twice(inputs: list[Any], warm_up: int) -> Iterator[Any]:
    yield from inputs[:warm_up]
    yield from inputs


def resident() -> dict[str, int]:
    """MiB in memory, and how many of them are mapped files, which the system may take back at any time."""
    lines = Path("/proc/self/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return {
        name: int(values[key].split()[0]) // 1024 for name, key in (("all", "VmRSS"), ("of_files", "RssFile"))
    }


def most_resident() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def done(folder: Path, step: str, figures: dict[str, Any]) -> None:
    print(folder.name, step, json.dumps(figures), file=sys.stderr, flush=True)
    (folder / f"{step}.json").write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
