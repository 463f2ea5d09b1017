"""The reader that needs no model of its own: the sentence that answers best.

Sentences of the passages are compared with the question by meaning (cosine of their embeddings) and by
words (the share of the question's terms that they hold, rare terms counting more); a logistic regression
over both, fitted by `training/sentence_reader.py`, gives the probability that the sentence answers.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import Embedder, Hit, Passage, sentences, terms
from qa.reading.reader import Forms, Reading, Span

# Embedding is what takes time, so only the sentences that look best by words and place get it.
_EMBEDDED = 9
_MOST_SPANS = 5
# A heading or a table cell is seldom an answer by itself.
_FEWEST_WORDS = 4

_ASKS_FOR_FIGURE = re.compile(
    r"\b(?:when|how (?:many|much|long|old|far|often|large|big|tall)|what (?:year|date))\b", re.I
)
_ASKS_FOR_NAME = re.compile(r"\b(?:who|whom|whose|where)\b", re.I)
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million)\b", re.I
)
_NAME_INSIDE = re.compile(r"\S\s+[\"'“‘(]*[A-Z]")

FEATURES = ("cosine", "cosine over the mean", "words", "relevance to the best", "kind fits", "kind lacks")


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """A fitted logistic regression: one weight for each of FEATURES, and the bias."""

    features: tuple[float, ...]
    bias: float


WEIGHTS = SentenceWeights((2.185, 3.351, 5.291, 9.676, 0.382, -0.872), -14.339)
THRESHOLD = 0.35


@dataclass(frozen=True, slots=True)
class _ScoredSentence:
    passage: Passage
    start: int
    end: int
    words: float
    relevance: float

    @property
    def text(self) -> str:
        return self.passage.document.text[self.start : self.end]


class SentenceReader:
    """Reads with the embedder alone; safe to call from any thread."""

    threshold = THRESHOLD

    def __init__(self, embedder: Embedder, weights: SentenceWeights = WEIGHTS) -> None:
        self._embedder = embedder
        self._weights = weights

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The sentences that answer best, best first, at most five; each may be an item of a list too."""
        candidates, rows = self.features(question, hits)
        if not candidates:
            return Reading()
        logits = rows @ np.asarray(self._weights.features) + self._weights.bias
        probabilities = 1 / (1 + np.exp(-logits))
        best = np.argsort(-logits, kind="stable")[:_MOST_SPANS]
        spans = tuple(
            Span(candidates[at].passage, candidates[at].start, candidates[at].end, float(probabilities[at]))
            for at in best
        )
        return Reading(spans, spans, spans, Forms(0.0, 0.0, 1.0))

    def judge(self, reading: Reading) -> Reading:
        """The reading as it is: the sentences have been compared with one another already."""
        return reading

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        """The sentences that are as likely as an answer must be, the best one anyway."""
        return tuple(item for item in items if item is items[0] or item.probability >= THRESHOLD)

    def features(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[list[_ScoredSentence], NDArray[np.float64]]:
        """The candidate sentences and their FEATURES, [n, len(FEATURES)]."""
        candidates = _candidates(question, hits)
        if not candidates:
            return [], np.zeros((0, len(FEATURES)))
        vectors = self._embedder.embed([question, *(candidate.text for candidate in candidates)])
        cosines = vectors[1:] @ vectors[0]
        highest = max(hit.score for hit in hits) or 1.0
        needs = (
            _FIGURE
            if _ASKS_FOR_FIGURE.search(question)
            else _NAME_INSIDE
            if _ASKS_FOR_NAME.search(question)
            else None
        )
        rows = [
            (
                cosine,
                cosine - float(cosines.mean()),
                candidate.words,
                candidate.relevance / highest,
                float(bool(needs and needs.search(candidate.text))),
                float(bool(needs and not needs.search(candidate.text))),
            )
            for candidate, cosine in zip(candidates, cosines.tolist(), strict=True)
        ]
        return candidates, np.asarray(rows, np.float64)


def _candidates(question: str, hits: Sequence[Hit]) -> list[_ScoredSentence]:
    """The sentences of the passages that look best by words and place, each once though passages overlap."""
    found: dict[tuple[str, int], tuple[Hit, int, int]] = {}
    for hit in hits:
        passage = hit.passage
        for start, end in sentences(passage.document.text, passage.start, passage.end):
            if passage.document.text.count(" ", start, end) + 1 >= _FEWEST_WORDS:
                found.setdefault((passage.document.id, start), (hit, start, end))
    asked = set(terms(question))
    held = [
        (asked.intersection(terms(hit.passage.document.text[start:end])), hit, start, end)
        for hit, start, end in found.values()
    ]
    frequency = Counter(term for shared, *_ in held for term in shared)
    weight = {term: math.log(1 + (len(held) + 1) / (frequency[term] + 0.5)) for term in asked}
    whole = sum(weight.values()) or 1.0
    candidates = [
        _ScoredSentence(hit.passage, start, end, sum(weight[term] for term in shared) / whole, hit.score)
        for shared, hit, start, end in held
    ]
    candidates.sort(key=lambda candidate: -(candidate.words + candidate.relevance))
    return candidates[:_EMBEDDED]
