"""Rows whose answer is what a person would quote: whole sentences, clauses or rows of a table.

They come from reader2 (its README says what is in which file): questions about real documents, people's own
questions of documentation and health pages, contracts, and yes-or-no questions.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from data import LIST, PASSAGE, PHRASE, Row, Span, group_of, read

from index import normalise
from index.documents.passage import context_of
from qa.answering.followups import resolve
from qa.reading.words import content_words

Raw = dict[str, Any]
# Rows of a pass at most; files without an entry are taken whole. MedQuAD has 15 forms of questions, the
# contracts have few distinct ones.
CAPS = {
    "spans.medquad": 1300,
    "spans.cuad": 1000,
    "yesno.contractnli": 1200,
    "yesno.cuad_yn": 600,
    "yesno.boolq": 800,
}
SPANS = ("spans.docfaq", "spans.docfaq_list", "spans.medquad", "spans.medquad_list", "spans.cuad")
YES_OR_NO = ("yesno.docfaq_yn", "yesno.contractnli", "yesno.pubmedqa", "yesno.cuad_yn", "yesno.boolq")
CONDAQA = 1200
HEADING_KEPT = 0.3  # of the headings that ask the question word for word
OTHERS_OF_DOCUMENT = 6
OWN = Path(__file__).parent / "questions.jsonl.gz"
DEVELOPMENT = 1 / 3  # of its documents


def places(found: Iterable[Raw]) -> tuple[Span, ...]:
    """The spans of answers or evidence."""
    spans = ((int(one["start"]), int(one["start"]) + len(one["text"])) for one in found)
    return tuple(dict.fromkeys(spans))


def capped(path: Path, most: int | None, epoch: int) -> list[Raw]:
    """The rows of a file, other ones under its cap in each pass."""
    rows: list[Raw] = read(path)
    return sorted(rows, key=lambda raw: group_of(str(raw["id"]), epoch))[:most]


def evidence_rows(folder: Path, epoch: int, rng: random.Random) -> list[Row]:
    """All rows of one pass but those about real documents and tables."""
    rows = []
    for name in (*SPANS, *YES_OR_NO):
        for raw in capped(folder / f"{name}.jsonl.gz", CAPS.get(name), epoch):
            row = quoted_row(raw) if name in SPANS else decided_row(raw)
            rows.append(without_heading(row) if rng.random() > HEADING_KEPT else row)
    return rows + negated_rows(capped(folder / "yesno.condaqa.jsonl.gz", None, epoch))


def quoted_row(raw: Raw) -> Row:
    """A row whose golds are what would be quoted; of the rest of a full answer nobody said so."""
    found = places(raw["answers"])
    listed = raw["kind"] == "list" and len(found) > 1
    return Row(
        str(raw["id"]),
        str(raw["src"]),
        raw["question"],
        raw.get("title") or "",
        raw["context"],
        found if listed else (),
        found if listed else (),
        listed,
        evidence=found,
        unsure=places(raw.get("full", ())),
        form=LIST if listed else PASSAGE if found else -1,
    )


def decided_row(raw: Raw) -> Row:
    """A yes-or-no question; BoolQ says that its passage decides it, but not where."""
    found = places(raw["evidence"])
    guessed = raw["src"] == "boolq"
    decided = guessed or raw["answer"] != "unknown" or bool(found)
    return Row(
        str(raw["id"]),
        str(raw["src"]),
        raw["question"],
        raw.get("title") or "",
        raw["context"],
        (),
        (),
        False,
        evidence=found if decided else (),
        relevant=decided,
        judged=bool(found) or not decided,
        form=PASSAGE if decided else -1,
    )


def negated_rows(raws: Sequence[Raw]) -> list[Row]:
    """CondaQA: passages that differ by a word or two, most of which decide the question and some don't."""
    undecided = {raw["question"] for raw in raws if raw["answer"] == "unknown"}
    usable = [raw for raw in raws if raw["evidence"] or raw["answer"] == "unknown"]
    # Questions first that some passage leaves undecided: those are the near misses.
    usable.sort(key=lambda raw: raw["question"] not in undecided)
    rows = [decided_row(raw) for raw in usable[:CONDAQA]]
    return [
        row.unanswered() if raw["answer"] == "unknown" else row
        for raw, row in zip(usable, rows, strict=False)
    ]


def without_heading(row: Row) -> Row:
    """The row without the line that asks the question in its own words, which would tell too easily."""
    asked = " ".join(re.findall(r"\w+", row.question.lower()))
    for line in re.finditer(r"[^\n]*\n", row.passage):
        if asked and " ".join(re.findall(r"\w+", line[0].lower())) == asked:
            return without_stretch(row, line.start(), line.end())
    return row


def without_stretch(row: Row, begin: int, finish: int) -> Row:
    """The row without `passage[begin:finish]`, unless a span lies there."""
    size = finish - begin
    spans = (*row.spans, *row.items, *row.evidence)
    if any(start < finish and end > begin for start, end in spans):
        return row

    def moved(found: tuple[Span, ...]) -> tuple[Span, ...]:
        outside = (one for one in found if one[1] <= begin or one[0] >= finish)
        return tuple((start, end) if end <= begin else (start - size, end - size) for start, end in outside)

    return replace(
        row,
        passage=row.passage[:begin] + row.passage[finish:],
        spans=moved(row.spans),
        items=moved(row.items),
        evidence=moved(row.evidence),
        unsure=moved(row.unsure),
    )


def real_row(raw: Raw) -> Row:
    """A question about a real document; what it follows up stands in parentheses behind it."""
    items = places(variants[0] for variants in raw["items"])
    listed = len(items) > 1
    spans = items if listed else places(raw["short"]) or items
    evidence = places(raw["evidence"])
    form = LIST if listed else PHRASE if spans else PASSAGE if evidence else -1
    return Row(
        str(raw["id"]),
        str(raw["src"]),
        followed_up(raw["question"], [turn["q"] for turn in raw["history"]]),
        context_of(*title_and_heading(raw)),
        raw["context"],
        spans,
        items if listed else (),
        listed,
        evidence=evidence,
        form=form,
        near=tuple(raw["near"]),
        elsewhere=tuple((context, text) for context, text in raw.get("elsewhere", ())),
    )


def title_and_heading(raw: Raw) -> tuple[str, str]:
    """Of its document and of its section; in reader2 both are one text."""
    if "heading" in raw:
        return raw["title"], raw["heading"]
    title = re.split(r" [-–—>:] ", raw["title"])[0]
    return title, raw["title"][len(title) :].strip(" -–—>:")


def followed_up(question: str, history: Sequence[str]) -> str:
    """The question as the product resolves it; one that it would leave alone gets the last one's words."""
    resolved = resolve(question, history)
    if history and resolved == question:
        words = " ".join(word for word in content_words(history[-1]) if word not in question)
        return f"{question} ({words})" if words else question
    return resolved


def real_rows(path: Path) -> list[Row]:
    """The questions about real documents, other stretches of the document among their near misses."""
    raws: list[Raw] = read(path)
    documents: dict[str, list[Raw]] = defaultdict(list)
    for raw in raws:
        documents[raw["document"]].append(raw)
    return [
        replace(row, near=row.near + tuple(stretches(raw, documents[raw["document"]])))
        for raw in raws
        for row in [real_row(raw)]
    ]


def own_questions(development: bool) -> list[Raw]:
    """Those of OWN (QUESTIONS.md): of a third of its documents for development, the others to teach."""
    raws: list[Raw] = read(OWN)
    return [raw for raw in raws if (group_of(raw["document"], 0) < DEVELOPMENT) == development]


def stretches(raw: Raw, siblings: Sequence[Raw]) -> list[str]:
    """Passages of the document that other questions are about, those first that share most of the words.

    None that shares a line with the question's own, or holds one of its answers.
    """
    own = set(raw["context"].split("\n"))
    golds = [one["text"].lower() for one in (*raw["evidence"], *raw["short"])]
    words = {word.lower() for word in content_words(raw["question"])}
    found = {}
    for other in siblings:
        text = other["context"]
        lines = [line for line in text.split("\n") if line.strip()]
        if not own.intersection(lines) and not any(gold in text.lower() for gold in golds):
            found[text] = len(words & set(re.findall(r"\w+", normalise(text).lower())))
    return sorted(found, key=lambda text: -found[text])[:OTHERS_OF_DOCUMENT]
