"""How far the answers can be trusted: `quoth evaluate` over the evaluation sets.

    python -m benchmarks.reader [--data ../shared/data] [--limit 1500] [--reader FOLDER] [--only RUN]

`given` reads each question's own passage; `whole` searches a library of all the passages first; `absent`
does so with the question's own article left out, so that every answer given is wrong. All are answered at
the default threshold, lists also without refusing any.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.common import RESULTS, arguments, write
from qa.evaluate import Figures, Way, asking, judge, measure, read_questions
from qa.evaluate.plots import reliability
from qa.settings import Settings

RUNS: dict[str, tuple[str, Way]] = {
    "squad given": ("squad", Way.GIVEN_PASSAGE),
    "squad2 given": ("squad2", Way.GIVEN_PASSAGE),
    "multispan given": ("multispan", Way.GIVEN_PASSAGE),
    "multispan given, never refusing": ("multispan", Way.GIVEN_PASSAGE),
    "tydiqa given": ("tydiqa", Way.GIVEN_PASSAGE),
    "health given": ("health", Way.GIVEN_PASSAGE),
    "finance given": ("finance", Way.GIVEN_PASSAGE),
    "clapnq given": ("clapnq", Way.GIVEN_PASSAGE),
    "squad whole": ("squad", Way.CONTEXTS),
    "squad2 whole": ("squad2", Way.CONTEXTS),
    "squad2 absent": ("squad2", Way.WITHOUT_OWN_ARTICLE),
}
NEVER_REFUSING = ("multispan given, never refusing",)
PLOTTED = "squad whole"
PLOT = Path(__file__).parent.parent / "docs" / "reliability.svg"
STYLE = """
svg { background: #fff; font: 12px sans-serif; fill: #444 } .grid { stroke: #ddd } .first { fill: #1f5f8b }
polyline { fill: none } .ideal { stroke: #999; stroke-dasharray: 4 4 }
"""


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--limit", type=int, default=1500, help="questions of a set at most, spread evenly")
    parser.add_argument("--reader", default="span", help="an exported reader's folder")
    parser.add_argument("--only", help="one of the runs, printed and not kept")
    parsed = parser.parse_args()
    settings = Settings(reader=parsed.reader)
    thresholds: dict[str, float] = dict.fromkeys(NEVER_REFUSING, 0.0)
    found: dict[str, Any] = {}
    for name, (file, way) in RUNS.items():
        if parsed.only in (None, name):
            own = replace(settings, threshold=thresholds.get(name))
            figures = run(parsed.data / f"eval/{file}.jsonl.gz", own, way, parsed.limit)
            found[name] = shortened(figures)
            print(name, summary(figures), file=sys.stderr, flush=True)
            if name == PLOTTED and not parsed.only:
                draw(figures)
    if not parsed.only:
        write("reader", {"limit": parsed.limit, "sets": found})


def run(path: Path, settings: Settings, way: Way, limit: int) -> Figures:
    with asking(read_questions(path), settings, way, limit) as asked:
        return measure([judge(result) for result in asked.results], way, asked.threshold)


def shortened(figures: Figures) -> dict[str, Any]:
    """All but the points of the curves; of the trade every fifth step."""
    value = figures.to_json()
    value["trade"] = value["trade"][::5]
    value["confidence"] = {
        name: part
        for name, part in value["confidence"].items()
        if name not in ("risk_coverage", "reliability")
    }
    return value


def summary(figures: Figures) -> dict[str, Any]:
    """The figures that one looks at first, in percent."""
    best, given, recall = figures.best, figures.given, figures.recall
    exact, overlap = figures.lists_exact, figures.lists_overlap
    percent: dict[str, float | None] = {
        "best exact": best.exact if best else None,
        "best F1": best.f1 if best else None,
        "given F1": given.f1 if given else None,
        "best F1 in hindsight": figures.best_f1,
        "lists exact": exact.f1 if exact else None,
        "lists overlap": overlap.f1 if overlap else None,
        "recall@1 before": recall.before[1] if recall else None,
        "recall@1 after": recall.after[1] if recall else None,
        "answered": figures.rates.answered.share,
        "right of answered": figures.rates.right_of_answered.share,
        "wrong given without an answer": figures.rates.wrong_given_unanswerable.share,
        "calibration error": figures.confidence.calibration_error,
        "AUROC": figures.confidence.auroc,
    }
    shown: dict[str, Any] = {
        name: round(100 * value, 1) for name, value in percent.items() if value is not None
    }
    return shown | {"reading p50 ms": figures.time.reading_p50 and round(figures.time.reading_p50)}


def draw(figures: Figures) -> None:
    """The reliability diagram as a file of its own."""
    svg = reliability(figures).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    PLOT.write_text(svg.replace(">", f"><style>{STYLE}</style>", 1) + "\n", encoding="utf-8")
    print(f"{PLOT} and {RESULTS / 'reader.json'}", file=sys.stderr)


if __name__ == "__main__":
    main()
