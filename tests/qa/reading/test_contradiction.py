import pytest

from qa.reading.contradiction import OPPOSITES, Contradiction

PASSAGE = (
    "The northern border was closed in 1951. It was not guarded by soldiers before 1960. "
    "Most of the villages in the south were never evacuated, and two were rebuilt."
)


def signs(question: str, answer: str) -> tuple[float, float]:
    start = PASSAGE.index(answer)
    return Contradiction(question, PASSAGE).signs(start, start + len(answer))


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("When was the northern border closed?", "1951", (0.0, 0.0)),
        ("When was the southern border closed?", "1951", (0.0, 1.0)),
        ("When was the northern border not closed?", "1951", (1.0, 0.0)),
        ("When wasn’t the southern border opened?", "1951", (1.0, 1.0)),
        ("Who did not guard the border?", "soldiers", (0.0, 0.0)),
        ("After which year was it guarded by soldiers?", "1960", (0.0, 1.0)),
        ("What was guarded before and after 1960?", "soldiers", (0.0, 1.0)),
        ("How many villages were not rebuilt?", "two", (0.0, 0.0)),
        ("Which border was CLOSED?", "northern border", (0.0, 0.0)),
    ],
)
def test_words_that_say_the_contrary_are_seen_in_the_answers_own_sentence(
    question: str, answer: str, expected: tuple[float, float]
) -> None:
    assert signs(question, answer) == expected


def test_an_answer_over_two_sentences_is_compared_with_both() -> None:
    start, end = PASSAGE.index("1951"), PASSAGE.index("soldiers")
    assert Contradiction("What was not closed?", PASSAGE).signs(start, start + 4) == (1.0, 0.0)
    assert Contradiction("What was not closed?", PASSAGE).signs(start, end) == (0.0, 0.0)


def test_every_opposite_has_its_word_for_an_opposite() -> None:
    assert all(word in OPPOSITES[other] for word, others in OPPOSITES.items() for other in others)
    assert not any(word in others for word, others in OPPOSITES.items())
