"""The words of a text that carry meaning."""

import re

_SMALL_WORDS = frozenset(
    "a about all an and any are as at be been but by can could did do does for from had has have he her him "
    "his how i if in is it its just me my no not of on or our she should so some than that the their them "
    "then there these they this those to was we were what when where which who whom whose why will with "
    "would you your".split()
)
WORD = re.compile(r"\w+(?:[-'’]\w+)*")


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in order."""
    return [word for word in WORD.findall(text) if is_content(word)]


def is_content(word: str) -> bool:
    """Whether the word carries meaning."""
    return word.lower() not in _SMALL_WORDS
