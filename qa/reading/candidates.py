"""From the model's logits to candidates: places that may answer, and what their probability is made of."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from index import Passage, quotable, terms
from qa.reading.reader import Forms
from qa.reading.spans import FoundSpan, best_spans, items
from qa.reading.windows import Output, Window

# What a candidate's probability is made of, in this order: the log-probability of the best short answer
# in it (of an item: its probability), whether the passage answers, the score of the search, how much the
# sentence looks like what a person would quote, how far it is behind the best one of its passage in
# that, the share of the question's words in the sentence and its context, whether it has but a word or
# two, and whether it only leads to what follows.
FEATURES = ("place", "passage", "search", "evidence", "behind", "words", "short", "leads")
# What stands for the place where a sentence holds none of the passage's best spans.
_NO_PLACE = -12.0
_SHORT = 2  # words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in a document that may be the answer, and its FEATURES."""

    passage: Passage
    start: int
    end: int
    features: tuple[float, ...]

    @property
    def text(self) -> str:
        return self.passage.document.text[self.start : self.end]


@dataclass(slots=True)
class Candidates:
    """Short answers, whole sentences and list items; and, passage by passage, what forms of answer fit."""

    spans: list[Candidate] = field(default_factory=list)
    sentences: list[Candidate] = field(default_factory=list)
    items: list[Candidate] = field(default_factory=list)
    forms: dict[int, Forms] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _SentenceFeatures:
    """A sentence or table row of a passage's text, and the last five FEATURES, which all in it share."""

    start: int
    end: int
    shared: tuple[float, ...]


def candidates(question: str, windows: Sequence[Window], outputs: Sequence[Output]) -> Candidates:
    """Every place that the model finds for the question in these passages.

    A sentence that only says the question again answers nothing, nor does any place in it.
    """
    asked = frozenset(terms(question))
    found = Candidates()
    for window, output in zip(windows, outputs, strict=True):
        _add(found, asked, window, output)
    return found


def _add(found: Candidates, asked: frozenset[str], window: Window, output: Output) -> None:
    passage, text = window.hit.passage, window.hit.passage.text

    def candidate(place: FoundSpan, sentence: _SentenceFeatures) -> Candidate:
        known = (place.score, output.answerable, window.hit.score, *sentence.shared)
        return Candidate(passage, passage.start + place.start, passage.start + place.end, known)

    spans = best_spans(text, window.offsets, output.start, output.end)
    listed = items(text, window.offsets, output.items)
    for sentence in _sentences(asked, window, output):
        own = [span for span in spans if _inside(span, sentence)]
        best = max((span.score for span in own), default=_NO_PLACE)
        whole = FoundSpan(sentence.start, sentence.end, max(best, _NO_PLACE))
        found.sentences.append(candidate(whole, sentence))
        found.spans += [candidate(span, sentence) for span in own]
        found.items += [candidate(item, sentence) for item in listed if _inside(item, sentence)]
    found.forms[passage.id] = _forms(output)


def _inside(place: FoundSpan, sentence: _SentenceFeatures) -> bool:
    return sentence.start <= place.start < sentence.end


def _sentences(asked: frozenset[str], window: Window, output: Output) -> list[_SentenceFeatures]:
    """The sentences and rows of which the window holds a token, without those that only ask again."""
    passage = window.hit.passage
    places = quotable(passage.text)
    starts = np.array([start for start, _ in places])
    numbers = np.searchsorted(starts, window.offsets[:, 0], side="right") - 1
    evidence = {
        number: float(output.evidence[numbers == number].mean())
        for number in sorted(set(numbers.tolist()) - {-1})
    }
    context = frozenset(terms(f"{passage.document.name} {passage.context}"))
    best = max(evidence.values(), default=0.0)
    found: list[_SentenceFeatures] = []
    for number, score in evidence.items():
        start, end = places[number]
        text = passage.text[start:end]
        words = frozenset(terms(text))
        if _only_asks(asked, words):
            continue
        share = len(asked & (context | words)) / len(asked) if asked else 0.0
        looks = (float(len(text.split()) <= _SHORT), float(text.rstrip().endswith((":", "?"))))
        found.append(_SentenceFeatures(start, end, (score, score - best, share, *looks)))
    return found


def _only_asks(asked: frozenset[str], words: frozenset[str]) -> bool:
    """Whether the sentence has no word that the question lacks: then it only asks again."""
    return asked.issuperset(words)


def _forms(output: Output) -> Forms:
    shifted = [math.exp(float(logit) - float(output.form.max())) for logit in output.form]
    phrase, listed, passage = (value / sum(shifted) for value in shifted)
    return Forms(phrase, listed, passage)
