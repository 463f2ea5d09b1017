import pytest

from qa.reading.rephrase import rephrased


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Who bought it?", "Ann purchased the shop.", "Who purchased it?"),
        ("Which firms make cars?", "The firms build automobiles.", "Which firms make automobiles?"),
        (
            "Which firms stopped selling it?",
            "They are no longer selling it.",
            "Which firms are no longer selling it?",
        ),
        (
            "Which firm stopped selling it?",
            "It is now not promoting it.",
            "Which firm is now not promoting it?",
        ),
        ("Who bought it?", "Ann bought it, she did not just acquire it.", "Who bought it?"),
        ("What is the boiling point of tungsten?", "Iron melts.", "What is the boiling point of tungsten?"),
        ("?!", "", "?!"),
    ],
)
def test_a_question_takes_the_words_of_the_text(question: str, text: str, expected: str) -> None:
    assert rephrased(question, text) == expected
