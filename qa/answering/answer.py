"""What every door returns: an Answer, its items and its citations, in one versioned JSON form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

from index import Document, LibraryError
from index.documents.places import Places
from qa.answering.sentence import sentences_around

SCHEMA_VERSION = 2

# How the documents answer: in a few words, in several items, in whole sentences, or not at all.
Form = Literal["phrase", "list", "passage", "none"]
FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and its place: `document.text[start:end] == quote`, half-open code points.

    `sentence` is the sentence (or sentences, or table row) that the quote stands in, with a place of its
    own. Of a closest passage the quote is the passage, and the sentence is the one in it that comes nearest
    to an answer. `also` names other documents in which the same passage stands. `scanned`: the sentence was
    read from a picture, so that a letter or figure of it may be wrong.

    Make one with `Citation.of`, which takes both texts from the document itself.
    """

    number: int
    document_id: str
    name: str
    collection: str
    page: int | None
    start: int
    end: int
    quote: str
    sentence_start: int
    sentence_end: int
    sentence: str
    also: tuple[str, ...] = ()
    scanned: bool = False

    @classmethod
    def of(
        cls,
        number: int,
        document: Document,
        start: int,
        end: int,
        sentence: tuple[int, int] | None = None,
        also: tuple[str, ...] = (),
    ) -> Self:
        """The citation of `document.text[start:end]`; LibraryError when there is no such place.

        `sentence` is the place of its sentence, found by rule unless given.
        """
        first, last = sentence or sentences_around(document.text, start, end)
        for place in ((start, end), (first, last)):
            if not 0 <= place[0] < place[1] <= len(document.text):
                length = len(document.text)
                raise LibraryError(
                    f"{document.name}: {place[0]} to {place[1]} is no place in its {length} characters"
                )
        return cls(
            number, document.id, document.name, document.collection, document.page_at(start), start, end,
            document.text[start:end], first, last, document.text[first:last], also,
            Places(document.places).scanned(first, last),
        )  # fmt: skip

    @property
    def is_whole(self) -> bool:
        """Whether the quote is all of its sentence, or sentences."""
        return self.quote == self.sentence

    @property
    def place(self) -> str:
        """Its page, and that it was read from a picture; empty where neither is known."""
        page = f"page {self.page:,}" if self.page else ""
        return ", ".join(filter(None, (page, "read from a picture" if self.scanned else "")))

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"also": list(self.also)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{**value, "also": tuple(value["also"])})


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
    """How much an answer is based on: what was searched, and how many passages of it were read."""

    documents: int
    passages: int
    passages_read: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question, or the finding that the documents don't hold one.

    `form` says how the documents answer: `phrase`, one item of a few words; `list`, several items;
    `passage`, one item of one to three whole sentences; `none`, when they don't say: `items` and `citations`
    are then empty, and `closest` shows the nearest passages, best first. `alternatives` are what other
    passages say instead of the one item, nearly as likely. `confidence` is the probability that the answer
    is right.

    `asked` is the question as typed, `question` as it was understood, so that it stands alone. `found` is the
    number of items that were found; `items` may hold fewer of a long list.
    """

    asked: str
    question: str
    form: Form
    items: tuple[Item, ...]
    found: int
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

    @property
    def sure(self) -> bool:
        """Whether it is likely, or more; what is not is shown as something to be checked."""
        return self.confidence >= _SURE

    def to_json(self) -> dict[str, Any]:
        """The answer as JSON values, in the form of `qa/answer.schema.json`."""
        return {
            "version": SCHEMA_VERSION,
            "asked": self.asked,
            "question": self.question,
            "form": self.form,
            "answered": self.answered,
            "text": self.text,
            "items": [item.to_json() for item in self.items],
            "found": self.found,
            "alternatives": [item.to_json() for item in self.alternatives],
            "citations": [citation.to_json() for citation in self.citations],
            "confidence": round(self.confidence, 4),
            "closest": [citation.to_json() for citation in self.closest],
            "searched": asdict(self.searched),
            "milliseconds": round(self.milliseconds, 1),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The Answer that `to_json` wrote."""
        return cls(
            asked=value["asked"],
            question=value["question"],
            form=value["form"],
            items=tuple(Item.from_json(item) for item in value["items"]),
            found=value["found"],
            alternatives=tuple(Item.from_json(item) for item in value["alternatives"]),
            citations=tuple(Citation.from_json(citation) for citation in value["citations"]),
            confidence=value["confidence"],
            closest=tuple(Citation.from_json(citation) for citation in value["closest"]),
            searched=Searched(**value["searched"]),
            milliseconds=value["milliseconds"],
        )


NOT_FOUND = "Not found in your documents."
_SURE = 0.75
_CERTAINTY = ((0.9, "almost certain"), (_SURE, "likely"), (0.5, "more likely than not"), (0.0, "unsure"))
