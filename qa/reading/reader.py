"""What a reader is: it finds the answer's place in the passages that search brought."""

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


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found for a question, best first: places of one answer, and of the items if it is a list.

    No two of `spans` overlap, and no two of `items`.
    """

    spans: tuple[Span, ...] = ()
    items: tuple[Span, ...] = ()

    def joined(self, other: "Reading") -> "Reading":
        """Both together: what was found elsewhere, or found by asking otherwise."""
        return Reading(
            without_overlaps([*self.spans, *other.spans]), without_overlaps([*self.items, *other.items])
        )


class Reader(Protocol):
    """Reads passages for a question; below `threshold`, a probability, an answer is better not given."""

    @property
    def threshold(self) -> float: ...

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """What these passages answer."""
        ...

    def told(self, items: Sequence[Span]) -> tuple[Span, ...]:
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
