import pytest

from index import QuestionError
from qa.answering.question import LONGEST_QUESTION, checked, resolve


def test_a_question_is_normalised() -> None:
    assert checked("  Which\r\n companies?\x00 ") == "Which companies?"


@pytest.mark.parametrize("question", ["", "  \n", "?!…"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        checked(question)


def test_too_long_a_question_is_refused_with_both_figures() -> None:
    with pytest.raises(QuestionError, match=r"2,001 characters; at most 2,000"):
        checked("x" * (LONGEST_QUESTION + 1))


def test_a_question_that_stands_alone_is_left_alone() -> None:
    assert resolve("Who is the chief of IBM?", ["Which companies stopped?"]) == "Who is the chief of IBM?"
    assert resolve("When did it start?", []) == "When did it start?"


def test_a_question_that_refers_back_gets_the_words_of_the_last_that_did_not() -> None:
    history = ["What is the Svalbard seed vault?", "When did it open?"]
    assert resolve("Who paid for it?", history) == "Who paid for it? (Svalbard seed vault)"
    assert resolve("Why?", ["Who rejected the proposals?"]) == "Why? (rejected proposals)"
