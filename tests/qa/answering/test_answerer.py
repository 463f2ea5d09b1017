from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index import Document, Filter, Hit, Library, Passage, QuestionError, UnknownDocument
from index.testing.hashed_embedder import HashedEmbedder
from qa import Reading, Span, Turn
from qa.answering.answerer import Answerer
from tests.waiting import PATIENCE

# Longer than what the store reads whole for a passage that is shown.
LONG = "The meadow lies in the valley, far from the river. " * 2_000


class FirstWords:
    """A reader that answers with the first word of the best passage; it calls `before` before it reads."""

    threshold = 0.5

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self._before = before

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        self._before()
        spans = [Span(hit.passage, hit.passage.start, hit.passage.start + 5, 0.9) for hit in hits[:1]]
        assert all(span.passage.document.text for span in spans)
        return Reading(tuple(spans))

    def judge(self, reading: Reading) -> Reading:
        return reading

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(items)


class Pages:
    """Two methods are all that asking needs. A filter leaves the pages that it names."""

    def __init__(self, *texts: str) -> None:
        documents = [Document(f"page {number}", text) for number, text in enumerate(texts)]
        self._hits = [
            Hit(Passage(number, document, 0, len(document.text)), 0.5)
            for number, document in enumerate(documents)
        ]

    def search(self, question: str, limit: int, filter: Filter) -> list[Hit]:
        wanted = filter.documents or [hit.passage.document.id for hit in self._hits]
        return [hit for hit in self._hits if hit.passage.document.id in wanted][:limit]

    def counts(self, filter: Filter) -> tuple[int, int]:
        return len(self._hits), len(self._hits)


def test_anything_that_can_be_searched_can_be_asked() -> None:
    answer = Answerer(Pages("North is up.", "South is down."), FirstWords()).answer("Where is north?")
    assert (answer.text, answer.citations[0].name) == ("North", "page 0")
    assert (answer.searched.documents, answer.searched.passages) == (2, 2)


def test_space_around_a_question_makes_no_difference() -> None:
    answer = Answerer(Pages("North is up."), FirstWords()).answer(" Where is north?\n")
    assert (answer.text, answer.question) == ("North", "Where is north?")


def test_a_question_that_can_not_be_asked_is_refused_at_once() -> None:
    with pytest.raises(QuestionError):
        Answerer(Pages(), FirstWords()).stream(" ")


def test_a_document_that_is_removed_while_it_is_read_is_searched_for_no_more(tmp_path: Path) -> None:
    with Library.open(tmp_path, HashedEmbedder()) as library:
        library.add([Document("short", "A meadow in a valley.")])
        (long,) = library.add([Document("long", LONG + "The heron nests in the meadow.")])
        assert library.wait_until_embedded(PATIENCE)
    # Opened again, the library has no text of the long one in memory.
    with Library.open(tmp_path, HashedEmbedder()) as library:

        def remove_once() -> None:
            if any(info.name == "long" for info in library.documents()):
                library.remove(long.document_id or "")

        answer = Answerer(library, FirstWords(remove_once)).answer("Where does the heron nest?")
        assert [citation.name for citation in answer.citations] == ["short"]
        assert answer.searched.documents == 1


def test_documents_that_are_never_there_end_the_search() -> None:
    def gone() -> None:
        raise UnknownDocument("It has just been removed.")

    with pytest.raises(UnknownDocument):
        Answerer(Pages("North is up."), FirstWords(gone)).answer("Where is north?")


class ByWords(FirstWords):
    """It is as sure as the question tells it to be: 0.2, or 0.9 when words were added in parentheses."""

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        passage = hits[0].passage
        sure = self.added if "(" in question else 0.2
        return Reading((Span(passage, passage.start, passage.start + 5, sure),))

    def __init__(self, added: float) -> None:
        super().__init__()
        self.added = added


# Whether it refers back is in doubt; the test of the resolver itself holds what it makes of such questions.
IN_DOUBT = "How heavy is George?", ["Who are the people in Three Men in a Boat?"]


@pytest.mark.parametrize(("added", "answered"), [(0.9, True), (0.25, False)])
def test_words_of_earlier_turns_are_added_where_that_makes_the_answer_surer(
    added: float, answered: bool
) -> None:
    answer = Answerer(Pages("North is up."), ByWords(added)).answer(*IN_DOUBT)
    assert answer.answered is answered
    assert (answer.question != IN_DOUBT[0]) is answered
    assert answer.asked == IN_DOUBT[0]


class SureOnOne(FirstWords):
    """It is sure only where the best passage is that of one page."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        passage = hits[0].passage
        sure = 0.9 if passage.document.name == self._name else 0.2
        return Reading((Span(passage, passage.start, passage.start + 5, sure),))


@pytest.mark.parametrize(
    ("question", "cited"),
    [("And the second one?", ["page 1"]), ("What is the capital of Spain?", [])],
)
def test_a_question_that_follows_up_is_asked_of_the_document_before_too(
    question: str, cited: list[str]
) -> None:
    pages, before = Pages("North is up.", "South is down."), Turn("Where is south?", "down", "page 1")
    answer = Answerer(pages, SureOnOne("page 1")).answer(question, [before])
    assert [citation.name for citation in answer.citations] == cited
