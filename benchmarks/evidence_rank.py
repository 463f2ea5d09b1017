"""How high the evidence of people's questions ranks among the passages that are found.

    python -m benchmarks.evidence_rank --library LIBRARY [--questions ../shared/data/real/questions.jsonl]

LIBRARY holds the documents that the questions are about, under their relative paths. A passage is evidence
when it is of the right document and holds the key stretches, or three quarters of the evidence's words.
Questions that follow up on others are left out, since they must be resolved first.
"""

import json
import re
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import arguments, write
from index import Hit, Library
from index.store.store import Store

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
        figures = measured(library, [one for one in questions if one["answerable"] and not one["history"]])
        library.close()
    write("evidence_rank", figures)


def measured(library: Library, questions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    ranks: dict[str, list[int]] = defaultdict(list)
    for question in questions:
        hits = library.search(question["question"], max(DEPTHS))
        ranks[question["kind"]].append(rank(hits, question["evidence"]))
    documents, passages = library.counts()
    return {
        "documents": documents,
        "passages": passages,
        "all": recalls([one for some in ranks.values() for one in some]),
        "kinds": {kind: recalls(some) for kind, some in sorted(ranks.items())},
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
