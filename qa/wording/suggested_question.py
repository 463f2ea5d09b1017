"""A question made of a document, which may answer it."""

from dataclasses import dataclass

READ = 60_000  # characters of the beginning of a document that are looked through


@dataclass(frozen=True, slots=True)
class SuggestedQuestion:
    """A question, where its answer should stand, and words that the answer must have, if any.

    `start` and `end` are half-open code points of the document. `column` is the title of the table's column
    that it asks for, of one row; empty where that is no table of things.
    """

    question: str
    start: int
    end: int
    expected: str = ""
    column: str = ""
