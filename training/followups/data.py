"""Conversations that people had or rewrote, as examples for the follow-up model."""

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from qa.answering.conversation import key
from qa.answering.turn import Turn
from qa.reading.words import content_words

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A question in mid-conversation, whether it refers back, and the keys of the words it needs.

    `words` is None where nobody said which they are.
    """

    question: str
    turns: Sequence[Turn]
    refers: bool
    words: frozenset[str] | None
    weight: float = 1.0


def read(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def keys(text: str) -> set[str]:
    return {key(word) for word in content_words(text)}


def rewritten(question: str, rewrite: str, turns: Sequence[Turn], weight: float) -> Example:
    """What a person's rewrite adds and the turns before hold is what the question needed."""
    held = {name for turn in turns for name in keys(f"{turn.title} {turn.question} {turn.answer}")}
    needed = (keys(rewrite) - keys(question)) & held
    return Example(question, turns, bool(needed), frozenset(needed), weight)


def in_report_half(row: Row) -> bool:
    """Half of the dialogues of CANARD are for reporting; which, the article says."""
    return hashlib.sha256(row["history"][0].encode()).digest()[0] % 2 == 1


def canard_turns(row: Row) -> list[Turn]:
    """The turns of a CANARD row; the first names the article, before anything was asked."""
    title, _, *rest = row["history"]
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return [Turn("", title=title), *(Turn(question, answer, title) for question, answer in pairs)]


def canard(data: Path, report: bool) -> list[tuple[Row, list[Turn]]]:
    rows = read(data / "conversation/canard.jsonl.gz")
    return [(row, canard_turns(row)) for row in rows if in_report_half(row) == report]


def conversations(data: Path) -> Iterator[Example]:
    """CAsT, MTRAG and PACIFIC, and the follow-ups about real documents."""
    for name in ("cast2019", "mtrag_clapnq", "mtrag_cloud"):
        for row in read(data / f"conversation/{name}.jsonl.gz"):
            if row["history"]:
                turns = [Turn(text, title=row.get("title", "")) for text in row["history"]]
                yield rewritten(row["question"], row["rewrite"], turns, 2)
    for row in read(data / "reader2/train/dialogue.pacific.jsonl.gz"):
        turns = [Turn(turn["q"], turn["a"]) for turn in row["history"]]
        yield rewritten(row["question"], row["rewrite"], turns, 2)
    for row in read(data / "reader2/real_train.jsonl.gz"):
        if row["history"]:
            turns = [Turn(turn["q"], turn["a"], row["title"]) for turn in row["history"]]
            yield Example(row["question"], turns, True, None, 4)


def articles(data: Path, part: str, sources: Sequence[str]) -> dict[str, list[Row]]:
    """Questions that were asked of one article each, and those typed about one real document."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in read(data / f"reader/{part}.jsonl.gz"):
        if row["src"].startswith(tuple(sources)) and row["answers"]:
            groups[row["title"]].append({**row, "answer": row["answers"][0]["text"]})
    for row in read(data / f"reader2/real_{part}.jsonl.gz"):
        if not row["history"] and row["answerable"]:
            answer = (row["short"] or row["evidence"])[0]["text"]
            groups[row["document"]].append({**row, "answer": answer})
    return {name: rows for name, rows in groups.items() if len(rows) > 1}


def varied(example: Example, dice: Random) -> Example:
    """As some people and doors send it: without answers, without titles, in small letters."""
    turns, question, words = list(example.turns), example.question, example.words
    if dice.random() < 0.2:
        turns = [replace(turn, answer="") for turn in turns]
    if dice.random() < 0.3:
        turns = [replace(turn, title="") for turn in turns]
    if dice.random() < 0.15:
        question, turns = question.lower(), [replace(turn, question=turn.question.lower()) for turn in turns]
    held = {name for turn in turns for name in keys(f"{turn.title} {turn.question} {turn.answer}")}
    kept = None if words is None else words & held
    # What it needs is no longer there, but it still refers back: nobody says to which words.
    return replace(example, question=question, turns=turns, words=kept or None if words else kept)
