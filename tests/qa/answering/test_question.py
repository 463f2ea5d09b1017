import pytest

from index import QuestionError
from qa.answering.question import LONGEST_QUESTION, asks_for_one, checked, resolve, wants_several


def test_a_question_is_normalised() -> None:
    assert checked("  Which\r\n companies?\x00 ") == "Which companies?"


@pytest.mark.parametrize("question", ["", "  \n", "?!…"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        checked(question)


def test_too_long_a_question_is_refused_with_both_figures() -> None:
    with pytest.raises(QuestionError, match=r"2,001 characters; at most 2,000"):
        checked("x" * (LONGEST_QUESTION + 1))


@pytest.mark.parametrize(
    "question",
    [
        "Which companies stopped selling facial recognition?",
        "which companies stopped selling facial recognition",
        "What are the side effects?",
        "What side effects were reported?",
        "Name all members of the board.",
        "List the planets",
        "Who were the signatories?",
        "In which countries is it sold?",
    ],
)
def test_questions_for_several_things(question: str) -> None:
    assert wants_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which company stopped selling facial recognition?",
        "What is the boiling point of tungsten?",
        "When did it happen?",
        "Who leads IBM?",
        "What does the business sell?",
        "What was the status of the parcel?",
        "How long did Amazon stop police use of Rekognition?",
        "Why does the sun shine?",
        "What were Apple's total net sales in the quarter ended June 25, 2022?",
        "What are the costs of the vault?",
    ],
)
def test_questions_for_one_thing(question: str) -> None:
    assert not wants_several(question)


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("What book did John Zahm write?", True),
        ("In which realm was it?", True),
        ("what year was it", True),
        ("Which books did he write?", False),
        ("What people came?", False),
        ("Which of the rivers is longer?", False),
        ("What is the book called?", False),
        ("Who wrote it?", False),
    ],
)
def test_questions_for_one_thing_of_a_kind(question: str, one: bool) -> None:
    assert asks_for_one(question) is one


def test_a_question_that_stands_alone_is_left_alone() -> None:
    assert resolve("Who is the chief of IBM?", ["Which companies stopped?"]) == "Who is the chief of IBM?"
    assert resolve("When did it start?", []) == "When did it start?"


def test_a_question_that_refers_back_gets_the_words_of_the_last_that_did_not() -> None:
    history = ["What is the Svalbard seed vault?", "When did it open?"]
    assert resolve("Who paid for it?", history) == "Who paid for it? (Svalbard seed vault)"
    assert resolve("Why?", ["Who rejected the proposals?"]) == "Why? (rejected proposals)"
