"""Passages: the pieces of a document that are searched and read."""

import bisect
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from index.documents.document import Document
from index.documents.sentences import CELL, quotable, sentences

# Measured in words, since that is what a reader sees; the embedder's limit in tokens comes on top.
TARGET_WORDS = 120
MOST_WORDS = 150
OVERLAP_WORDS = 30
# A heading begins a passage of its own unless the one before it would be left with less than this.
FEWEST_WORDS = 40
# Long enough for a title and a heading, short enough to leave the room to the text.
CONTEXT_CHARACTERS = 100

_BARS = frozenset("| ")

Place = tuple[int, int]
TokenCounts = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a passage shows of its document, for one whose document has not been loaded."""

    text: str
    context: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document; `text` is always `document.text[start:end]`.

    A passage that was found comes with an `excerpt`, so that showing it loads no document. `digest` is that
    of `embedded_text` when the passage was stored; equal ones have equal vectors.
    """

    id: int
    document: Document = field(repr=False)
    start: int
    end: int
    excerpt: Excerpt | None = field(default=None, repr=False, compare=False)
    digest: bytes = field(default=b"", repr=False, compare=False)

    @property
    def text(self) -> str:
        return self.excerpt.text if self.excerpt else self.document.text[self.start : self.end]

    @property
    def page(self) -> int | None:
        return self.document.page_at(self.start)

    @property
    def context(self) -> str:
        """The title, and the heading it stands under: put before the text for embedding and reading."""
        return self.excerpt.context if self.excerpt else context(self.document, self.start)

    @property
    def embedded_text(self) -> str:
        """What its vector is made of."""
        return embedded_text(self.document, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    `score` says how well it fits: 0 to 1, on the scale that `index.search.passage_search` promises. `also`
    names the other documents in which the same text was found.
    """

    passage: Passage
    score: float
    also: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The hit as JSON values; `text` is the document's from `start` to `end`."""
        passage = self.passage
        return {
            "score": round(self.score, 4),
            "document_id": passage.document.id,
            "name": passage.document.name,
            "collection": passage.document.collection,
            "page": passage.page,
            "start": passage.start,
            "end": passage.end,
            "text": passage.text,
            "also": list(self.also),
        }


def context(document: Document, start: int) -> str:
    """What stands in front of the passage that begins at `start`; empty where nothing is known."""
    return context_of(document.title, document.heading_at(start))


def context_of(title: str, heading: str) -> str:
    """A title and a heading as one line."""
    whole = f"{title}: {heading}" if title and heading and heading != title else title or heading
    return whole[:CONTEXT_CHARACTERS]


def embedded_text(document: Document, start: int, end: int) -> str:
    """What the vector of the passage at that place is made of: its text, after its context."""
    return f"{context(document, start)}\n{document.text[start:end]}".lstrip()


def digest_of(text: str) -> bytes:
    """16 bytes by which the vector of a text is found again."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def split(document: Document, token_counts: TokenCounts, maximum_tokens: int) -> list[Place]:
    """Half-open places of the passages of `document`, each with its context at most `maximum_tokens` long.

    Whole sentences and whole rows of tables up to about 120 words, never over 150 unless it is one row; each
    passage begins with the last sentence or two of the one before it, unless a heading stands between them. A
    heading goes with the text that follows it. A row that is too long by itself is cut between cells, a
    sentence or a cell between words, or, if it has none, between characters.
    """
    contexts = {context(document, start) for start in (0, *(heading.end for heading in document.headings))}
    room = maximum_tokens - max(token_counts(sorted(contexts)))
    pieces = _pieces(document, token_counts, room)
    runs = [(pieces[first].start, pieces[last - 1].end) for first, last in _groups(pieces, room)]
    counts = token_counts([document.text[start:end] for start, end in runs])
    places: list[Place] = []
    for (start, end), tokens in zip(runs, counts, strict=True):
        # Cut again in the rare case that the pieces have more tokens together than apart.
        fits = tokens <= room
        places += [(start, end)] if fits else cut(document.text, start, end, token_counts, room)
    return places


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or a row of a table, or a part of one that is too long."""

    start: int
    end: int
    words: int
    tokens: int
    heading: bool


def _pieces(document: Document, token_counts: TokenCounts, maximum_tokens: int) -> list[_Piece]:
    text = document.text
    places = quotable(text)
    counts = token_counts([text[start:end] for start, end in places])
    heading_starts = [heading.start for heading in document.headings]
    pieces: list[_Piece] = []
    for (start, end), tokens in zip(places, counts, strict=True):
        at = bisect.bisect_right(heading_starts, start) - 1
        heading = at >= 0 and start < document.headings[at].end
        words = text.count(" ", start, end) + 1
        row = CELL in text[start:end]
        if tokens <= maximum_tokens and (row or words <= MOST_WORDS):
            pieces.append(_Piece(start, end, words, tokens, heading))
            continue
        parts = _parts(text, start, end, token_counts, maximum_tokens)
        part_tokens = token_counts([text[a:b] for a, b in parts])
        pieces += [
            _Piece(a, b, text.count(" ", a, b) + 1, count, False)
            for (a, b), count in zip(parts, part_tokens, strict=True)
        ]
    return pieces


def _parts(text: str, start: int, end: int, token_counts: TokenCounts, maximum_tokens: int) -> list[Place]:
    """What is too long in parts that fit: a row cut between cells, without the bars; a cell, sentences."""
    parts: list[Place] = []
    waiting = [(start, end)]
    while waiting:
        start, end = _without_bars(text, *waiting.pop())
        bar = _middle_bar(text, start, end)
        words = text.count(" ", start, end) + 1
        if (
            start < end
            and token_counts([text[start:end]])[0] <= maximum_tokens
            and (bar >= 0 or words <= MOST_WORDS)
        ):
            parts.append((start, end))
        elif bar >= 0:
            waiting += [(bar + len(CELL), end), (start, bar)]
        else:
            parts += [
                part
                for place in sentences(text, start, end)
                for part in cut(text, *place, token_counts, maximum_tokens // 2)
            ]
    return parts


def _without_bars(text: str, start: int, end: int) -> Place:
    """The stretch without bars and space at its ends, which empty cells leave."""
    while start < end and text[start] in _BARS:
        start += 1
    while start < end and text[end - 1] in _BARS:
        end -= 1
    return start, end


def _middle_bar(text: str, start: int, end: int) -> int:
    """Where the bar between two cells stands that is nearest to the middle; -1 where there is none."""
    middle = (start + end) // 2
    before = text.rfind(CELL, start, middle)
    after = text.find(CELL, max(middle - len(CELL), start), end)
    if before < 0 or (after >= 0 and after - middle < middle - before):
        return after
    return before


def _groups(pieces: list[_Piece], maximum_tokens: int) -> list[tuple[int, int]]:
    """Half-open runs of pieces that make a passage each."""
    groups: list[tuple[int, int]] = []
    first = 0
    while first < len(pieces):
        last = _last(pieces, first, maximum_tokens)
        groups.append((first, last))
        if last == len(pieces):
            break
        first = last if pieces[last].heading else _overlap(pieces, first, last, maximum_tokens)
    return groups


def _last(pieces: list[_Piece], first: int, maximum_tokens: int) -> int:
    """The end of the passage that begins with the piece `first`."""
    words = tokens = 0
    last = first
    while last < len(pieces):
        piece = pieces[last]
        if last > first and (
            tokens + piece.tokens > maximum_tokens
            or words + piece.words > MOST_WORDS
            or words >= TARGET_WORDS
            or (piece.heading and not pieces[last - 1].heading and words >= FEWEST_WORDS)
        ):
            break
        words += piece.words
        tokens += piece.tokens
        last += 1
    while last < len(pieces) and last - 1 > first and pieces[last - 1].heading:
        last -= 1
    return last


def _overlap(pieces: list[_Piece], first: int, last: int, maximum_tokens: int) -> int:
    """Where the next passage begins: one or two pieces back, if they are short and leave room to the next."""
    back = last
    words = tokens = 0
    while back - 1 > first and last - back < 2 and not pieces[back - 1].heading:
        words += pieces[back - 1].words
        tokens += pieces[back - 1].tokens
        following = pieces[last]
        if (
            words > OVERLAP_WORDS
            or words + following.words > MOST_WORDS
            or tokens + following.tokens > maximum_tokens
        ):
            break
        back -= 1
    return back


def cut(text: str, start: int, end: int, token_counts: TokenCounts, maximum_tokens: int) -> list[Place]:
    """The stretch in halves, and those in halves, until each has at most `maximum_tokens`.

    A cut falls on white space where there is any near the middle, and never beside a combining mark's base.
    """
    if end - start <= 1 or (
        token_counts([text[start:end]])[0] <= maximum_tokens and text.count(" ", start, end) < MOST_WORDS
    ):
        return [(start, end)]
    middle = (start + end) // 2
    space = max(text.rfind(mark, start + 1, middle) for mark in (" ", "\n"))
    left = right = space
    if space < start + (end - start) // 4:
        left = right = middle
    while right < end and text[right].isspace():
        right += 1
    while left > start and text[left - 1].isspace():
        left -= 1
    return [
        place
        for a, b in ((start, left), (right, end))
        if a < b
        for place in cut(text, a, b, token_counts, maximum_tokens)
    ]
