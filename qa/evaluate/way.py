"""Makes ready what each way of asking needs: the choice of the way, a temporary library, the questions."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index import QuothError, SettingError
from index.library.library import Progress
from qa.evaluate.asking import (
    add_contexts,
    ask_contexts,
    ask_given_passages,
    ask_library,
    ask_without_own_article,
)
from qa.evaluate.questions import Question
from qa.evaluate.result import Result, Way
from qa.service.service import Service
from qa.settings import Settings


@dataclass(frozen=True, slots=True)
class Asking:
    """Questions being asked one by one, as `results` is gone through.

    An answer of less confidence than `threshold` is refused.
    """

    way: Way
    threshold: float
    questions: int
    results: Iterator[Result]


def choose(
    questions: Sequence[Question], *, given_passage: bool, without_own_article: bool, library_named: bool
) -> Way:
    """The way that was asked for, else the one that the questions allow; SettingError when they don't."""
    without = [question for question in questions if question.context is None]
    if library_named and (given_passage or without_own_article):
        raise SettingError("A library is named, but the questions' own contexts were to be asked about.")
    if library_named:
        return Way.LIBRARY
    if not without:
        contexts = Way.WITHOUT_OWN_ARTICLE if without_own_article else Way.CONTEXTS
        return Way.GIVEN_PASSAGE if given_passage else contexts
    if given_passage or without_own_article or len(without) < len(questions):
        raise SettingError(
            f"{len(without):,} of {len(questions):,} questions have no context; the first is "
            f"{without[0].id!r}. Name a library to ask it all of them."
        )
    return Way.LIBRARY


@contextmanager
def asking(
    questions: Sequence[Question],
    settings: Settings,
    way: Way,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Asking]:
    """Makes ready what `way` needs, and cleans up afterwards.

    With a `limit` only so many are asked, spread evenly; the library still holds the contexts of all.
    """
    if limit is not None and limit < 1:
        raise SettingError(f"limit is {limit}, but must be 1 or more.")
    asked = spread(questions, limit or len(questions))
    with tempfile.TemporaryDirectory(prefix="quoth-") as folder:
        library = settings.library if way is Way.LIBRARY else Path(folder)
        # The user's own library is asked as it is: a name mistyped must not make a new one.
        create = way is not Way.LIBRARY
        with Service.open(library, settings, change_embedder=False, create=create) as service:
            results = _results(service, questions, asked, way, progress)
            yield Asking(way, service.threshold, len(asked), results)


def spread(questions: Sequence[Question], count: int) -> list[Question]:
    """At most `count` of the questions, at even distances."""
    count = min(count, len(questions))
    return [questions[number * len(questions) // count] for number in range(count)]


def _results(
    service: Service,
    questions: Sequence[Question],
    asked: Sequence[Question],
    way: Way,
    progress: Progress | None,
) -> Iterator[Result]:
    if way is Way.GIVEN_PASSAGE:
        return ask_given_passages(service, asked)
    if way is Way.LIBRARY:
        _check_documents(service, asked)
        return ask_library(service, asked)
    contexts = add_contexts(service, questions, progress)
    ask = ask_without_own_article if way is Way.WITHOUT_OWN_ARTICLE else ask_contexts
    return ask(service, asked, contexts)


def _check_documents(service: Service, questions: Sequence[Question]) -> None:
    names = {info.name for info in service.documents()}
    if not names:
        raise QuothError(f"There are no documents in the library {service.library.folder}.")
    for question in questions:
        if question.document and question.document not in names:
            raise SettingError(
                f"The question {question.id!r} names the document {question.document!r}, "
                f"which is not in the library {service.library.folder}."
            )
