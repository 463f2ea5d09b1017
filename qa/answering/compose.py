"""From what was read to an Answer: its form, what is given, what agrees, what is cited."""

from collections.abc import Sequence
from dataclasses import dataclass

from index import Hit, Passage
from qa.answering.answer import Answer, Citation, Form, Item, Searched
from qa.answering.passages import quoted
from qa.reading.grouping import AnswerGroup, grouped
from qa.reading.reader import Reading, Span

MOST_ITEMS = 40
MOST_ALTERNATIVES = 2
CLOSEST = 3
# From this probability on, a question is one for a few words. Below it, a short answer must be so likely
# beside the best sentence, to be given in its place.
_SURELY_PHRASE, _AS_SURE = 0.8, 0.85


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
    several: bool,
    searched: Searched,
    milliseconds: float,
) -> Answer:
    """The answer that the reading supports; what is below `threshold` is not an answer.

    If `several`, and the best item is likely enough, it is all items, in the documents' order. Else it is the
    best short answer, unless whole sentences answer better, or are sure enough where no short answer is.
    """
    given = _listed(reading, threshold) if several else None
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


def _listed(reading: Reading, threshold: float) -> Given | None:
    """All items, in the order of the best one's document, then of the others'; None when none is likely."""
    if not reading.items or reading.items[0].probability < threshold:
        return None
    groups = grouped(reading.items, within=False)
    by_document: dict[str, list[AnswerGroup]] = {}
    for group in groups[:MOST_ITEMS]:
        by_document.setdefault(group.spans[0].passage.document.id, []).append(group)
    kept = (one for own in by_document.values() for one in sorted(own, key=lambda one: one.spans[0].start))
    return Given("list", tuple(kept), (), reading.items[0].probability, len(groups))


def _single(reading: Reading, threshold: float) -> Given:
    phrases = grouped([span for span in reading.spans if span.probability >= threshold], within=True)
    passages = quoted(reading.sentences, threshold)
    if phrases and (_is_phrase(reading) or not passages):
        return _given("phrase", phrases)
    if passages:
        return _given("passage", passages)
    best = max((one.probability for one in (*reading.spans[:1], *reading.sentences[:1])), default=0.0)
    return Given("none", confidence=best)


def _is_phrase(reading: Reading) -> bool:
    """Whether a few words answer: the reader takes the question for such a one.

    Where it is in doubt, a short answer that is much less likely than the best sentence is none.
    """
    forms = reading.forms
    best = reading.sentences[0].probability if reading.sentences else 0.0
    sure = forms.phrase >= _SURELY_PHRASE or reading.spans[0].probability >= _AS_SURE * best
    return sure and forms.phrase >= forms.passage


def _given(form: Form, groups: Sequence[AnswerGroup]) -> Given:
    best = groups[0]
    return Given(form, (best,), tuple(_alternatives(groups)), best.spans[0].probability, 1)


def _alternatives(groups: Sequence[AnswerGroup]) -> list[AnswerGroup]:
    """What other passages than the best answer's say instead."""
    own = {span.passage.id for span in groups[0].spans}
    others = [group for group in groups[1:] if not own & {span.passage.id for span in group.spans}]
    return others[:MOST_ALTERNATIVES]


def _closest(reading: Reading, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """The passages in the reader's order, each with its best sentence; then those in which it found none."""
    best: dict[int, Span] = {}
    for sentence in reading.sentences:
        best.setdefault(sentence.passage.id, sentence)
    read = [(one.passage, (one.start, one.end)) for one in best.values()]
    unread = [(passage, None) for passage in passages if passage.id not in best]
    return tuple(
        Citation.of(number, passage.document, passage.start, passage.end, sentence)
        for number, (passage, sentence) in enumerate([*read, *unread][:CLOSEST], 1)
    )
