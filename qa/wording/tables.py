"""Questions made of cells of tables, by row and column."""

import re
from collections.abc import Iterator

from index import Document
from index.documents.sentences import CELL
from qa.wording.called import called
from qa.wording.labels import asked_for, expected, is_measure, lowered, speaks_of_measure, unit_free
from qa.wording.suggested_question import READ, SuggestedQuestion
from qa.wording.words import ARTICLE, as_thing, be, inside, is_label, was, with_the

# "in the three months ended June 30, 2023", "in 2023", "in FY 2023", "in Q1 2023"
_YEAR = r"(?:19|20)\d\d(?:/\d\d)?"
_SPAN = re.compile(
    rf"(?:the )?((?:three|six|nine|twelve|\d+) months|(?:fiscal )?(?:year|quarter)) ended "
    rf"(\w+ \d+, {_YEAR})\Z",
    re.I,
)
_PERIOD = re.compile(rf"(?:FY ?|Q[1-4] ?|fiscal (?:year )?)?{_YEAR}\Z", re.I)
# A row that names one of many things: "Mini excavator 1.5 t", "Alder Court".
_NAME = re.compile(r"(?=.*[A-Za-z]{3})[A-Z][\w’'&/.-]*(?: [\w’'&/.+-]+){0,4}")
_NO_NAME = re.compile(
    r"(?:totals?|sub-?total|others?|none|yes|no|average|all|sum|note|see|to pay|more than|less than|up to)\b",
    re.I,
)
_MEANING = re.compile(r"meaning|explanation", re.I)
_AND = re.compile(r"[;,] ")
_PARTS = re.compile(r"ingredients|allergens|requirements|symptoms|sizes", re.I)
_OF_YEAR = re.compile(r"([A-Z][A-Za-z ]+),? ((?:19|20)\d\d)")
# What was before, and what is a count of anything: "What is the quantity for Mixer tap?"
_NO_COLUMN = re.compile(r"(?:previous|last|old|prior)\b|(?:amount|number|quantity|time|total|value)\Z", re.I)
_CODE = re.compile(r"(?=.*\d)[A-Z][\w-]{1,7}")
_KINDS = ("Item", "What", "Feature", "Property", "Detail")  # of rows that are values of one thing
_LONGEST_VALUE, _LONGEST_MEANING = 40, 60


def of_tables(document: Document) -> Iterator[SuggestedQuestion]:
    head: list[str] = []
    start = 0
    for line in document.text[:READ].split("\n"):
        cells = line.split(CELL)
        if len(cells) < 2:
            head = []
        elif _names(cells) and (found := list(_of_named(document, cells, start))):
            yield from found
        elif len(cells) != len(head):
            head = cells
        else:
            yield from _of_row(document, head, cells, start)
        start += len(line) + 1


def _of_row(document: Document, head: list[str], cells: list[str], start: int) -> Iterator[SuggestedQuestion]:
    row, at = _labelled("", cells[0])[1], start + len(cells[0]) + len(CELL)
    kind, of, only = head[0].strip(), called(document), document.text.count(f"{cells[0]}{CELL}") == 1
    for column, cell in zip(head[1:], cells[1:], strict=True):
        title, value = _labelled(column, cell)
        if value and is_label(row) and (question := _of_cell(row, title, document)):
            yield SuggestedQuestion(question, at, at + len(cell), " ".join(value.split()))
        elif only and (question := _of_value(document, kind, row, title, value, of)):
            yield SuggestedQuestion(question, at, at + len(cell), expected(value), title)
        at += len(cell) + len(CELL)


def _of_cell(row: str, title: str, document: Document) -> str:
    """What is asked for a cell, by its row and the title of its column; nothing where that is no question."""
    sentence_case = " " in row and row[1:] == row[1:].lower()
    thing = with_the(as_thing(row, document) if sentence_case else inside(row, document))
    if span := _SPAN.match(title):
        # One word in such a table is mostly a part of something: "Diluted", "Products".
        named = " " in row and ARTICLE.match(thing)
        return f"What {was(row)} {thing} in the {span[1].lower()} ended {span[2]}?" if named else ""
    if _PERIOD.match(title) and ARTICLE.match(thing):  # not "What was Iceland in 2023?"
        return f"What {was(row)} {thing} in {title}?"
    return ""


def _names(cells: list[str]) -> bool:
    """Whether each cell has the title of its column before it: "Tariff: Steady Fix | Exit fee: £50"."""
    return all(": " in cell for cell in cells[:2])


def _of_named(document: Document, cells: list[str], start: int) -> Iterator[SuggestedQuestion]:
    """What is asked for the cells of a row that names something which has no other row."""
    (kind, row), of = _labelled("", cells[0]), called(document)
    if document.text.count(f"{cells[0]}{CELL}") > 1:
        return
    if _CODE.fullmatch(row) and _NAME.fullmatch(second := _labelled("", cells[1])[1]) and " " in second:
        row = second  # "Code: MX-15 | Item: Mini excavator"
    at = start
    for cell in cells:
        column, value = _labelled("", cell)
        if at > start and (question := _of_value(document, kind, row, column, value, of)):
            # The last of several, which an answer only has when it has the others.
            last = _AND.split(value)[-1] if _PARTS.fullmatch(column) else expected(value)
            yield SuggestedQuestion(question, at, at + len(cell), last, column)
        at += len(cell) + len(CELL)


def _of_value(document: Document, kind: str, row: str, column: str, value: str, of: str) -> str:
    if not re.search(r"\w", value) or _NO_COLUMN.match(column):
        return ""
    if (
        len(value) <= _LONGEST_MEANING
        and _MEANING.fullmatch(column)
        and (_CODE.fullmatch(row) or kind == "Code")
    ):
        return f"What does {'code ' if row.isdigit() else ''}{row} mean?"
    named = _NAME.fullmatch(row) and not _NO_NAME.match(row) and not speaks_of_measure(row)
    if named and _PARTS.fullmatch(column):
        return f"What are the {column.lower()} of {row}?"
    if len(value) > _LONGEST_VALUE:
        return ""
    if named and (of_year := _OF_YEAR.fullmatch(column)) and is_measure(of_year[1]):
        return f"What was the {lowered(of_year[1])} of {row} in {of_year[2]}?"
    if not is_measure(column):
        # Of one thing alone: "Item: Price | Your plan: £9.00 per month".
        return asked_for(row, value, of, document) if of and kind in _KINDS and is_measure(row) else ""
    if not named:
        return ""
    return f"What {be(unit_free(column))} the {lowered(unit_free(column))} for {row}?"


def _labelled(column: str, cell: str) -> tuple[str, str]:
    """The title of a cell's column, which some tables repeat before the value, and the value."""
    title, colon, value = cell.partition(": ")
    return (title.strip(), value.strip()) if colon else (column.strip(), cell.strip())
