"""Makes the reader's scores one probability: `python training/reader/calibrate.py --model FOLDER`.

The passages of reader/dev become a library and are searched as in the product: half of the questions in all
of it, half in their own article alone, as in a small library, where being ranked high says little. Every
question comes twice, the second time without the passages that hold a gold answer. A logistic regression over
the candidates' features ranks them; a second one over the best candidate of each question alone makes its
probability honest; both together are again one linear form, which goes into the manifest with the threshold.

A span is right when it shares half of its words or more with a gold (F1 >= 0.5); an item is right when it is
one of the golds. `--check` measures the error on questions that were left out of the fit instead of writing.
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
from qa.evaluate.measures import exact, f1
from qa.settings import Settings
from qa.span_reader import FEATURES, SpanReader

# What people ask of documents; the other sources of dev are about single sentences, chats or one policy.
SOURCES = (
    "squad11_du",
    "squadshifts",
    "tydiqa_en",
    "nq_oracle",
    "qed_nq",
    "bioasq",
    "covidqa",
    "timeqa",
    "quoref",
    "fairy",
)
QUESTIONS = 600
SEED = 11
# The default answers this share of the questions that can be answered.
ANSWERED = 0.80

Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """The candidates of one question: their features [n, features] and which of them are right."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    answerable: bool


def main() -> None:
    """Fit, say how well it fits, and write."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--work", type=Path, default=Path(".checkpoints/calibration"))
    arguments.add_argument("--check", action="store_true")
    parsed = arguments.parse_args()
    path = parsed.model / "manifest.json"
    manifest = json.loads(path.read_text())
    # The reader wants a calibration to open at all; candidates are taken before it matters.
    path.write_text(json.dumps({"calibration": {}, "threshold": 0.5} | manifest, indent=2) + "\n")

    with gzip.open(parsed.data / "reader/dev.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["src"].startswith(SOURCES) and row["answers"]]
    library = library_of(parsed.work, rows)
    reader = SpanReader(parsed.model)
    dice = random.Random(SEED)
    single = [row for row in rows if not row.get("multi")]
    lists = [row for row in rows if row.get("multi") and len(row["answers"]) > 1]
    asked = [one for row in dice.sample(single, QUESTIONS) for one in both(library, reader, row, dice, False)]
    listed = [one for row in lists for one in both(library, reader, row, dice, True)]
    print(f"{QUESTIONS} questions and {len(lists)} lists over {library.counts()[1]} passages")

    folds = asked[: len(asked) // 2], asked[len(asked) // 2 :]
    for fitted, held_out in (folds, folds[::-1]):
        report("held out", fit(fitted), held_out)
    spans, list_items = fit(asked), fit_items(listed)
    report("all", spans, asked)
    best_of_answerable = sorted(best(spans, one)[0] for one in asked if one.answerable)
    threshold = best_of_answerable[round((1 - ANSWERED) * len(best_of_answerable))]
    print(f"threshold {threshold:.3f} answers {ANSWERED:.0%} of the answerable; items {list_items}")
    if not parsed.check:
        manifest["calibration"] = {"features": FEATURES, "spans": spans, "items": list_items}
        manifest["threshold"] = round(threshold, 3)
        path.write_text(json.dumps(manifest, indent=2) + "\n")


def library_of(folder: Path, rows: Sequence[Row]) -> Library:
    library = Library.open(folder)
    titles = {row["context"]: row.get("title") or "" for row in rows}
    library.add(
        Document(f"{number}", normalise(text), normalise(title), collection=title or "untitled")
        for number, (text, title) in enumerate(titles.items())
    )
    return library


def both(library: Library, reader: SpanReader, row: Row, dice: random.Random, several: bool) -> list[Asked]:
    """The question as it is asked, and once more without the passages that answer it."""
    golds = [normalise(answer["text"]) for answer in row["answers"]]
    filter = Filter(collections=(row.get("title") or "untitled",)) if dice.random() < 0.5 else Filter()
    most = Settings().list_passages if several else Settings().passages
    hits = library.search(row["question"], 3 * most, filter)
    without = [hit for hit in hits if not any(gold.lower() in hit.passage.text.lower() for gold in golds)]
    return [
        ask(reader, row["question"], hits[:most], golds, several),
        ask(reader, row["question"], without[:most], [], several),
    ]


def ask(reader: SpanReader, question: str, hits: Sequence[Hit], golds: list[str], several: bool) -> Asked:
    candidates = reader.candidates([(question, hit) for hit in hits], several)
    right = [
        bool(golds) and (exact(one.text, golds) > 0 if several else f1(one.text, golds) >= 0.5)
        for one in candidates
    ]
    features = np.asarray([one.features for one in candidates], np.float64).reshape(
        len(candidates), len(FEATURES)
    )
    return Asked(features, np.asarray(right, bool), bool(golds))


def fit(asked: Sequence[Asked]) -> dict[str, Any]:
    """The linear form: ranked by all candidates, made honest by the best one of each question."""
    ranking = regression(
        np.concatenate([one.features for one in asked]), np.concatenate([one.right for one in asked])
    )
    tops = [best(ranking, one) for one in asked if len(one.features)]
    logits = np.asarray([[np.log(p / (1 - p))] for p, _ in tops])
    scale = regression(logits, np.asarray([right for _, right in tops]))
    factor = scale["weights"][0]
    weights = [round(weight * factor, 4) for weight in ranking["weights"]]
    return {"weights": weights, "bias": round(ranking["bias"] * factor + scale["bias"], 4)}


def fit_items(asked: Sequence[Asked]) -> dict[str, Any]:
    """For items every candidate counts, since every one over the threshold is given."""
    fitted = regression(
        np.concatenate([one.features for one in asked]), np.concatenate([one.right for one in asked])
    )
    return {"weights": [round(weight, 4) for weight in fitted["weights"]], "bias": round(fitted["bias"], 4)}


def regression(features: NDArray[np.float64], right: NDArray[np.bool_]) -> dict[str, Any]:
    model = LogisticRegression(C=10.0, max_iter=2000).fit(features, right)
    return {"weights": [float(weight) for weight in model.coef_[0]], "bias": float(model.intercept_[0])}


def best(fitted: dict[str, Any], one: Asked) -> tuple[float, bool]:
    """The probability of the best candidate, and whether it is right."""
    if not len(one.features):
        return 0.0, False
    logits = one.features @ np.asarray(fitted["weights"]) + fitted["bias"]
    at = int(np.argmax(logits))
    return float(1 / (1 + np.exp(-np.clip(logits[at], -30, 30)))), bool(one.right[at])


def report(name: str, fitted: dict[str, Any], asked: Sequence[Asked]) -> None:
    results = np.asarray([best(fitted, one) for one in asked])
    probabilities, right = results.T
    answerable = np.asarray([one.answerable for one in asked])
    bins = np.minimum((probabilities * 15).astype(int), 14)
    error = sum(
        abs(probabilities[bins == bin].mean() - right[bins == bin].mean()) * (bins == bin).mean()
        for bin in set(bins)
    )
    print(
        f"{name}: {fitted}, best right for {right[answerable].mean():.3f} of the answerable, AUROC "
        f"{roc_auc_score(right, probabilities):.3f}, calibration error {error:.3f}"
    )
    for share in (0.75, 0.8, 0.85):
        threshold = np.quantile(probabilities[answerable], 1 - share)
        given = probabilities >= threshold
        print(
            f"    answering {share:.0%} (threshold {threshold:.3f}): right "
            f"{right[given & answerable].mean():.3f} of those; wrongly answered without an answer there: "
            f"{given[~answerable].mean():.3f}"
        )


if __name__ == "__main__":
    main()
