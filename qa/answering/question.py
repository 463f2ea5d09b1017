"""What can be known from a question alone."""

from index import QuestionError, normalise
from qa.limits import shortened
from qa.reading.words import WORD

# Far longer than any question; what is longer is a document pasted into the wrong box.
LONGEST_QUESTION = 2_000
# With white space that doesn't count; what is longer than this is refused without a look at it.
_LONGEST_INPUT = 10 * LONGEST_QUESTION


def checked(question: str) -> str:
    """The question, normalised; QuestionError when it is no text, empty or too long."""
    if not isinstance(question, str):
        raise QuestionError(f"question is {shortened(question)}, but must be text.")
    text = question if len(question) > _LONGEST_INPUT else " ".join(normalise(question).split())
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} are read. "
            "To ask about a text, add it as a document."
        )
    if not WORD.search(text):
        raise QuestionError("The question is empty. Type a few words.")
    return text
