import difflib
import itertools
import random
import re
import string
from collections import Counter

import numpy as np
import pytest

from qa.evaluate.measures import (
    Rate,
    area_under_risk,
    auroc,
    calibration_error,
    exact,
    f1,
    holds,
    list_match,
    longest_common,
    normal,
    percentile,
    reliability,
    risk_coverage,
)

WORDS = ["the", "a", "An", "Denver", "Broncos", "broncos,", "24–10", "U.S.", "theatre", "  ", "in", "1990"]


def some_texts(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=draw.randrange(6))) for _ in range(count)]


def squad_normal(text: str) -> str:
    """SQuAD's steps in SQuAD's order, each on its own."""
    lower = text.lower()
    bare = "".join(sign for sign in lower if sign not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def squad_f1(answer: str, gold: str) -> float:
    first, second = squad_normal(answer).split(), squad_normal(gold).split()
    same = sum((Counter(first) & Counter(second)).values())
    if not first or not second:
        return float(first == second)
    if not same:
        return 0.0
    precision, recall = same / len(first), same / len(second)
    return 2 * precision * recall / (precision + recall)


def test_exact_match_and_f1_agree_with_squads_steps() -> None:
    texts = some_texts(60, seed=1)
    for answer, gold in itertools.product(texts, texts):
        assert normal(answer) == squad_normal(answer)
        if squad_normal(gold):
            assert f1(answer, [gold]) == pytest.approx(squad_f1(answer, gold))
            assert exact(answer, [gold]) == float(squad_normal(answer) == squad_normal(gold))


def test_the_best_gold_counts_and_no_gold_wants_no_answer() -> None:
    assert exact("The Denver Broncos!", ["Carolina", "denver broncos"]) == 1.0
    assert f1("Denver Broncos team", ["Carolina", "Denver Broncos"]) == pytest.approx(0.8)
    assert (exact("", []), f1("", [])) == (1.0, 1.0)
    assert (exact("Denver", []), f1("Denver", [])) == (0.0, 0.0)
    assert (exact("", ["Denver"]), f1("", ["Denver"])) == (0.0, 0.0)


def test_a_text_holds_a_gold_as_whole_words_only() -> None:
    assert holds("It was won by the Denver Broncos.", ["Carolina", "Denver broncos"])
    assert not holds("It was won by the Denver Broncosians.", ["Denver Broncos"])
    assert not holds("Anything", [])
    assert holds("It costs 5 $ a piece", ["$"])


Lists = list[list[str]]


def official_lists(answers: Lists, golds: Lists, overlap: bool) -> tuple[float, float, float]:
    """MultiSpanQA's definition, written with matrices as its authors do."""
    right_p = right_r = count_p = count_r = 0.0
    for given, wanted in zip(answers, golds, strict=True):
        first, second = {squad_normal(text) for text in given}, {squad_normal(text) for text in wanted}
        count_p, count_r = count_p + max(len(first), 1), count_r + max(len(second), 1)
        if not overlap:
            same = 1 if not first and not second else len(first & second)
            right_p, right_r = right_p + same, right_r + same
        elif not second and first in (set(), {""}):
            right_p, right_r = right_p + 1, right_r + 1
        elif second and first not in (set(), {""}):
            p, r = np.zeros((len(second), len(first))), np.zeros((len(second), len(first)))
            for (i, gold), (j, answer) in itertools.product(enumerate(second), enumerate(first)):
                matcher = difflib.SequenceMatcher(None, gold, answer)
                run = matcher.find_longest_match(0, len(gold), 0, len(answer)).size
                p[i][j], r[i][j] = run / max(len(answer), 1), run / max(len(gold), 1)
            right_p, right_r = right_p + p.max(axis=0).sum(), right_r + r.max(axis=1).sum()
    precision, recall = right_p / count_p, right_r / count_r
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@pytest.mark.parametrize("overlap", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_lists_agree_with_multispanqas_definition(overlap: bool, seed: int) -> None:
    draw = random.Random(seed)
    answers = [some_texts(draw.randrange(4), draw.randrange(99)) for _ in range(8)]
    golds = [
        [text for text in some_texts(draw.randrange(4), draw.randrange(99)) if squad_normal(text)]
        for _ in range(8)
    ]
    match = list_match(answers, golds, overlap=overlap)
    assert (match.precision, match.recall, match.f1) == pytest.approx(official_lists(answers, golds, overlap))


def test_lists_by_hand() -> None:
    answers, golds = [["The IBM", "Amazon", "Apple"], []], [["IBM", "Amazon.com"], []]
    match = list_match(answers, golds, overlap=False)
    assert [match.precision, match.recall] == pytest.approx([2 / 4, 2 / 3])
    partly = list_match([["Amazon"]], [["Amazon shop"]], overlap=True)
    assert [partly.precision, partly.recall] == pytest.approx([1, 6 / 11])


def test_the_longest_common_stretch_is_found_in_long_texts_too() -> None:
    assert longest_common("xabcdy", "zabcdw") == 4
    assert longest_common("", "abc") == 0
    long = "the quick brown fox jumps over it " * 20
    assert longest_common("!" + long, "?" + long) == len(long)


@pytest.mark.parametrize("seed", range(10))
def test_auroc_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    draw = random.Random(seed)
    scores = [draw.randrange(6) / 5 for _ in range(30)]
    right = [True, False, *(draw.random() < score for score in scores[2:])]
    pairs = [
        (a, b)
        for a, x in zip(scores, right, strict=True)
        if x
        for b, y in zip(scores, right, strict=True)
        if not y
    ]
    expected = sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs)
    assert auroc(scores, right) == pytest.approx(expected)


def test_auroc_needs_right_and_wrong() -> None:
    assert auroc([0.1, 0.2], [True, True]) is None
    assert auroc([], []) is None
    assert auroc([0.9, 0.1], [True, False]) == 1.0


def test_risk_is_the_share_wrong_among_the_surest() -> None:
    scores, right = [0.2, 0.9, 0.6, 0.4], [False, True, False, True]
    assert risk_coverage(scores, right) == [
        (0.25, 0.0),
        (0.5, 0.5),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.5),
    ]
    assert area_under_risk(scores, right) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    assert area_under_risk([], []) is None


def test_risk_among_ties_is_the_mean_over_all_orders() -> None:
    scores, right = [0.9, 0.5, 0.5, 0.5, 0.1], [True, True, False, False, True]
    orders = [(0, *middle, 4) for middle in itertools.permutations([1, 2, 3])]
    risks = [
        [sum(not right[at] for at in order[:count]) / count for count in range(1, 6)] for order in orders
    ]
    assert [risk for _, risk in risk_coverage(scores, right)] == pytest.approx(
        np.mean(risks, axis=0).tolist()
    )


def test_calibration_error_is_the_weighted_gap_of_equal_bins() -> None:
    draw = random.Random(3)
    scores = [*(draw.random() for _ in range(500)), 0.0, 1.0]
    right = [draw.random() < score**2 for score in scores]
    bins = np.minimum((np.array(scores) * 15).astype(int), 14)
    expected = sum(
        (bins == at).mean()
        * abs(np.mean(np.array(scores)[bins == at]) - np.mean(np.array(right)[bins == at]))
        for at in set(bins.tolist())
    )
    assert calibration_error(scores, right) == pytest.approx(expected)
    table = reliability(scores, right)
    assert sum(one.count for one in table) == len(scores)
    assert all(one.low <= one.confidence <= one.high for one in table)
    assert calibration_error([0.8] * 5, [True] * 4 + [False]) == pytest.approx(0.0)
    assert calibration_error([], []) is None


def test_wilsons_interval() -> None:
    # The two values of Wilson's formula for 8 of 10, as statistics books give them.
    assert list(Rate(8, 10).interval or ()) == pytest.approx([0.4902, 0.9433], abs=1e-4)
    assert list(Rate(0, 20).interval or ()) == pytest.approx([0.0, 0.1611], abs=1e-4)
    assert (Rate(0, 0).share, Rate(0, 0).interval) == (None, None)


def test_percentiles_agree_with_numpy() -> None:
    values = [3.0, 1.0, 4.0, 1.5, 9.0]
    for share in (0.0, 0.5, 0.95, 1.0):
        assert percentile(values, share) == pytest.approx(np.percentile(values, 100 * share))
    assert percentile([], 0.5) is None
