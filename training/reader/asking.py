"""Which training questions ask for one thing, told by their wording: their answers are not cut into items."""

import re

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


def asks_for_several(question: str) -> bool:
    """Whether the question asks for a list, by its plural noun: "Which companies …", "Name all …"."""
    return bool(_SEVERAL.search(question))


def asks_for_one(question: str) -> bool:
    """Whether it asks for one thing of a kind, "what book", that may be called "Evolution and Dogma"."""
    return bool(_ASKS_FOR_ONE.search(question)) and not asks_for_several(question)
