"""Questions made of a document's headings, tables and defined terms, in words that a person would use.

Whatever would sound clumsy is left out: a document about which nothing is asked does less harm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

from index import Document, quotable

_READ = 60_000  # characters of the beginning that are looked through
_MOST_OF_A_KIND = 6
_CELLS = " | "
_LONGEST_HEADING = 80

_NAME = r"(?:[Tt]he |[Aa]n? )?[A-Z][\w.’'-]*(?: [\w’'-]+){0,4}?"
_IS = re.compile(rf"({_NAME})(?: \([^()]{{2,40}}\))? (is|are) (?:an? |one of )")
_MEANS = re.compile(r"[“\"]([A-Za-z][^“”\"]{2,50})[”\"] (?:shall mean|means?|refers? to) ")
_CALLED = re.compile(r" (?:is|are) (?:called|known as) (the |an? )?([a-z][\w’-]+(?: [a-z][\w’-]+){0,3})[.,;]")
_SHORT = re.compile(
    r"((?:[A-Z][\w-]*|of|the|and|for|in)(?: (?:[A-Z][\w-]*|of|the|and|for|in)){1,7}) ?\(([A-Z]{2,6})\)"
)
_REFERENCE = re.compile(r"\b(?:Proceedings|Conference|Journal|Transactions|arXiv|pp\.|et al\.)")
# A short form is worth a question where the document goes on to use it.
_SHORT_USED = 3
# Words with which no name of a thing begins, and words that no such name holds.
_NO_TERM = re.compile(
    r"(?:the |an? )?(?:it|this|that|these|those|there|he|she|they|we|you|i|here|what|which|our|your|my|his|"
    r"her|their|its|each|every|all|some|any|many|most|such|one|no|several|both|other|another|please|first|last|"
    r"next|also|however|if|when|while|since|although|in|on|at|by|for|from|with|after|before|to|as)\b",
    re.I,
)
_NO_NAME = re.compile(
    r" (?:but|not|there|it|you|we|they|and|or|of|in|to|for|the|an?)\Z"
    r"| (?:is|are|was|were|be|has|have|had|can|may|must|will|shall|should|that|which|who|when|if|because|"
    r"said|says|note)\b"
)
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
# What things have, as people ask for it: "the weight of the filter", not "the organization of Queens".
_ATTRIBUTE = re.compile(
    r"(?:\w+ )?(?:weight|price|cost|size|length|width|height|depth|diameter|capacity|population|area|colou?r|"
    r"speed|power|temperature|duration|author|salary|fee|rate|age|voltage|range|version|deadline|capital|volume|"
    r"density)\Z",
    re.I,
)
_NUMBER = re.compile(r"[\W\d]*\Z")
# A heading that may name a thing: two to five words, with a small letter after the first one; titles in
# capitals can't be told from commands ("Create Issue").
_THING = re.compile(r"[A-Za-z’-]+(?: [a-z’-]+){1,4}")
_NO_THING = re.compile(
    r"(?:\w+ing|related|additional|nothing|not|about|chapter|part|section|page|table|figure|appendix|annex)\b",
    re.I,
)
_ARTICLE = re.compile(r"(?:the|an?) ", re.I)
# A heading made of these alone says nothing without what stands around it: "What do I need to do?"
_GENERAL = re.compile(
    r"what|how|why|who|whom|when|where|which|do|does|did|is|are|was|were|can|could|should|will|would|i|we|you|it|"
    r"this|that|these|they|my|our|your|the|an?|to|of|in|on|for|and|or|if|about|need|know|work|works|get|started|"
    r"start|begin|now|next|happens?|mean|means|help|more|information|use|used|make|have|has|be|new|not"
)


@dataclass(frozen=True, slots=True)
class SuggestedQuestion:
    """A question, where its answer should stand, and words that the answer must have, if any.

    `start` and `end` are half-open code points of the document.
    """

    question: str
    start: int
    end: int
    expected: str = ""


def candidates(document: Document) -> list[SuggestedQuestion]:
    """Questions that the document might answer, those of different kinds in turn, each once."""
    kinds = (list(kind(document)) for kind in (_of_terms, _of_tables, _of_headings))
    in_turn = chain.from_iterable(zip_longest(*map(_spread, kinds)))
    found: dict[str, SuggestedQuestion] = {}
    for one in in_turn:
        if one:
            found.setdefault(one.question.casefold(), one)
    return list(found.values())


def _spread(found: list[SuggestedQuestion]) -> list[SuggestedQuestion]:
    """Some of them, from all parts of the document."""
    step = max(1, len(found) // _MOST_OF_A_KIND)
    return found[::step]


def _of_headings(document: Document) -> Iterator[SuggestedQuestion]:
    headings = document.headings
    for number, heading in enumerate(headings):
        words = document.text[heading.start : heading.end].strip(" .:")
        end = headings[number + 1].start if number + 1 < len(headings) else len(document.text)
        body = document.text[heading.end : end].strip()
        if not body or _NUMBER.match(words) or len(words) > _LONGEST_HEADING:
            continue
        if words.endswith("?"):
            if not all(_GENERAL.fullmatch(word) for word in re.findall(r"[\w.’-]*\w", words.lower())):
                yield SuggestedQuestion(words, heading.end, end)
        elif heading.start and _THING.fullmatch(words) and not _NO_THING.match(words):
            thing = _ARTICLE.sub("", _as_thing(words, document))
            if " " in thing and _with_article(thing, document):
                yield SuggestedQuestion(f"What {_be(thing)} the {thing}?", heading.end, end)


def _of_terms(document: Document) -> Iterator[SuggestedQuestion]:
    text = document.text[:_READ]
    for start, end in quotable(text):
        sentence = text[start:end]
        if _CELLS in sentence:
            continue
        if (defined := _IS.match(sentence)) and _names(defined[1], document):
            yield SuggestedQuestion(f"What {defined[2]} {_inside(defined[1], document)}?", start, end)
        elif means := _MEANS.search(sentence):
            yield SuggestedQuestion(f"What does “{means[1]}” mean?", start, end)
        elif called := _CALLED.search(sentence):
            yield SuggestedQuestion(f"What is {called[1] or ''}{called[2]}?", start, end)
        elif (short := _SHORT.search(sentence)) and not _REFERENCE.search(sentence):
            long = _long_form(short[1], short[2])
            if long and len(re.findall(rf"\b{short[2]}\b", text)) >= _SHORT_USED:
                yield SuggestedQuestion(f"What does {short[2]} stand for?", start, end, long)


def _of_tables(document: Document) -> Iterator[SuggestedQuestion]:
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


def _of_row(document: Document, head: list[str], cells: list[str], start: int) -> Iterator[SuggestedQuestion]:
    row, at = _labelled("", cells[0])[1], start + len(cells[0]) + len(_CELLS)
    for column, cell in zip(head[1:], cells[1:], strict=True):
        title, value = _labelled(column, cell)
        if value and _is_label(row) and (question := _of_cell(row, title, document)):
            yield SuggestedQuestion(question, at, at + len(cell), " ".join(value.split()))
        at += len(cell) + len(_CELLS)


def _of_cell(row: str, title: str, document: Document) -> str:
    """What is asked for a cell, by its row and the title of its column; nothing where that is no question."""
    sentence_case = " " in row and row[1:] == row[1:].lower()
    thing = _with_the(_as_thing(row, document) if sentence_case else _inside(row, document))
    if span := _SPAN.match(title):
        # One word in such a table is mostly a part of something: "Diluted", "Products".
        named = " " in row and _ARTICLE.match(thing)
        return f"What {_was(row)} {thing} in the {span[1].lower()} ended {span[2]}?" if named else ""
    if _PERIOD.match(title) and _ARTICLE.match(thing):  # not "What was Iceland in 2023?"
        return f"What {_was(row)} {thing} in {title}?"
    if _ATTRIBUTE.match(title):
        return f"What is the {_small(title)} of {thing}?"
    return ""


def _labelled(column: str, cell: str) -> tuple[str, str]:
    """The title of a cell's column, which some tables repeat before the value, and the value."""
    title, colon, value = cell.partition(": ")
    return (title.strip(), value.strip()) if colon else (column.strip(), cell.strip())


def _is_label(words: str) -> bool:
    return bool(_LABEL.match(words)) and not _NO_LABEL.match(words)


def _names(term: str, document: Document) -> bool:
    """Whether the words at the start of a sentence are a term of their own, and not just any noun."""
    words = _ARTICLE.sub("", term)
    if _NO_TERM.match(term) or _NO_NAME.search(f" {term}"):
        return False
    if words != term or " " in words:
        return " " in words or words[:1].isupper()
    # At the start of a sentence any word has a large letter; a name has it inside of one too.
    return bool(re.search(rf"[a-z,] {re.escape(words)}\b", document.text[:_READ]))


def _with_article(thing: str, document: Document) -> bool:
    """Whether the document speaks of the thing in a sentence: "Verify new firmware" is none."""
    return bool(re.search(rf"\b(?:[Tt]he|[Aa]n?) {re.escape(thing)}\b", document.text[:_READ]))


def _as_thing(heading: str, document: Document) -> str:
    """The heading with a small letter, unless its first word has a large one inside of sentences too."""
    first = heading.split()[0]
    if re.search(rf"[a-z,] {re.escape(first)}\b", document.text[:_READ]):
        return heading
    return _small(heading)


def _inside(words: str, document: Document) -> str:
    """The words as they stand inside a sentence: with a small letter where the document has them so."""
    words = words.strip()
    first, _, rest = words.partition(" ")
    small = _small(first)
    # Not where it is part of an address: the company Contoso has pages at contoso.com.
    as_word = rf"(?<![\w@./-]){re.escape(small)}(?![\w@/-]|\.\w)"
    named = bool(re.match(r"[A-Z]", rest))
    is_small = first != small and not named and re.search(as_word, document.text[:_READ])
    if first in ("The", "A", "An") or is_small:
        return f"{small} {rest}".strip()
    return words


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _with_the(thing: str) -> str:
    """The thing as a sentence speaks of it: "the filter", but "Iceland"."""
    return thing if _ARTICLE.match(thing) or thing[:1].isupper() else f"the {thing}"


def _be(thing: str) -> str:
    return "are" if re.search(r"[^sui]s\Z", thing) else "is"


def _was(row: str) -> str:
    """By the words that rule the others: "purchases of investments", "accounts payable"."""
    ruling = re.split(r" (?:of|from|for|in|to|by|on|per) ", row)[0].split()
    return "were" if any(_be(word) == "are" for word in (ruling[0], ruling[-1])) else "was"


def _long_form(words: str, letters: str) -> str:
    """The words of which the letters are the first ones, small words left out; nothing if they are not."""
    parts = re.split(r"[ -]", words)
    for at, part in enumerate(parts):
        initials = "".join(word[0] for word in parts[at:] if word[:1].isupper())
        if initials == letters and part[:1].isupper():
            return words[sum(len(one) + 1 for one in parts[:at]) :]
    return ""
