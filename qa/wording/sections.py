"""Questions about what a rule, a contract, minutes or a CV says below one of its headings."""

import re
from collections.abc import Iterator
from itertools import pairwise

from index import Document
from index.documents.sentences import CELL
from qa.wording.called import OF_LIFE, are_many, called, kinds_in
from qa.wording.suggested_question import READ, SuggestedQuestion
from qa.wording.words import as_thing, mostly_with_article, with_the, without_number

_HEADING = re.compile(r"[A-Z][\w’'-]*(?: [\w’'&-]+){0,3}")
# What says where in a document one is, and not what it is about there.
_NO_SUBJECT = re.compile(
    r"(?:introduction|background|overview|summary|general|purpose|scope|contents|details|notes?|appendix|annex|"
    r"conclusions?|outlook|definitions?|references|miscellaneous|other|any other business|signatures?|"
    r"profile|how|who|what|when|where|why|which|your|my|our|to|dear|if)\b",
    re.I,
)
# Kinds of documents of which people ask what they say about something.
_SAY_SOMETHING = frozenset(
    "agreement bylaws charter conditions contract cv guidance guidelines handbook letter memo minutes notice "
    "ordinance plan policy proposal regulations report resume rules statement terms".split()
)
_OF_SOMEBODY = {
    "experience": "Where has {} worked?",
    "employment": "Where has {} worked?",
    "education": "Where did {} study?",
    "languages": "Which languages does {} speak?",
    "skills": "What skills does {} have?",
}
_SHORTEST_BODY = 25  # characters of the line below a heading, which is a sentence


def of_sections(document: Document) -> Iterator[SuggestedQuestion]:
    of = called(document)
    if _SAY_SOMETHING.isdisjoint(kinds_in(of)):
        return
    do, name = "do" if are_many(of) else "does", of.removeprefix("the CV of ")
    for start, end, heading in _sections(document):
        if name != of and (asked := _OF_SOMEBODY.get(heading.casefold().split()[-1])):
            yield SuggestedQuestion(asked.format(name), start, end)
        elif name == of and _HEADING.fullmatch(heading) and not _NO_SUBJECT.match(heading):
            subject = _spoken_of(heading, document)
            if subject and subject.casefold() not in of.casefold():
                yield SuggestedQuestion(f"What {do} {of} say about {subject}?", start, end)


def _spoken_of(heading: str, document: Document) -> str:
    """As a sentence has it: "the lift", "pets", "working abroad"."""
    lower = heading.lower()
    words = heading.split()
    if mostly_with_article(lower, document):
        return with_the(lower)
    if f" {lower}" in document.text or heading.isupper():
        return lower
    # A heading in title case is a name as often as not.
    return "" if any(word[0].isupper() for word in words[1:]) else as_thing(heading, document)


def _sections(document: Document) -> Iterator[tuple[int, int, str]]:
    """Where the text below each heading begins and ends; some are short lines on their own."""
    text = document.text[:READ]
    known = {one.start for one in document.headings}
    lines = list(re.finditer(r"[^\n]+", text))
    heads = [
        number
        for number, line in enumerate(lines[:-1])
        if line.start() in known
        or (
            text[line.start() - 2 : line.start()] == "\n\n"
            and _HEADING.fullmatch(without_number(line[0].strip()))
            and (len(lines[number + 1][0]) >= _SHORTEST_BODY or OF_LIFE.fullmatch(line[0].strip()))
        )
    ]
    for number, next_one in pairwise([*heads, len(lines)]):
        if next_one > number + 1 and not any(CELL in line[0] for line in lines[number + 1 : next_one]):
            heading = without_number(lines[number][0].strip(" .:"))
            yield lines[number + 1].start(), lines[next_one - 1].end(), heading
