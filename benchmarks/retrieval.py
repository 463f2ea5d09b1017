"""What the search benchmarks share: corpora with judged questions, and how rankings are scored."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import rows
from index import Document, Library, normalise

DEPTHS = (1, 5, 20)
# Passages taken to rank documents by; a document ranks as its best passage does.
PASSAGES = 200

Grades = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Task:
    """A corpus, and questions with the documents that are right for each."""

    name: str
    documents: Sequence[Document]
    questions: Sequence[str]
    right: Sequence[Grades]


def passages_of(data: Path, name: str) -> Task:
    """The distinct contexts of a question-answering set; each question's own context is the right one."""
    numbers: dict[str, str] = {}
    questions: list[str] = []
    right: list[Grades] = []
    for row in rows(data / "eval" / f"{name}.jsonl.gz"):
        number = numbers.setdefault(row["context"], str(len(numbers)))
        if row["answers"]:
            questions.append(row["question"])
            right.append({number: 1})
    return Task(
        name, [Document(number, normalise(text)) for text, number in numbers.items()], questions, right
    )


def judged(data: Path, name: str) -> Task:
    """A retrieval set in the BEIR form; questions without a right document are left out."""
    folder = data / "retrieval" / name
    documents = [
        Document(row["_id"], normalise(row["text"]), title=row["title"])
        for row in rows(folder / "corpus.jsonl.gz")
    ]
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, document, grade = line.split("\t")
        if int(grade) > 0:
            grades.setdefault(question, {})[document] = int(grade)
    asked = [row for row in rows(folder / "queries.jsonl.gz") if row["_id"] in grades]
    return Task(name, documents, [row["text"] for row in asked], [grades[row["_id"]] for row in asked])


def filled(folder: Path, task: Task) -> Library:
    """A new library of the task's documents."""
    library = Library.open(folder)
    library.add(task.documents)
    library.wait_until_embedded()
    return library


def ranking(library: Library, question: str) -> list[str]:
    """The names of the documents whose passages are found, best first."""
    hits = library.search(question, PASSAGES)
    return list(dict.fromkeys(hit.passage.document.name for hit in hits))[: max(DEPTHS)]


def recalls(rankings: Sequence[Sequence[str]], right: Sequence[Grades]) -> dict[str, float]:
    """The share of the questions with a right document among the first 1, 5 and 20."""
    return {
        f"recall@{depth}": round(
            statistics.fmean(
                any(name in grades for name in names[:depth])
                for names, grades in zip(rankings, right, strict=True)
            ),
            4,
        )
        for depth in DEPTHS
    }


def mean_ndcg(rankings: Sequence[Sequence[str]], right: Sequence[Grades], depth: int = 10) -> float:
    """Normalised discounted cumulative gain, the gain being the grade (Järvelin and Kekäläinen 2002)."""
    return round(
        statistics.fmean(
            _gain([grades.get(name, 0) for name in names[:depth]])
            / _gain(sorted(grades.values(), reverse=True)[:depth])
            for names, grades in zip(rankings, right, strict=True)
        ),
        4,
    )


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def save_for_peer(task: Task, path: Path) -> None:
    """Writes the task for a program that doesn't have Quoth installed."""
    texts = {document.name: document.text for document in task.documents}
    path.write_text(json.dumps({"texts": texts, "questions": list(task.questions)}), encoding="utf-8")
