import tracemalloc

import pytest

from index import QuestionError
from qa.answering.question import LONGEST_QUESTION, checked


def test_a_question_is_normalised() -> None:
    assert checked("  Which\r\n companies?\x00 ") == "Which companies?"


@pytest.mark.parametrize("question", ["", "  \n", "?!…"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        checked(question)


def test_too_long_a_question_is_refused_with_both_figures() -> None:
    with pytest.raises(QuestionError, match=r"2,001 characters; at most 2,000"):
        checked("x" * (LONGEST_QUESTION + 1))


def test_a_question_of_100_megabytes_is_refused_unread() -> None:
    question = "x" * 100_000_000
    tracemalloc.start()
    with pytest.raises(QuestionError, match="100,000,000 characters; at most 2,000"):
        checked(question)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000
