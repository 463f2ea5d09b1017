"""Writes the reader's tables into docs/measured.md and the model card, from results/reader.json.

`python -m benchmarks.reader_tables`; a table stands between `<!-- reader: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "reader.json"
PAGES = (ROOT / "docs" / "measured.md", ROOT / "training" / "reader" / "MODEL_CARD.md")
NEVER = "given its passage, never refusing"
LISTS = "MultiSpanQA, lists (exact-match F1, overlap F1)"
Sets = dict[str, dict[str, Any]]


def main() -> None:
    sets = results()
    for path in PAGES:
        path.write_text(filled(path.read_text(encoding="utf-8"), sets), encoding="utf-8")


def results() -> Sets:
    """The committed figures of each run."""
    sets: Sets = json.loads(RESULTS.read_text(encoding="utf-8"))["sets"]
    return sets


def filled(page: str, sets: Sets) -> str:
    """The page with each of its tables made again."""

    def table(found: re.Match[str]) -> str:
        return f"{found[1]}{TABLES[found[2]](sets)}<!-- end -->"

    return re.sub(r"(<!-- reader: (\w+) -->\n).*?<!-- end -->", table, page, flags=re.DOTALL)


def accuracy(sets: Sets) -> str:
    """Exact match and F1 of each set."""
    threshold = sets["squad2 given"]["threshold"]
    best = {
        "SQuAD": "squad given",
        "TyDi QA, English": "tydiqa given",
        "SleepQA": "health given",
        "TAT-QA text": "finance given",
    }
    rows = [(name, NEVER, sets[run]["best"]["exact"], sets[run]["best"]["f1"]) for name, run in best.items()]
    given = sets["squad2 given"]["told"]
    way = f"given its passage, at the default threshold, {threshold:.2f}"
    rows.append(("SQuAD 2.0", way, given["exact"], given["f1"]))
    for way, run in (
        (NEVER, "multispan given, never refusing"),
        ("given its passage, at the default threshold", "multispan given"),
    ):
        rows.append((LISTS, way, sets[run]["lists_exact"]["f1"], sets[run]["lists_overlap"]["f1"]))
    for way, part in (("whole way, never refusing", "best"), ("whole way, at the default threshold", "told")):
        rows.append(("SQuAD", way, sets["squad whole"][part]["exact"], sets["squad whole"][part]["f1"]))
    head = "| set | way | exact match | F1 |\n|---|---|---|---|\n"
    return head + "".join(
        f"| {name} | {way} | {100 * exact:.1f} | {100 * overlap:.1f} |\n"
        for name, way, exact, overlap in rows
    )


def whole(sets: Sets) -> str:
    """What is answered at the default threshold."""
    squad, absent = sets["squad whole"], sets["squad2 absent"]["rates"]["wrong_given_unanswerable"]["share"]
    rates, recall, diagram = squad["rates"], squad["recall"], "[reliability diagram](reliability.svg)"
    answered, right = rates["answered"]["share"], rates["right_of_answered"]["share"]
    rows = {
        "SQuAD: questions answered; right among those given (F1 at least 0.5)": (
            f"{100 * answered:.0f} %; {100 * right:.0f} %"
        ),
        "SQuAD: the passage with the answer first, before and after reading": (
            f"{recall['before']['1']:.3f}, {recall['after']['1']:.3f}"
        ),
        "SQuAD 2.0 with the answer's article left out of the library: wrong answers given": (
            f"{100 * absent:.1f} %"
        ),
        f"expected calibration error on SQuAD, 15 bins ({diagram})": (
            f"{squad['confidence']['calibration_error']:.3f}"
        ),
        "reading alone, p50": f"{squad['time']['reading_p50']:.0f} ms",
    }
    head = "| whole way, at the default threshold | |\n|---|---|\n"
    return head + "".join(f"| {name} | {value} |\n" for name, value in rows.items())


def trade(sets: Sets) -> str:
    """Answers given and answers right, by threshold."""
    head = "| threshold | answers given | right among them |\n|---|---|---|\n"
    return head + "".join(
        f"| {one['threshold']:.1f} | {100 * one['answered']:.0f} % | {100 * one['right']:.0f} % |\n"
        for one in sets["squad whole"]["trade"]
        if one["right"] is not None
    )


TABLES: dict[str, Callable[[Sets], str]] = {"accuracy": accuracy, "whole": whole, "trade": trade}


if __name__ == "__main__":
    main()
