"""How sure an answer is when all passages are looked at together.

A place alone has a score. Other documents that say the same support it, and the best answer that says
something else speaks against it: on development questions the distance to that one tells right from wrong
better than anything else. Items of a list are measured by the best one in the same way: whether there is a
list at all follows from its best item, what belongs to it from the rest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.reading.grouping import AnswerGroup, grouped
from qa.reading.reader import Span

# Beyond this far ahead of the next answer, or this far behind the best one, nothing more is learned.
_FARTHEST_AHEAD, _FARTHEST_BEHIND = 6.0, -2.0
# What stands against an answer that is the only one.
_NO_OTHER = -8.0
# A place says the same as the best one only if it is at least this likely beside it.
_AGREES = 0.5
# What a document that surely says the same adds to an answer's score when answers are ranked.
_SUPPORT_RANK = 1.0


@dataclass(frozen=True, slots=True)
class AnswerWeights:
    """A logistic regression over an answer's own logit, its margin to the best other one, and its support."""

    logit: float
    margin: float
    support: float
    bias: float


@dataclass(frozen=True, slots=True)
class ListWeights:
    """A logistic regression over an item's own logit and how far behind the best item's that is (<= 0)."""

    own: float
    behind: float
    bias: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer: the logit of its best span, how far ahead of the best other one that is,
    and the sum of the probabilities of the other documents that say the same in other sentences.
    """

    group: AnswerGroup
    logit: float
    margin: float
    support: float


def evidence(spans: Sequence[Span]) -> list[Evidence]:
    """Each answer among the spans with what speaks for it, the best first.

    The spans come best first, with the probability that each has by itself.
    """
    groups = [
        (group, logit_of(group.spans[0].probability), _support(group))
        for group in grouped(spans, within=True)
    ]
    groups.sort(key=lambda group: -(group[1] + _SUPPORT_RANK * group[2]))
    return [
        Evidence(
            group, logit, _margin(logit, [other[1] for other in groups if other[0] is not group]), support
        )
        for group, logit, support in groups
    ]


def calibrated(spans: Sequence[Span], weights: AnswerWeights) -> tuple[Span, ...]:
    """The spans, best first, each with the probability that its answer has among all of them.

    Those that are far less likely by themselves than another that says the same are left out.
    """
    found: list[Span] = []
    for one in evidence(spans):
        logit = (
            weights.logit * one.logit
            + weights.margin * one.margin
            + weights.support * one.support
            + weights.bias
        )
        least = _AGREES * one.group.spans[0].probability
        agreeing = [span for span in one.group.spans if span.probability >= least]
        found += [replace(span, probability=1 / (1 + math.exp(-logit))) for span in agreeing]
    return tuple(sorted(found, key=lambda span: -span.probability))


def beside_best(items: Sequence[Span], weights: ListWeights, threshold: float) -> tuple[Span, ...]:
    """The best item, and the others whose probability, if the passages answer, is not below `threshold`.

    The items come best first, with the probability that each has by itself. One from a passage about
    something else is far behind the best, however likely it may be.
    """
    least = logit_of(threshold)
    return tuple(
        item
        for item, (own, behind) in zip(items, standings(items), strict=True)
        if item is items[0] or weights.own * own + weights.behind * behind + weights.bias >= least
    )


def standings(items: Sequence[Span]) -> list[tuple[float, float]]:
    """Each item's own logit, and how far behind the first and best one's that is (<= 0)."""
    logits = [logit_of(item.probability) for item in items]
    return [(logit, logit - logits[0]) for logit in logits]


def _support(group: AnswerGroup) -> float:
    """The probabilities of the other documents that say it, summed.

    Each document counts once, and so does each text: a copy confirms nothing.
    """
    best = group.spans[0]
    documents, texts = {best.passage.document.id}, {_around(best)}
    support = 0.0
    for span in group.spans[1:]:
        if span.passage.document.id not in documents and _around(span) not in texts:
            support += span.probability
        documents.add(span.passage.document.id)
        texts.add(_around(span))
    return support


def _around(span: Span) -> str:
    """The text that the span was read in, without its spaces: equal for a copy."""
    return "".join(span.passage.text.split())


def _margin(logit: float, others: Sequence[float]) -> float:
    ahead = logit - max(others, default=_NO_OTHER)
    return max(_FARTHEST_BEHIND, min(_FARTHEST_AHEAD, ahead))


def logit_of(probability: float) -> float:
    return math.log(probability / (1 - probability))
