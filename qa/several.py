"""Whether the passages, rather than the question's wording, say that an answer has several parts."""

import re
from collections.abc import Sequence

from qa.reader import Reading, Span
from qa.same import grouped

# How likely two items of one passage must be to make a list, chosen on development questions: below it more
# single answers are taken apart, above it fewer lists are seen.
_SURE = 0.8
_FEWEST = 2
# What these ask for is told in a phrase, whose parts are no answers.
_ASKS_FOR_A_PHRASE = re.compile(
    r"(?:why|how|when)\b|what\b.*\b(?:do|done|doing|happen(?:s|ed)?|mean|say|said)\b", re.IGNORECASE
)


def names_several(question: str, reading: Reading) -> bool:
    """Whether the best item's passage names two different items or more that are surely asked for."""
    if not reading.items or _ASKS_FOR_A_PHRASE.match(question):
        return False
    passage = reading.items[0].passage
    sure = [item for item in reading.items if item.passage.id == passage.id and item.probability >= _SURE]
    return len(grouped(_apart(sure), within=True)) >= _FEWEST


def _apart(items: Sequence[Span]) -> list[Span]:
    """The items without those that go on where another ends: "minus" and "18 degrees" are one thing."""
    kept: list[Span] = []
    for item in sorted(items, key=lambda item: item.start):
        between = item.passage.document.text[kept[-1].end : item.start] if kept else ","
        if between.strip(" "):
            kept.append(item)
    return kept
