"""Makes the reader's scores probabilities: `python training/reader/calibrate.py --model FOLDER`.

Where the folder has a careful model, what both make of the passages is fitted, and stands in its manifest.

Two sets of development questions are asked as in the product: those of reader/dev, half of them of all
their passages, half of their own article alone, as in a small library; and people's questions about real
documents (reader2/real_dev), asked of the documents of that set. Each comes again without the passages that
answer it, and where it can be, with a word or name altered so that they no longer answer it. Those without
an answer count for little (ABSENT_WEIGHT), since mostly people ask about what is in their documents. In the
order of use:

- a logistic regression over the features of each short answer, and one over those of each sentence, which
  rank the places of one question;
- two more over what speaks for the best of them (`qa/reading/confidence.py`), which is what a user sees;
- one over the features of list items, on the questions for lists, whose best item tells whether there is a
  list;
- one over how far behind that one an item is, on those lists whose passages are there.

A short answer is right when it shares half of its words or more with a gold (F1 >= 0.5), or when its
sentence is one that answers, since that is shown with it; a sentence when it is one that answers; an item
when it is one of the golds. What is said to be held out was judged by a fit on the other four fifths of the
questions.
"""

import argparse
import gzip
import json
import pickle
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from qa.answering.sentence import sentences_around
from qa.evaluate.measures import calibration_error
from qa.reading.candidates import FEATURES, Candidate
from qa.reading.confidence import AnswerWeights, calibrated, evidence
from qa.reading.reader import Span
from qa.reading.span_reader import Calibration, SpanReader, probable
from qa.settings import Settings

sys.path.append(str(Path(__file__).parent))
from calibrate_lists import as_list, best_item_threshold, fit_beside_best, fit_items
from data import to_row
from development import (
    SOURCES,
    Asked,
    library_of,
    real_library,
    real_rows,
    real_ways,
    regression,
    ways,
)
from negatives import Alterations

QUESTIONS = 300
FOLDS = 5
SEED = 11
# The default answers this share of the questions that can be answered.
ANSWERED = 0.88

Right = Callable[[Asked, Span | Candidate], bool]


def main() -> None:
    """Fit, say how well it fits, and write."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--work", type=Path, default=Path(".checkpoints/calibration"))
    arguments.add_argument("--check", action="store_true", help="only say how well it fits")
    parsed = arguments.parse_args()
    path = fitted_manifest(parsed.model)
    manifest = json.loads(path.read_text())
    asked, lists = collected(parsed.model, parsed.data, parsed.work)
    print(f"{len(asked)} times asked, {len(lists)} of them for lists apart")
    for name, right in (("spans", span_right), ("sentences", sentence_right)):
        check_held_out(asked, name, right)
    spans, sentences = fit_places(asked, "spans", span_right), fit_places(asked, "sentences", sentence_right)
    items = fit_items(lists)
    beside = fit_beside_best(lists, items)
    quoted = fit_answers(asked, "sentences", sentences, sentence_right)
    best = [top(one, "sentences", sentences, quoted) for one in asked if one.answerable]
    threshold = float(np.quantile([span.probability for span in best if span], 1 - ANSWERED))
    manifest["calibration"] = {
        "features": FEATURES,
        "spans": asdict(spans),
        "sentences": asdict(sentences),
        "answer": asdict(fit_answers(asked, "spans", spans, span_right)),
        "quoted": asdict(quoted),
        "items": asdict(items),
        "listed": asdict(beside),
    }
    manifest["threshold"] = round(threshold, 3)
    manifest["item_threshold"] = best_item_threshold(lists, items, beside)
    print(json.dumps(manifest["calibration"], indent=1), manifest["threshold"], manifest["item_threshold"])
    if not parsed.check:
        path.write_text(json.dumps(manifest, indent=2) + "\n")


def fitted_manifest(model: Path) -> Path:
    """The manifest that holds what is fitted."""
    careful = model / "careful" / "manifest.json"
    return careful if careful.exists() else model / "manifest.json"


def collected(model: Path, data: Path, work: Path) -> tuple[list[Asked], list[Asked]]:
    """The questions as asked of a library, and those for lists; read once and kept in `work`."""
    work.mkdir(parents=True, exist_ok=True)
    kept = work / f"asked-{json.loads(fitted_manifest(model).read_text())['sha256'][:12]}.pickle"
    if kept.exists():
        found: tuple[list[Asked], list[Asked]] = pickle.loads(kept.read_bytes())
        return found
    reader = uncalibrated(model)
    with gzip.open(data / "reader/dev.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["src"].startswith(SOURCES) and row["answers"]]
    dice = random.Random(SEED)
    most, most_listed = Settings().passages, 2 * Settings().passages
    single = dice.sample([row for row in rows if not row.get("multi")], QUESTIONS)
    alterations = Alterations([to_row(row) for row in rows if not row.get("multi")])
    real = real_rows(data, "real_dev")
    library = library_of(work / "dev", rows)
    asked = [one for row in single for one in ways(library, reader, row, dice, most, alterations)]
    listed = [row for row in map(as_list, rows) if row]
    lists = [one for row in listed for one in ways(library, reader, row, dice, most_listed, alterations)]
    library.close()
    library = real_library(work / "real", [*real_rows(data, "real_train"), *real])
    asked += [one for row in real for one in real_ways(library, reader, row, most)]
    library.close()
    kept.write_bytes(pickle.dumps((asked, lists)))
    return asked, lists


def uncalibrated(model: Path) -> SpanReader:
    """The reader, of which only the candidates are taken."""
    path = fitted_manifest(model)
    before = path.read_text()
    path.write_text(
        json.dumps(json.loads(before) | {"calibration": {}, "threshold": 0.5, "item_threshold": 0.5})
    )
    try:
        return SpanReader(model)
    finally:
        path.write_text(before)


def span_right(one: Asked, place: Span | Candidate) -> bool:
    """Whether a short answer is right; beside a wrong figure the right sentence doesn't help."""
    if one.right(place.text):
        return True
    text = place.passage.document.text
    first, last = sentences_around(text, place.start, place.end)
    figure = any(sign.isdigit() for sign in place.text)
    return not figure and one.quotes(text[first:last])


def sentence_right(one: Asked, place: Span | Candidate) -> bool:
    """Whether a person would quote the sentence."""
    return one.quotes(place.text)


def fit_places(asked: Sequence[Asked], kind: str, right: Right) -> Calibration:
    """The probability of a place by itself."""
    return regression(
        [
            (place.features, right(one, place), one.weight)
            for one in asked
            for place in getattr(one.found, kind)
        ]
    )


def fit_answers(asked: Sequence[Asked], kind: str, places: Calibration, right: Right) -> AnswerWeights:
    """The probability of the best answer of each question, among all that its passages say."""
    samples: list[tuple[tuple[float, ...], bool, float]] = []
    for one in asked:
        found = probable(getattr(one.found, kind), places)
        if found:
            best = evidence(found)[0]
            values = (best.logit, best.margin, best.support)
            samples.append((values, right(one, best.group.spans[0]), one.weight))
    fitted = regression(samples)
    logit, margin, support = fitted.weights
    return AnswerWeights(logit, margin, max(0.0, support), fitted.bias)


def top(one: Asked, kind: str, places: Calibration, answer: AnswerWeights) -> Span | None:
    """What would be given, and how likely it is."""
    found = calibrated(probable(getattr(one.found, kind), places), answer)
    return found[0] if found else None


def check_held_out(asked: Sequence[Asked], kind: str, right: Right) -> None:
    """Judges each fifth of the questions by a fit on the others."""
    questions = list(dict.fromkeys(one.question for one in asked))
    fold = {question: number % FOLDS for number, question in enumerate(questions)}
    judged: list[tuple[float, bool, Asked]] = []
    for number in range(FOLDS):
        rest = [one for one in asked if fold[one.question] != number]
        places = fit_places(rest, kind, right)
        answer = fit_answers(rest, kind, places, right)
        asked_here = [one for one in asked if fold[one.question] == number]
        given = [(one, top(one, kind, places, answer)) for one in asked_here]
        judged += [(span.probability, right(one, span), one) for one, span in given if span]
    for name, real in (("reader/dev", False), ("real_dev", True)):
        there = [j for j in judged if j[2].real == real]
        report(
            f"{kind} of {name}",
            [j for j in there if j[2].answerable],
            [j for j in there if not j[2].answerable],
        )


def report(
    name: str, there: Sequence[tuple[float, bool, Asked]], absent: Sequence[tuple[float, bool, Asked]]
) -> None:
    """How often the best is right, how well that is known, and what a threshold refuses."""
    probabilities, right = [p for p, *_ in there], [good for _, good, _ in there]
    print(
        f"{name}, held out: right {np.mean(right):.3f} of {len(right)}, "
        f"AUROC {roc_auc_score(right, probabilities):.3f}, "
        f"calibration error {calibration_error(probabilities, right):.3f}"
    )
    for share in (0.7, 0.8, 0.88, 0.95):
        threshold = float(np.quantile(probabilities, 1 - share))
        given = [good for p, good, _ in there if p >= threshold]
        wrong = np.mean([p >= threshold for p, *_ in absent])
        print(
            f"    {share:.0%} answered at {threshold:.2f}: right {np.mean(given):.3f}; "
            f"answered without an answer there {wrong:.3f}"
        )


if __name__ == "__main__":
    main()
