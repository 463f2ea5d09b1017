"""Lines in Arabic, Hebrew and the like, which run from right to left, numbers and Latin words in them not.

pdfium gives such lines in the order in which they are read. What it leaves to do: the letters of some words,
and those that share one sign, come the wrong way round, and brackets are those of a line from the left.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from index.loaders.pdf.glyphs import Box

_LETTERS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_RUN = re.compile(f"{_LETTERS.pattern}{{2,}}")
_LAM_ALEF = re.compile("[\u0622\u0623\u0625\u0627]\u0644")
_OPENING = re.compile(r"(?<!\S)([)\]])(?=\w)")
_CLOSING = re.compile(r"(?<=\w)([(\[])(?=[\s.,:;،؛؟]|\Z)")
_MIRRORED = dict(zip("()[]", ")(][", strict=True))


def runs_from_right(text: str) -> bool:
    """Whether most letters of the text are of a script that does."""
    if text.isascii():
        return False
    found = len(_LETTERS.findall(text))
    return found > 0 and 2 * found >= sum(map(str.isalpha, text))


def holds_letters(text: str) -> bool:
    """Whether any letter of the text is of such a script."""
    return not text.isascii() and bool(_LETTERS.search(text))


def with_letters_in_order(text: str, start: int, box: Callable[[int], Box]) -> str:
    """A word with its letters from the right; `box` gives the place of a character.

    pdfium leaves the letters of some words as they are drawn, from the left. An alef comes behind the lam
    that it shares a sign with.
    """
    places = [start + at for at in range(len(text))]
    for run in _RUN.finditer(text):
        boxes = [box(start + at) for at in range(*run.span())]
        rising = sum(one[0] < other[0] for one, other in pairwise(boxes))
        falling = sum(one[0] > other[0] for one, other in pairwise(boxes))
        if rising > falling:
            places[slice(*run.span())] = reversed(places[slice(*run.span())])
    ordered = "".join(text[place - start] for place in places)
    signs: list[str] = list(ordered)
    for match in _LAM_ALEF.finditer(ordered):
        at = match.start()
        if box(places[at]) == box(places[at + 1]):
            signs[at], signs[at + 1] = signs[at + 1], signs[at]
    return "".join(signs)


def with_brackets(text: str) -> str:
    """A line with its brackets as they open and close in reading order."""
    text = _OPENING.sub(lambda found: _MIRRORED[found[1]], text)
    return _CLOSING.sub(lambda found: _MIRRORED[found[1]], text)


def whole(boxes: Sequence[Box]) -> Box:
    """The rectangle around all of them."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def gaps_between(boxes: Sequence[Box], width: float) -> list[float]:
    """Where, from the left, nothing stands over at least that width."""
    found: list[float] = []
    right = float("inf")
    for box in sorted(boxes):
        if box[0] - right >= width:
            found.append((box[0] + right) / 2)
        right = max(box[2], right) if right < float("inf") else box[2]
    return found
