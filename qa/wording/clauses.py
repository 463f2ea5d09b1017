"""Questions made of what sentences say is done, allowed, counted or the reason of something."""

import re
from collections.abc import Iterator

from index import Document, quotable
from index.documents.sentences import CELL
from qa.wording.facts import ABOUT, LONG, MONEY, NUMBER, THING, says_nothing_alone, to_the_reader
from qa.wording.labels import MONTH, WHEN, expected
from qa.wording.suggested_question import READ, SuggestedQuestion

_NAME = r"[A-Z][a-z]+ [A-Z][a-z]+"
_AT = rf"(?:on|at|in|by) ({WHEN}|{MONTH}(?: \d{{4}})?\b(?! \d))"
_DONE = r"(?:\w+ed|held|open|built|due|made|paid|sent|shut)"
# "The lift will be replaced in May", "The director, Moira Kelso, will retire in June"
_WILL = re.compile(rf"(?:(?i:{THING})|({_NAME})),? will ((?:be )?[a-z]+(?: [a-z]+){{0,4}}?) {_AT}")
_IS_DONE = re.compile(rf"{THING} (is|are|was|were) ({_DONE}) {_AT}", re.I)
_DUE = re.compile(rf"([A-Z][a-z]+) (is|are) due (within {LONG})")
_MEETS = (
    r"(?:appointment|meeting|interview|viewing|visit|delivery|exam|hearing|course|lesson|party|workshop|"
    r"trip|rehearsal|inspection)"
)
_MET = re.compile(rf"\b[Aa]n? ({_MEETS}(?: with (?:(?:Dr|Mr|Mrs|Ms) )?{_NAME})?) on ({WHEN})")
_OF_MONEY = re.compile(
    rf"\b(?:an?|the|your) ((?:(?!of\b|in\b|and\b|or\b)[a-z-]+ ){{0,3}}[a-z-]*(?:[^s]|ss)) of{ABOUT} ({MONEY})"
)
_COST = re.compile(rf"\A([A-Z][a-z]+(?: [a-z]+)?) will cost{ABOUT} ({MONEY})")
# "Eleven people work for the trust." But "Two days later" counts nothing.
_COUNTED = re.compile(
    rf"\A((?i:{NUMBER})|\d[\d,]*) ((?:[a-z-]+ )?(?:[a-z-]+s|people|children)"
    r" (?:are|were|have|had|will|can|must|may|work|live|took|[a-z]+ed)(?: [\w’'-]+){1,9})[.,;]"
)
_HAS = re.compile(
    rf"{THING} (has|have|had){ABOUT} ({NUMBER}|\d[\d,]*) ((?:[a-z-]+ )?(?:[a-z-]+s|people|children))"
    r"(?=[ .,;])",
    re.I,
)
_TIME_UNIT = re.compile(r"\b(?:second|minute|hour|day|week|month|quarter|year|time)s\b")
_MODAL = r"(may|must|can|cannot|should)( not)?"
_WHO = r"(You|The [A-Z]?[a-z]+(?: [a-z]+)?|[A-Z][a-z]+s)"
# What is done, without the terms on which it is done.
_DO = (
    r"([a-z]+(?<!ly)(?: (?!(?:for|by|until|within|without|unless|if|when|because|and|so|at)\b)[\w’'-]+){1,8})"
)
# Where "may" tells what is possible and "must" what is likely.
_NO_RULE = r"(?!(?:not|have|be|vary|differ|change|include|contain|result|occur|need|take|seem)\b)"
# What rules allow or forbid; "you can imagine" is no rule.
_MAY = re.compile(
    rf"\A{_WHO} (may|must|cannot)( not)? {_NO_RULE}{_DO}"
    r"(?: (?:for|by|until|within|without|unless|if|when|so|at)\b.*|[.,;].*|\Z)"
)
_BECAUSE = re.compile(rf"\A{_WHO} {_MODAL} {_DO} because ")
_REFERS = re.compile(
    r"\b(?:it|its|this|that|these|those|them|they|he|him|his|she|her|also|then|there|so)\b", re.I
)
_NOT_EVERYBODY = re.compile(r"The (?:first|second|third|following|above|latter|former|other|same|only)\b")


def of_clauses(document: Document) -> Iterator[SuggestedQuestion]:
    text = document.text[:READ]
    for start, end in quotable(text):
        sentence = " ".join(text[start:end].split())
        if CELL not in sentence and (found := _question(sentence)) and not _REFERS.search(found[0]):
            yield SuggestedQuestion(found[0], start, end, found[1])


def _question(sentence: str) -> tuple[str, str] | None:
    """The question that the sentence answers, and the words that answer it."""
    return _when(sentence) or _how_much(sentence) or _why_or_whether(sentence)


def _when(sentence: str) -> tuple[str, str] | None:
    if will := _WILL.search(sentence):
        article, thing, name, done, at = will.groups()
        if name or not says_nothing_alone(thing):
            return f"When will {name or to_the_reader(article, thing)} {done}?", at
    if (done := _IS_DONE.search(sentence)) and not says_nothing_alone(done[2]):
        return f"When {done[3].lower()} {to_the_reader(done[1], done[2])} {done[4]}?", done[5]
    if due := _DUE.match(sentence):
        return f"When {due[2]} {due[1].lower()} due?", due[3]
    if met := _MET.search(sentence):
        return f"When is the {met[1]}?", met[2]
    return None


def _how_much(sentence: str) -> tuple[str, str] | None:
    if (of := _OF_MONEY.search(sentence)) and not says_nothing_alone(f" {of[1]}"):
        return f"How much is the {of[1]}?", expected(of[2])
    if cost := _COST.match(sentence):
        return f"How much will {cost[1].lower()} cost?", expected(cost[2])
    if (counted := _COUNTED.match(sentence)) and not _TIME_UNIT.search(counted[2].split(" ", 2)[0]):
        return f"How many {counted[2]}?", counted[1]
    if (has := _HAS.search(sentence)) and not _TIME_UNIT.search(has[5]) and not says_nothing_alone(has[2]):
        do = {"has": "does", "have": "do", "had": "did"}[has[3].lower()]
        return f"How many {has[5]} {do} {to_the_reader(has[1], has[2])} have?", has[4]
    return None


def _why_or_whether(sentence: str) -> tuple[str, str] | None:
    if because := _BECAUSE.match(sentence):
        who, modal, no, done = because.groups()
        negated = no or (" not" if modal == "cannot" else "")
        return f"Why {modal.removesuffix('not')} {_asker(who)}{negated} {_mine(done)}?", ""
    if (may := _MAY.match(sentence)) and not _NOT_EVERYBODY.match(may[1]):
        who, modal, no, done = may.groups()
        who, done = _asker(who), _mine(done)
        if modal == "must" and not no:
            do = "Do" if who == "I" or who.endswith("s") else "Does"
            return f"{do} {who} have to {done}?", ""
        return f"Can {who} {done}?", ""
    return None


def _asker(who: str) -> str:
    """Who is spoken of, as the one says who asks: "the tenant", "I" for "you"."""
    return "I" if who == "You" else who.lower()


def _mine(done: str) -> str:
    return re.sub(r"\byour\b", "my", re.sub(r"\byourself\b", "myself", done))
