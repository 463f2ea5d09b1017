import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from qa import Turn
from qa.answering.followups import MOST_WORDS, WEIGHTS, Followups, resolutions, resolve

LIFTS = "How many lifts are there in the Lindenhof building?"


def added(question: str, *history: Turn | str) -> list[str]:
    """The words put behind the question, which itself is never changed."""
    resolved = resolve(question, history)
    if resolved == question:
        return []
    assert resolved.startswith(f"{question} (")
    assert resolved.endswith(")")
    return resolved[len(question) + 2 : -1].split()


def test_a_turn_is_a_question_with_its_answer_and_the_title_of_the_document() -> None:
    turn = Turn("When did it open?")
    assert (turn.answer, turn.title) == ("", "")
    with pytest.raises(FrozenInstanceError):
        turn.question = "Why?"  # type: ignore[misc]


@pytest.mark.parametrize("question", ["Why?", "When did it start?", "And Microsoft?"])
def test_a_question_without_turns_before_it_is_left_alone(question: str) -> None:
    assert resolve(question, []) == question


@pytest.mark.parametrize(
    "question",
    [
        "How many lifts are there in the Rosengarten building?",
        "What is a duck?",
        "Who wrote Moby Dick?",
        "When was the bridge over the Tagus in Lisbon built?",
    ],
)
@pytest.mark.parametrize("history", [[LIFTS], [Turn(LIFTS, "five", "lindenhof.md")]])
def test_a_question_that_stands_alone_is_left_alone(question: str, history: list[Turn | str]) -> None:
    assert resolve(question, history) == question


def test_and_another_asks_the_question_before_of_it() -> None:
    words = added("And Microsoft?", "Which companies stopped selling facial recognition?")
    assert {"stopped", "selling", "facial", "recognition"} <= set(words)


def test_why_did_they_gets_what_they_did() -> None:
    words = added("Why did they stop?", "Which companies stopped selling facial recognition?")
    assert {"facial", "recognition"} <= set(words)


def test_what_about_gets_what_was_asked_of_the_other() -> None:
    asked = Turn("What is the deductible of the car insurance?", "300 euros", "car-insurance.md")
    assert "deductible" in added("What about the household insurance?", asked)


def test_a_pronoun_gets_the_name_that_it_stands_for() -> None:
    words = added("When was she born?", Turn("Who manages the Lindenhof building?", "Carla Weiss"))
    assert {"Carla", "Weiss"} <= set(words)


def test_words_of_the_question_are_not_added_again() -> None:
    words = added("Why did they stop selling it?", "Which companies stopped selling facial recognition?")
    assert "selling" not in words


def test_a_question_alone_is_a_turn_without_an_answer() -> None:
    assert resolve("And Microsoft?", [LIFTS]) == resolve("And Microsoft?", [Turn(LIFTS)])


def test_long_histories_and_answers_add_few_words() -> None:
    long = " ".join(f"word{number}" for number in range(5_000))
    history = [Turn(long[:2_000], long, long)] * 50
    assert 0 < len(added("Why did they stop?", *history)) <= MOST_WORDS


@pytest.mark.parametrize("turn", [Turn(""), Turn("?!", "…", ".md"), Turn("Why?", "No.")])
def test_turns_that_hold_no_words_add_none(turn: Turn) -> None:
    assert added("And then?", turn) in ([], ["No"])


def test_the_weights_are_small_and_fit_the_network() -> None:
    assert WEIGHTS.stat().st_size < 200_000
    model = Followups.load()
    assert model.arrays["vectors.weight"].shape[0] > max(model.vocabulary.values())


def test_the_threshold_decides_whether_a_question_is_altered(tmp_path: Path) -> None:
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    for below, altered in ((0.0, True), (1.1, False)):
        path = tmp_path / f"{below}.json"
        path.write_text(json.dumps({**stored, "stands_alone_below": below}), encoding="utf-8")
        resolved = Followups.load(path).resolve("What is a duck?", [LIFTS])
        assert (resolved != "What is a duck?") is altered


def test_what_surely_refers_back_is_meant_in_one_way() -> None:
    assert resolutions("And Microsoft?", [LIFTS]) == (resolve("And Microsoft?", [LIFTS]),)


def test_what_may_stand_alone_is_asked_as_it_is_before_it_is_asked_with_words_added(tmp_path: Path) -> None:
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({**stored, "stands_alone_below": 1.1}), encoding="utf-8")
    first, second = Followups.load(path).resolutions("What about the household insurance?", [LIFTS])
    assert first == "What about the household insurance?"
    assert second.startswith(f"{first} (")


def test_without_turns_there_is_one_way() -> None:
    assert resolutions("And Microsoft?", []) == ("And Microsoft?",)
