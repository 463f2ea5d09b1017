"""Questions made of sentences that define a term or a short form, or say when something was done."""

import re
from collections.abc import Iterator

from index import Document, quotable
from index.documents.sentences import CELL
from qa.wording.suggested_question import READ, SuggestedQuestion
from qa.wording.words import ARTICLE, inside

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
    r"(?:the |an? )?(?:\w+ing|today|meanwhile|it|this|that|these|those|there|he|she|they|we|you|i|here|what|"
    r"which|our|your|my|his|"
    r"her|their|its|each|every|all|some|any|many|most|such|one|no|several|both|other|another|please|first|last|"
    r"next|also|however|if|when|while|since|although|in|on|at|by|for|from|with|after|before|to|as)\b",
    re.I,
)
_NO_NAME = re.compile(
    r" (?:but|not|there|it|you|we|they|and|or|of|in|to|for|the|an?)\Z"
    r"| (?:is|are|was|were|be|has|have|had|can|may|must|will|shall|should|that|which|who|when|if|because|"
    r"such|like|said|says|note)\b"
)
# Sentences that say when something was done: "The vault was opened in 2008."
_DATE = r"(?:(?:\d{1,2} )?[A-Z][a-z]{2,8} (?:\d{1,2}, )?)?(?:1[0-9]|20)\d\d"
_DONE = re.compile(
    rf"({_NAME}) (was|were) (?:first )?([a-z]+ed|born|built|held|made|sold|won|written)"
    rf"(?: (?!in |on )[\w’'-]+){{0,6}} (?:in|on) ({_DATE})\b(?!-)"
)


def of_terms(document: Document) -> Iterator[SuggestedQuestion]:
    text = document.text[:READ]
    for start, end in quotable(text):
        sentence = text[start:end]
        if CELL in sentence:
            continue
        if (defined := _IS.match(sentence)) and _names(defined[1], document):
            yield SuggestedQuestion(f"What {defined[2]} {inside(defined[1], document)}?", start, end)
        elif (done := _DONE.match(sentence)) and _names(done[1], document):
            question = f"When {done[2]} {inside(done[1], document)} {done[3]}?"
            yield SuggestedQuestion(question, start, end, done[4])
        elif means := _MEANS.search(sentence):
            yield SuggestedQuestion(f"What does “{means[1]}” mean?", start, end)
        elif called := _CALLED.search(sentence):
            yield SuggestedQuestion(f"What is {called[1] or ''}{called[2]}?", start, end)
        elif (short := _SHORT.search(sentence)) and not _REFERENCE.search(sentence):
            long = _long_form(short[1], short[2])
            if long and len(re.findall(rf"\b{short[2]}\b", text)) >= _SHORT_USED:
                yield SuggestedQuestion(f"What does {short[2]} stand for?", start, end, long)


def _names(term: str, document: Document) -> bool:
    """Whether the words at the start of a sentence are a term of their own, and not just any noun."""
    words = ARTICLE.sub("", term)
    if _NO_TERM.match(term) or _NO_NAME.search(f" {term}"):
        return False
    if words != term or " " in words:
        return " " in words or words[:1].isupper()
    # At the start of a sentence any word has a large letter; a name has it inside of one too.
    return bool(re.search(rf"[a-z,] {re.escape(words)}\b", document.text[:READ]))


def _long_form(words: str, letters: str) -> str:
    """The words of which the letters are the first ones, small words left out; nothing if they are not."""
    parts = re.split(r"[ -]", words)
    for at, part in enumerate(parts):
        initials = "".join(word[0] for word in parts[at:] if word[:1].isupper())
        if initials == letters and part[:1].isupper():
            return words[sum(len(one) + 1 for one in parts[:at]) :]
    return ""
