"""The turns of the conversation before a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from index import QuestionError

# Of a conversation the latest questions are read: so many, with so many characters in all.
MOST_TURNS = 50
MOST_HISTORY = 20_000


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


def latest(history: Sequence[Turn | str]) -> list[Turn]:
    """The latest turns of a conversation, oldest first: few enough to be read quickly."""
    kept: list[Turn] = []
    room = MOST_HISTORY
    for turn in map(Turn.of, reversed(history[-MOST_TURNS:])):
        room -= turn.length
        if room < 0:
            break
        kept.append(turn)
    return kept[::-1]
