"""Asks questions the way a user's questions are asked, and keeps what is needed to judge the answers.

A question goes through the Service's own Answerer, with a reader that remembers what it found; what is
measured is therefore what users get.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from index import Document, Filter, Hit, Passage, SettingError
from index.documents.passage import split
from index.embedders.embedder import SPECIAL_TOKENS
from index.library.library import Progress
from qa.answering.answer import Citation
from qa.answering.answerer import Answerer, Searchable
from qa.evaluate.measures import holds
from qa.evaluate.questions import Question
from qa.evaluate.result import BEST_PASSAGES, Result, Seen
from qa.reading.reader import Reader, Reading, Span
from qa.service.service import Service

# Search has not judged a passage that was given: it counts as fitting as well as one that answers does in
# the middle case, by development questions.
GIVEN_SCORE = 0.69
_AROUND_CHARACTERS = 160

Relevant = Callable[[Passage], bool]


def ask_given_passages(service: Service, questions: Sequence[Question]) -> Iterator[Result]:
    """Each question, answered from its own context alone, without search; the service's library is not used.

    SettingError when one has no context.
    """
    _all_have_contexts(questions)
    for question in questions:
        yield _asked(service, question, _holding(question), given=_hits(service, question))


def ask_library(
    service: Service, questions: Sequence[Question], filter: Filter = Filter()
) -> Iterator[Result]:
    """Each question, asked of what `filter` lets through of the service's own library.

    A passage is relevant when it contains a gold, and stands in the document that the question names, if any.
    """
    for question in questions:
        yield _asked(service, question, _holding(question), filter)


@dataclass(frozen=True, slots=True)
class Contexts:
    """The ids of the documents that the contexts became, by context, and those of each article."""

    documents: Mapping[str, str]
    articles: Mapping[str, frozenset[str]]

    def article(self, question: Question) -> frozenset[str]:
        """The documents of the question's article: those of its title, or its own context if it has none."""
        own = frozenset((self.documents[question.context or ""],))
        return own | self.articles[question.title] if question.title else own


def add_contexts(
    service: Service, questions: Sequence[Question], progress: Progress | None = None
) -> Contexts:
    """Puts each distinct context into the service's library, named by the id of its first question."""
    _all_have_contexts(questions)
    firsts: dict[str, Question] = {}
    for question in questions:
        firsts.setdefault(question.context or "", question)
    added = service.library.adding(
        (Document(question.id, context, question.title) for context, question in firsts.items()), progress
    )
    documents = {context: one.document_id or "" for context, one in zip(firsts, added, strict=True)}
    service.wait_until_embedded(progress=progress)
    articles: dict[str, set[str]] = {}
    for question in questions:
        articles.setdefault(question.title, set()).add(documents[question.context or ""])
    return Contexts(documents, {title: frozenset(ids) for title, ids in articles.items()})


def ask_contexts(service: Service, questions: Sequence[Question], contexts: Contexts) -> Iterator[Result]:
    """Each question, asked of the library that `add_contexts` filled; its own context is what is relevant."""
    for question in questions:
        own = contexts.documents[question.context or ""]
        yield _asked(service, question, _in_document(own if question.answerable else ""))


def ask_without_own_article(
    service: Service, questions: Sequence[Question], contexts: Contexts
) -> Iterator[Result]:
    """Each question, asked of the contexts of all other articles; none counts as answerable there."""
    everything = [info.id for info in service.documents()]
    for question in questions:
        left_out = contexts.article(question)
        others = tuple(id for id in everything if id not in left_out)
        unanswerable = replace(question, golds=(), multi=False)
        # A filter that names no document limits nothing, so nothing is given instead.
        given: list[Hit] | None = None if others else []
        yield _asked(service, unanswerable, _in_document(""), Filter(documents=others), given)


def _all_have_contexts(questions: Sequence[Question]) -> None:
    without = [question for question in questions if question.context is None]
    if without:
        raise SettingError(f"The question {without[0].id!r} has no context ({len(without):,} have none).")


def _holding(question: Question) -> Relevant:
    golds, name = question.golds, question.document
    return lambda passage: name in ("", passage.document.name) and holds(passage.text, golds)


def _in_document(document_id: str) -> Relevant:
    return lambda passage: passage.document.id == document_id


def _asked(
    service: Service,
    question: Question,
    relevant: Relevant,
    filter: Filter = Filter(),
    given: list[Hit] | None = None,
) -> Result:
    """Asks the service's library, or nothing but the `given` passages if there are such."""
    documents: Searchable = service.library if given is None else _GivenDocuments(given)
    # All that are given may be read, as long as there is no sure answer.
    most = max(len(given or ()), service.settings.most_passages)
    reader = _Listening(service.reader)
    answerer = Answerer(documents, reader, replace(service.settings, most_passages=most))
    answer = answerer.answer(question.question, filter=filter)
    # Searched again, and only now: what is read need not be the 20 best, and the answer's time is not helped.
    found = documents.search(question.question, BEST_PASSAGES, filter)
    seen = _seen(max(found, reader.hits, key=len), reader.spans, relevant)
    best, around = _best(reader.spans)
    return Result(
        question,
        answer,
        best,
        around,
        passages=tuple(seen[:BEST_PASSAGES]),
        rank_found=min((one.found for one in seen if one.relevant), default=None),
        rank_read=next((rank for rank, one in enumerate(seen, 1) if one.relevant), None),
        reading_milliseconds=reader.milliseconds,
    )


class _Listening:
    """A reader that remembers what it read and found, and how long that took."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.hits: list[Hit] = []
        self.spans: list[Span] = []
        self.milliseconds = 0.0

    @property
    def threshold(self) -> float:
        return self._reader.threshold

    def judge(self, reading: Reading) -> Reading:
        judged = self._reader.judge(reading)
        self.spans = list(judged.spans)
        return judged

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        return self._reader.select_items(items)

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        began = time.perf_counter()
        reading = self._reader.read(question, hits)
        self.milliseconds += 1000 * (time.perf_counter() - began)
        self.hits += hits
        return reading


class _GivenDocuments:
    """Passages that are given instead of a library: a search for anything finds all of them."""

    def __init__(self, hits: list[Hit]) -> None:
        self.hits = hits

    def search(self, question: str, limit: int, filter: Filter = Filter()) -> list[Hit]:
        return self.hits

    def counts(self, filter: Filter = Filter()) -> tuple[int, int]:
        return int(bool(self.hits)), len(self.hits)


def _hits(service: Service, question: Question) -> list[Hit]:
    """The question's context, split as a document is when it goes into a library."""
    document = Document(question.id, question.context or "", question.title)
    embedder = service.library.embedder
    places = split(document, embedder.token_counts, embedder.maximum_length - SPECIAL_TOKENS)
    return [
        Hit(Passage(number, document, start, end), GIVEN_SCORE)
        for number, (start, end) in enumerate(places, 1)
    ]


def _best(spans: Sequence[Span]) -> tuple[Citation | None, tuple[str, str]]:
    """The likeliest span, whether or not it was given, and the text around it."""
    if not spans:
        return None, ("", "")
    likeliest = max(spans, key=lambda span: span.probability)
    best = Citation.of(1, likeliest.passage.document, likeliest.start, likeliest.end)
    text = likeliest.passage.document.text
    before = text[max(0, best.start - _AROUND_CHARACTERS) : best.start]
    return best, (before, text[best.end :][:_AROUND_CHARACTERS])


def _seen(hits: Sequence[Hit], spans: Sequence[Span], relevant: Relevant) -> list[Seen]:
    """The passages in the order of their likeliest spans, then those in which the reader found nothing.

    Among spans that say the same, and so have one probability, the reader's own order counts.
    """
    probabilities: dict[int, float] = {}
    for span in sorted(spans, key=lambda span: -span.probability):
        probabilities.setdefault(span.passage.id, span.probability)
    ranks = {id: rank for rank, id in enumerate(probabilities)}
    seen = [
        Seen(
            hit.passage.document.id,
            hit.passage.document.name,
            hit.passage.start,
            hit.passage.end,
            rank,
            probabilities.get(hit.passage.id),
            relevant(hit.passage),
        )
        for rank, hit in enumerate(hits, 1)
    ]
    order = [ranks.get(hit.passage.id, len(ranks)) for hit in hits]
    return [one for _, one in sorted(zip(order, seen, strict=True), key=lambda pair: pair[0])]
