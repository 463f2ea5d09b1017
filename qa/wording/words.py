"""How a document's words stand inside a question: with which first letter, article and verb."""

import re

from index import Document
from qa.wording.suggested_question import READ

# A row or a field that names something: words of letters, the first of three or more of them.
_LABEL = re.compile(r"[A-Za-z][a-z’'-]{2,}(?: (?:[A-Za-z][a-z’'-]*|&)){0,5}\Z")
_NO_LABEL = re.compile(
    r"(?:(?:.* )?\w+ed|others?|none|yes|no|totals?|names?|items?|notes?|sum)\Z|other |.* and ", re.I
)
ARTICLE = re.compile(r"(?:the|an?) ", re.I)
_BEFORE = re.compile(r"(?:§ ?)?\d[\d.-]*[.)]? +|Step \d+:? ")


def without_number(heading: str) -> str:
    """The heading without the number before it; one inside, as in "Phase 2", is part of its name."""
    return _BEFORE.sub("", heading, count=1) if _BEFORE.match(heading) else heading


def is_label(words: str) -> bool:
    return bool(_LABEL.match(words)) and not _NO_LABEL.match(words)


def with_article(thing: str, document: Document) -> bool:
    """Whether the document speaks of the thing in a sentence: "Verify new firmware" is none."""
    return bool(re.search(rf"\b(?:[Tt]he|[Aa]n?) {re.escape(thing)}\b", document.text[:READ]))


def mostly_with_article(thing: str, document: Document) -> bool:
    """Whether the document mostly has an article before it: "commercial paper" stands without one."""
    text = document.text[:READ]
    with_one = len(re.findall(rf"\b(?:[Tt]he|[Aa]n?) {re.escape(thing)}\b", text))
    return with_one > 0 and 2 * with_one >= len(re.findall(rf"\b{re.escape(thing)}\b", text))


def as_thing(heading: str, document: Document) -> str:
    """The heading with a small letter, unless its first word has a large one inside of sentences too."""
    first = heading.split()[0]
    if re.search(rf"[a-z,] {re.escape(first)}\b", document.text[:READ]):
        return heading
    return small(heading)


def inside(words: str, document: Document) -> str:
    """The words as they stand inside a sentence: with a small letter where the document has them so."""
    words = words.strip()
    first, _, rest = words.partition(" ")
    lower = small(first)
    # Not where it is part of an address: the company Contoso has pages at contoso.com.
    as_word = rf"(?<![\w@./-]){re.escape(lower)}(?![\w@/-]|\.\w)"
    named = bool(re.match(r"[A-Z]", rest))
    is_small = first != lower and not named and re.search(as_word, document.text[:READ])
    if first in ("The", "A", "An") or is_small:
        return f"{lower} {rest}".strip()
    return words


def small(words: str) -> str:
    return words[:1].lower() + words[1:]


def with_the(thing: str) -> str:
    """The thing as a sentence speaks of it: "the filter", but "Iceland"."""
    return thing if ARTICLE.match(thing) or thing[:1].isupper() else f"the {thing}"


def be(thing: str) -> str:
    return "are" if re.search(r"[^sui]s\Z", thing) else "is"


def was(row: str) -> str:
    """By the words that rule the others: "purchases of investments", "accounts payable"."""
    ruling = re.split(r" (?:of|from|for|in|to|by|on|per) ", row)[0].split()
    return "were" if any(be(word) == "are" for word in (ruling[0], ruling[-1])) else "was"
