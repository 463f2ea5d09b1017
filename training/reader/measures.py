"""Exact match, F1, list measures and AUROC, by the usual definitions."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence


def normal(text: str) -> str:
    """Lower case without punctuation, articles and extra spaces: SQuAD's normalisation."""
    text = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def exact(answer: str, golds: Sequence[str]) -> float:
    """1 when the answer is one of the golds; an empty answer is right when there are none."""
    return float(any(normal(answer) == normal(gold) for gold in golds) if golds else not answer)


def f1(answer: str, golds: Sequence[str]) -> float:
    """The best word overlap with a gold; an empty answer is right when there are none."""
    if not golds:
        return float(not answer)
    return max(one_f1(normal(answer).split(), normal(gold).split()) for gold in golds)


def one_f1(answer: list[str], gold: list[str]) -> float:
    """Word F1 of two texts."""
    if not answer or not gold:
        return float(answer == gold)
    same = sum((Counter(answer) & Counter(gold)).values())
    return 2 * same / (len(answer) + len(gold))


def common_run(first: list[str], second: list[str]) -> int:
    """The length of the longest run of words that both have."""
    longest, row = 0, [0] * (len(second) + 1)
    for word in first:
        row = [0] + [row[n] + 1 if other == word else 0 for n, other in enumerate(second)]
        longest = max(longest, *row)
    return longest


def list_f1(answers: Sequence[Sequence[str]], golds: Sequence[Sequence[str]], overlap: bool) -> float:
    """MultiSpanQA's micro F1 over all items: of exact matches, or of the longest common run of words."""
    right_answers = right_golds = 0.0
    for mine, theirs in zip(answers, golds, strict=True):
        first, second = {normal(text): 0 for text in mine}, {normal(text): 0 for text in theirs}
        if not overlap:
            right_answers += len(first.keys() & second.keys())
            right_golds += len(first.keys() & second.keys())
            continue
        for answer in first:
            words = answer.split() or [""]
            right_answers += max((common_run(words, gold.split()) for gold in second), default=0) / len(words)
        for gold in second:
            words = gold.split() or [""]
            right_golds += max((common_run(words, answer.split()) for answer in first), default=0) / len(
                words
            )
    precision = right_answers / max(1, sum(len({normal(text) for text in mine}) for mine in answers))
    recall = right_golds / max(1, sum(len({normal(text) for text in theirs}) for theirs in golds))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The chance that a row that is right has the higher score than one that is not."""
    order = sorted(range(len(scores)), key=lambda n: scores[n])
    rank = {n: place + 1 for place, n in enumerate(order)}
    positive = sum(labels)
    if not positive or positive == len(labels):
        return float("nan")
    total = sum(rank[n] for n, label in enumerate(labels) if label)
    return (total - positive * (positive + 1) / 2) / (positive * (len(labels) - positive))
