import pytest

from qa import QuestionError, Turn


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
