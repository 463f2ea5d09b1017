"""How sure an answer is when all passages are looked at together.

A place alone has a score. Other passages that say the same support it, and the best answer that says
something else speaks against it: on development questions the distance to that one tells right from wrong
better than anything else (AUROC 0.75 without it, 0.82 with it). Items of a list are measured by the best
one in the same way: whether there is a list at all is told by its best item, what belongs to it by the rest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.grouping import AnswerGroup, grouped
from qa.reading.reader import Span

# Beyond this far ahead of the next answer, or this far behind the best one, nothing more is learned.
_FARTHEST_AHEAD, _FARTHEST_BEHIND = 6.0, -2.0
# What stands against an answer that is the only one.
_NO_OTHER = -8.0
# What a passage that surely says the same adds to an answer's score when answers are ranked.
_SUPPORT_RANK = 1.0


@dataclass(frozen=True, slots=True)
class Weights:
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
    and the sum of the probabilities of the other passages that say the same.
    """

    said: AnswerGroup
    logit: float
    margin: float
    support: float


def evidence(spans: Sequence[Span]) -> list[Evidence]:
    """Each answer among the spans with what speaks for it, the best first.

    The spans come best first, with the probability that each has by itself.
    """
    groups = [
        (said, logit_of(said.spans[0].probability), _support(said)) for said in grouped(spans, within=True)
    ]
    groups.sort(key=lambda group: -(group[1] + _SUPPORT_RANK * group[2]))
    return [
        Evidence(said, logit, _margin(logit, [other[1] for other in groups if other[0] is not said]), support)
        for said, logit, support in groups
    ]


def weighed(spans: Sequence[Span], weights: Weights) -> tuple[Span, ...]:
    """The spans, best first, each with the probability that its answer has among all of them."""
    found: list[Span] = []
    for one in evidence(spans):
        logit = (
            weights.logit * one.logit
            + weights.margin * one.margin
            + weights.support * one.support
            + weights.bias
        )
        found += [replace(span, probability=1 / (1 + math.exp(-logit))) for span in one.said.spans]
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


def _support(said: AnswerGroup) -> float:
    """The probabilities of the other passages that say it, summed; each passage counts once."""
    others: dict[int, float] = {}
    for span in said.spans:
        others.setdefault(span.passage.id, span.probability)
    return sum(others.values()) - said.spans[0].probability


def _margin(logit: float, others: Sequence[float]) -> float:
    ahead = logit - max(others, default=_NO_OTHER)
    return max(_FARTHEST_BEHIND, min(_FARTHEST_AHEAD, ahead))


def logit_of(probability: float) -> float:
    return math.log(probability / (1 - probability))
