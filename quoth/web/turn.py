"""A turn of a conversation: the question, what it was asked of, and the answer; browsers keep it as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from index import Filter
from qa import Answer

_UNREADABLE = "This answer was kept by another version of Quoth. Ask again to see it."


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question is asked of: everything, a collection, some documents by id, those with metadata."""

    collection: str = ""
    documents: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def filter(self) -> Filter:
        collections = (self.collection,) if self.collection else ()
        return Filter(collections=collections, documents=self.documents, metadata=dict(self.metadata))

    @property
    def words(self) -> str:
        """What is said of it on the page; nothing when it is everything."""
        number, parts = len(self.documents), []
        if number:
            parts.append(f"{number:,} selected document{'' if number == 1 else 's'}")
        elif self.collection:
            parts.append(f"the collection {self.collection}")
        if self.metadata:
            pairs = ", ".join(f"{key}={value}" for key, value in self.metadata)
            parts.append(f"with {pairs}" if parts else f"documents with {pairs}")
        return f"Asked of {' '.join(parts)}" if parts else ""

    def to_json(self) -> dict[str, Any]:
        documents, metadata = list(self.documents), dict(self.metadata)
        return {"collection": self.collection, "documents": documents, "metadata": metadata}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """As `to_json` wrote it; ValueError, TypeError, KeyError or AttributeError for anything else."""
        metadata = tuple((str(key), str(one)) for key, one in value.get("metadata", {}).items())
        return cls(str(value["collection"]), tuple(map(str, value["documents"])), metadata)


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A question in the conversation and how far its answer has come."""

    number: int
    question: str
    scope: Scope = Scope()
    answer: Answer | None = None
    running: bool = True
    problem: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "question": self.question,
            "scope": self.scope.to_json(),
            "answer": self.answer.to_json() if self.answer else None,
            "problem": self.problem,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The finished turn that `to_json` wrote; without its answer when this version can't read that."""
        number, question = int(value["number"]), str(value["question"])
        try:
            answer = Answer.from_json(value["answer"]) if value.get("answer") else None
            scope = Scope.from_json(value["scope"])
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls(number, question, running=False, problem=_UNREADABLE)
        return cls(number, question, scope, answer, False, str(value.get("problem", "")))
