"""What can be told from a question alone."""

import re
from collections.abc import Sequence

from index import QuestionError, normalise

# Far longer than any question; what is longer is a document pasted into the wrong box.
LONGEST_QUESTION = 2_000

# Words in s that follow "what" and are no plural nouns, and helping verbs: "What does …" asks for one thing.
_NO_PLURAL = (
    "is was does has do did had can could will would should may might must this us its business class "
    "process address basis status loss analysis campus kind type sort level amount number percentage "
    "happens becomes makes causes helps means takes gives contains comes goes borders occurs remains "
    "represents includes refers describes determines provides allows leads needs works keeps begins "
    "starts ends says shows sends"
).replace(" ", "|")
# Plural nouns that name one amount: "What were the total net sales …" asks for one figure.
_OF_AN_AMOUNT = (
    r"(?:are|were)\b.*\b(?:sales|earnings|revenues|expenses|costs|proceeds|profits|losses|totals?)\b"
)
_SEVERAL = re.compile(
    r"^(?:name|list|enumerate|tell me|give me)\b.*\b(?:all|every|\w{3,}s)\b"
    r"|^(?:(?:and|in|on|at|by|from|for|of|to|with|please)\s+)?(?:which|what|whose)\s+"
    rf"(?!{_OF_AN_AMOUNT})(?:(?!(?:{_NO_PLURAL})\b)\w+\s+){{0,2}}?(?!(?:{_NO_PLURAL})\b)\w{{2,}}[^su\W]s\b"
    rf"|^(?:what|which|who)\s+(?!{_OF_AN_AMOUNT})(?:are|were)\b"
    r"|\bwho all\b|\bwhat all\b",
    re.IGNORECASE,
)
# "What book", "which department": what follows is no helping verb, number or plural.
_ASKS_FOR_ONE = re.compile(
    r"\b(?:what|which)\s+(?!(?:is|are|was|were|do|does|did|has|had|have|can|could|would|will)\b)"
    r"(?!(?:else|of|two|three|people|men|women|children)\b)"
    r"[a-z]+(?<!s)\b",
    re.IGNORECASE,
)
# What these ask for is told in a phrase, whose parts are no answers.
_ASKS_FOR_A_PHRASE = re.compile(
    r"(?:why|how|when)\b|what\b.*\b(?:do|done|doing|happen(?:s|ed)?|mean|say|said)\b", re.IGNORECASE
)
_REFERS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one|ones)\b"
    r"|^(?:and|but|or|so|also)\b|^(?:what|how) about\b|^(?:why|when|where|who|how)(?: not)?\W*$",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    "a about all an and any are as at be been but by can could did do does for from had has have he her him "
    "his how i if in is it its just me my no not of on or our she should so some than that the their them "
    "then there these they this those to was we were what when where which who whom whose why will with "
    "would you your".split()
)
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


def checked(question: str) -> str:
    """The question, normalised; QuestionError when it is empty or too long."""
    text = " ".join(normalise(question).split())
    if not _WORD.search(text):
        raise QuestionError("The question is empty. Type a few words.")
    if len(text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {LONGEST_QUESTION:,} are read. "
            "To ask about a text, add it as a document."
        )
    return text


def wants_several(question: str) -> bool:
    """Whether the question asks for a list, told by its plural noun: "Which companies …", "Name all …"."""
    return bool(_SEVERAL.search(question))


def asks_for_one(question: str) -> bool:
    """Whether it asks for one thing of a kind, "what book", that may be called "Evolution and Dogma"."""
    return bool(_ASKS_FOR_ONE.search(question)) and not wants_several(question)


def asks_for_a_phrase(question: str) -> bool:
    """Whether it asks for a reason, a manner, a time or a deed, which several words tell together."""
    return bool(_ASKS_FOR_A_PHRASE.match(question))


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


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in order."""
    return [word for word in _WORD.findall(text) if word.lower() not in _SMALL_WORDS]
