"""Whole sentences as an answer: the best one, and those beside it that belong to it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.reading.grouping import AnswerGroup
from qa.reading.reader import Span

MOST_SENTENCES = 3
_LINE = re.compile(r"[^\n]+")
# A neighbour belongs to the answer if it is this likely, as a share of the best sentence's probability.
_NEAR = 0.5
# What leads to a list, or to an example, is quoted with it, up to so many characters more.
_LEADS, _MOST_LED_TO = ":", 700
# No more than white space, and the sign of a bullet, stands between neighbours.
_BETWEEN_CHARACTERS = 4


def quoted(sentences: Sequence[Span], threshold: float) -> list[AnswerGroup]:
    """Answers of one to three sentences, best first; the best sentence of each is above `threshold`.

    `sentences` come best first. Each stands in one answer only.
    """
    groups: list[AnswerGroup] = []
    taken: list[Span] = []
    for sentence in sentences:
        if sentence.probability < threshold:
            break
        if any(sentence.overlaps(other) for other in taken):
            continue
        free = [other for other in sentences if not any(other.overlaps(one) for one in taken)]
        span = _widened(sentence, free)
        longer = _with_what_follows(span)
        # What follows may be another answer already.
        span = span if any(longer.overlaps(other) for other in taken) else longer
        taken.append(span)
        groups.append(AnswerGroup(" ".join(span.text.split()), [span]))
    return groups


def _widened(best: Span, others: Sequence[Span]) -> Span:
    """The sentence together with its likely neighbours on either side."""
    least = _NEAR * best.probability
    likely = [other for other in others if other.probability >= least and other.passage.id == best.passage.id]
    span, count = best, 1
    while count < MOST_SENTENCES:
        beside = next((other for other in likely if _beside(span, other)), None)
        if beside is None:
            return span
        span = replace(span, start=min(span.start, beside.start), end=max(span.end, beside.end))
        count += 1
    return span


def _with_what_follows(span: Span) -> Span:
    """The span, and if it leads to what follows, as "The following are covered:", that too."""
    text = span.passage.document.text
    end = span.end
    for line in _LINE.finditer(text, end) if span.text.endswith(_LEADS) else ():
        apart = end > span.end and "\n\n" in text[end : line.start()]
        if apart or line.end() > span.end + _MOST_LED_TO:
            break
        end = line.end()
    return replace(span, end=end)


def _beside(span: Span, other: Span) -> bool:
    gap = max(other.start - span.end, span.start - other.end)
    return 0 <= gap <= _BETWEEN_CHARACTERS
