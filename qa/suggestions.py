"""Questions that a document answers, made of its headings, tables and defined terms, and tried out."""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Protocol

from index import Document, Filter, quotable
from qa.answerer import SURE
from qa.answering.answer import Answer
from qa.answering.turn import Turn

# Of one document: how many are kept, and tried for that.
MOST, MOST_TRIED = 3, 6
_MOST_KNOWN = 500  # documents whose questions are remembered
_READ = 60_000  # characters of the beginning that are looked through
_CELLS = " | "
_LONGEST_HEADING = 60

_NAME = r"(?:[Tt]he |[Aa]n? )?[A-Z][\w’'-]*(?: [\w’'-]+){0,5}?"
_IS = re.compile(rf"({_NAME})(?: \([^()]{{2,40}}\))? (is|are) (?:an? |one of )")
_MEANS = re.compile(r"[“\"]([^“”\"]{3,50})[”\"] (?:shall mean|means?|refers? to) ")
_CALLED = re.compile(r" (?:is|are) (?:called|known as) (the |an? )?([a-z][\w’-]+(?: [a-z][\w’-]+){0,3})[.,;]")
_SHORT = re.compile(
    r"((?:[A-Z][\w-]*|of|the|and|for|in)(?: (?:[A-Z][\w-]*|of|the|and|for|in)){1,7}) ?\(([A-Z]{2,6})\)"
)
_NO_TERM = re.compile(
    r"(?:the |an? )?(?:it|this|that|these|those|there|he|she|they|we|you|here|what|which)\b", re.I
)
_PERIOD = re.compile(r"(?:FY ?|Q[1-4] ?)?(?:19|20)\d\d(?:/\d\d)?\Z")
_ROW = re.compile(r"[\w’&-]+(?: [\w’&-]+){0,5}")  # no path, no sentence
_NUMBER = re.compile(r"[\W\d]*\Z")
# A heading that may name a thing: two to five words, with a small letter after the first one; titles in
# capitals can't be told from commands ("Create Issue").
_THING = re.compile(r"[\w’-]+(?: [a-z][\w’-]*){1,4}")
_NO_THING = re.compile(
    r"(?:\w+ing|related|additional|other|nothing|no|not|what|who|which|when|where|why|how|from|to|in|on|at|by|"
    r"for|with|after|before|about|chapter|part|section|page|table|figure|appendix|annex)\b",
    re.I,
)
_ARTICLE = re.compile(r"(?:the|an?) ", re.I)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and where its answer should stand: half-open code points of the document."""

    question: str
    start: int
    end: int


class Asked(Protocol):
    """What questions are tried out on: a Service."""

    def ask(self, question: str, history: Sequence[Turn | str] = (), filter: Filter = Filter()) -> Answer: ...

    def document(self, document_id: str, filter: Filter = Filter()) -> Document: ...


class Suggestions:
    """What to ask of documents; what was found once is remembered."""

    def __init__(self, service: Asked) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, tuple[str, ...]], list[str]] = OrderedDict()

    def of(self, document_id: str, filter: Filter = Filter()) -> list[str]:
        """Up to `MOST` questions that the reader answers surely, and from the place they were made of.

        They are asked of all that `filter` lets through. UnknownDocument when that has none of that id.
        """
        document = self._service.document(document_id, filter)
        key = document_id, filter.hidden
        with self._lock:
            if key in self._known:
                return self._known[key]
        answered = self._answered(document, filter)
        found = [one.question for _, one in zip(range(MOST), answered, strict=False)]
        with self._lock:
            self._known[key] = found
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return found

    def _answered(self, document: Document, filter: Filter) -> Iterator[Candidate]:
        for candidate in candidates(document)[:MOST_TRIED]:
            answer = self._service.ask(candidate.question, filter=filter)
            stands = any(
                one.document_id == document.id
                and one.sentence_start < candidate.end
                and candidate.start < one.sentence_end
                for one in answer.citations
            )
            if answer.confidence >= SURE and stands:
                yield candidate


def candidates(document: Document) -> list[Candidate]:
    """Questions that the document might answer, those of different kinds in turn, each once."""
    kinds = (list(kind(document)) for kind in (_of_terms, _of_tables, _of_headings))
    in_turn = chain.from_iterable(zip_longest(*map(_spread, kinds)))
    found: dict[str, Candidate] = {}
    for one in in_turn:
        if one:
            found.setdefault(one.question.casefold(), one)
    return list(found.values())


def _spread(found: list[Candidate]) -> list[Candidate]:
    """Some of them, from all parts of the document."""
    step = max(1, len(found) // MOST_TRIED)
    return found[::step]


def _of_headings(document: Document) -> Iterator[Candidate]:
    headings = document.headings
    for number, heading in enumerate(headings):
        words = document.text[heading.start : heading.end].strip(" .:")
        end = headings[number + 1].start if number + 1 < len(headings) else len(document.text)
        body = document.text[heading.end : end].strip()
        if not body or _NUMBER.match(words) or len(words) > _LONGEST_HEADING:
            continue
        if words.endswith("?"):
            yield Candidate(words, heading.end, end)
        elif heading.start and _THING.fullmatch(words) and not _NO_THING.match(words):
            thing = _ARTICLE.sub("", _as_thing(words, document))
            if " " not in thing:
                continue  # "The text" names no thing of its own
            is_are = "are" if re.search(r"[^sui]s\Z", thing) else "is"
            yield Candidate(f"What {is_are} the {thing}?", heading.end, end)


def _of_terms(document: Document) -> Iterator[Candidate]:
    text = document.text[:_READ]
    for start, end in quotable(text):
        sentence = text[start:end]
        if _CELLS in sentence:
            continue
        if (defined := _IS.match(sentence)) and _names(defined[1]):
            yield Candidate(f"What {defined[2]} {_inside(defined[1], document)}?", start, end)
        elif means := _MEANS.search(sentence):
            yield Candidate(f"What does “{means[1]}” mean?", start, end)
        elif called := _CALLED.search(sentence):
            yield Candidate(f"What is {called[1] or ''}{called[2]}?", start, end)
        elif (short := _SHORT.search(sentence)) and _initials(short[1], short[2]):
            yield Candidate(f"What does {short[2]} stand for?", start, end)


def _of_tables(document: Document) -> Iterator[Candidate]:
    head: list[str] = []
    start = 0
    for line in document.text[:_READ].split("\n"):
        cells = line.split(_CELLS)
        if len(cells) < 2:
            head = []
        elif len(cells) != len(head):
            head = cells
        else:
            yield from _of_row(document, head, cells, start)
        start += len(line) + 1


def _of_row(document: Document, head: list[str], cells: list[str], start: int) -> Iterator[Candidate]:
    row, at = _labelled("", cells[0])[1], start + len(cells[0]) + len(_CELLS)
    for column, cell in zip(head[1:], cells[1:], strict=True):
        title, value = _labelled(column, cell)
        if title and value and _ROW.fullmatch(row) and not _NUMBER.match(row):
            name = _inside(row, document)
            if _PERIOD.match(title):
                yield Candidate(f"What was the {name} in {title}?", at, at + len(cell))
            elif not _NUMBER.match(title):
                yield Candidate(f"What is the {_inside(title, document)} of {name}?", at, at + len(cell))
        at += len(cell) + len(_CELLS)


def _labelled(column: str, cell: str) -> tuple[str, str]:
    """The title of a cell's column, which some tables repeat before the value, and the value."""
    title, colon, value = cell.partition(": ")
    return (title.strip(), value.strip()) if colon else (column.strip(), cell.strip())


def _names(term: str) -> bool:
    """Whether the words at the start of a sentence are a term of their own, and not just any noun."""
    words = _ARTICLE.sub("", term)
    return not _NO_TERM.match(term) and (words == term or " " in words or words[:1].isupper())


def _as_thing(heading: str, document: Document) -> str:
    """The heading with a small letter, unless its first word has a large one inside of sentences too."""
    first = heading.split()[0]
    if re.search(rf"[a-z,] {re.escape(first)}\b", document.text[:_READ]):
        return heading
    return heading[:1].lower() + heading[1:]


def _inside(words: str, document: Document) -> str:
    """The words as they stand inside a sentence: with a small letter where the document has them so."""
    words = words.strip()
    first, _, rest = words.partition(" ")
    small = first[:1].lower() + first[1:]
    is_small = first != small and re.search(rf"\b{re.escape(small)}\b", document.text[:_READ])
    if first in ("The", "A", "An") or is_small:
        return f"{small} {rest}".strip()
    return words


def _initials(words: str, letters: str) -> bool:
    """Whether the letters are the first ones of the words, small words left out."""
    return "".join(word[0] for word in re.split(r"[ -]", words) if word[:1].isupper()).endswith(letters)
