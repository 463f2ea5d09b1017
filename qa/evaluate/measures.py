"""What is counted: exact match and F1, lists, recall, and how far a confidence can be trusted.

Every function takes plain values, and every figure is a share from 0 to 1.
"""

import difflib
import itertools
import math
import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 15

_ARTICLE = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
# The 97.5th percentile of the normal distribution.
_Z = 1.959964


def normal(text: str) -> str:
    """SQuAD's normalisation: lower case, without ASCII punctuation, English articles and extra space."""
    return " ".join(_ARTICLE.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split())


def exact(answer: str, golds: Sequence[str]) -> float:
    """1 when the answer is one of the golds, normalised; where there are none, the empty answer is right."""
    return float(any(normal(answer) == normal(gold) for gold in _usable(golds)))


def f1(answer: str, golds: Sequence[str]) -> float:
    """The highest word F1 with any of the golds, as SQuAD counts it."""
    words = normal(answer).split()
    return max(_word_f1(words, normal(gold).split()) for gold in _usable(golds))


def holds(text: str, golds: Sequence[str]) -> bool:
    """Whether the text contains one of the golds as whole words, normalised."""
    padded = f" {normal(text)} "
    return any(f" {normal(gold)} " in padded if normal(gold) else gold in text for gold in golds)


def _usable(golds: Sequence[str]) -> Sequence[str]:
    return [gold for gold in golds if normal(gold)] or [""]


def _word_f1(words: list[str], gold: list[str]) -> float:
    if not words or not gold:
        return float(words == gold)
    same = sum((Counter(words) & Counter(gold)).values())
    return 2 * same / (len(words) + len(gold))


@dataclass(frozen=True, slots=True)
class Match:
    """Precision and recall, and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def list_match(answers: Sequence[Sequence[str]], golds: Sequence[Sequence[str]], *, overlap: bool) -> Match:
    """MultiSpanQA's micro-averaged match of lists of items, one list of each for a question.

    Exact: items that are equal, normalised. Overlap: for each item its longest common substring with one
    of the other side, as a share of its own length. An empty list counts as one item, right when both are.
    The official script's `difflib` call overlooks matches in items of 200 characters or more; this doesn't.
    """
    right_answers = right_golds = 0.0
    answer_count = gold_count = 0
    for given, wanted in zip(answers, golds, strict=True):
        first, second = {normal(text) for text in given}, {normal(text) for text in wanted}
        answer_count += max(len(first), 1)
        gold_count += max(len(second), 1)
        scores = _overlap(first, second) if overlap else _equal(first, second)
        right_answers += scores[0]
        right_golds += scores[1]
    precision = right_answers / answer_count if answer_count else 0.0
    recall = right_golds / gold_count if gold_count else 0.0
    total = precision + recall
    return Match(precision, recall, 2 * precision * recall / total if total else 0.0)


def _equal(first: set[str], second: set[str]) -> tuple[float, float]:
    same = len(first & second) if first or second else 1
    return same, same


def _overlap(first: set[str], second: set[str]) -> tuple[float, float]:
    if first <= {""}:
        return (0.0, 0.0) if second else (1.0, 1.0)
    if not second:
        return 0.0, 0.0
    run = {(a, b): longest_common(a, b) for a in first for b in second}
    return (
        sum(max(run[a, b] for b in second) / max(len(a), 1) for a in first),
        sum(max(run[a, b] for a in first) / max(len(b), 1) for b in second),
    )


def longest_common(first: str, second: str) -> int:
    """The length of the longest stretch of characters that both hold."""
    return difflib.SequenceMatcher(None, first, second, autojunk=False).find_longest_match().size


def auroc(scores: Sequence[float], right: Sequence[bool]) -> float | None:
    """The chance that something right has a higher score than something wrong, a tie counting half.

    None unless there is some of both.
    """
    positive = sum(right)
    negative = len(right) - positive
    if not positive or not negative:
        return None
    wins = 0.0
    wrong_below = 0
    for group in _ties(scores, right):
        positives = sum(group)
        wins += positives * (wrong_below + (len(group) - positives) / 2)
        wrong_below += len(group) - positives
    return wins / (positive * negative)


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(share answered, share of those that are wrong) as one more is answered each time, the surest first.

    Among equal scores the order is open, so the expected value is given.
    """
    points: list[tuple[float, float]] = []
    wrong = 0.0
    for group in reversed(_ties(scores, right)):
        each = (len(group) - sum(group)) / len(group)
        for _ in group:
            wrong += each
            points.append(((len(points) + 1) / len(scores), wrong / (len(points) + 1)))
    return points


def area_under_risk(scores: Sequence[float], right: Sequence[bool]) -> float | None:
    """The mean risk over all coverages: 0 is best, the share of wrong answers is what chance gives."""
    points = risk_coverage(scores, right)
    return sum(risk for _, risk in points) / len(points) if points else None


def _ties(scores: Sequence[float], right: Sequence[bool]) -> list[list[bool]]:
    """What is right in each group of equal scores, the lowest score first."""
    pairs = sorted(zip(scores, right, strict=True))
    return [[was for _, was in group] for _, group in itertools.groupby(pairs, key=lambda pair: pair[0])]


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies from `low` up to `high`: their mean confidence, and how many are
    right.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(scores: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """The bins of equal width that hold anything, lowest first."""
    members: dict[int, list[tuple[float, bool]]] = {}
    for score, was in zip(scores, right, strict=True):
        members.setdefault(min(int(score * bins), bins - 1), []).append((score, was))
    return [
        Bin(
            at / bins,
            (at + 1) / bins,
            len(inside),
            sum(score for score, _ in inside) / len(inside),
            sum(was for _, was in inside) / len(inside),
        )
        for at, inside in sorted(members.items())
    ]


def calibration_error(scores: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float | None:
    """Expected calibration error: how far confidence and share right lie apart, over bins of equal width."""
    table = reliability(scores, right, bins)
    total = sum(one.count for one in table)
    return sum(one.count * abs(one.confidence - one.right) for one in table) / total if total else None


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `total`, with the 95 % interval in which the true share lies by Wilson's formula."""

    count: int
    total: int

    @property
    def share(self) -> float | None:
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        if not self.total:
            return None
        share, weight = self.count / self.total, _Z * _Z / self.total
        middle = (share + weight / 2) / (1 + weight)
        half = _Z * math.sqrt((share * (1 - share) + weight / 4) / self.total) / (1 + weight)
        return max(middle - half, 0.0), min(middle + half, 1.0)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which that share lies, linear between neighbours."""
    if not values:
        return None
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
