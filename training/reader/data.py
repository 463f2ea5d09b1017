"""Training rows: reading, caps, titles, windows over long contexts, and the items of list answers."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asking import asks_for_one

from index import quotable as quotable

Span = tuple[int, int]

# Rows taken from a source at most; sources without an entry are taken whole. By the sources' notes policyqa
# has few distinct questions, qamr and qasrl are single sentences, amazon and reddit are noisy.
CAPS = {
    "policyqa": 500,
    "qamr": 2500,
    "squadshifts_reddit": 3500,
    "squadshifts_amazon": 3500,
    "fairytaleqa": 1800,
    "friendsqa": 300,
    "qasrl_gs": 0,
}
# How often a row whose answer is a list is shown in one pass.
LIST_COPIES = {
    "bioasq_list": 3,
    "quoref": 3,
    "tatqa_text": 3,
    "qasrl_gs": 1,
    "squad11_du": 2,
    "squadshifts_new_wiki": 2,
    "tydiqa_en": 3,
    "nq_oracle": 4,
    "qed_nq": 4,
    "timeqa_human": 3,
}
# Of these each row has one answer, also where the passage names several: "who wrote X" by two people.
ONE_OF_SEVERAL = {"nq_oracle", "qed_nq"}
ASKS_FOR_ALL = re.compile(
    r"^who (?:all )?(?:wrote|sang|sings|composed|produced|created|founded|invented|painted|directed|recorded"
    r"|made|discovered|starred|stars|hung|escaped)\b"
    r"|^where (?:is|was|were|are|did) .*\b(?:filmed|made|shot|grown|found)\b"
    r"|^(?:name|list)\b",
    re.IGNORECASE,
)
# Titles of these are identifiers, not words a reader of documents would meet.
NO_TITLE = {
    "squadshifts_reddit",
    "squadshifts_amazon",
    "bioasq_factoid",
    "bioasq_list",
    "qamr",
    "qasrl_gs",
    "friendsqa",
}
# What kind of thing answers: a short phrase, several items, or whole sentences.
FORMS = ("phrase", "list", "passage")
PHRASE, LIST, PASSAGE = range(3)
LONGEST_PHRASE = 12  # words
# Golds of these were found by string match, so any other mention is as good.
EVERY_MENTION = {"bioasq_factoid", "bioasq_list", "timeqa_human"}
# "Oujda, Tangier and Erfoud": names, or small words throughout, with three items or more.
_ITEM = (
    r"(?:[A-Z][\w'’-]*(?:\s(?:of|the|de|and the)?\s?[A-Z][\w'’-]*){0,3}|[a-z][a-z-]{3,}(?:\s[a-z-]{4,}){0,2})"
)
ENUMERATION = re.compile(
    rf"\b{_ITEM}(?:, {_ITEM})+,? and {_ITEM}\b|\b[A-Z]\w+(?: [A-Z]\w+)* and [A-Z]\w+(?: [A-Z]\w+)*\b"
)


@dataclass(frozen=True)
class Row:
    """One question with one passage; all spans are offsets into `passage`.

    `spans` are short golds, `evidence` is what a person would quote; with neither the passage does not
    answer, unless it is `relevant`: it answers, and nobody said where. Of `unsure` text nobody said whether
    it would be quoted; of nothing in the passage when it isn't `judged`. `form` is a place in FORMS, -1 if
    unknown.
    """

    identifier: str
    source: str
    question: str
    title: str
    passage: str
    spans: tuple[Span, ...]
    items: tuple[Span, ...]
    listed: bool
    evidence: tuple[Span, ...] = ()
    unsure: tuple[Span, ...] = ()
    relevant: bool = False
    judged: bool = True
    form: int = -1
    near: tuple[str, ...] = ()  # other texts of the document, which look right and don't answer
    elsewhere: tuple[tuple[str, str], ...] = ()  # titles and texts of other passages that don't answer

    @property
    def answers(self) -> tuple[str, ...]:
        """The texts of the gold spans."""
        return tuple(self.passage[start:end] for start, end in self.spans)

    @property
    def answered(self) -> bool:
        """Whether the passage answers the question."""
        return bool(self.spans or self.evidence or self.relevant)

    def unanswered(self, **changes: Any) -> Row:
        """The row with these changes, and without an answer for that."""
        lost = ("spans", "items", "evidence", "unsure", "near", "elsewhere")
        gone: dict[str, Any] = dict.fromkeys(lost, ())
        return replace(self, **(gone | {"relevant": False, "judged": True, "form": -1} | changes))


def read(path: Path) -> list[dict[str, object]]:
    """The rows of a .jsonl.gz file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def to_row(raw: dict[str, object]) -> Row:
    """A row of the data files, with its list items found and its title made readable."""
    source = str(raw.get("src", "")).partition("/")[0]
    passage, question = str(raw["context"]), str(raw["question"]).strip()
    answers = raw["answers"]
    assert isinstance(answers, list)
    spans = tuple(dict.fromkeys((int(a["start"]), int(a["start"]) + len(a["text"])) for a in answers))
    items = distinct_items(spans) if raw.get("multi") else ()
    if not items and spans and not re.match(r"(why|how|when)\b", question, re.IGNORECASE):
        items = enumerated(passage, spans[0])
        if len(items) == 2 and asks_for_one(question):
            items = ()
    if not items and len(spans) == 1 and source in ONE_OF_SEVERAL and ASKS_FOR_ALL.search(question):
        items = named_together(passage, spans[0])
    if source in EVERY_MENTION:
        spans = tuple(dict.fromkeys(mention for span in spans for mention in mentions(passage, span)))
    title = "" if source in NO_TITLE else re.sub(r"[_\s]+", " ", str(raw.get("title") or "")).strip()
    short = bool(spans) and len(passage[slice(*spans[0])].split()) <= LONGEST_PHRASE
    form = LIST if len(items) > 1 else PHRASE if short else -1
    # Found by string match, only one of several places may be what one would quote.
    judged = source not in EVERY_MENTION or len(holding(passage, spans)) <= 1
    return Row(
        str(raw["id"]),
        source,
        question,
        title,
        passage,
        spans,
        items,
        len(items) > 1,
        judged=judged,
        form=form,
    )


def holding(passage: str, spans: tuple[Span, ...]) -> list[Span]:
    """The sentences that hold, or share most of their text with, one of the spans."""

    def shares(place: Span, span: Span) -> bool:
        common = min(place[1], span[1]) - max(place[0], span[0])
        return common > 0.5 * min(place[1] - place[0], span[1] - span[0])

    return [place for place in quotable(passage) if any(shares(place, span) for span in spans)]


def distinct_items(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans without those that overlap an earlier one, in the order of the text."""
    kept: list[Span] = []
    for start, end in spans:
        if all(end <= other_start or start >= other_end for other_start, other_end in kept):
            kept.append((start, end))
    return tuple(sorted(kept))


def enumerated(passage: str, span: Span) -> tuple[Span, ...]:
    """The parts of an answer such as "Oujda, Tangier and Erfoud", or nothing when it is no enumeration."""
    text = passage[span[0] : span[1]]
    if (
        " and " not in text
        or len(text) > 160
        or re.search(r"\b(between|from|both|that|which|who|is|was|are)\b", text)
    ):
        return ()
    parts: list[Span] = []
    for part in re.finditer(r"(?:(?!,\s|\s+and\s|\s+or\s|\s*;\s).)+", text, re.DOTALL):
        piece = re.sub(r"^[\s,;]*(?:(?:and|or)\s+)?", "", part.group())
        begin = part.end() - len(piece)
        if piece.strip():
            parts.append((span[0] + begin, span[0] + begin + len(piece.rstrip())))
    words = [len(passage[start:end].split()) for start, end in parts]
    fits = len(parts) >= 2 and max(words) <= 5 and (len(parts) >= 3 or max(words) <= 3)
    return tuple(parts) if fits else ()


def named_together(passage: str, span: Span) -> tuple[Span, ...]:
    """The items of the enumeration that the span is one of, or nothing."""
    for found in ENUMERATION.finditer(passage):
        if found.start() <= span[0] and span[1] <= found.end():
            items = enumerated(passage, found.span())
            return items if span in items else ()
    return ()


def mentions(passage: str, span: Span) -> list[Span]:
    """The span first, then every other place where its text stands as whole words."""
    pattern = rf"(?<!\w){re.escape(passage[span[0] : span[1]])}(?!\w)"
    return [span, *(found.span() for found in re.finditer(pattern, passage))]


def group_of(identifier: str, epoch: int) -> float:
    """A number in [0, 1) of these alone: caps keep the same rows in a pass, and others in the next."""
    return random.Random(f"{identifier} {epoch}").random()


def training_rows(path: Path, epoch: int) -> list[Row]:
    """The rows of one pass before cropping: capped, without repeats, lists repeated."""
    rows = [to_row(raw) for raw in read(path)]
    unique = {(row.question.lower(), row.passage): row for row in reversed(rows)}
    rows = sorted(unique.values(), key=lambda row: group_of(row.identifier, epoch))
    taken: dict[str, int] = {}
    out: list[Row] = []
    for row in rows:
        copies = LIST_COPIES.get(row.source, 1) if row.listed else 1
        sentence = row.source == "qamr" and len(row.question.split()) < 5
        if row.source in CAPS and not (row.listed and row.source in LIST_COPIES):
            if sentence or taken.get(row.source, 0) >= CAPS[row.source]:
                continue
            taken[row.source] = taken.get(row.source, 0) + 1
        out.extend([row] * copies)
    return out


def sentences(text: str) -> list[Span]:
    """Rough sentence spans that cover the text."""
    cuts = [0, *(found.end() for found in re.finditer(r"[.!?]['\")\]]*\s+|\n+", text)), len(text)]
    return [(start, end) for start, end in itertools.pairwise(cuts) if end > start]


def crop(row: Row, words: int, rng: random.Random) -> Row:
    """The row with its passage cut to about `words` words around a gold span, from a sentence's start on."""
    found = list(re.finditer(r"\S+", row.passage))
    if len(found) <= words * 1.15:
        return row
    if row.spans:
        anchor = rng.choice(row.items or row.spans)
        inside = next((n for n, word in enumerate(found) if word.end() > anchor[0]), 0)
        first = inside - rng.randrange(words)
    else:
        first = rng.randrange(len(found) - words + 1)
    first = max(0, min(first, len(found) - words))
    begin, finish = found[first].start(), found[first + words - 1].end()
    if row.spans:
        finish = max(finish, anchor[1])
    for start, _ in sentences(row.passage):
        if begin <= start < begin + 120 and (not row.spans or start <= anchor[0]):
            begin = start
            break
    return cut(row, begin, finish)


def cut(row: Row, begin: int, finish: int) -> Row:
    """The row with only `passage[begin:finish]`, and the spans that lie within it."""

    def moved(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple((start - begin, end - begin) for start, end in spans if begin <= start and end <= finish)

    def clipped(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        inside = ((max(start, begin), min(end, finish)) for start, end in spans)
        return tuple((start - begin, end - begin) for start, end in inside if start < end)

    return replace(
        row,
        passage=row.passage[begin:finish],
        spans=moved(row.spans),
        items=moved(row.items),
        evidence=clipped(row.evidence),
        unsure=clipped(row.unsure),
    )
