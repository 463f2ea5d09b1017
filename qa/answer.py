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


@dataclass(frozen=True, slots=True)
class Searched:
    """How much was looked at for an answer."""

    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or the finding that the documents don't hold one.

    `answered` is False and `items` and `citations` are empty when the documents don't say; `closest`
    then shows the nearest passages. `confidence` is the probability that the answer is right.
    """

    question: str
    items: tuple[Item, ...]
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
            "items": [{"text": item.text, "citations": list(item.citations)} for item in self.items],
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
            items=tuple(Item(item["text"], tuple(item["citations"])) for item in value["items"]),
            citations=tuple(Citation(**citation) for citation in value["citations"]),
            confidence=value["confidence"],
            closest=tuple(Citation(**citation) for citation in value["closest"]),
            searched=Searched(**value["searched"]),
            milliseconds=value["milliseconds"],
        )


NOT_FOUND = "Not found in your documents."
_CERTAINTY = ((0.9, "almost certain"), (0.75, "likely"), (0.5, "more likely than not"), (0.0, "unsure"))
