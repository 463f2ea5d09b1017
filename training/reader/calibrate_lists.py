"""Makes the scores of list items probabilities: the last two fits of `calibrate.py`."""

from collections.abc import Sequence

from data import to_row
from development import Asked, Row, regression

from qa.evaluate.measures import exact, list_match
from qa.reading.confidence import ListWeights, beside_best, logit_of, standings
from qa.reading.grouping import grouped
from qa.reading.reader import Span
from qa.reading.span_reader import Calibration, probable

# What is left out of a list below this: the one of these with the best F1 on the questions for lists.
ITEM_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)


def as_list(row: Row) -> Row | None:
    """The row with one answer an item if its answer is a list, else None."""
    items = to_row(row).items
    if len(items) < 2 or not row.get("multi"):
        return None
    answers = [{"text": row["context"][start:end], "start": start} for start, end in items]
    return {**row, "answers": answers, "multi": True}


def fit_items(asked: Sequence[Asked]) -> Calibration:
    """What tells items apart is fitted on every candidate, what the probability then is on each list's best.

    That one's probability is the list's: whether it is right, as a single answer is.
    """
    apart = regression(
        [
            (candidate.features, bool(one.golds) and exact(candidate.text, one.golds) > 0, one.weight)
            for one in asked
            for candidate in one.found.items
        ]
    )
    best = [(probable(one.found.items, apart)[0], one) for one in asked if one.found.items]
    scaled = regression(
        [((logit_of(item.probability),), one.right(item.text), one.weight) for item, one in best]
    )
    return Calibration(
        tuple(round(scaled.weights[0] * weight, 4) for weight in apart.weights),
        round(scaled.weights[0] * apart.bias + scaled.bias, 4),
    )


def fit_beside_best(asked: Sequence[Asked], items: Calibration) -> ListWeights:
    """The probability of an item if the passages answer, by how it stands to the best one."""
    lists = [(probable(one.found.items, items), one.golds) for one in asked if one.golds]
    fitted = regression(
        [
            (standing, exact(item.text, golds) > 0, 1.0)
            for found, golds in lists
            for item, standing in zip(found, standings(found), strict=True)
        ]
    )
    own, behind = fitted.weights
    return ListWeights(own, behind, fitted.bias)


def listed(one: Asked, items: Calibration, beside: ListWeights, threshold: float) -> tuple[Span, ...]:
    """The items that would be given."""
    return beside_best(probable(one.found.items, items), beside, threshold)


def best_item_threshold(asked: Sequence[Asked], items: Calibration, beside: ListWeights) -> float:
    """The one of ITEM_THRESHOLDS that gives the lists the highest exact F1."""
    answerable = [one for one in asked if one.golds]
    golds = [one.golds for one in answerable]
    scores = {}
    for threshold in ITEM_THRESHOLDS:
        given = [
            [group.text for group in grouped(listed(one, items, beside, threshold), within=False)]
            for one in answerable
        ]
        scores[threshold] = list_match(given, golds, overlap=False).f1
    print("lists, whole way, exact F1 by item threshold:", {k: round(v, 3) for k, v in scores.items()})
    return max(scores, key=scores.__getitem__)
