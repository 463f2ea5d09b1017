"""Development questions as they are asked of a library: with their answers there, left out, and altered."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from data import to_row
from negatives import Alterations
from sklearn.linear_model import LogisticRegression

from index import Document, Filter, Hit, Library, normalise
from qa.evaluate.measures import f1
from qa.reading.span_reader import Calibration, Candidates, SpanReader

# What people ask of a library; the other sources of dev are about single sentences, chats or one policy, or
# ask of "the author" and "this person", where any of a hundred texts might be meant (docs/errors.md).
SOURCES = (
    "squad11_du", "squadshifts_new_wiki", "tydiqa_en", "nq_oracle", "qed_nq", "bioasq", "covidqa", "timeqa",
    "quoref", "tatqa",
)  # fmt: skip
# How much a question without an answer counts beside one with an answer, and how much of that an altered one
# has. With half of it fewer altered questions are answered, but right answers are told from wrong ones worse.
ABSENT_WEIGHT = 0.1
ALTERED_SHARE = 0.25
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """The candidates of one question, and the golds, if these passages hold them.

    `question` is what it was before it was altered. `share` is how much it counts among its like: of a
    question's two that have no answer, 1.0 together.
    """

    question: str
    golds: tuple[str, ...]
    found: Candidates
    share: float = 1.0

    @property
    def weight(self) -> float:
        return self.share * (1.0 if self.golds else ABSENT_WEIGHT)

    def right(self, text: str) -> bool:
        return bool(self.golds) and f1(text, self.golds) >= 0.5


def library_of(folder: Path, rows: Sequence[Row]) -> Library:
    library = Library.open(folder)
    titles = {row["context"]: row.get("title") or "" for row in rows}
    library.add(
        Document(f"{number}", normalise(text), normalise(title), collection=title or "untitled")
        for number, (text, title) in enumerate(titles.items())
    )
    library.wait_until_embedded()
    return library


def ways(
    library: Library, reader: SpanReader, row: Row, dice: random.Random, most: int, alterations: Alterations
) -> Iterator[Asked]:
    """The question as it is asked, without the passages that answer it, and altered where it can be."""
    question = row["question"]
    golds = tuple(normalise(answer["text"]) for answer in row["answers"])
    filter = Filter(collections=(row.get("title") or "untitled",)) if dice.random() < 0.5 else Filter()
    hits = library.search(question, 3 * most, filter)
    without = [hit for hit in hits if not any(gold.lower() in hit.passage.text.lower() for gold in golds)]
    altered = alterations.altered(to_row(row), dice)
    yield Asked(question, golds, read(reader, question, hits[:most]))
    share = 1 - ALTERED_SHARE if altered else 1.0
    yield Asked(question, (), read(reader, question, without[:most]), share)
    if altered:
        hits = library.search(altered.question, most, filter)
        yield Asked(question, (), read(reader, altered.question, hits), ALTERED_SHARE)


def read(reader: SpanReader, question: str, hits: Sequence[Hit]) -> Candidates:
    """What the reader finds for the question in these."""
    return reader.candidates([(question, hit) for hit in hits])


def regression(samples: Sequence[tuple[Sequence[float], bool, float]]) -> Calibration:
    """What tells right from wrong, fitted on features, whether they are right, and how much each counts."""
    features, right, weights = zip(*samples, strict=True)
    model = LogisticRegression(C=10.0, max_iter=2000).fit(np.asarray(features), right, weights)
    return Calibration(
        tuple(round(float(weight), 4) for weight in model.coef_[0]), round(float(model.intercept_[0]), 4)
    )
