"""What a reader is: it finds what answers a question in the passages that search brought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index import Hit, Passage


@dataclass(frozen=True, slots=True)
class Span:
    """A candidate answer: `passage.document.text[start:end]`, half-open code points.

    `probability` is calibrated: of the spans given 0.8, about four in five are right.
    """

    passage: Passage
    start: int
    end: int
    probability: float

    @property
    def text(self) -> str:
        return self.passage.document.text[self.start : self.end]

    @property
    def place(self) -> tuple[str, int, int]:
        return self.passage.document.id, self.start, self.end

    def overlaps(self, other: "Span") -> bool:
        same = self.passage.document.id == other.passage.document.id
        return same and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Forms:
    """How likely it is that a few words answer, several items, or whole sentences; they sum to 1."""

    phrase: float
    list: float
    passage: float


NO_FORM = Forms(1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found for a question, best first.

    `spans` are places of a short answer, `sentences` whole sentences or table rows that a person would quote
    for it, `items` those of the answer if it is a list. No two of one kind overlap. `forms` is what the most
    likely passage makes of the question.
    """

    spans: tuple[Span, ...] = ()
    sentences: tuple[Span, ...] = ()
    items: tuple[Span, ...] = ()
    forms: Forms = NO_FORM

    def joined(self, other: "Reading") -> "Reading":
        """Both together: what was found in these passages, and in others."""
        if self == Reading():
            return other
        mine, theirs = (reading.sentences[:1] for reading in (self, other))
        ahead = not theirs or (bool(mine) and mine[0].probability >= theirs[0].probability)
        return Reading(
            without_overlaps([*self.spans, *other.spans]),
            without_overlaps([*self.sentences, *other.sentences]),
            without_overlaps([*self.items, *other.items]),
            self.forms if ahead else other.forms,
        )


class Reader(Protocol):
    """Reads passages for a question; below `threshold`, a probability, an answer is better not given."""

    @property
    def threshold(self) -> float: ...

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """What these passages answer, each place by itself."""
        ...

    def judge(self, reading: Reading) -> Reading:
        """The reading with the probabilities that its places have beside one another."""
        ...

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        """Of the items of a list that is given, best first, the best and those worth naming beside it."""
        ...


def without_overlaps(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans, best first, of which none lies over a better one: passages overlap, and so do windows."""
    kept: list[Span] = []
    taken: dict[str, list[Span]] = {}
    for span in sorted(spans, key=lambda span: -span.probability):
        others = taken.setdefault(span.passage.document.id, [])
        if all(span.end <= other.start or other.end <= span.start for other in others):
            others.append(span)
            kept.append(span)
    return tuple(kept)
