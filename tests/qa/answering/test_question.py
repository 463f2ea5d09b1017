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
