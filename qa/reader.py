"""What a reader is: it finds the answer's place in the passages that search brought."""

from collections.abc import Sequence
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


class Reader(Protocol):
    """Reads passages for a question.

    `threshold` is the probability below which an answer is better not given.
    """

    @property
    def threshold(self) -> float: ...

    def read(self, question: str, hits: Sequence[Hit], several: bool = False) -> list[Span]:
        """Candidate answers from these passages, best first, no two of them overlapping.

        `several` says that the question asks for a list, of which each span is one item.
        """
        ...
