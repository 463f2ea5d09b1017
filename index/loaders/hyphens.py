"""Words broken by a hyphen at a line's end, put together again."""

import re
from collections import Counter
from collections.abc import Sequence

MIN_SHOWN = 3  # hyphens that belong to their words before those that the document shows no other way do too
MIN_WORD = 4  # letters; shorter ones, like "in" and "up", are often parts of other words

_LONGEST_WORD = 80  # letters before the hyphen

HYPHENS = "-\u2010"  # the one of keyboards, and the one that only joins words, which groff writes

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_BROKEN_START = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*[-\u2010]\Z")
_BROKEN_END = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
# Parts that keep their hyphen when the document itself does not show how the word is written.
_PREFIXES = frozenset(
    "cross double full half high long low mid non post self semi short single three two well".split()
)
_ENDINGS = frozenset(
    "aware based defined free friendly like only oriented related specific style wide".split()
)


class Vocabulary:
    """The words of one document, which show whether a hyphen belongs to the word or to the line.

    It is made of the document's lines without the space around them.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        broken = [(left[:-1], right) for left, right in map(_broken_word, lines, lines[1:]) if left]
        counts = Counter(_plain(word) for line in lines for word in _WORD.findall(line))
        counts.subtract(_plain(part) for parts in broken for part in parts)
        self._words = {word for word, count in counts.items() if count > 0}
        shown = Counter(self._shown(left, right) for left, right in broken)
        self._default = shown[True] >= MIN_SHOWN and shown[True] > 3 * shown[False]

    def join(self, line: str, following: str) -> str:
        """Two lines as one: with a space, or as one word with or without its hyphen."""
        left, right = _broken_word(line, following)
        if not left:
            hyphen = len(line) > 1 and line[-1] in HYPHENS and line[-2].isalnum()
            return line + following if hyphen else f"{line} {following}"
        shown = self._shown(left[:-1], right)
        belongs = self._likely(left[:-1], right) if shown is None else shown
        return line + following if belongs else line[:-1] + following

    def _shown(self, left: str, right: str) -> bool | None:
        """Whether the document shows the word with its hyphen (True) or without (False)."""
        start, end = _plain(left), _plain(right)
        inner, outer = start.split("-")[-1], end.split("-")[0]  # next to the hyphen, in a word with others
        whole = start + end in self._words
        if left.isupper() and right.isupper() and whole and start not in self._words:
            return False
        parted = {f"{start}-{end}", f"{inner}-{outer}"} & self._words
        if not right[0].islower() or left.isupper() or parted:
            return True
        return False if whole or inner + outer in self._words else None

    def _likely(self, left: str, right: str) -> bool:
        """A guess where the document shows the word neither way: compounds are made of words it knows."""
        sides = {_plain(left).split("-")[-1], _plain(right).split("-")[0]}
        shortest = 1 if "-" in _plain(left + right) else MIN_WORD
        known = sides <= self._words and min(map(len, sides)) >= shortest
        usual = _plain(left) in _PREFIXES or (_plain(left) in self._words and _plain(right) in _ENDINGS)
        return known or self._default or usual


def _plain(word: str) -> str:
    return word.casefold().replace("\u2010", "-")


def _broken_word(line: str, following: str) -> tuple[str, str]:
    """The two parts of a word broken by a hyphen, the first with it; two empty strings if none is."""
    if not line.endswith(tuple(HYPHENS)):
        return "", ""
    # Only the end is looked at: a paragraph that grows line by line would be searched again for each.
    left = _BROKEN_START.search(line, max(len(line) - _LONGEST_WORD, 0))
    right = _BROKEN_END.match(following)
    return (left.group(), right.group()) if left and right else ("", "")
