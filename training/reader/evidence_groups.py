"""Groups of passages for rows with evidence: the one that answers, and others that look as if they did."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from data import Row, cut, holding, quotable
from echoes import echo
from features import asked_alike
from negatives import NAME, Alterations, Search

# A passage's length in about as many tokens, drawn for each group; a product's passages are of such
# lengths.
TOKENS = (90, 140, 180, 220, 260)
TOKENS_OF_REAL = (160, 200, 240, 270)
# In these other passages of the same kind may answer as well, or everything around the evidence speaks
# of it.
NOT_MINED = {
    "cuad", "cuad_yn", "contractnli", "condaqa", "wtq", "tatqa_table", "aitqa", "fetaqa",
    "pacific", "compared",
}  # fmt: skip
NOTHING_ELSEWHERE = {"pubmedqa", "condaqa", "boolq"}
MINED, ELSEWHERE, NEAR, OTHER_ROWS, OTHER_PLACE = 0.3, 0.35, 0.75, 0.3, 0.35
MINED_OF_REAL, ECHOED, ELSEWHERE_OF_REAL = 0.3, 0.08, 2


def evidence_groups(rows: Sequence[Row], search: Search, rng: random.Random) -> Iterator[list[Row]]:
    """Each row cut to a passage, with its negatives after it, all asked in the same careless manner."""
    titles = [row.title for row in rows if row.title]
    alterations = Alterations(list(rows))
    for row in rows:
        real = row.source.startswith("real_")
        tokens = rng.choice(TOKENS_OF_REAL if real else TOKENS)
        passage = window(row, tokens, rng)
        group = [passage, *near_misses(row, tokens, rng)]
        if row.answered and not real and row.source not in NOTHING_ELSEWHERE and rng.random() < ELSEWHERE:
            group.extend(without_answer(row, tokens, rng))
        if row.source not in NOT_MINED and rng.random() < (MINED_OF_REAL if real else MINED):
            found = search.lacking(row)[:5]
            if found:
                group.append(window(rng.choice(found), tokens, rng))
        if row.answered and rng.random() < ECHOED:
            group.extend(one for one in [echo(passage, rows, rng)] if one)
        if real and row.answered and rng.random() < OTHER_PLACE:
            group.extend(changed(passage, alterations, rng))
        yield asked_alike(group, titles, rng)


def near_misses(row: Row, tokens: int, rng: random.Random) -> list[Row]:
    """Some of the other texts of the document; the first are those that a person chose as misleading."""
    chosen = [text for text in row.near[:1] if rng.random() < NEAR]
    if row.near[1:] and rng.random() < 0.6:
        chosen.append(rng.choice(row.near[1:4]))
    others = [row.unanswered(passage=text) for text in chosen]
    elsewhere = rng.sample(row.elsewhere, min(ELSEWHERE_OF_REAL, len(row.elsewhere)))
    others += [row.unanswered(passage=text, title=title) for title, text in elsewhere]
    return [window(one, tokens, rng) for one in others]


def changed(row: Row, alterations: Alterations, rng: random.Random) -> list[Row]:
    """The passage with another year, number or name asked for, which it doesn't tell."""
    for way in rng.sample([alterations.other_number, alterations.other_name], 2):
        question = way(row, rng)
        if question and question != row.question and not present(question, row):
            return [row.unanswered(question=question)]
    return []


def present(question: str, row: Row) -> bool:
    """Whether a new number stands in the passage, or a new name in the evidence, so that it may be told."""
    said = "".join(row.passage[start:end] for start, end in row.evidence)
    numbers = (number for number in re.findall(r"\d+", question) if number not in row.question)
    names = (name for name in NAME.findall(question) if name not in row.question)
    return any(number in row.passage for number in numbers) or any(name in said for name in names)


def without_answer(row: Row, tokens: int, rng: random.Random) -> list[Row]:
    """A stretch of the same document without what would be quoted; of a table, its other rows."""
    barred = set(holding(row.passage, (*row.evidence, *row.spans, *row.items, *row.unsure)))
    kept = [row.passage[start:end] for start, end in quotable(row.passage) if (start, end) not in barred]
    text = "\n".join(kept)
    return [window(row.unanswered(passage=text), tokens, rng)] if len(text.split()) >= 30 else []


def size(text: str) -> float:
    """About how many tokens a text has."""
    return 1.15 * len(re.findall(r"\w+|[^\w\s]", text))


def window(row: Row, tokens: int, rng: random.Random) -> Row:
    """The row cut to whole sentences around one that would be quoted, about `tokens` long."""
    places = quotable(row.passage)
    known = row.evidence or row.spans or not row.relevant
    if not places or not known or size(row.passage) <= tokens * 1.15:
        return row
    sizes = [size(row.passage[start:end]) for start, end in places]
    golds = row.items or row.evidence or row.spans
    wanted = [places.index(place) for place in holding(row.passage, golds[:1] if row.listed else golds)]
    first = last = wanted[0] if wanted else rng.randrange(len(places))
    used, ahead = sizes[first], max(wanted, default=first)
    while first > 0 or last < len(places) - 1:
        # What else would be quoted comes first, as far as it fits; then either side as it falls.
        forward = last < len(places) - 1 and (first == 0 or last < ahead or rng.random() < 0.5)
        grown = sizes[last + 1] if forward else sizes[first - 1]
        if used + grown > tokens:
            break
        used, first, last = used + grown, first - (not forward), last + forward
    return cut(row, places[first][0], places[last][1])
