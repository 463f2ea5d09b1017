"""From what was read to an Answer: its form, what is given, what agrees, what is cited."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index import Hit, Passage, terms
from qa.answering.answer import Answer, Citation, Form, Item, Searched
from qa.answering.passages import quoted
from qa.reading.confidence import logit_of
from qa.reading.grouping import AnswerGroup, grouped
from qa.reading.reader import Reading, Span

MOST_ITEMS = 40
MOST_ALTERNATIVES = 3
CLOSEST = 3
# From this probability on, a question is one for a few words. Below it, a short answer must be so likely
# beside the best sentence, to be given in its place.
_SURELY_PHRASE, _AS_SURE = 0.8, 0.85
# A figure is in doubt if another one of its sentence is behind it by less than this, in logits: then the
# sentence is the answer, with both.
_TOO_CLOSE = 0.3
# Beside an answer that is less sure than this, sentences are shown that may answer too: at least this likely,
# as a share of its probability.
_SURE_ALONE, _WORTH_SHOWING = 0.8, 0.1
# Words that stand for something said elsewhere: by themselves they answer nothing. "IT" and "US" are names.
_POINTING = frozenset("here there herein it this that these those they them he she him her we us you".split())
_OR = re.compile(r"\bor\b", re.I)


@dataclass(frozen=True, slots=True)
class Given:
    """What is given as the answer: its form, items and other answers, and how sure it is."""

    form: Form
    answers: tuple[AnswerGroup, ...] = ()
    alternatives: tuple[AnswerGroup, ...] = ()
    confidence: float = 0.0
    found: int = 0


def compose(
    asked: str,
    question: str,
    reading: Reading,
    hits: Sequence[Hit],
    *,
    threshold: float,
    as_list: bool,
    searched: Searched,
    milliseconds: float,
) -> Answer:
    """The answer that the reading supports; what is below `threshold` is not an answer.

    With `as_list`, if the list is sure enough, it is all items, in the documents' order. Else it is the best
    short answer, unless whole sentences answer better, or are sure enough where no short answer is.
    """
    reading = _saying_more(reading, question)
    given = _listed(reading, threshold) if as_list else None
    given = given or _single(reading, threshold)
    cited = [span for group in (*given.answers, *given.alternatives) for span in group.spans]
    numbers = {span.place: number for number, span in enumerate(cited, 1)}
    also = {hit.passage.id: hit.also for hit in hits}

    def items(groups: Sequence[AnswerGroup]) -> tuple[Item, ...]:
        return tuple(Item(one.text, tuple(numbers[span.place] for span in one.spans)) for one in groups)

    return Answer(
        asked=asked,
        question=question,
        form=given.form,
        items=items(given.answers),
        found=given.found,
        alternatives=items(given.alternatives),
        citations=tuple(
            Citation.of(
                number, span.passage.document, span.start, span.end, also=also.get(span.passage.id, ())
            )
            for number, span in enumerate(cited, 1)
        ),
        confidence=given.confidence,
        closest=() if given.answers else _closest(reading, [hit.passage for hit in hits]),
        searched=searched,
        milliseconds=milliseconds,
    )


def _saying_more(reading: Reading, question: str) -> Reading:
    """The reading without short answers that say nothing, unless they are the best one.

    They only point, or repeat the question; where it names what to choose from, its words are answers.
    """
    asked = set() if _OR.search(question) else set(terms(question))

    def says_more(span: Span) -> bool:
        return not _points(span.text) and not (asked and asked.issuperset(terms(span.text)))

    return replace(reading, spans=(*reading.spans[:1], *filter(says_more, reading.spans[1:])))


def _points(text: str) -> bool:
    return text.lower() in _POINTING and not (text.isupper() and len(text) > 1)


def _listed(reading: Reading, threshold: float) -> Given | None:
    """All items, in the order of the best one's document, then of the others'; None if unsure."""
    sure = _together(reading.items[0], reading.sentences[:1]) if reading.items else 0.0
    if sure < threshold:
        return None
    groups = grouped(reading.items, within=False)
    by_document: dict[str, list[AnswerGroup]] = {}
    for group in groups[:MOST_ITEMS]:
        by_document.setdefault(group.spans[0].passage.document.id, []).append(group)
    kept = (one for own in by_document.values() for one in sorted(own, key=lambda one: one.spans[0].start))
    return Given("list", tuple(kept), (), sure, len(groups))


def _single(reading: Reading, threshold: float) -> Given:
    """A few words, or the best sentences; none where both are unsure."""
    phrase = _phrase(reading)
    if phrase and phrase.probability >= threshold:
        return _short(phrase, reading, threshold)
    passages = quoted(reading.sentences, threshold) or quoted(_around_phrase(reading), threshold)
    if passages:
        return _whole(passages, reading)
    best = max((one.probability for one in (*reading.spans[:1], *reading.sentences[:1])), default=0.0)
    return Given("none", confidence=best)


def _phrase(reading: Reading) -> Span | None:
    """The best short answer, if a few words say it and no other figure of its sentence is as likely.

    Where it is in doubt that a few words answer, they and their sentence must be about as likely as the best
    sentence, which may be the heading above it.
    """
    forms, best = reading.forms, reading.spans[0] if reading.spans else None
    if not best or forms.phrase < forms.passage or _points(best.text):
        return None
    top = reading.sentences[0] if reading.sentences else best
    own = next((sentence for sentence in reading.sentences if sentence.overlaps(best)), best)
    least = _AS_SURE * top.probability
    sure = forms.phrase >= _SURELY_PHRASE or min(best.probability, own.probability) >= least
    beside = (span for span in reading.spans[1:] if span.overlaps(own))
    return best if sure and not any(_rivals(best, span) for span in beside) else None


def _around_phrase(reading: Reading) -> list[Span]:
    """The sentence that holds the best short answer, as likely as it: for where few words don't answer."""
    best = reading.spans[:1]
    held = (sentence for sentence in reading.sentences if best and sentence.overlaps(best[0]))
    return [replace(sentence, probability=best[0].probability) for sentence in held][:1]


def _rivals(best: Span, other: Span) -> bool:
    """Whether both are figures, and the other one is nearly as likely."""
    behind = logit_of(best.probability) - logit_of(other.probability)
    return _is_figure(best) and _is_figure(other) and behind < _TOO_CLOSE and other.text != best.text


def _is_figure(span: Span) -> bool:
    return any(sign.isdigit() for sign in span.text)


def _together(item: Span, sentences: Sequence[Span]) -> float:
    """How sure a list is: the mean of its best item and of the best sentence, in logits."""
    logits = [logit_of(span.probability) for span in (item, *sentences)]
    return 1 / (1 + math.exp(-sum(logits) / len(logits)))


def _short(phrase: Span, reading: Reading, threshold: float) -> Given:
    """The short answer with what agrees; what other passages say instead, and if unsure, other sentences."""
    likely = [span for span in reading.spans if span is phrase or span.probability >= threshold]
    groups = grouped(likely, within=True)
    own = next(group for group in groups if phrase in group.spans)
    others = _elsewhere(own, [group for group in groups if group is not own])
    if phrase.probability < _SURE_ALONE:
        others += _also_likely(reading, [own, *others], phrase.probability)
    return Given("phrase", (own,), tuple(others[:MOST_ALTERNATIVES]), phrase.probability, 1)


def _whole(passages: Sequence[AnswerGroup], reading: Reading) -> Given:
    """The best sentences; where they are unsure, others that may answer beside them."""
    best, *others = passages
    probability = best.spans[0].probability
    if probability < _SURE_ALONE:
        others = _also_likely(reading, [best], probability)
    return Given("passage", (best,), tuple(others[:MOST_ALTERNATIVES]), probability, 1)


def _elsewhere(best: AnswerGroup, groups: Sequence[AnswerGroup]) -> list[AnswerGroup]:
    """Those of the groups that stand in other passages than the best answer."""
    own = {span.passage.id for span in best.spans}
    return [group for group in groups if own.isdisjoint(span.passage.id for span in group.spans)]


def _also_likely(reading: Reading, shown: Sequence[AnswerGroup], probability: float) -> list[AnswerGroup]:
    """Sentences that may answer beside what is shown already, best first."""
    spans = [span for group in shown for span in group.spans]
    rest = [one for one in reading.sentences if not any(one.overlaps(span) for span in spans)]
    return quoted(rest, _WORTH_SHOWING * probability)


def _closest(reading: Reading, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """The passages in the reader's order, each with its best sentence; then those without one."""
    best: dict[int, Span] = {}
    for sentence in reading.sentences:
        best.setdefault(sentence.passage.id, sentence)
    read = [(one.passage, (one.start, one.end)) for one in best.values()]
    unread = [(passage, None) for passage in passages if passage.id not in best]
    return tuple(
        Citation.of(number, passage.document, passage.start, passage.end, sentence)
        for number, (passage, sentence) in enumerate([*read, *unread][:CLOSEST], 1)
    )
