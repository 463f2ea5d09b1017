"""Measure an exported reader given the passage: `python evaluate.py --model FOLDER --sets dev squad2`."""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

from data import Row, crop, read, to_row
from decode import Model, Reading
from measures import auroc, exact, f1, list_f1
from negatives import mined

# Rows a source gives to the development set at most, so that the large shallow ones do not decide.
DEV_CAPS = {
    "qamr": 120,
    "qasrl_gs": 0,
    "policyqa": 60,
    "friendsqa": 40,
    "squad11_du": 400,
    "squadshifts_new_wiki": 300,
}
EVAL_SETS = ("squad", "squad2", "tydiqa", "health", "finance", "clapnq", "multispan")


@dataclass(frozen=True)
class Judged:
    """A row, what the reader found in it, and how right that was."""

    row: Row
    reading: Reading
    exact: float
    f1: float

    @property
    def answer(self) -> str:
        """The best span's text."""
        return self.row.passage[self.reading.span[0] : self.reading.span[1]]


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="exported folder")
    parser.add_argument("--file", default="model.onnx", help="float.onnx to measure the loss of quantisation")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", nargs="+", default=["dev"])
    parser.add_argument("--limit", type=int, default=0, help="rows a set at most, drawn with a fixed seed")
    parser.add_argument(
        "--threshold", type=float, default=-1.6, help="abstain below this score; choose it on dev"
    )
    parser.add_argument("--predictions", type=Path, help="write what was found, a line a row")
    return parser.parse_args()


def development(data: Path) -> tuple[list[Row], list[Row]]:
    """The development rows, capped, and for every other one a passage ranked high that lacks the answer."""
    rng = random.Random(5)
    rows = [to_row(raw) for raw in read(data / "reader" / "dev.jsonl.gz")]
    rng.shuffle(rows)
    taken: dict[str, int] = {}
    kept = []
    for row in rows:
        listed = row.listed and row.source == "qasrl_gs"
        if listed or taken.get(row.source, 0) < DEV_CAPS.get(row.source, 200):
            taken[row.source] = taken.get(row.source, 0) + (not listed)
            kept.append(crop(row, 150, rng) if len(row.passage.split()) > 250 else row)
    candidates, search = mined(kept)
    negatives = []
    for row in kept[::2]:
        if picks := candidates.get(row.identifier):
            _, title, passage = search.passages[rng.choice(picks[:5])]
            negatives.append(Row(row.identifier, row.source, row.question, title, passage, (), (), False))
    return kept, negatives


def judge(model: Model, rows: list[Row]) -> list[Judged]:
    """Every row read by the model and compared with its golds."""
    readings = model.read([(row.question, row.title, row.passage) for row in rows])
    out = []
    for row, reading in zip(rows, readings, strict=True):
        answer = row.passage[reading.span[0] : reading.span[1]]
        out.append(Judged(row, reading, exact(answer, row.answers), f1(answer, row.answers)))
    return out


def items_of(judged: Judged) -> list[str]:
    """The texts of a list answer: the tagged items, or the best span when there is none."""
    passage = judged.row.passage
    return [passage[item.span[0] : item.span[1]] for item in judged.reading.items] or [judged.answer]


def summary(judged: list[Judged]) -> dict[str, float]:
    """Exact match and F1 in percent."""
    count = max(1, len(judged))
    return {
        "rows": len(judged),
        "exact": round(100 * sum(one.exact for one in judged) / count, 1),
        "f1": round(100 * sum(one.f1 for one in judged) / count, 1),
    }


def listed_summary(judged: list[Judged]) -> dict[str, float]:
    """List measures in percent."""
    answers = [items_of(one) for one in judged]
    golds = [[one.row.passage[start:end] for start, end in one.row.items or one.row.spans] for one in judged]
    return {
        "rows": len(judged),
        "items_a_row": round(sum(map(len, answers)) / max(1, len(answers)), 2),
        "exact_f1": round(100 * list_f1(answers, golds, overlap=False), 1),
        "overlap_f1": round(100 * list_f1(answers, golds, overlap=True), 1),
    }


def with_abstaining(judged: list[Judged], threshold: float) -> dict[str, float]:
    """Measures when the reader says nothing below the threshold; rows without golds want nothing."""
    exacts, overlaps = [], []
    for one in judged:
        answers = one.reading.score >= threshold
        exacts.append(one.exact if answers and one.row.spans else float(not answers and not one.row.spans))
        overlaps.append(one.f1 if answers and one.row.spans else float(not answers and not one.row.spans))
    possible = [n for n, one in enumerate(judged) if one.row.spans]
    impossible = [n for n, one in enumerate(judged) if not one.row.spans]
    answered = [one.reading.score >= threshold for one in judged]
    return {
        "threshold": round(threshold, 2),
        "exact": round(100 * sum(exacts) / len(judged), 1),
        "f1": round(100 * sum(overlaps) / len(judged), 1),
        "answerable_f1": round(100 * sum(overlaps[n] for n in possible) / max(1, len(possible)), 1),
        "answerable_answered": round(100 * sum(answered[n] for n in possible) / max(1, len(possible)), 1),
        "unanswerable_answered": round(
            100 * sum(answered[n] for n in impossible) / max(1, len(impossible)), 1
        ),
        "auroc_score": round(
            auroc([one.reading.score for one in judged], [bool(one.row.spans) for one in judged]), 4
        ),
        "auroc_answerable": round(
            auroc([one.reading.answerable for one in judged], [bool(one.row.spans) for one in judged]), 4
        ),
    }


def best_threshold(judged: list[Judged]) -> float:
    """The threshold of the highest F1."""
    steps = [-8 + 0.1 * n for n in range(80)]
    return max(steps, key=lambda threshold: with_abstaining(judged, threshold)["f1"])


def measure_dev(model: Model, data: Path, limit: int) -> tuple[dict[str, object], list[Judged]]:
    """Development figures: spans by source, lists, abstaining."""
    rows, negatives = development(data)
    rows, negatives = rows[: limit or None], negatives[: limit // 2 or None]
    judged, refused = judge(model, rows), judge(model, negatives)
    single = [one for one in judged if not one.row.listed]
    report: dict[str, object] = {"single": summary(single)}
    for source in sorted({one.row.source for one in single}):
        report[source] = summary([one for one in single if one.row.source == source])
    report["lists"] = listed_summary([one for one in judged if one.row.listed])
    report["single_as_lists"] = listed_summary(single)
    report["abstaining"] = with_abstaining(single + refused, best_threshold(single + refused))
    return report, judged + refused


def measure(
    model: Model, data: Path, name: str, options: argparse.Namespace
) -> tuple[dict[str, object], list[Judged]]:
    """The figures of one evaluation set."""
    rows = [to_row(raw) for raw in read(data / "eval" / f"{name}.jsonl.gz")]
    random.Random(3).shuffle(rows)
    judged = judge(model, rows[: options.limit or None])
    if name == "multispan":
        return {**listed_summary(judged)}, judged
    report: dict[str, object] = {**summary([one for one in judged if one.row.spans])}
    if any(not one.row.spans for one in judged):
        report["abstaining"] = with_abstaining(judged, options.threshold)
        report["abstaining_best"] = with_abstaining(judged, best_threshold(judged))
    return report, judged


def main() -> None:
    """Print a JSON report of the sets asked for."""
    options = parse()
    model = Model(options.model, name=options.file)
    lines = []
    for name in options.sets:
        start = time.monotonic()
        if name == "dev":
            report, judged = measure_dev(model, options.data, options.limit)
        else:
            report, judged = measure(model, options.data, name, options)
        print(json.dumps({name: report, "seconds": round(time.monotonic() - start)}, indent=1))
        for one in judged:
            golds = list(one.row.answers)
            facts = {"question": one.row.question, "golds": golds, "best": one.answer, "items": items_of(one)}
            scores = {
                "score": one.reading.score,
                "answerable": one.reading.answerable,
                "f1": one.f1,
                "source": one.row.source,
            }
            lines.append(
                json.dumps(
                    {"set": name, "id": one.row.identifier, **facts, **scores, "passage": one.row.passage}
                )
            )
    if options.predictions:
        options.predictions.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
