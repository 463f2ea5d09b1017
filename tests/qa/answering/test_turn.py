import tracemalloc

import pytest

from qa import QuestionError, Turn
from qa.answering.turn import MOST_HISTORY, MOST_TURNS, latest


def test_a_turn_is_its_question_or_an_object() -> None:
    assert Turn.of("What is it?") == Turn("What is it?")
    sent = {"question": "What is it?", "answer": "A vault", "title": "vault.md", "more": 1}
    assert Turn.of(sent) == Turn("What is it?", "A vault", "vault.md")
    assert Turn.of({"question": "What is it?", "answer": None}) == Turn("What is it?")


@pytest.mark.parametrize(
    "value", [7, None, ["a"], {"question": 7}, {}, {"question": " "}, {"answer": "A vault"}]
)
def test_what_is_no_turn_is_refused(value: object) -> None:
    with pytest.raises(QuestionError, match="history must hold questions"):
        Turn.of(value)


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
