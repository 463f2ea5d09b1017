"""Fits the sentence reader: the weights of its logistic regression and its threshold.

    python training/sentence_reader.py [--data ../shared/data] [--work .checkpoints/sentence_reader]

1. The distinct passages of reader/dev become a library, and the product's own search brings ten for each
   question: half of the time from all of it, half from the question's own article, as in a small library,
   where being ranked high says little.
2. Every candidate sentence becomes an example: it answers when it holds a gold answer and stands in the
   question's own passage. Each question comes twice, the second time with all passages that hold a gold
   answer taken away, so that the model sees what it must refuse.
3. The threshold is chosen on eval/squad2 and eval/clapnq, the whole way through a library of their passages:
   the mean of the share of questions answered rightly, if the passages say, and refused, if they don't.

Prints what goes into qa/reading/sentence_reader.py.
"""

import argparse
import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index import Document, Filter, Hit, Library, normalise
from qa.reading.sentence_reader import FEATURES, SentenceReader, SentenceWeights

# Questions a person might ask of documents; the other sources of dev are about single sentences or chats.
SOURCES = (
    "squad11_du",
    "squadshifts_new_wiki",
    "tydiqa_en",
    "nq_oracle",
    "qed_nq",
    "bioasq",
    "covidqa",
    "timeqa",
    "quoref",
)
QUESTIONS = 600
PASSAGES = 10
THRESHOLD_QUESTIONS = 250
SEED = 7

Row = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """The candidate sentences of one question and which of them answer it."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    answerable: bool


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--work", type=Path, default=Path(".checkpoints/sentence_reader"))
    parsed = arguments.parse_args()
    dice = random.Random(SEED)

    rows = [row for row in read(parsed.data / "reader/dev.jsonl.gz") if row["src"].startswith(SOURCES)]
    library = library_of(parsed.work / "dev", rows)
    asked = dice.sample([row for row in rows if row["answers"]], QUESTIONS)
    examples = [example for row in asked for example in examples_of(library, row, dice.random() < 0.5)]
    halves = examples[: len(examples) // 2], examples[len(examples) // 2 :]
    print(f"{len(asked)} questions, {len(library.documents())} passages")
    report("first half on second", fit(halves[0]), halves[1])
    report("second half on first", fit(halves[1]), halves[0])
    weights = fit(examples)
    report("all on all", weights, examples)
    for name, weight in zip(FEATURES, weights.features, strict=True):
        print(f"    {name}: {weight:.3f}")
    print(
        "WEIGHTS =",
        SentenceWeights(tuple(round(weight, 3) for weight in weights.features), round(weights.bias, 3)),
    )

    chosen: list[Example] = []
    for name in ("squad2", "clapnq"):
        rows = read(parsed.data / f"eval/{name}.jsonl.gz")
        library = library_of(parsed.work / name, rows)
        sample = dice.sample(rows, min(len(rows), THRESHOLD_QUESTIONS))
        set_examples = [examples_of(library, row)[0] for row in sample]
        report(name, weights, set_examples)
        choose(name, weights, set_examples)
        chosen += set_examples
    choose("both", weights, chosen)


def read(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def library_of(folder: Path, rows: Sequence[Row]) -> Library:
    library = Library.open(folder)
    contexts = dict.fromkeys(row["context"] for row in rows)
    articles = {row["context"]: article(row) for row in rows}
    library.add(
        Document(f"{number}", normalise(text), collection=articles[text])
        for number, text in enumerate(contexts)
    )
    return library


def article(row: Row) -> str:
    """The article that the row's passage is from."""
    title: str = row.get("title") or "untitled"
    return title


def examples_of(library: Library, row: Row, own_article: bool = False) -> list[Example]:
    """The question as it is asked, and, if it can be answered, once more without what answers it."""
    reader = SentenceReader(library.embedder)
    golds = [normalise(answer["text"]) for answer in row["answers"]]
    filter = Filter(collections=(article(row),)) if own_article else Filter()
    hits = library.search(row["question"], 3 * PASSAGES, filter)
    with_all = example(reader, row["question"], hits[:PASSAGES], golds, normalise(row["context"]))
    if not golds:
        return [with_all]
    without = [hit for hit in hits if not any(gold.lower() in hit.passage.text.lower() for gold in golds)]
    return [with_all, example(reader, row["question"], without[:PASSAGES], [], "")]


def example(
    reader: SentenceReader, question: str, hits: Sequence[Hit], golds: list[str], context: str
) -> Example:
    candidates, features = reader.features(question, hits)
    right = [
        candidate.passage.document.text == context
        and any(gold in candidate.text or candidate.text in gold for gold in golds)
        for candidate in candidates
    ]
    return Example(features, np.asarray(right, bool), bool(golds))


def fit(examples: Sequence[Example]) -> SentenceWeights:
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit(
        np.concatenate([one.features for one in examples]), np.concatenate([one.right for one in examples])
    )
    return SentenceWeights(tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0]))


def best(weights: SentenceWeights, one: Example) -> tuple[float, bool]:
    """The probability of the best sentence, and whether it is right."""
    if not len(one.features):
        return 0.0, False
    logits = one.features @ np.asarray(weights.features) + weights.bias
    at = int(np.argmax(logits))
    return float(1 / (1 + np.exp(-logits[at]))), bool(one.right[at])


def report(name: str, weights: SentenceWeights, examples: Sequence[Example]) -> None:
    results = [best(weights, one) for one in examples]
    answerable = [right for (_, right), one in zip(results, examples, strict=True) if one.answerable]
    probabilities, right = np.asarray(results).T
    bins = np.digitize(probabilities, np.linspace(0.1, 0.9, 9))
    error = sum(
        abs(probabilities[bins == bin].mean() - right[bins == bin].mean()) * (bins == bin).mean()
        for bin in set(bins)
    )
    print(
        f"{name}: best sentence right for {np.mean(answerable):.3f} of the answerable, "
        f"AUROC of its probability {roc_auc_score(right, probabilities):.3f}, calibration error {error:.3f}"
    )


def choose(name: str, weights: SentenceWeights, examples: Sequence[Example]) -> None:
    results = [(*best(weights, one), one.answerable) for one in examples]
    print(f"threshold on {name}:  answered rightly | answered wrongly | refused rightly")
    for threshold in np.arange(0.1, 0.7, 0.05):
        answered = [
            right for probability, right, answerable in results if answerable and probability >= threshold
        ]
        refused = [probability < threshold for probability, _, answerable in results if not answerable]
        total = sum(answerable for *_, answerable in results)
        right, refused_rightly = sum(answered) / total, float(np.mean(refused))
        wrong, both = len(answered) / total - right, (right + refused_rightly) / 2
        print(f"    {threshold:.2f}: {right:.3f} | {wrong:.3f} | {refused_rightly:.3f} | mean {both:.3f}")


if __name__ == "__main__":
    main()
