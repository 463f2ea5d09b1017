"""What can be told from a question alone."""

from index import QuestionError, normalise
from qa.reading.words import WORD

# Far longer than any question; what is longer is a document pasted into the wrong box.
LONGEST_QUESTION = 2_000


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
