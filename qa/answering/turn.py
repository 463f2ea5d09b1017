"""A turn of the conversation before a question."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before, what was answered, and the title or name of the document cited for it."""

    question: str
    answer: str = ""
    title: str = ""
