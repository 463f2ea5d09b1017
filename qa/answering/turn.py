"""A turn of the conversation before a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from index import QuestionError


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before, what was answered, and the title or name of the document cited for it."""

    question: str
    answer: str = ""
    title: str = ""

    @property
    def length(self) -> int:
        """Characters of all three."""
        return len(self.question) + len(self.answer) + len(self.title)

    @classmethod
    def of(cls, value: object) -> Self:
        """The turn in any form: a Turn, its question, or an object of `question`, `answer` and `title`.

        QuestionError when it is none of them.
        """
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls(value)
        if isinstance(value, Mapping):
            parts = [value.get(name) or "" for name in ("question", "answer", "title")]
            if all(isinstance(part, str) for part in parts) and str(parts[0]).strip():
                return cls(*map(str, parts))
        raise QuestionError(
            "history must hold questions, or objects of the texts question, answer and title."
        )
