"""Columns of one name that belong to different periods, such as the 'Change' between two of them."""

import re
from collections.abc import Sequence
from itertools import takewhile

_PERIOD = re.compile(r"\b(?:19|20)\d\d\b")


def told_apart(labels: Sequence[str]) -> list[str]:
    """The labels of columns, with their periods where a label comes again for others."""
    distinct = list(labels)
    for column, label in enumerate(labels):
        if label and labels.count(label) > 1 and not _PERIOD.search(label):
            periods = _periods_before(labels, column)
            if periods:
                distinct[column] = f"{periods} {label}"
    again = {label for label in distinct if label and distinct.count(label) > 1}
    return [old if new in again else new for old, new in zip(labels, distinct, strict=True)]


def _periods_before(labels: Sequence[str], column: int) -> str:
    """The labels of the periods beside each other that stand last before a column, what they share once."""
    end = column
    while end and not _PERIOD.search(labels[end - 1]):
        end -= 1
    first = end
    while first and _PERIOD.search(labels[first - 1]):
        first -= 1
    periods = [label.split() for label in labels[first:end]]
    if not periods:
        return ""
    alike = takewhile(lambda words: len(set(words)) == 1, zip(*periods, strict=False))
    shared = len(list(alike)) if len(periods) > 1 else 0
    rest = [" ".join(words[shared:]) for words in periods]
    return " ".join([*periods[0][:shared], ", ".join(filter(None, rest))])
