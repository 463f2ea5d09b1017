"""Questions about one cell, over real tables in the form that the loaders give them: one line a row.

"Operating expenses: Selling | Three Months Ended 2024: 71,986": each cell behind its column's header, and a
row under a heading of its own behind that heading.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data import LIST, PHRASE, Row, Span
from evidence_rows import capped

from qa.answering.followups import resolve

Raw = dict[str, Any]
Rows = Sequence[Sequence[str]]
CAPS = {"tables.wtq": 1804, "tables.fetaqa": 250}
NO_COMPANY = {"wtq", "fetaqa"}  # a year of these is no business year
LONGEST_HEADER = 100
SECTIONED = 0.6  # of the tables, as the loaders do it where they can tell
MOST_CELLS = 6
_FIGURE = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,' ]*\s?[%)]?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_IN_YEAR = re.compile(
    r"\b(?:in|for|during|of)(?: the)?(?: fiscal)?(?: year)? ((?:19|20)\d\d)\b(?! and| to| or)", re.I
)
_PERIODS = ("fy{short}", "fy {year}", "fiscal {year}", "in fiscal {year}", "for the year {year}", "{year}")


def table_rows(folder: Path, epoch: int, rng: random.Random) -> list[Row]:
    """The questions of one pass that one row and column answer, or a few cells."""
    found: list[Row] = []
    for name in ("tables.wtq", "tables.tatqa_table", "tables.aitqa", "tables.fetaqa", "dialogue.pacific"):
        raws = capped(folder / f"{name}.jsonl.gz", None, epoch)
        if name == "tables.wtq":
            raws = [raw for raw in raws if raw["lookup"]]
        for raw in raws[: CAPS.get(name)]:
            found.extend(filter(None, [dialogue_row(raw, rng) if "rewrite" in raw else table_row(raw, rng)]))
    return found


def dialogue_row(raw: Raw, rng: random.Random) -> Row | None:
    """A question of a dialogue over text and a table, rewritten by a person or resolved by rule."""
    history = [turn["q"] for turn in raw["history"]]
    question = raw["rewrite"] if rng.random() < 0.6 else resolve(raw["question"], history)
    if raw.get("cells"):
        return table_row(raw | {"question": question}, rng)
    spans = tuple((one["start"], one["start"] + len(one["text"])) for one in raw["answers"])
    listed = len(spans) > 1
    return Row(
        raw["id"], "pacific", question, "", raw["context"], spans, spans if listed else (), listed,
        form=LIST if listed else PHRASE if len(raw["answers"][0]["text"].split()) <= 12 else -1,
    )  # fmt: skip


def table_row(raw: Raw, rng: random.Random) -> Row | None:
    """The row of a table question, or None when its cells can't be shown."""
    table = raw["table"]
    cells = [tuple(cell) for cell in raw["cells"]]
    if not isinstance(table, dict) or not cells or len(cells) > MOST_CELLS:
        return None
    header, body = with_subheaders(table["header"], table["rows"])
    cells = [(row - (len(table["rows"]) - len(body)), column) for row, column in cells]
    if min(row for row, _ in cells) < 0:
        return None
    lines = written(header, body, rng.random() < SECTIONED)
    passage, spans = laid_out(lines, header if rng.random() < 0.5 else (), cells)
    if len(spans) < len(set(cells)):
        return None
    listed = len(spans) > 1
    question, title = raw["question"], table["title"] or raw.get("title", "")
    if raw["src"] not in NO_COMPANY:
        question = period_reworded(question, rng)
    return Row(
        str(raw["id"]), raw["src"], question, title, passage, spans, spans if listed else (), listed,
        form=LIST if listed else PHRASE,
    )  # fmt: skip


def with_subheaders(header: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """Header and body, where the first rows of the body without a label belong to the header."""
    header, rows = list(header), list(rows)
    while len(rows) > 2:
        label, *others = rows[0]
        years = [cell for cell in others if cell]
        if (label and not label.endswith(":")) or not years:
            break
        if any(_FIGURE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in years):
            break
        header.append(rows.pop(0))
    return header, rows


def written(header: Rows, rows: Rows, sectioned: bool) -> list[list[tuple[str, str]]]:
    """Each row's cells, with what stands before each: its header, or for a label the section."""
    labels = [
        " ".join(dict.fromkeys(cells[column] for cells in header if column < len(cells) and cells[column]))
        for column in range(max(len(row) for row in rows))
    ]
    section, out = "", []
    for row in rows:
        if row and row[0] and not any(row[1:]):
            section = row[0].rstrip(" :")
        line = []
        for column, cell in enumerate(row):
            label = labels[column].rstrip(" :")
            before = f"{label}: " if label and label != cell and len(label) <= LONGEST_HEADER else ""
            if column == 0 and sectioned and section and any(row[1:]):
                before = f"{section}: " + before
            line.append((before, cell))
        out.append(line)
    return out


def laid_out(
    lines: Sequence[Sequence[tuple[str, str]]], header: Rows, cells: Sequence[tuple[int, int]]
) -> tuple[str, tuple[Span, ...]]:
    """The table's text, and where in it the cells stand."""
    passage = "".join(" | ".join(row).strip(" |") + "\n" for row in header)
    spans = []
    for number, line in enumerate(lines):
        shown = [(column, before, cell) for column, (before, cell) in enumerate(line) if cell]
        for place, (column, before, cell) in enumerate(shown):
            passage += (" | " if place else "") + before
            if (number, column) in cells:
                spans.append((len(passage), len(passage) + len(cell)))
            passage += cell
        passage += "\n"
    return passage.rstrip("\n"), tuple(spans)


def period_reworded(question: str, rng: random.Random) -> str:
    """The question with a year of a company's figures named in another way, one time in three."""

    def other(found: re.Match[str]) -> str:
        return rng.choice(_PERIODS).format(year=found[1], short=found[1][2:])

    return _IN_YEAR.sub(other, question) if rng.random() < 0.35 else question
