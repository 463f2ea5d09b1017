"""From the reader model's numbers to places in a document: spans and list items."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import sentences
from qa.reading.windows import Floats
from qa.reading.words import content_words

# Answers are short; a limit keeps a start in one sentence from meeting an end in another.
LONGEST_SPAN_TOKENS = 30
_SPANS_A_PASSAGE = 3
# Of two likely spans the shorter is the better answer: this much a token, chosen on development questions.
_LENGTH_PENALTY = 0.1
# The probability from which a token belongs to an item, chosen on development questions.
_INSIDE = 0.4

# Two items with no more words than this between them are one, unless "and" or a sign parts them.
_MOST_BETWEEN = 2
_PARTING = frozenset("and or but nor then while whereas versus vs".split())

_LOOSE_AT_END = re.compile(r"[\s,;:.!?|\-–—'\"“”‘’)\]]")
_LOOSE_AT_START = re.compile(r"[\s,;:.!?|–—'\"“”‘’)\]]")
_REST_OF_BRACKET = re.compile(r"[^()|\n]{0,80}\)")
_BETWEEN_CELLS = re.compile(r" \| ")
_OWN_POINT = re.compile(r"(\b[A-Za-z]\.[A-Za-z]\.|\b(Jr|Sr|Inc|Co|Corp|Ltd|St|Dr|etc)\.)$")


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A stretch of the passage's text, half-open code points.

    `score` is the log-probability of its start and end for a span, the probability of its tokens for an item.
    """

    start: int
    end: int
    score: float


def best_spans(text: str, offsets: NDArray[np.int64], start: Floats, end: Floats) -> list[FoundSpan]:
    """The likeliest spans that don't overlap, best first.

    `offsets` [n, 2] are the tokens' places in `text`; `start` and `end` [n] their logits. No span reaches
    from one sentence, heading or cell of a table into the next.
    """
    joint = _log_softmax(start)[:, None] + _log_softmax(end)[None, :]
    distance = np.subtract.outer(np.arange(len(end)), np.arange(len(start))).T
    part = _parts(text, offsets)
    allowed = (distance >= 0) & (distance < LONGEST_SPAN_TOKENS) & (part[:, None] == part[None, :])
    joint = np.where(allowed, joint, -np.inf)
    ranked = joint - _LENGTH_PENALTY * distance
    found: list[FoundSpan] = []
    while len(found) < _SPANS_A_PASSAGE and np.isfinite(ranked.max(initial=-np.inf)):
        first, last = np.unravel_index(int(ranked.argmax()), ranked.shape)
        place = tidy(text, int(offsets[first, 0]), int(offsets[last, 1]))
        if place[0] < place[1] and all(place[1] <= other.start or other.end <= place[0] for other in found):
            found.append(FoundSpan(*place, float(joint[first, last])))
        # Whatever starts or ends inside is the same answer in other bounds.
        ranked[first : last + 1, :] = -np.inf
        ranked[:, first : last + 1] = -np.inf
    return found


def items(text: str, offsets: NDArray[np.int64], logits: Floats) -> list[FoundSpan]:
    """The list items: runs of tokens that are rather in an item than not.

    `logits` [n, 3] are outside, begins, goes on. A token that rather begins an item than goes on starts anew.
    """
    probability: Floats = np.exp(_log_softmax(logits))
    inside: Floats = 1 - probability[:, 0]
    found: list[FoundSpan] = []
    for first, last in _runs(text, offsets, probability, inside):
        start, end = _closed(text, *tidy(text, int(offsets[first, 0]), int(offsets[last, 1])))
        if not _says_something(text[start:end]) or (found and start < found[-1].end):
            continue
        score = float(inside[first : last + 1].mean())
        if found and _parts_of_one(text[found[-1].end : start]):
            before = found.pop()
            # A mean over the words that both are made of; what lies between is in neither.
            share = (before.end - before.start) / (before.end - before.start + end - start)
            start, score = before.start, share * before.score + (1 - share) * score
        found.append(FoundSpan(start, end, score))
    return found


def _closed(text: str, start: int, end: int) -> tuple[int, int]:
    """The item with the rest of a bracket that opens in it: what stands there is no item of its own."""
    rest = _REST_OF_BRACKET.match(text, end)
    return (
        (start, rest.end())
        if rest and text.count("(", start, end) > text.count(")", start, end)
        else (start, end)
    )


def _says_something(text: str) -> bool:
    """Whether it is more than small words; "WHO" is."""
    return bool(content_words(text)) or any(word.isupper() and len(word) > 1 for word in text.split())


def _parts_of_one(between: str) -> bool:
    """Whether what lies between two items is one word or two that part nothing: "Northern" in a long name."""
    words = between.split()
    return (
        1 <= len(words) <= _MOST_BETWEEN
        and "\n" not in between
        and all(
            word.replace("'", "").replace("’", "").replace("-", "").isalpha() and word.lower() not in _PARTING
            for word in words
        )
    )


def _runs(
    text: str, offsets: NDArray[np.int64], probability: Floats, inside: Floats
) -> Iterator[tuple[int, int]]:
    """First and last token of each item."""
    first = last = -1
    part = _parts(text, offsets)
    for token in np.flatnonzero(inside >= _INSIDE).tolist():
        place = int(offsets[token, 0])
        whole = not _inside_word(text, place) and text[place - 1 : place] != "-"
        anew = part[token] != part[last] or (whole and probability[token, 1] > probability[token, 2])
        if first >= 0 and last == token - 1 and not anew:
            last = token
            continue
        if first >= 0:
            yield first, last
        first = last = token
    if first >= 0:
        yield first, last


def _parts(text: str, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sentence or cell that each token [n] stands in, by number; what stands between cells counts too."""
    starts = {start for start, _ in sentences(text)}
    starts |= {place for found in _BETWEEN_CELLS.finditer(text) for place in found.span()}
    return np.searchsorted(sorted(starts), offsets[:, 0], side="right")


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """The place widened to whole words, without punctuation and brackets that are not its own."""
    while start > 0 and _inside_word(text, start):
        start -= 1
    while _inside_word(text, end):
        end += 1
    while end > start and _LOOSE_AT_END.match(text[end - 1]) and not _own_end(text[start:end]):
        end -= 1
    while start < end and _LOOSE_AT_START.match(text[start]):
        start += 1
    if text[start:end].startswith("(") and ")" not in text[start:end]:
        start += 1
    return start, end


def _inside_word(text: str, place: int) -> bool:
    """Whether `place` lies between two letters of a word; Chinese and Japanese write none with spaces."""
    return 0 < place < len(text) and all(
        sign.isalnum() and sign < "\u2e80" for sign in text[place - 1 : place + 1]
    )


def _own_end(text: str) -> bool:
    """Whether the last character belongs to the words: it closes a bracket opened there, or abbreviates."""
    if text[-1] in ")]":
        return text.count("(" if text[-1] == ")" else "[") >= text.count(text[-1])
    return text[-1] == "." and bool(_OWN_POINT.search(text))


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return result
