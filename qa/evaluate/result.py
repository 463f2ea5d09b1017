"""What became of one question: the Answer and what it does not show; its line in a file of predictions."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from qa.answering.answer import Answer, Citation
from qa.evaluate.questions import Question

BEST_PASSAGES = 20


class Way(Enum):
    """What the questions are asked of; the value says so in words."""

    GIVEN_PASSAGE = "each question's own context, without search"
    CONTEXTS = "a library of all contexts"
    WITHOUT_OWN_ARTICLE = "a library of all contexts but those of the question's own article"
    LIBRARY = "your library"


@dataclass(frozen=True, slots=True)
class Seen:
    """One of the passages that fit best; offsets are half-open code points in its document.

    `found` is its rank by search, from 1. `probability` is that of the best span the reader found in it,
    None where it found none or did not read it. `relevant` says whether the answer is known to stand there.
    """

    document_id: str
    name: str
    start: int
    end: int
    found: int
    probability: float | None
    relevant: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A question, the Answer that a user gets, and what an Answer does not show.

    `best` is the likeliest span even when it was not given, None when nothing was found at all; `around`
    is the text before and after it. `passages` are the 20 best after reading, best first; `rank_found` and
    `rank_read` are the ranks, from 1, of the first relevant passage before and after reading.
    """

    question: Question
    answer: Answer
    best: Citation | None
    around: tuple[str, str]
    passages: tuple[Seen, ...]
    rank_found: int | None
    rank_read: int | None
    reading_milliseconds: float

    @property
    def best_text(self) -> str:
        return " ".join(self.best.quote.split()) if self.best else ""

    @property
    def shown(self) -> str:
        """The sentences or table rows of all quotes, a line each, as they stand with the answer."""
        return "\n".join(dict.fromkeys(citation.sentence for citation in self.answer.citations))

    @property
    def answers(self) -> tuple[str, ...]:
        """The texts of the answer; none when the documents don't say."""
        return tuple(item.text for item in self.answer.items)

    def to_json(self) -> dict[str, Any]:
        """The line of a predictions file; offsets are code points in the normalised document."""
        return {
            "id": self.question.id,
            "answers": list(self.answers),
            "best": self.best_text,
            "form": self.answer.form,
            "confidence": round(self.answer.confidence, 6),
            "citations": [
                {
                    "document": citation.name,
                    "document_id": citation.document_id,
                    "start": citation.start,
                    "end": citation.end,
                    "quote": citation.quote,
                    "sentence": citation.sentence,
                }
                for citation in self.answer.citations
            ],
            "passages": [
                {
                    "document": seen.name,
                    "document_id": seen.document_id,
                    "start": seen.start,
                    "end": seen.end,
                    "found": seen.found,
                    "probability": seen.probability
                    if seen.probability is None
                    else round(seen.probability, 6),
                }
                for seen in self.passages
            ],
            "milliseconds": round(self.answer.milliseconds, 1),
            "reading_milliseconds": round(self.reading_milliseconds, 1),
        }
