"""How high the evidence of people's questions ranks among the passages that are found.

    python -m benchmarks.evidence_rank --library LIBRARY [--questions ../shared/data/real/questions.jsonl]

LIBRARY holds the documents that the questions are about, under their relative paths. A passage is evidence
when it is of the right document and holds the key stretches, or three quarters of the evidence's words.
Follow-ups are asked as they are understood with the questions before.
"""

import json
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import arguments, write
from benchmarks.latency import percentiles
from index import Hit, Library
from index.store.store import Store
from qa.answering.followups import resolve

DEPTHS = (1, 6, 20)
_LEAST_WORDS = 0.75
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--questions", type=Path)
    parsed = parser.parse_args()
    path = parsed.questions or parsed.data / "real/questions.jsonl"
    questions = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        # A copy without its indexes, so that these are made by the code that is measured.
        copy = Path(folder, "library")
        copy.mkdir()
        store = Store(parsed.library / "library.sqlite3")
        store.backup(copy / "library.sqlite3")
        store.close()
        library = Library.open(copy)
        figures = measured(library, [one for one in questions if one["answerable"]])
        library.close()
    write("evidence_rank", figures)


def measured(library: Library, questions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    library.search("warm up")
    ranks: dict[str, list[int]] = defaultdict(list)
    milliseconds: list[float] = []
    for question in questions:
        asked = resolve(question["question"], question["history"])
        began = time.perf_counter()
        hits = library.search(asked, max(DEPTHS))
        milliseconds.append(1000 * (time.perf_counter() - began))
        ranks[question["kind"]].append(rank(hits, question["evidence"]))
    documents, passages = library.counts()
    return {
        "documents": documents,
        "passages": passages,
        "all": recalls([one for some in ranks.values() for one in some]),
        "kinds": {kind: recalls(some) for kind, some in sorted(ranks.items())},
        "search_milliseconds": percentiles(milliseconds),
    }


def rank(hits: Sequence[Hit], evidence: Sequence[Mapping[str, Any]]) -> int:
    """The place, from 1, of the first evidence passage; a large number where none was found."""
    places = (place for place, hit in enumerate(hits, 1) if any(is_evidence(hit, one) for one in evidence))
    return next(places, 1_000_000)


def is_evidence(hit: Hit, evidence: Mapping[str, Any]) -> bool:
    names = {Path(name).name for name in (hit.passage.document.name, *hit.also)}
    if Path(evidence["document"]).name not in names:
        return False
    text = tokens(hit.passage.text)
    if keys := evidence.get("key"):
        return all(f" {' '.join(tokens(key))} " in f" {' '.join(text)} " for key in keys)
    wanted = Counter(tokens(evidence["text"]))
    return (wanted & Counter(text)).total() >= _LEAST_WORDS * wanted.total()


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.replace("\xad", "").lower())


def recalls(ranks: Sequence[int]) -> dict[str, float]:
    return {
        "questions": len(ranks),
        **{
            f"recall@{depth}": round(statistics.fmean(rank <= depth for rank in ranks), 4) for depth in DEPTHS
        },
    }


if __name__ == "__main__":
    main()
