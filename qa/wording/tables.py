"""Questions made of cells of tables, by row and column, and of fields, by their names."""

import re
from collections.abc import Iterator

from index import Document
from qa.wording.suggested_question import CELLS, READ, SuggestedQuestion
from qa.wording.words import ARTICLE, as_thing, be, inside, was, with_the

# "in the three months ended June 30, 2023", "in 2023", "in FY 2023", "in Q1 2023"
_YEAR = r"(?:19|20)\d\d(?:/\d\d)?"
_SPAN = re.compile(
    rf"(?:the )?((?:three|six|nine|twelve|\d+) months|(?:fiscal )?(?:year|quarter)) ended "
    rf"(\w+ \d+, {_YEAR})\Z",
    re.I,
)
_PERIOD = re.compile(rf"(?:FY ?|Q[1-4] ?|fiscal (?:year )?)?{_YEAR}\Z", re.I)
# A row or a column that names something: words of letters, the first of three or more of them.
_LABEL = re.compile(r"[A-Za-z][a-z’'-]{2,}(?: (?:[A-Za-z][a-z’'-]*|&)){0,5}\Z")
_NO_LABEL = re.compile(
    r"(?:\w+ed|others?|none|yes|no|totals?|names?|items?|notes?|sum)\Z|other |.* and ", re.I
)
# A field of a form with a number in it: "Sales tax: 3%". A date is one of many things.
_FIELD = re.compile(r"([A-Z][^:|]+): +((?:[$€£] ?)?\d[\d.,/%]*(?: [A-Za-z]+){0,2})")
_NO_FIELD = re.compile(r"date|time|page|phone|fax", re.I)


def of_tables(document: Document) -> Iterator[SuggestedQuestion]:
    head: list[str] = []
    start = 0
    for line in document.text[:READ].split("\n"):
        cells = line.split(CELLS)
        if len(cells) < 2:
            head = []
            yield from _of_field(line, start)
        elif len(cells) != len(head):
            head = cells
        else:
            yield from _of_row(document, head, cells, start)
        start += len(line) + 1


def _of_row(document: Document, head: list[str], cells: list[str], start: int) -> Iterator[SuggestedQuestion]:
    row, at = _labelled("", cells[0])[1], start + len(cells[0]) + len(CELLS)
    for column, cell in zip(head[1:], cells[1:], strict=True):
        title, value = _labelled(column, cell)
        if value and _is_label(row) and (question := _of_cell(row, title, document)):
            yield SuggestedQuestion(question, at, at + len(cell), " ".join(value.split()))
        at += len(cell) + len(CELLS)


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


def _of_field(line: str, start: int) -> Iterator[SuggestedQuestion]:
    field = _FIELD.fullmatch(line.strip())
    if field and _is_label(field[1]) and not _NO_FIELD.fullmatch(field[1]) and be(field[1]) == "is":
        yield SuggestedQuestion(f"What is the {_lowered(field[1])}?", start, start + len(line), field[2])


def _lowered(words: str) -> str:
    """The name of a field inside a sentence: "Sales Tax" as "sales tax", "GPU speed" as it is."""
    return " ".join(word.lower() if word.istitle() else word for word in words.split())


def _labelled(column: str, cell: str) -> tuple[str, str]:
    """The title of a cell's column, which some tables repeat before the value, and the value."""
    title, colon, value = cell.partition(": ")
    return (title.strip(), value.strip()) if colon else (column.strip(), cell.strip())


def _is_label(words: str) -> bool:
    return bool(_LABEL.match(words)) and not _NO_LABEL.match(words)
