"""Questions made of fields, "Name: value" on a line of its own, as forms, letters and minutes have them."""

import re
from collections.abc import Iterator

from index import Document
from index.documents.sentences import CELL
from qa.wording.called import called
from qa.wording.labels import asked_for, expected, is_measure, lowered
from qa.wording.suggested_question import READ, SuggestedQuestion
from qa.wording.words import be, is_label

_FIELD = re.compile(r"([A-Z][^:|.?!]{2,40}): +(\S.*)")
# With a number for a value: "Sales tax: 3%". A date is one of many things.
_NUMBER = re.compile(r"(?:[$€£] ?)?\d[\d.,/%]*(?: [A-Za-z]+){0,2}")
_NO_NUMBER = re.compile(r"date|time|page|phone|fax", re.I)
_LONGEST_VALUE = 60  # characters; more is a sentence


def of_fields(document: Document) -> Iterator[SuggestedQuestion]:
    of, start = called(document), 0
    for line in document.text[:READ].split("\n"):
        field = _FIELD.fullmatch(line.strip())
        if field and CELL not in line and (question := _of_field(document, field[1].strip(), field[2], of)):
            yield SuggestedQuestion(question, start, start + len(line), expected(field[2]))
        start += len(line) + 1


def _of_field(document: Document, label: str, value: str, of: str) -> str:
    short = len(value) <= _LONGEST_VALUE or "," in value
    if of and short and (question := asked_for(label, value, of, document)):
        return question
    if (
        not is_label(label)
        or not is_measure(label)
        or _NO_NUMBER.fullmatch(label)
        or not _NUMBER.fullmatch(value)
    ):
        return ""
    return f"What is the {lowered(label)}?" if be(label) == "is" else ""
