"""Whether the passages, rather than the question's wording, say that an answer has several parts."""

import re
from collections.abc import Sequence

from qa.reader import Reading, Span
from qa.same import grouped

# How likely two items of one passage must be to make a list, and how far behind the likeliest single answer
# at most: with less, more single answers are taken apart, with more, fewer lists are seen. Where that answer
# names both, "Lennon and McCartney", less is needed. Chosen on 600 development questions with one answer.
_SURE, _SURE_TOGETHER, _BEHIND = 0.6, 0.5, 0.15
_FEWEST = 2
# Several figures are rather the cells of a table, or the ends of a range, than several answers.
_FIGURE = re.compile(r"[\W\d_]*\d[\W\d_]*(?:thousand|million|billion|percent)?", re.IGNORECASE)
# What these ask for is told in a phrase, whose parts are no answers.
_ASKS_FOR_A_PHRASE = re.compile(
    r"(?:why|how|when)\b|what\b.*\b(?:do|done|doing|happen(?:s|ed)?|mean|say|said)\b", re.IGNORECASE
)


def names_several(question: str, reading: Reading) -> bool:
    """Whether the best item's passage names two things or more, not mere figures, as surely asked for."""
    if not reading.items or _ASKS_FOR_A_PHRASE.match(question):
        return False
    passage = reading.items[0].passage
    items = [
        item
        for item in reading.items
        if item.passage.id == passage.id and not _FIGURE.fullmatch(item.text.strip())
    ]
    least = _SURE
    if reading.spans:
        best = reading.spans[0]
        together = sum(_lies_in(item, best) for item in items) >= _FEWEST
        least = _SURE_TOGETHER if together else max(_SURE, best.probability - _BEHIND)
    sure = [item for item in items if item.probability >= least]
    return len(grouped(_apart(sure), within=True)) >= _FEWEST


def _lies_in(item: Span, span: Span) -> bool:
    return item.passage.id == span.passage.id and span.start <= item.start and item.end <= span.end


def _apart(items: Sequence[Span]) -> list[Span]:
    """The items without those that go on where another ends: "minus" and "18 degrees" are one thing."""
    kept: list[Span] = []
    for item in sorted(items, key=lambda item: item.start):
        between = item.passage.document.text[kept[-1].end : item.start] if kept else ","
        if between.strip(" "):
            kept.append(item)
    return kept
