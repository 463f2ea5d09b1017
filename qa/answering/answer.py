"""What every door returns: an Answer, its items and its citations, in one versioned JSON form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from index import Document, LibraryError

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its place: `document.text[start:end] == quote`, half-open code points.

    Make one with `Citation.of`, which takes the quote from the document itself.
    """

    number: int
    document_id: str
    name: str
    collection: str
    page: int | None
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, number: int, document: Document, start: int, end: int) -> Self:
        """The citation of `document.text[start:end]`; LibraryError when there is no such place."""
        if not 0 <= start < end <= len(document.text):
            raise LibraryError(
                f"{document.name}: {start} to {end} is no place in its {len(document.text)} characters"
            )
        return cls(
            number, document.id, document.name, document.collection, document.page_at(start), start, end,
            document.text[start:end],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One answer, or one of several, and the numbers of the citations it stands on."""

    text: str
    citations: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "citations": list(self.citations)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["text"], tuple(value["citations"]))


@dataclass(frozen=True, slots=True)
class Searched:
    """How much was looked at for an answer: what was searched, and how many passages of it were read."""

    documents: int
    passages: int
    passages_read: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or the finding that the documents don't hold one.

    `answered` is False and `items` and `citations` are empty when the documents don't say; `closest` then
    shows the nearest passages. `alternatives` are what other passages say instead of the one item, nearly as
    likely. `confidence` is the probability that the answer is right.
    """

    question: str
    items: tuple[Item, ...]
    alternatives: tuple[Item, ...]
    citations: tuple[Citation, ...]
    confidence: float
    closest: tuple[Citation, ...]
    searched: Searched
    milliseconds: float

    @property
    def answered(self) -> bool:
        return bool(self.items)

    @property
    def text(self) -> str:
        """The answer as one line; the fixed refusal when there is none."""
        return "; ".join(item.text for item in self.items) or NOT_FOUND

    @property
    def agreeing(self) -> int:
        """How many documents say the answer, when it is a single one; 0 for a list or none."""
        if len(self.items) != 1:
            return 0
        own = self.items[0].citations
        return len({citation.document_id for citation in self.citations if citation.number in own})

    @property
    def certainty(self) -> str:
        """The confidence in words."""
        for floor, words in _CERTAINTY:
            if self.confidence >= floor:
                return words
        return _CERTAINTY[-1][1]

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON values, in the form of `qa/answer.schema.json`."""
        return {
            "version": SCHEMA_VERSION,
            "question": self.question,
            "answered": self.answered,
            "text": self.text,
            "items": [item.to_json() for item in self.items],
            "alternatives": [item.to_json() for item in self.alternatives],
            "citations": [asdict(citation) for citation in self.citations],
            "confidence": round(self.confidence, 4),
            "closest": [asdict(citation) for citation in self.closest],
            "searched": asdict(self.searched),
            "milliseconds": round(self.milliseconds, 1),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The Answer that `to_json` wrote."""
        return cls(
            question=value["question"],
            items=tuple(Item.from_json(item) for item in value["items"]),
            alternatives=tuple(Item.from_json(item) for item in value["alternatives"]),
            citations=tuple(Citation(**citation) for citation in value["citations"]),
            confidence=value["confidence"],
            closest=tuple(Citation(**citation) for citation in value["closest"]),
            searched=Searched(**value["searched"]),
            milliseconds=value["milliseconds"],
        )


NOT_FOUND = "Not found in your documents."
_CERTAINTY = ((0.9, "almost certain"), (0.75, "likely"), (0.5, "more likely than not"), (0.0, "unsure"))
