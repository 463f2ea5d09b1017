"""Questions that compare, and questions for a document, made from what is there.

Which of two rows has more wants both rows quoted; which document is about something, the sentence that shows
it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from data import PASSAGE, Row, Span, quotable
from figures import THINGS, amounts
from negatives import NAME
from tables import GROUPS, LABELS, PLACES

from qa.reading.words import is_content

COMPARED, WHICH_DOCUMENT = "compared", "which_document"
_KINDS = ("document", "file", "report", "text", "one of my documents", "of the documents", "page", "paper")
_ABOUT = (
    "which {kind} is about {topic}", "which {kind} mentions {topic}",
    "which {kind} says something about {topic}",
    "where can I read about {topic}", "in which {kind} do I find {topic}", "which {kind} deals with {topic}",
    "which {kind} has something to do with {topic}", "what {kind} covers {topic}",
)  # fmt: skip


def made_up_comparisons(rows: Sequence[Row], wanted: int, rng: random.Random) -> list[Row]:
    """So many questions for the larger, smaller or other one of two things, with a table or sentences."""
    names = sorted({name for row in rng.sample(list(rows), 2000) for name in NAME.findall(row.passage)[:3]})
    return [compared(f"{COMPARED} {number}", names, rng) for number in range(wanted)]


def compared(identifier: str, names: Sequence[str], rng: random.Random) -> Row:
    """Rows of a table, or a sentence for each thing; both things' are to be quoted."""
    pool = rng.choice((LABELS, names, names, GROUPS, PLACES))
    things = rng.sample(list(pool), rng.randrange(3, 7))
    measures = rng.sample(THINGS, rng.randrange(1, 3))
    figures = list(zip(*(amounts(len(things), rng) for _ in measures), strict=True))
    measure = measures[0]
    style = rng.random()
    lines = []
    for thing, of in zip(things, figures, strict=True):
        if style < 0.5:
            cells = (f"{m}: {f}" for m, f in zip(measures, of, strict=True))
            lines.append(" | ".join([thing, *cells]))
        elif style < 0.8:
            lines.append(f"The {measure} of {thing} is {of[0]}.")
        else:
            lines.append(f"{thing}: {of[0]} ({measure})")
    first, second = rng.sample(range(len(things)), 2)
    a, b = things[first], things[second]
    question = rng.choice(
        (
            f"Which has the higher {measure}, {a} or {b}?", f"who has a lower {measure}, {a} or {b}",
            f"Is the {measure} of {a} higher than that of {b}?", f"{a} vs {b} {measure}",
            f"What is the difference between {a} and {b} in {measure}?", f"compare {a} and {b}",
            f"does {a} have more {measure} than {b}", f"How do {a} and {b} differ?",
        )
    )  # fmt: skip
    passage = "\n".join(lines)
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    evidence: tuple[Span, ...] = tuple(
        (starts[number], starts[number] + len(lines[number])) for number in sorted((first, second))
    )
    return Row(identifier, COMPARED, question, "", passage, (), (), False, evidence=evidence, form=PASSAGE)


def asked_for_document(rows: Sequence[Row], wanted: int, rng: random.Random) -> list[Row]:
    """Rows whose evidence is known, asked for the document instead: what it is about shows which it is."""
    found: list[Row] = []
    for row in rng.sample(list(rows), len(rows)):
        topic = topic_of(row, rng) if row.evidence and not row.listed else ""
        if topic:
            question = rng.choice(_ABOUT).format(kind=rng.choice(_KINDS), topic=topic)
            kept = replace(row, source=WHICH_DOCUMENT, question=question, spans=(), items=(), form=PASSAGE)
            found.append(kept)
        if len(found) == wanted:
            break
    return found


def topic_of(row: Row, rng: random.Random) -> str:
    """What the row is about: the heading in its title, or some words in a row of its first evidence."""
    parts = re.split(r" [-–—>] ", row.title)
    if len(parts) > 1 and rng.random() < 0.4 and 1 <= len(parts[-1].split()) <= 6:
        return parts[-1].strip(" .:").lower()
    held = next((place for place in quotable(row.passage) if place[0] <= row.evidence[0][0] < place[1]), None)
    words = row.passage[slice(*held)].split() if held else []
    if len(words) < 6 or "|" in words:
        return ""
    size = rng.randrange(2, 5)
    start = rng.randrange(len(words) - size)
    kept = words[start : start + size]
    while kept and not is_content(kept[0]):
        kept = kept[1:]
    while kept and not is_content(kept[-1]):
        kept = kept[:-1]
    topic = " ".join(kept).strip(" .,;:()[]").lower()
    return topic if any(len(word) > 4 for word in kept) else ""
