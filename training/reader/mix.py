"""What one pass of training is made of: the older sources thinned out, and the rows with evidence."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from data import PHRASE, Row, training_rows
from evidence_groups import evidence_groups
from evidence_rows import evidence_rows, own_questions, real_row, real_rows
from features import groups
from figures import made_up_figures
from lists import made_up_lists
from meta import asked_for_document, made_up_comparisons
from negatives import Search
from table_rows import table_rows
from tables import made_up_tables

# Rows of each older source in a pass, so that what the reader could do before is kept.
KEPT = {
    "squad11_du": 2800,
    "squadshifts_new_wiki": 1200,
    "tydiqa_en": 1000,
    "quoref": 500,
    "bioasq_list": 700,
    "bioasq_factoid": 400,
    "nq_oracle": 600,
    "qed_nq": 200,
    "timeqa_human": 400,
    "covidqa_win": 250,
    "tatqa_text": 418,
    "fairytaleqa": 250,
}
KEPT_OF_OTHERS = 120
MADE_UP_LISTS, MADE_UP_TABLES, MADE_UP_FIGURES = 900, 1800, 1200
COMPARISONS, FOR_DOCUMENTS = 500, 700
REAL_COPIES, OWN_COPIES = 6, 2
# How many of the new passages are searched too, for passages that look like an answer.
SEARCHED = 1500


def older_rows(path: Path, epoch: int, rng: random.Random) -> list[Row]:
    """The rows of the older sources, with lists and tables made up from them."""
    rows = training_rows(path, epoch)
    rng.shuffle(rows)
    taken: dict[str, int] = {}
    kept = []
    for row in rows:
        taken[row.source] = taken.get(row.source, 0) + 1
        if taken[row.source] <= KEPT.get(row.source, KEPT_OF_OTHERS):
            kept.append(row)
    made_up = made_up_tables(rows, MADE_UP_TABLES, rng) + made_up_figures(MADE_UP_FIGURES, rng)
    return kept + made_up_lists(kept, MADE_UP_LISTS, rng) + made_up


def newer_rows(folder: Path, epoch: int, rng: random.Random) -> list[Row]:
    """The rows with evidence, those of reader2 about real documents several times."""
    rows = evidence_rows(folder / "train", epoch, rng) + table_rows(folder / "train", epoch, rng)
    real = real_rows(folder / "real_train.jsonl.gz")
    own = [real_row(raw) for raw in own_questions(development=False)]
    made_up = made_up_comparisons(rows, COMPARISONS, rng) + asked_for_document(
        [*rows, *real], FOR_DOCUMENTS, rng
    )
    return rows + real * REAL_COPIES + own * OWN_COPIES + made_up


def epoch_groups(data: Path, mined: Path, epoch: int, wanted: int, rng: random.Random) -> list[list[Row]]:
    """All groups of a pass; of `wanted` rows of either kind only, if that isn't 0."""
    older = older_rows(data / "reader" / "train.jsonl.gz", epoch, rng)
    newer = newer_rows(data / "reader2", epoch, rng)
    if wanted:
        older, newer = rng.sample(older, wanted), rng.sample(newer, wanted)
    search = Search(older + searched(newer, rng), mined)
    grouped = [*groups(older, search, rng), *evidence_groups(newer, search, rng)]
    search.library.close()
    return grouped


def searched(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """Some of the rows that have prose, one a passage."""
    prose = {row.passage: row for row in rows if row.form != PHRASE or row.source.startswith("real_")}
    return rng.sample([*prose.values()], min(SEARCHED, len(prose)))
