"""The figures of an evaluation: how often the answers are right, and whether confidence can be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from qa.evaluate import measures
from qa.evaluate.measures import Bin, Match, Rate
from qa.evaluate.result import Result, Way

RIGHT_F1 = 0.5
# A list serves when what is shown holds this share of its golds.
_MOST_OF_A_LIST = 0.8
RECALL_AT = (1, 5, 20)
_STEPS = 50
# What became of a question, for whoever asked it.
Verdict = Literal["served", "not served", "refused", "rightly refused"]
OUTCOMES: tuple[Verdict, ...] = ("served", "not served", "refused", "rightly refused")
# The names of these fields in JSON, which files of figures have.
_IN_JSON = {
    "given": "told",
    "given_answerable": "told_answerable",
    "given_unanswerable": "told_unanswerable",
    "list_questions": "several",
}
# More would not be seen in a plot.
_MOST_POINTS = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """A result beside its golds.

    `best_...` compare the likeliest span whether or not it was given; `given_...` the answer that was given,
    which is the empty text for a refusal and all items in one text for a list.
    """

    result: Result
    best_exact: float
    best_f1: float
    given_exact: float
    given_f1: float

    @property
    def right(self) -> bool:
        """Whether the likeliest span shares at least half of its words with a gold (F1 of 0.5 or more)."""
        return self.result.question.answerable and self.best_f1 >= RIGHT_F1

    @property
    def exactly_right(self) -> bool:
        return self.result.question.answerable and self.best_exact == 1.0

    @property
    def answered(self) -> bool:
        return self.result.answer.answered

    @property
    def served(self) -> bool:
        """Whether the answer given is right, or what is shown with it holds the golds (of a list, most)."""
        question, shown = self.result.question, self.result.shown
        if not self.answered or not question.answerable:
            return False
        held = [gold for gold in question.golds if measures.holds(shown, [gold])]
        enough = _MOST_OF_A_LIST * len(question.golds) if question.multi else 1
        return self.given_f1 >= RIGHT_F1 or len(held) >= enough

    @property
    def outcome(self) -> Verdict:
        """What whoever asked has of it; a refusal is right where the documents have no answer."""
        if self.answered:
            return "served" if self.served else "not served"
        return "refused" if self.result.question.answerable else "rightly refused"

    @property
    def confidence(self) -> float:
        return self.result.answer.confidence


@dataclass(frozen=True, slots=True)
class Score:
    """Exact match and F1 as SQuAD counts them, over `questions`."""

    questions: int
    exact: float
    f1: float


@dataclass(frozen=True, slots=True)
class Recall:
    """The share of `questions` with a relevant passage among the first so many, before and after reading."""

    questions: int
    before: dict[int, float]
    after: dict[int, float]


@dataclass(frozen=True, slots=True)
class Trade:
    """What a threshold would do: the share of questions answered, and the share right of those answers."""

    threshold: float
    answered: float
    right: float | None


@dataclass(frozen=True, slots=True)
class Rates:
    """How the answers turned out at the threshold."""

    answered: Rate
    right_of_answered: Rate
    wrong_given: Rate
    wrong_given_unanswerable: Rate
    wrong_refusals: Rate


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person is shown, the sentences of the quotes with the answer.

    `served` are the questions with an answer that were served; `not_served` the answers given that serve
    nobody, to questions without an answer too; `forms` how many of each form of answer serve.
    """

    served: Rate
    not_served: Rate
    forms: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class Confidence:
    """How well the confidence separates right from wrong, and whether it is as often right as it says."""

    auroc: float | None
    area_under_risk: float | None
    calibration_error: float | None
    calibration_error_exact: float | None
    reliability: tuple[Bin, ...]
    risk_coverage: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Time:
    """Milliseconds for a whole answer, and for reading alone."""

    p50: float | None
    p95: float | None
    reading_p50: float | None
    reading_p95: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is measured over one set of questions; shares are from 0 to 1.

    `best` scores the likeliest span of the answerable questions, never refusing; `given`, `given_answerable`
    and `given_unanswerable` the answers that users get. These leave out the questions for a list, which
    `lists_...` measure. `threshold_of_best_f1` would give `given` its highest F1 on this very set.
    """

    way: Way
    threshold: float
    questions: int
    answerable: int
    list_questions: int
    best: Score | None
    given: Score | None
    given_answerable: Score | None
    given_unanswerable: Score | None
    best_f1: float | None
    threshold_of_best_f1: float | None
    lists_exact: Match | None
    lists_overlap: Match | None
    recall: Recall | None
    rates: Rates
    shown: Shown
    confidence: Confidence
    trade: tuple[Trade, ...]
    time: Time

    def to_json(self) -> dict[str, Any]:
        """The figures as JSON values; a rate holds its share and 95 % interval too."""
        value = {_IN_JSON.get(name, name): one for name, one in asdict(self).items()}
        value["way"] = self.way.name.lower().replace("_", " ")
        for name in Rates.__dataclass_fields__:
            value["rates"][name] = _with_share(getattr(self.rates, name))
        value["shown"] = {
            "served": _with_share(self.shown.served),
            "not_served": _with_share(self.shown.not_served),
            "forms": {form: _with_share(rate) for form, rate in self.shown.forms.items()},
        }
        return value


def _with_share(rate: Rate) -> dict[str, Any]:
    return {**asdict(rate), "share": rate.share, "interval": rate.interval}


def judge(result: Result) -> Judged:
    """The result, compared with its golds."""
    golds, given = result.question.golds, " ".join(result.answers)
    return Judged(
        result,
        measures.exact(result.best_text, golds),
        measures.f1(result.best_text, golds),
        measures.exact(given, golds),
        measures.f1(given, golds),
    )


def measure(judged: Sequence[Judged], way: Way, threshold: float) -> Figures:
    """What the judged results amount to; recall only where passages were searched for."""
    questions = [one.result.question for one in judged]
    single = [one for one in judged if not one.result.question.multi]
    lists = [one for one in judged if one.result.question.multi]
    best_f1, best_threshold = _best_f1(single)
    return Figures(
        way=way,
        threshold=threshold,
        questions=len(judged),
        answerable=sum(question.answerable for question in questions),
        list_questions=len(lists),
        best=_score([(one.best_exact, one.best_f1) for one in _answerable(single, True)]),
        given=_given(single),
        given_answerable=_given(_answerable(single, True)),
        given_unanswerable=_given(_answerable(single, False)),
        best_f1=best_f1,
        threshold_of_best_f1=best_threshold,
        lists_exact=_lists(lists, overlap=False),
        lists_overlap=_lists(lists, overlap=True),
        recall=_recall(_answerable(judged, True)) if way is not Way.GIVEN_PASSAGE else None,
        rates=_rates(judged),
        shown=_shown(judged),
        confidence=_confidence(judged),
        trade=_trade(judged),
        time=_time(judged),
    )


def worst(judged: Sequence[Judged], count: int = 50) -> list[Judged]:
    """The wrong answers that were given or would have been, the most confident first."""
    wrong = [one for one in judged if not one.right and one.result.best]
    return sorted(wrong, key=lambda one: -one.confidence)[:count]


def _answerable(judged: Sequence[Judged], wanted: bool) -> list[Judged]:
    return [one for one in judged if one.result.question.answerable == wanted]


def _given(judged: Sequence[Judged]) -> Score | None:
    return _score([(one.given_exact, one.given_f1) for one in judged])


def _score(pairs: Sequence[tuple[float, float]]) -> Score | None:
    if not pairs:
        return None
    count = len(pairs)
    return Score(count, sum(exact for exact, _ in pairs) / count, sum(f1 for _, f1 in pairs) / count)


def _best_f1(judged: Sequence[Judged]) -> tuple[float | None, float | None]:
    """SQuAD 2.0's highest F1 over all thresholds, and the threshold; the likeliest span is what is given."""
    total = float(len(_answerable(judged, False)))
    best, threshold = total, 1.0
    ranked = sorted(judged, key=lambda one: -one.confidence)
    for at, one in enumerate(ranked):
        total += one.best_f1 if one.result.question.answerable else -1.0 if one.result.best else 0.0
        tied = at + 1 < len(ranked) and ranked[at + 1].confidence == one.confidence
        if total > best and not tied:
            best, threshold = total, one.confidence
    return (best / len(judged), threshold) if judged else (None, None)


def _lists(judged: Sequence[Judged], *, overlap: bool) -> Match | None:
    answers = [one.result.answers for one in judged]
    golds = [one.result.question.golds for one in judged]
    return measures.list_match(answers, golds, overlap=overlap) if judged else None


def _recall(judged: Sequence[Judged]) -> Recall | None:
    if not judged:
        return None
    before = [one.result.rank_found for one in judged]
    after = [one.result.rank_read for one in judged]
    return Recall(len(judged), _within(before), _within(after))


def _within(ranks: Sequence[int | None]) -> dict[int, float]:
    return {at: sum(rank is not None and rank <= at for rank in ranks) / len(ranks) for at in RECALL_AT}


def _rates(judged: Sequence[Judged]) -> Rates:
    answered = [one for one in judged if one.answered]
    right = sum(one.right for one in answered)
    answerable, unanswerable = _answerable(judged, True), _answerable(judged, False)
    found = sum(one.answered for one in answerable)
    return Rates(
        answered=Rate(len(answered), len(judged)),
        right_of_answered=Rate(right, len(answered)),
        wrong_given=Rate(len(answered) - right, len(judged)),
        wrong_given_unanswerable=Rate(sum(one.answered for one in unanswerable), len(unanswerable)),
        wrong_refusals=Rate(len(answerable) - found, len(answerable)),
    )


def _shown(judged: Sequence[Judged]) -> Shown:
    answered = [one for one in judged if one.answered]
    served = sum(one.served for one in answered)
    by_form: dict[str, list[bool]] = {}
    for one in answered:
        by_form.setdefault(one.result.answer.form, []).append(one.served)
    return Shown(
        served=Rate(served, len(_answerable(judged, True))),
        not_served=Rate(len(answered) - served, len(answered)),
        forms={form: Rate(sum(own), len(own)) for form, own in sorted(by_form.items())},
    )


def _confidence(judged: Sequence[Judged]) -> Confidence:
    scores = [one.confidence for one in judged]
    right = [one.right for one in judged]
    return Confidence(
        auroc=measures.auroc(scores, right),
        area_under_risk=measures.area_under_risk(scores, right),
        calibration_error=measures.calibration_error(scores, right),
        calibration_error_exact=measures.calibration_error(scores, [one.exactly_right for one in judged]),
        reliability=tuple(measures.reliability(scores, right)),
        risk_coverage=_thinned(measures.risk_coverage(scores, right)),
    )


def _thinned(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    kept = min(len(points), _MOST_POINTS)
    return tuple(points[(number + 1) * len(points) // kept - 1] for number in range(kept))


def _trade(judged: Sequence[Judged]) -> tuple[Trade, ...]:
    trades: list[Trade] = []
    for step in range(_STEPS + 1):
        threshold = step / _STEPS
        given = [one for one in judged if one.result.best and one.confidence >= threshold]
        right = sum(one.right for one in given) / len(given) if given else None
        trades.append(Trade(threshold, len(given) / len(judged) if judged else 0.0, right))
    return tuple(trades)


def _time(judged: Sequence[Judged]) -> Time:
    whole = [one.result.answer.milliseconds for one in judged]
    reading = [one.result.reading_milliseconds for one in judged]
    return Time(*(measures.percentile(values, share) for values in (whole, reading) for share in (0.5, 0.95)))
