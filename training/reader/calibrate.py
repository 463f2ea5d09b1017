"""Makes the reader's scores probabilities: `python training/reader/calibrate.py --model FOLDER`.

The passages of reader/dev become a library and are searched as in the product: half of the questions in all
of it, half in their own article alone, as in a small library, where being ranked high says little. Every
question comes three times: as it is, without the passages that hold a gold answer, and with a word or name
altered so that they no longer answer it. Those without an answer count for little (ABSENT_WEIGHT), since
mostly people ask about what is in their documents. In the order of use:

- a logistic regression over each place's features, which ranks the places of one question;
- a second one over what speaks for the best answer (`qa/reading/confidence.py`),
  which is what a user is told;
- a third one over the features of list items, on the questions for lists, whose best item tells whether
  there is a list at all;
- a fourth one over how far behind that one an item is, on those lists whose passages are there.

Questions for lists are those whose answers are several, and those that ask for several and whose answer is an
enumeration.

A span is right when it shares half of its words or more with a gold (F1 >= 0.5); an item is right when it is
one of the golds. What is said to be held out was judged by a fit on the other four fifths of the questions.
"""

import argparse
import gzip
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from index import Document, Hit, Passage, normalise
from qa.evaluate.asking import GIVEN_SCORE
from qa.evaluate.measures import calibration_error, f1
from qa.reading.confidence import Weights, evidence, weighed
from qa.reading.span_reader import FEATURES, Calibration, SpanReader, probable
from qa.settings import Settings

sys.path.append(str(Path(__file__).parent))
from calibrate_lists import as_list, best_item_threshold, fit_beside_best, fit_items
from data import Row as TrainingRow
from data import to_row
from development import SOURCES, Asked, library_of, regression, ways
from negatives import Alterations

QUESTIONS = 900
FOLDS = 5
SEED = 11
# The default answers this share of the questions that can be answered.
ANSWERED = 0.88


def main() -> None:
    """Fit, say how well it fits, and write."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--work", type=Path, default=Path(".checkpoints/calibration"))
    arguments.add_argument("--check", action="store_true", help="only say how well it fits")
    parsed = arguments.parse_args()
    path = parsed.model / "manifest.json"
    before = path.read_text()
    manifest = json.loads(before)
    # The reader wants these to open at all; candidates are taken before they matter.
    unweighed = manifest | {"calibration": {}, "threshold": 0.5, "item_threshold": 0.5}
    path.write_text(json.dumps(unweighed, indent=2) + "\n")
    reader = SpanReader(parsed.model)
    path.write_text(before)

    with gzip.open(parsed.data / "reader/dev.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["src"].startswith(SOURCES) and row["answers"]]
    library = library_of(parsed.work, rows)
    dice = random.Random(SEED)
    single = dice.sample([row for row in rows if not row.get("multi")], QUESTIONS)
    lists = [asks for row in rows if (asks := as_list(row))]
    training = [to_row(row) for row in rows if not row.get("multi")]
    alterations = Alterations(training)
    most, most_listed = Settings().passages, Settings().list_passages
    asked = [one for row in single for one in ways(library, reader, row, dice, most, alterations)]
    lists_asked = [one for row in lists for one in ways(library, reader, row, dice, most_listed, alterations)]
    print(f"{len(single)} questions and {len(lists)} lists over {library.counts()[1]} passages")

    check_held_out(asked)
    spans = fit_places(asked)
    items = fit_items(lists_asked, spans)
    beside = fit_beside_best(lists_asked, items)
    answer = fit_answers(asked, spans)
    tops = [top(one, spans, answer) for one in asked if one.golds]
    threshold = float(np.quantile([probability for probability, _ in tops], 1 - ANSWERED))
    item_threshold = best_item_threshold(lists_asked, items, spans, beside)
    given = given_passage_threshold(reader, training, spans, answer, dice, alterations)
    print(f"threshold {threshold:.3f}, of items {item_threshold}, given the passage {given:.3f}")
    if not parsed.check:
        manifest["calibration"] = {
            "features": FEATURES,
            "spans": asdict(spans),
            "answer": asdict(answer),
            "items": asdict(items),
            "listed": asdict(beside),
        }
        manifest["threshold"] = round(threshold, 3)
        manifest["item_threshold"] = item_threshold
        manifest["given_passage_threshold"] = round(given, 3)
        path.write_text(json.dumps(manifest, indent=2) + "\n")
    library.close()


def fit_places(asked: Sequence[Asked]) -> Calibration:
    """The probability of a place by itself."""
    return regression(
        [
            (candidate.features, one.right(candidate.text), 1.0)
            for one in asked
            for candidate in one.found.spans
        ]
    )


def fit_answers(asked: Sequence[Asked], places: Calibration) -> Weights:
    """The probability of the best answer of each question, among all that its passages say.

    What tells right from wrong is fitted with as many questions without an answer as with one, what the
    probability then is with ABSENT_WEIGHT.
    """
    values: list[tuple[float, float, float]] = []
    right: list[bool] = []
    shares: list[float] = []
    weights: list[float] = []
    for one in asked:
        if one.found.spans:
            best = evidence(probable(one.found.spans, places))[0]
            values.append((best.logit, best.margin, best.support))
            right.append(one.right(best.said.text))
            shares.append(one.share)
            weights.append(one.weight)
    fitted = regression(list(zip(values, right, shares, strict=True)))
    scores = np.asarray(values) @ np.asarray(fitted.weights)
    scaled = regression(
        [((float(score),), good, weight) for score, good, weight in zip(scores, right, weights, strict=True)]
    )
    logit, margin, support = (round(scaled.weights[0] * weight, 4) for weight in fitted.weights)
    return Weights(logit, margin, support, scaled.bias)


def top(one: Asked, places: Calibration, answer: Weights) -> tuple[float, str]:
    """The probability and text of what would be told; nothing at all has none."""
    spans = weighed(probable(one.found.spans, places), answer)
    return (spans[0].probability, spans[0].text) if spans else (0.0, "")


def given_passage_threshold(
    reader: SpanReader,
    rows: Sequence[TrainingRow],
    places: Calibration,
    answer: Weights,
    dice: random.Random,
    alterations: Alterations,
) -> float:
    """The threshold of the highest F1 where each question is read beside one passage, half of them altered
    so that the passage, though about the same, no longer answers.
    """
    judged: list[tuple[float, float, bool]] = []
    for row in dice.sample(rows, QUESTIONS):
        changed = alterations.altered(row, dice)
        for one, golds in ((row, row.answers), (changed, ())):
            if one is not None and changed is not None:
                asked = Asked(one.question, golds, reader.candidates([(one.question, given(one))]))
                probability, text = top(asked, places, answer)
                judged.append((probability, f1(text, golds) if golds else 0.0, bool(golds)))
    unanswerable = sum(not answerable for *_, answerable in judged)
    judged.sort(reverse=True)
    gains = np.cumsum([overlap if answerable else -1.0 for _, overlap, answerable in judged])
    at = int(gains.argmax())
    print(
        f"given the passage: F1 {(unanswerable + gains[at]) / len(judged):.3f} at {judged[at][0]:.3f}, "
        f"AUROC of being answerable {roc_auc_score([a for *_, a in judged], [p for p, *_ in judged]):.3f}"
    )
    return judged[at][0]


def given(row: TrainingRow) -> Hit:
    """The row's own passage as a hit, scored as in `quoth evaluate --given-passage`."""
    document = Document(row.identifier, normalise(row.passage), row.title)
    return Hit(Passage(1, document, 0, len(document.text)), GIVEN_SCORE)


def check_held_out(asked: Sequence[Asked]) -> None:
    """Judges each fifth of the questions by a fit on the others."""
    questions = list(dict.fromkeys(one.question for one in asked))
    fold = {question: number % FOLDS for number, question in enumerate(questions)}
    probabilities: list[float] = []
    right: list[bool] = []
    answerable: list[bool] = []
    for number in range(FOLDS):
        rest = [one for one in asked if fold[one.question] != number]
        places = fit_places(rest)
        answer = fit_answers(rest, places)
        for one in asked:
            if fold[one.question] == number:
                probability, text = top(one, places, answer)
                probabilities.append(probability)
                right.append(one.right(text))
                answerable.append(bool(one.golds))
    report(np.asarray(probabilities), np.asarray(right), np.asarray(answerable))


def report(
    probabilities: NDArray[np.float64], right: NDArray[np.bool_], answerable: NDArray[np.bool_]
) -> None:
    there = probabilities[answerable], right[answerable]
    print(
        f"held out: right for {there[1].mean():.3f} of the answerable, AUROC there "
        f"{roc_auc_score(there[1], there[0]):.3f}, of all {roc_auc_score(right, probabilities):.3f}, "
        f"calibration error there {calibration_error(there[0].tolist(), there[1].tolist()):.3f}"
    )
    for share in (0.75, 0.8, 0.85, 0.9):
        threshold = np.quantile(there[0], 1 - share)
        told = probabilities >= threshold
        print(
            f"    answering {share:.0%} (threshold {threshold:.3f}): "
            f"right {right[told & answerable].mean():.3f} of those; "
            f"wrongly answered without an answer there: {told[~answerable].mean():.3f}"
        )


if __name__ == "__main__":
    main()
