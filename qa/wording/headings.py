"""Questions made of headings: those that are questions, name a thing, or say what is done below them."""

import re
from collections.abc import Iterator

from index import Document
from qa.wording.suggested_question import READ, SuggestedQuestion
from qa.wording.words import ARTICLE, as_thing, be, mostly_with_article, with_article, without_number

_LONGEST_HEADING = 80
_NUMBER = re.compile(r"[\W\d]*\Z")
# A heading that may name a thing: two to five words.
_THING = re.compile(r"[A-Za-z’-]+(?: [A-Za-z’-]+){1,4}")
_NO_THING = re.compile(
    r"(?:\w+ing|related|additional|nothing|not|about|chapter|part|section|page|table|figure|appendix|annex)\b"
    r"|.*\b(?:months?|quarters?|years?|\w+ed)\Z|.* (?:or|seems?|is|are|on) |few |note |identification ",
    re.I,
)
# A heading made of these alone says nothing without what stands around it: "What do I need to do?"
_GENERAL = re.compile(
    r"what|how|why|who|whom|when|where|which|do|does|did|is|are|was|were|can|could|should|will|would|i|we|you|it|"
    r"this|that|these|they|my|our|your|the|an?|to|of|in|on|for|and|or|if|about|need|know|work|works|get|started|"
    r"start|begin|now|next|happens?|mean|means|help|more|information|use|used|make|have|has|be|new|not|"
    r"\w+ed"
)
# As good as with an article: "Effect of group management", but "Trustees of Public Library" is a name.
_OF = re.compile(r"[A-Z][a-z]+ of [a-z]+(?: [a-z]+)*")
# No question of one who reads: "Have questions?", "The problem: whom to trust?", half a formula.
_NO_QUESTION = re.compile(
    r"(?:have|need|want|got|ready|(?:did|do|are) you|what should you|ok|\W)\b|.*(?::|[^\w\s’',.()?-])",
    re.I,
)
# A heading that is a question without its mark: "Who can work from home".
_ASKS = re.compile(r"(?:who|what|when|where|why|how) (?:can|may|must|is|are|does|do|should|will)\b", re.I)
# What a section says how to do: "How to open the valve", "Opening the valve", "Using valves".
_HOW_TO = re.compile(r"How to ([a-z]+)( .+)", re.I)
_DOING = re.compile(
    r"([A-Z][a-z]+)ing( (?:the|an?|your|my|started|up|which|what|whether|how|to|from|with)\b.*)|(Us)ing( .+)"
)
# One word for several things, of a document that is about one: "Ingredients".
_PARTS = re.compile(r"[A-Z][a-z]{4,}s")
_TITLE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,4}")


def of_headings(document: Document) -> Iterator[SuggestedQuestion]:
    headings = document.headings
    for number, heading in enumerate(headings):
        words = without_number(document.text[heading.start : heading.end].strip(" .:"))
        end = headings[number + 1].start if number + 1 < len(headings) else len(document.text)
        body = document.text[heading.end : end].strip()
        if not body or _NUMBER.match(words) or len(words) > _LONGEST_HEADING:
            continue
        if _ASKS.match(words) and not words.endswith(("?", ":")):
            words += "?"
        if words.endswith("?"):
            if not _NO_QUESTION.match(words) and not _is_general(words):
                yield SuggestedQuestion(words, heading.end, end)
        elif how := _how(words, document):
            yield SuggestedQuestion(how, heading.end, end)
        elif what := _what(words, document, number):
            start = _defined(what, body)
            if start is not None:
                at = document.text.index(body, heading.end) + start
                yield SuggestedQuestion(what, at, end)


def _defined(question: str, body: str) -> int | None:
    """Where a sentence of the section says what the thing is that is asked for; lists have their items."""
    thing = ARTICLE.sub("", question[len("What is ") :].removeprefix(" ").rstrip("?"))
    if " of " in thing:
        return 0
    definition = re.search(
        rf"\b{re.escape(thing)}\b[^.;:|]{{0,30}} (?:is|are|means?|refers?|describes?)\b", body, re.I
    )
    return definition.start() if definition else None


def _how(words: str, document: Document) -> str:
    """How something is done, where the section says that; nothing otherwise."""
    if how := _HOW_TO.fullmatch(words):
        verb, rest = how[1], how[2]
    elif doing := _DOING.fullmatch(words):
        verb, rest = _infinitive((doing[1] or doing[3]).lower(), document), doing[2] or doing[4]
    else:
        return ""
    return f"How do I {verb}{re.sub(r'your', 'my', rest)}?" if verb else ""


def _infinitive(stem: str, document: Document) -> str:
    """The verb as it stands without "ing", if the document has it: open, use, get."""
    verbs = (stem, f"{stem}e", stem[:-1] if stem[-2:-1] == stem[-1:] else "")
    for verb in sorted(verbs, key=lambda one: one not in ("get", "use")):
        if verb in ("get", "use") or (verb and re.search(rf"\b{verb}\b", document.text[:READ], re.I)):
            return verb
    return ""


def _is_general(question: str) -> bool:
    return all(_GENERAL.fullmatch(word) for word in re.findall(r"[\w.’-]*\w", question.lower()))


def _what(words: str, document: Document, number: int) -> str:
    """What the thing is that the heading names; nothing where it names none."""
    if _NO_THING.match(words):
        return ""
    # First of all it is what the document is for; further down, "Directions", "Results" or "References".
    foremost = number == 0 or (number == 1 and document.headings[0].start == 0 and not _is_part(document))
    if foremost and _PARTS.fullmatch(words) and be(words) == "are" and (title := _title(document)):
        return f"What are the {words.lower()} of {title}?"
    is_title = number == 0 and document.headings[0].start == 0
    if is_title or not _THING.fullmatch(words):
        return ""
    # A title in capitals can be a command, but nobody speaks of "the create issue".
    known = mostly_with_article(words.lower(), document)
    thing = ARTICLE.sub("", words.lower() if known else as_thing(words, document))
    if " " not in thing or (words.istitle() and not known):
        return ""
    if known or with_article(thing, document) or _OF.fullmatch(words):
        return f"What {be(thing.partition(' of ')[0])} the {thing}?"
    return ""


def _is_part(document: Document) -> bool:
    """Whether the document begins with such a heading, and not with its title."""
    first = document.headings[0]
    return bool(_PARTS.fullmatch(document.text[first.start : first.end].strip(" .:")))


def _title(document: Document) -> str:
    """What the document is about, by its first line or its file's name, if its text speaks of that too."""
    first = [document.text[one.start : one.end].strip() for one in document.headings[:1] if not one.start]
    for words in (*first, re.sub(r"[-_]+", " ", document.name.rpartition(".")[0])):
        text = document.text[len(words) :] if words in first else document.text
        named = _TITLE.fullmatch(words) and be(words) == "is"
        if named and (found := re.search(rf"\b{re.escape(words)}\b", text, re.I)):
            return found[0]
    return ""
