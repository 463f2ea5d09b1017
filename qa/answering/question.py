"""What can be told from a question alone."""

import re
from collections.abc import Sequence

from index import QuestionError, normalise
from qa.reading.words import WORD, content_words

# Far longer than any question; what is longer is a document pasted into the wrong box.
LONGEST_QUESTION = 2_000

_REFERS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one|ones)\b"
    r"|^(?:and|but|or|so|also)\b|^(?:what|how) about\b|^(?:why|when|where|who|how)(?: not)?\W*$",
    re.IGNORECASE,
)


def checked(question: str) -> str:
    """The question, normalised; QuestionError when it is empty or too long."""
    text = " ".join(normalise(question).split())
    if not WORD.search(text):
        raise QuestionError("The question is empty. Type a few words.")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} are read. "
            "To ask about a text, add it as a document."
        )
    return text


def resolve(question: str, history: Sequence[str]) -> str:
    """The question so that it stands alone: one that refers back gets the words of the last one that did not.

    `history` holds the earlier questions, oldest first.
    """
    if not history or not (_REFERS_BACK.search(question) or len(content_words(question)) < 2):
        return question
    known = {word.lower() for word in content_words(question)}
    for earlier in reversed(history):
        words = [word for word in content_words(earlier) if word.lower() not in known]
        if words and (not _REFERS_BACK.search(earlier) or earlier is history[0]):
            return f"{question} ({' '.join(words)})"
    return question
