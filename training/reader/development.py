"""Development questions as they are asked of a library: with their answers there, left out, and altered.

Two kinds: short answers in encyclopedia articles, papers and web pages (reader/dev), and people's questions
about real documents (reader2/real_dev), whose answers are sentences and table rows as often as phrases.
"""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from data import to_row
from evidence_rows import title_and_heading
from negatives import Alterations
from sklearn.linear_model import LogisticRegression

from index import Document, Filter, Heading, Hit, Library, normalise, quotable
from qa.evaluate.measures import f1
from qa.reading.candidates import Candidate, Candidates
from qa.reading.span_reader import Calibration, SpanReader

# What people ask of a library; the other sources of dev are about single sentences, chats or one policy, or
# ask of "the author" and "this person", where any of a hundred texts might be meant (docs/errors.md).
SOURCES = (
    "squad11_du", "squadshifts_new_wiki", "tydiqa_en", "nq_oracle", "qed_nq", "bioasq", "covidqa", "timeqa",
    "quoref", "tatqa",
)  # fmt: skip
# How much a question without an answer counts beside one with an answer, and how much of that an altered
# one has.
ABSENT_WEIGHT = 0.15
ALTERED_SHARE = 0.25
# Questions about real documents are few, and the nearest to what people ask: each counts as much as so many.
REAL_WEIGHT = 4.0
# The share of the evidence's words that a sentence holds, or of the sentence's that the evidence holds.
EVIDENCE_SHARE = 0.6
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """The candidates of one question, and what is right: short answers, and sentences that answer.

    Both are empty when these passages don't answer. `question` is what it was before it was altered.
    `weight` is how much it counts.
    """

    question: str
    golds: tuple[str, ...]
    evidence: tuple[str, ...]
    found: Candidates
    weight: float = 1.0
    real: bool = False

    @property
    def answerable(self) -> bool:
        return bool(self.golds or self.evidence)

    def right(self, text: str) -> bool:
        """Whether a short answer is right: it shares half of its words or more with a gold."""
        return bool(self.golds) and f1(text, self.golds) >= 0.5

    def quotes(self, text: str) -> bool:
        """Whether a sentence is one that answers."""
        words = tokens(text)
        return any(_shares(words, tokens(one)) for one in self.evidence)


def tokens(text: str) -> list[str]:
    """Words and figures in lower case."""
    return re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", text.lower())


def _shares(words: list[str], gold: list[str]) -> bool:
    if not words or not gold:
        return False
    common = len(set(words) & set(gold))
    return common >= EVIDENCE_SHARE * len(set(gold)) or (
        len(words) >= 4 and common >= 0.9 * len(set(words)) and len(words) >= 0.25 * len(gold)
    )


def library_of(folder: Path, rows: Sequence[Row]) -> Library:
    """The contexts of reader/dev, each a document, in collections by article."""
    library = Library.open(folder)
    titles = {row["context"]: row.get("title") or "" for row in rows}
    library.add(
        Document(f"{number}", normalise(text), normalise(title), collection=title or "untitled")
        for number, (text, title) in enumerate(titles.items())
    )
    library.wait_until_embedded()
    return library


def real_library(folder: Path, rows: Sequence[Row]) -> Library:
    """The passages known of each real document, under their section's headings, as one document each."""
    library = Library.open(folder)
    library.add(map(_whole, _by_document(rows).values()))
    library.wait_until_embedded()
    return library


def _by_document(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["document"], []).append(row)
    return found


def _whole(rows: Sequence[Row]) -> Document:
    title, _ = title_and_heading(rows[0])
    sections = {normalise(row["context"]): title_and_heading(row)[1] for row in rows}
    for row in rows:
        for near in map(normalise, row["near"]):
            if not any(near in other for other in sections):
                sections[near] = ""
    text, headings = "", []
    for section, heading in sections.items():
        if heading:
            headings.append(Heading(len(text), len(text) + len(heading), 1))
            text += f"{heading}\n\n"
        text += f"{section}\n\n"
    return Document(rows[0]["document"], normalise(text), title, headings=tuple(headings))


def real_rows(data: Path, name: str) -> list[Row]:
    """The rows of reader2/NAME.jsonl.gz."""
    with gzip.open(data / "reader2" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def real_ways(library: Library, reader: SpanReader, row: Row, most: int) -> Iterator[Asked]:
    """The question as it is asked of all documents, and of all but its own."""
    turns = row["history"]
    question = f"{row['question']} ({turns[-1]['q']})" if turns else row["question"]
    golds = tuple(answer["text"] for answer in row["short"])
    evidence = tuple(one["text"] for one in row["evidence"])
    others = tuple(info.id for info in library.documents() if info.name != row["document"])
    found = read(reader, question, library.search(question, most))
    yield Asked(question, golds, evidence, found, REAL_WEIGHT, real=True)
    hits = library.search(question, most, Filter(documents=others))
    yield Asked(question, (), (), read(reader, question, hits), REAL_WEIGHT * ABSENT_WEIGHT, real=True)


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
    yield Asked(question, golds, evidence_of(row), read(reader, question, hits[:most]))
    share = 1 - ALTERED_SHARE if altered else 1.0
    yield Asked(question, (), (), read(reader, question, without[:most]), share * ABSENT_WEIGHT)
    if altered:
        hits = library.search(altered.question, most, filter)
        found = read(reader, altered.question, hits)
        yield Asked(question, (), (), found, ALTERED_SHARE * ABSENT_WEIGHT)


def evidence_of(row: Row) -> tuple[str, ...]:
    """The sentences of the row's context that hold its answers."""
    context = normalise(row["context"])
    golds = [normalise(answer["text"]) for answer in row["answers"]]
    places = (context[start:end] for start, end in quotable(context))
    return tuple(text for text in places if any(gold in text for gold in golds))


def read(reader: SpanReader, question: str, hits: Sequence[Hit]) -> Candidates:
    """What the reader finds for the question in these, with passages that need no library any more."""
    found = reader.candidates(question, hits)
    kept = {hit.passage.id: replace(hit.passage, document=_kept(hit.passage.document)) for hit in hits}

    def apart(places: Sequence[Candidate]) -> list[Candidate]:
        return [replace(place, passage=kept[place.passage.id]) for place in places]

    return replace(
        found, spans=apart(found.spans), sentences=apart(found.sentences), items=apart(found.items)
    )


_DOCUMENTS: dict[str, Document] = {}


def _kept(document: Document) -> Document:
    if document.id not in _DOCUMENTS:
        _DOCUMENTS[document.id] = Document(document.name, document.text, document.title)
    return _DOCUMENTS[document.id]


def regression(samples: Sequence[tuple[Sequence[float], bool, float]]) -> Calibration:
    """What tells right from wrong, fitted on features, whether they are right, and how much each counts."""
    features, right, weights = zip(*samples, strict=True)
    model = LogisticRegression(C=10.0, max_iter=2000).fit(np.asarray(features), right, weights)
    return Calibration(
        tuple(round(float(weight), 4) for weight in model.coef_[0]), round(float(model.intercept_[0]), 4)
    )
