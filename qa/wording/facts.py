"""Questions made of sentences that say how much something is, when it happens or how long it takes."""

import re
from collections.abc import Iterator

from index import Document, quotable
from index.documents.sentences import CELL
from qa.wording.labels import WHEN, expected
from qa.wording.suggested_question import READ, SuggestedQuestion

# "The yearly subscription", "your deposit"; not "the flat" in "the rent of the flat is £795".
_CLAUSE = (
    "that|which|who|is|are|was|were|has|have|had|can|may|must|will|shall|should|and|or|but|if|when|to|not"
)
_NO_OTHER = "".join(rf"(?<!\b{word} )" for word in "of in for to by with on at from if when than as".split())
THING = rf"{_NO_OTHER}\b(the|your|our)((?: (?!(?:{_CLAUSE})\b)[a-z][\w’'-]*){{1,4}}?)"
MONEY = r"(?:[£$€] ?\d[\d.,]*(?: ?(?:million|billion|bn|m|k)\b)?|\d[\d.,]* (?:kr|euros?|dollars|pounds)\b)"
NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
LONG = rf"{NUMBER}(?: to {NUMBER})?(?:-| )(?:minute|hour|day|week|month|year)s?"
ABOUT = r"(?: (?:about|around|only|now|at|on|from|up to|at least|at most|normally|usually|set at|by))*"
_MUCH = re.compile(rf"{THING} (is|are|was|were|will be|costs?){ABOUT} ({MONEY})", re.I)
_TIME = re.compile(
    rf"{THING} (is|are|was|were|will be|starts?|begins?|ends?|opens?|closes?|takes place|leaves|arrives)"
    rf"(?: held| due)?{ABOUT} ({WHEN})",
    re.I,
)
_LASTS = re.compile(
    rf"{THING} (is|was|will be|lasts?|takes?|runs for)(?: for)?{ABOUT} ({LONG})\b(?! old)", re.I
)
# What says nothing without what stands before it: "the first is £5".
_NO_THING = re.compile(
    r" (?:first|second|third|last|latter|former|other|one|rest|same|total|result|answer|amount|default|"
    r"example|next|above|following|difference|value|number|work|date|time)\Z"
)
_VALUE = re.compile(r" (?:price|cost|fee|charge|bill|sum|payment)")  # of what?
_TO_THE_READER = {"the": "the", "your": "my", "our": "your"}


def of_facts(document: Document) -> Iterator[SuggestedQuestion]:
    text = document.text[:READ]
    for start, end in quotable(text):
        sentence = text[start:end]
        if CELL not in sentence and (found := _question(sentence)):
            yield SuggestedQuestion(found[0], start, end, found[1])


def _question(sentence: str) -> tuple[str, str] | None:
    """The question that the sentence answers, and the words that answer it."""
    for pattern, how in ((_MUCH, "How much"), (_TIME, "When"), (_LASTS, "How long")):
        if (found := pattern.search(sentence)) and not says_nothing_alone(found[2]):
            thing = to_the_reader(found[1], found[2])
            return f"{how} {_asked(thing, found[3].lower())}?", expected(found[4])
    return None


def says_nothing_alone(thing: str) -> bool:
    """Whether the thing, a space before it, is only known by what stands before: " first", " total"."""
    return bool(_NO_THING.search(thing) or _VALUE.fullmatch(thing))


def to_the_reader(article: str, thing: str) -> str:
    """The thing as the one speaks of it whom the document calls "you"."""
    return f"{_TO_THE_READER[article.lower()]}{thing}"


def _asked(thing: str, verb: str) -> str:
    """As it stands in a question: "is the party", "does the shop open"."""
    if verb in ("is", "are", "was", "were"):
        return f"{verb} {thing}"
    if verb == "will be":
        return f"will {thing} be"
    first, _, rest = verb.removesuffix(" for").partition(" ")
    do = "does" if first.endswith("s") else "do"
    return f"{do} {thing} {first.removesuffix('s')} {rest}".rstrip()
