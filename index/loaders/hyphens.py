"""Words broken by a hyphen at a line's end, put together again."""

import re
from collections import Counter
from collections.abc import Sequence

MIN_SHOWN = 3  # hyphens that belong to their words before those that the document shows no other way do too
MIN_WORD = 4  # letters; shorter ones, like "in" and "up", are often parts of other words

_LONGEST_WORD = 80  # letters before the hyphen

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN_START = re.compile(r"[^\W\d_]+-\Z")
_BROKEN_END = re.compile(r"[^\W\d_]+")
# Parts that keep their hyphen when the document itself does not show how the word is written.
_PREFIXES = frozenset(
    "cross double full half high long low mid non post self semi short single three two well".split()
)


class Vocabulary:
    """The words of one document, which show whether a hyphen belongs to the word or to the line."""

    def __init__(self, lines: Sequence[str]) -> None:
        broken = [(left[:-1], right) for left, right in map(_broken_word, lines, lines[1:]) if left]
        counts = Counter(word.casefold() for line in lines for word in _WORD.findall(line))
        counts.subtract(part.casefold() for parts in broken for part in parts)
        self._words = {word for word, count in counts.items() if count > 0}
        shown = Counter(self._shown(left, right) for left, right in broken)
        self._default = shown[True] >= MIN_SHOWN and shown[True] > 3 * shown[False]

    def join(self, line: str, following: str) -> str:
        """Two lines as one: with a space, or as one word with or without its hyphen."""
        left, right = _broken_word(line, following)
        if not left:
            hyphen = len(line) > 1 and line[-1] == "-" and line[-2].isalnum()
            return line + following if hyphen else f"{line} {following}"
        shown = self._shown(left[:-1], right)
        belongs = self._likely(left[:-1], right) if shown is None else shown
        return line + following if belongs else line[:-1] + following

    def _shown(self, left: str, right: str) -> bool | None:
        """Whether the document shows the word with its hyphen (True) or without (False)."""
        if not right[0].islower() or left.isupper() or f"{left}-{right}".casefold() in self._words:
            return True
        return False if (left + right).casefold() in self._words else None

    def _likely(self, left: str, right: str) -> bool:
        """A guess where the document shows the word neither way: compounds are made of words it knows."""
        both = {left.casefold(), right.casefold()}
        known = both <= self._words and min(map(len, both)) >= MIN_WORD
        return known or self._default or left.casefold() in _PREFIXES


def _broken_word(line: str, following: str) -> tuple[str, str]:
    """The two parts of a word broken by a hyphen, the first with it; two empty strings if none is."""
    if not line.endswith("-"):
        return "", ""
    # Only the end is looked at: a paragraph that grows line by line would be searched again for each.
    left = _BROKEN_START.search(line, max(len(line) - _LONGEST_WORD, 0))
    right = _BROKEN_END.match(following)
    return (left.group(), right.group()) if left and right else ("", "")
