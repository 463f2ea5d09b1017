"""What is handed in is measured before any work is done on it."""

import tracemalloc

import pytest

from index import QuestionError
from qa.answering.question import checked
from qa.limits import MOST_HISTORY, MOST_TURNS, latest, shortened


def questions(history: list[str]) -> list[str]:
    """Those of the turns that are read."""
    return [turn.question for turn in latest(history)]


def test_of_a_long_history_the_latest_turns_are_read() -> None:
    assert questions([str(number) for number in range(1_000)]) == [
        str(number) for number in range(1_000 - MOST_TURNS, 1_000)
    ]


def test_of_long_questions_as_many_as_fit_are_read() -> None:
    assert questions(["a" * MOST_HISTORY, "b" * (MOST_HISTORY - 1), "c"]) == [
        "b" * (MOST_HISTORY - 1),
        "c",
    ]
    assert questions(["a", "b" * (MOST_HISTORY + 1)]) == []


def test_a_book_as_history_takes_no_memory() -> None:
    history = ["word " * 150_000]
    tracemalloc.start()
    latest(history)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000


def test_a_question_of_100_megabytes_is_refused_unread() -> None:
    question = "x" * 100_000_000
    tracemalloc.start()
    with pytest.raises(QuestionError, match="100,000,000 characters; at most 2,000"):
        checked(question)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000


def test_a_value_in_an_error_is_one_short_line() -> None:
    assert shortened("a\nb") == r"'a\nb'"
    assert len(shortened("x" * 1_000)) == 60
    assert shortened("\ud800").isascii()
