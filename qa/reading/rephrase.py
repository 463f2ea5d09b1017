"""A question in a passage's own words: "stopped selling" where the passage says "no longer promoting"."""

import re
from functools import cache

from index import stem

# Each line holds words of about one meaning, in any form. Kept to words that seldom mean anything else.
_ALIKE = """
sell sold offer market promote
buy bought purchase acquire
stop quit cease halt discontinue
begin began start commence launch
end finish conclude terminate
founded establish create
discover identify
build built construct erect
write wrote written author
use employ utilise utilize
show demonstrate reveal indicate
happen occur
cause trigger
help assist aid
allow permit
ban prohibit forbid outlaw bar
say said state declare claim
ask request
need require
give gave given provide supply
get got receive obtain
win won secure
beat defeat
kill slay murder
live reside dwell
large big huge
famous renowned notable
important significant vital
main primary principal chief
company firm business corporation enterprise agency
country nation
city town municipality
job occupation
film movie
doctor physician
drug medicine medication
illness disease sickness
car automobile vehicle
money cash funds
cost price expense
area region zone
lawyer attorney
technology expertise
law act statute legislation
leader head chief
reject refuse decline
"""
_WORD = re.compile(r"[^\W\d_]+")
_ENDED = re.compile(r"\b(?P<noun>\w+) (?:stopped|ceased|quit) (?P<verb>\w+ing)\b", re.IGNORECASE)
_ENDING = re.compile(r"(?:ing|ed|s)$")


def rephrased(question: str, text: str) -> str:
    """The question with those words that `text` lacks put as the text puts them, where it has a word alike.

    The same question when nothing is to be changed.
    """
    forms: dict[str, list[str]] = {}
    for word in _WORD.findall(text):
        forms.setdefault(stem(word), []).append(word.lower())

    def replacement(match: re.Match[str]) -> str:
        word = match.group()
        own = stem(word)
        if own in forms:
            return word
        found = [form for alike in _groups().get(own, ()) for form in forms.get(alike, ())]
        ending = _ENDING.search(word)
        fitting = [form for form in found if ending and form.endswith(ending.group())]
        return (fitting or found or [word])[0]

    return _ENDED.sub(lambda match: _denied(match, text), _WORD.sub(replacement, question))


def _denied(match: re.Match[str], text: str) -> str:
    """The words "firms stopped selling" as "firms are no longer selling", where the text says the latter."""
    noun, verb = match["noun"], match["verb"]
    said = re.search(rf"\b((?:now |currently )?not|no longer)\s+{verb}\b", text, re.IGNORECASE)
    return f"{noun} {'are' if noun.endswith('s') else 'is'} {said[1]} {verb}" if said else match.group()


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """By stem, the stems of the words that mean about the same."""
    groups: dict[str, tuple[str, ...]] = {}
    for line in _ALIKE.split("\n"):
        stems = [stem(word) for word in line.split()]
        for one in stems:
            groups[one] = (*groups.get(one, ()), *(other for other in stems if other != one))
    return groups
