"""Questions for several things, made up from the enumerations that passages hold."""

from __future__ import annotations

import random
import re

from data import ENUMERATION, Row, Span, enumerated, sentences
from noise import STOP

LISTS_FROM = {
    "squad11_du",
    "squadshifts_new_wiki",
    "tydiqa_en",
    "nq_oracle",
    "timeqa_human",
    "quoref",
    "bioasq_factoid",
}
_ASKED = {
    r"starring|stars": "who starred in {0} / who is in {0} / who stars in {0} / cast of {0}",
    r"written(?: and (?:produced|directed))? by": "who wrote {0} / writers of {0} / who is the writer of {0}",
    r"produced by": "who produced {0} / who are the producers of {0}",
    r"directed by": "who directed {0} / who is the director of {0}",
    r"created by": "who created {0} / who made {0}",
    r"(?:composed|music) by": "who composed {0} / who made the music for {0}",
    r"(?:performed|recorded|sung) by": "who sang {0} / who sings {0} / who performed {0}",
    r"(?:co-)?founded by|established by": "who founded {0} / who started {0} / founders of {0}",
    r"developed by|designed by|invented by": "who developed {0} / who invented {0} / who designed {0}",
    r"hosted by|presented by": "who hosts {0} / who presented {0} / hosts of {0}",
    r"led by|headed by": "who led {0} / who are the leaders of {0} / leaders of {0}",
    r"(?:portrayed|played|voiced) by": "who played {0} / who plays {0} / who is the voice of {0}",
    r"(?:filmed|shot) in(?: the)?": "where was {0} filmed / where is {0} filmed / filming location of {0}",
    r"(?:located|spoken|found|held|based) in(?: the)?": "where is {0} / where can one find {0}",
    r"consist(?:s|ed|ing)? of|composed of|made up of|comprise[sd]?": (
        "what does {0} consist of / what is {0} made of / what makes up {0} / what are the parts of {0}"
    ),
    r"divided into|split into": "what is {0} divided into / what are the parts of {0}",
    r"characteri[sz]ed by|marked by": "what characterizes {0} / what are the features of {0}",
    r"border(?:s|ed by|ing)": "what borders {0} / which neighbours does {0} have",
    r"caused by|due to|result(?:s|ed)? from": "what causes {0} / why {0} / causes of {0}",
    r"based on": "what is {0} based on",
    r"son of|daughter of|child of|born to": "who are the parents of {0} / who were {0}'s parents",
    r"(?:known|referred to) as|called": "what is {0} also called / other names of {0} / what is {0} known as",
    r"((?:[a-z]+ )?[a-z]{3,}(?<!ss)s),? (?:such as|includ(?:ing|es?|ed)|like|e\.g\.|namely)(?: the)?": (
        "what {1} does {0} have / what are some {1} of {0} / name {1} in {0} / which {1} are there in {0}"
        " / {1} of {0} / what are the {1} of {0}"
    ),
}
# What stands before an enumeration, and how people ask for it: {0} is what the sentence is about, {1} what
# the cue's group says.
CUES = {re.compile(rf"\b(?:{cue})\s*$", re.IGNORECASE): asked.split(" / ") for cue, asked in _ASKED.items()}
PHRASINGS = 4
_KINDS = (
    "film|movie|song|album|single|series|show|band|group|book|novel|game|company|city|country|town|state"
    "|school|university|station|team|club|play|musical|episode"
)
SPEAKS_OF_TITLE = re.compile(rf"^(?:it|he|she|they|its|his|her|their|the (?:{_KINDS}))\b", re.IGNORECASE)
_NAME = r"(?:[Tt]he )?[A-Z][\w'’-]*(?: (?:of|the|and|de|in))*(?: [A-Z][\w'’-]*)*"
SUBJECT = re.compile(rf"^({_NAME})\b[^.]{{0,40}}?\b(?:is|are|was|were|has|had)\b")


def made_up_lists(rows: list[Row], wanted: int, rng: random.Random) -> list[Row]:
    """Rows that ask for the items of an enumeration which a passage holds, as people do or in its words."""
    passages = {row.passage: row for row in rows if row.source in LISTS_FROM}
    out: list[Row] = []
    for row in rng.sample(sorted(passages.values(), key=lambda row: row.identifier), len(passages)):
        if len(out) >= wanted:
            break
        found = list(ENUMERATION.finditer(row.passage))
        natural = [
            made for one in found for _ in range(PHRASINGS) if (made := asked_as_people_do(row, one, rng))
        ]
        if natural:
            out.extend(natural)
        elif found and (made := asked_for(row, rng.choice(found), rng)):
            out.append(made)
    return out


def asked_as_people_do(row: Row, found: re.Match[str], rng: random.Random) -> Row | None:
    """The row as somebody might ask for the items in few words; None when nothing says what they are."""
    items = enumerated(row.passage, found.span())
    span = next(
        (span for span in sentences(row.passage) if span[0] <= found.start() and found.end() <= span[1]), None
    )
    if span is None or len(items) < 2:
        return None
    sentence, before = row.passage[span[0] :], row.passage[max(span[0], found.start() - 60) : found.start()]
    named = SUBJECT.match(sentence)
    title = re.sub(r"\s*\(.*\)$|^(?:List|History|Geography) of ", "", row.title)
    if title and (SPEAKS_OF_TITLE.match(sentence) or (named and named[1].lower() in title.lower())):
        subject = title
    elif named and " " in named[1] and named[1].split()[-1].lower() not in STOP:
        subject = named[1]
    else:
        return None
    for cue, asked in CUES.items():
        if said := cue.search(before):
            kind = " ".join(
                word for group in said.groups() for word in group.split() if word.lower() not in STOP
            )
            question = rng.choice(asked).format(subject, kind)
            return made_of(row, question, items)
    return None


def made_of(row: Row, question: str, items: tuple[Span, ...]) -> Row:
    """The row with a made up question for these items."""
    question = re.sub(r"\s+", " ", question).strip(" ,;:.") + "?"
    return Row(f"{row.identifier} list", row.source, question, row.title, row.passage, items, items, True)


def asked_for(row: Row, found: re.Match[str], rng: random.Random) -> Row | None:
    """The row as a question for the items of the enumeration; None when its sentence says too little."""
    items = enumerated(row.passage, found.span())
    sentence = next(
        (span for span in sentences(row.passage) if span[0] <= found.start() and found.end() <= span[1]), None
    )
    if sentence is None or len(items) < 2 or (len(items) == 2 and rng.random() < 0.5):
        return None
    before = row.passage[sentence[0] : found.start()].split()[-14:]
    after = row.passage[found.end() : sentence[1]].split()[:10]
    one = rng.choice(("what", "which", "who", "which ones", "what are the"))
    if len(before) <= 1 and len(after) >= 4:
        question = f"{one} {' '.join(after)}"
    elif len(before) >= 4:
        said = " ".join(before).rstrip(" ,:;")
        said = said[0].lower() + said[1:] if said.split()[0].lower() in STOP else said
        tail = " ".join(after) if rng.random() < 0.4 else ""
        question = rng.choice(
            (f"{said} {one} {tail}", f"{one} {said} {tail}", f"list {said}", f"name all: {said}")
        )
    else:
        return None
    return made_of(row, question, items)
