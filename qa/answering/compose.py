"""From what was read to an Answer: which places are given, which agree, which are cited."""

from collections.abc import Sequence

from index import Hit, Passage
from qa.answering.answer import Answer, Citation, Item, Searched
from qa.answering.grouping import AnswerGroup, grouped
from qa.reading.reader import Reading, Span

MOST_ITEMS = 20
MOST_ALTERNATIVES = 2
CLOSEST = 3


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
    """The answer that the reading supports: all items if `several`, else one, or none.

    What is below `threshold` is not an answer; a list whose best item is above it has all items of the
    reading. A list without items, or a question that only looked as if it asked for several, gets its one
    answer. Other answers that are as good as that one are its alternatives.
    """
    listed = _listed(reading.items, threshold) if several else []
    single = [] if listed else grouped([s for s in reading.spans if s.probability >= threshold], within=True)
    answers, alternatives = listed or single[:1], _alternatives(single)
    confident = reading.items if listed else reading.spans
    cited = [span for said in (*answers, *alternatives) for span in said.spans]
    numbers = {_place(span): number for number, span in enumerate(cited, 1)}

    def items(given: Sequence[AnswerGroup]) -> tuple[Item, ...]:
        return tuple(Item(one.text, tuple(numbers[_place(span)] for span in one.spans)) for one in given)

    return Answer(
        asked=asked,
        question=question,
        form="list" if listed else "phrase" if answers else "none",
        items=items(answers),
        found=len(answers),
        alternatives=items(alternatives),
        citations=tuple(
            Citation.of(number, span.passage.document, span.start, span.end)
            for number, span in enumerate(cited, 1)
        ),
        confidence=confident[0].probability if confident else 0.0,
        closest=() if answers else _closest([hit.passage for hit in hits]),
        searched=searched,
        milliseconds=milliseconds,
    )


def _listed(items: Sequence[Span], threshold: float) -> list[AnswerGroup]:
    if not items or items[0].probability < threshold:
        return []
    return grouped(items, within=False)[:MOST_ITEMS]


def _alternatives(single: Sequence[AnswerGroup]) -> list[AnswerGroup]:
    """What other passages than the best answer's say instead."""
    own = {span.passage.id for span in single[0].spans} if single else set()
    others = [said for said in single[1:] if not own & {span.passage.id for span in said.spans}]
    return others[:MOST_ALTERNATIVES]


def _place(span: Span) -> tuple[str, int, int]:
    return span.passage.document.id, span.start, span.end


def _closest(passages: Sequence[Passage]) -> tuple[Citation, ...]:
    return tuple(
        Citation.of(number, passage.document, passage.start, passage.end)
        for number, passage in enumerate(passages[:CLOSEST], 1)
    )
