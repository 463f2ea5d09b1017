import math

import pytest

from index import Document, Passage
from qa import Span
from qa.reading.confidence import AnswerWeights, ListWeights, beside_best, calibrated, evidence

EVEN = AnswerWeights(logit=1.0, margin=0.5, support=1.0, bias=0.0)


def span(text: str, probability: float, passage: int) -> Span:
    return Span(Passage(passage, Document(f"{passage}", text), 0, len(text)), 0, len(text), probability)


def test_another_passage_that_says_the_same_supports_an_answer() -> None:
    best = evidence([span("2008", 0.6, 1), span("2009", 0.55, 2), span("in 2009", 0.5, 3)])
    assert [one.group.text for one in best] == ["2009", "2008"]
    assert [one.support for one in best] == pytest.approx([0.5, 0.0])


def test_the_same_passage_supports_its_answer_only_once() -> None:
    document = Document("a", "2008 or 2008")
    passage = Passage(1, document, 0, 12)
    (one,) = evidence([Span(passage, 0, 4, 0.6), Span(passage, 8, 12, 0.5)])
    assert one.support == 0.0


def test_the_margin_is_the_distance_to_the_best_other_answer() -> None:
    first, second = evidence([span("2008", 0.8, 1), span("1799", 0.5, 2)])
    assert first.margin == pytest.approx(math.log(4))
    assert second.margin == pytest.approx(-math.log(4))
    (alone,) = evidence([span("2008", 0.9, 1)])
    assert alone.margin == 6.0


def test_an_answer_that_others_contradict_is_less_sure_than_one_alone() -> None:
    alone = calibrated([span("2008", 0.8, 1)], EVEN)
    contradicted = calibrated([span("2008", 0.8, 1), span("1799", 0.79, 2)], EVEN)
    assert alone[0].probability > contradicted[0].probability
    assert [one.text for one in contradicted] == ["2008", "1799"]


def test_the_calibrated_probability_follows_the_formula() -> None:
    found = calibrated([span("2008", 0.8, 1), span("1799", 0.5, 2)], EVEN)
    logit = math.log(4) + 0.5 * math.log(4)
    assert found[0].probability == pytest.approx(1 / (1 + math.exp(-logit)))


def test_nothing_weighs_nothing() -> None:
    assert calibrated([], EVEN) == ()


def test_an_item_far_behind_the_best_is_not_selected() -> None:
    weights = ListWeights(own=0.5, behind=1.0, bias=0.0)
    sure = [span("Jupiter", 0.95, 1), span("Saturn", 0.9, 1), span("Mars", 0.6, 2)]
    assert [one.text for one in beside_best(sure, weights, 0.5)] == ["Jupiter", "Saturn"]
    # The same item beside one that is no surer.
    assert beside_best(sure[2:], weights, 0.5) == (sure[2],)
    unsure = [span("Venus", 0.6, 1), span("Mars", 0.6, 2)]
    assert [one.text for one in beside_best(unsure, weights, 0.5)] == ["Venus", "Mars"]


def test_whether_an_item_is_selected_follows_the_formula() -> None:
    items = [span("Jupiter", 0.8, 1), span("Saturn", 0.5, 1)]
    # 0.0 of its own, and log 4 behind: 1 / (1 + 4 ** 0.5) = 1 / 3.
    weights = ListWeights(own=1.0, behind=0.5, bias=0.0)
    assert len(beside_best(items, weights, 0.33)) == 2
    assert len(beside_best(items, weights, 0.34)) == 1


def test_the_best_item_is_selected_however_unlikely() -> None:
    items = [span("Jupiter", 0.1, 1), span("Saturn", 0.05, 1)]
    assert beside_best(items, ListWeights(own=1.0, behind=1.0, bias=0.0), 0.9) == (items[0],)
    assert beside_best([], ListWeights(own=1.0, behind=1.0, bias=0.0), 0.9) == ()
