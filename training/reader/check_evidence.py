"""What checkpoints do on development questions: `check_evidence.py --base FOLDER --checkpoint A.pt B.pt`.

Of several checkpoints the mean is judged. On questions about real documents (reader2/real_dev, and the
project's own of QUESTIONS.md) and each file of reader2/dev: whether the sentence that scores highest would be
quoted, in its own passage and among the near misses too; the form of the answer; short spans; and whether
passages that answer are told from those that don't. A version without evidence quotes the sentence of its
best span.
On the older reader/dev: spans and, with altered questions, the AUROC of the passage's logit.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from data import Row, read, to_row
from evidence_groups import window
from evidence_rows import SPANS, YES_OR_NO, decided_row, own_questions, quoted_row, real_row
from features import MAXIMUM_LENGTH, Feature, collate, encode, prefix
from model import Reader
from negatives import Alterations
from ranges import load_reader, load_tokenizer
from sklearn.metrics import roc_auc_score
from table_rows import table_row
from tokenizers import Tokenizer

sys.path.append(str(Path(__file__).parents[2]))  # after this folder, which is first when a script of it runs
from qa.evaluate.measures import exact, f1
from qa.reading.spans import best_spans

TABLES = ("tables.wtq", "tables.tatqa_table", "tables.aitqa")
OLDER = ("squad11_du", "squadshifts_new_wiki", "tydiqa_en", "nq_oracle")
TOKENS = 260
SEED = 5
BATCH = 8


@dataclass(frozen=True)
class Read:
    """What the reader makes of one row; `quotes` are its sentences' scores, `span` where the best one is."""

    row: Row
    feature: Feature
    quotes: npt.NDArray[np.float64]
    text: str
    span_sentence: int
    span_score: float
    answerable: float
    form: int


def read_rows(reader: Reader, tokenizer: Tokenizer, rows: Sequence[Row]) -> list[Read]:
    """All rows, in order."""
    features = list(encode(list(rows), tokenizer, MAXIMUM_LENGTH))
    order = sorted(range(len(rows)), key=lambda number: len(features[number].ids))
    found: dict[int, Read] = {}
    for start in range(0, len(order), BATCH):
        some = order[start : start + BATCH]
        batch = collate([[features[number]] for number in some])
        with torch.inference_mode():
            scores = reader(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        for place, number in enumerate(some):
            values = [part[place].float().numpy() for part in scores]
            found[number] = read_row(rows[number], features[number], tokenizer, values)
    return [found[number] for number in range(len(rows))]


def read_row(row: Row, feature: Feature, tokenizer: Tokenizer, values: list[npt.NDArray[np.float32]]) -> Read:
    """One row from its logits."""
    start, end, answerable, _, evidence, form = values
    ahead = prefix(row.title)
    offsets = np.array(tokenizer.encode(ahead + row.passage, add_special_tokens=False).offsets).reshape(-1, 2)
    inside = slice(feature.passage, len(feature.ids) - 1)
    first = feature.passage - feature.second
    own = (offsets - len(ahead))[first : first + inside.stop - inside.start].astype(np.int64)
    spans = best_spans(row.passage, own, start[inside], end[inside])
    sentence = feature.sentence[inside]
    quotes = np.array(
        [evidence[inside][sentence == number].mean() for number in range(len(feature.quoted))], np.float64
    )
    place = int(np.searchsorted(own[:, 0], spans[0].start, side="right")) - 1 if spans else 0
    return Read(
        row,
        feature,
        quotes,
        row.passage[spans[0].start : spans[0].end] if spans else "",
        int(sentence[max(place, 0)]) if spans else 0,
        spans[0].score if spans else -99.0,
        float(answerable),
        int(form.argmax()),
    )


def best_quote(reads: Sequence[Read], by_evidence: bool) -> bool:
    """Whether the sentence chosen among these passages would be quoted."""
    if by_evidence:
        best = max((one for one in reads if len(one.quotes)), key=lambda one: one.quotes.max())
        return bool(best.feature.quoted[int(best.quotes.argmax())] == 1)
    best = max(reads, key=lambda one: one.answerable)
    return bool(best.feature.quoted[best.span_sentence] == 1)


def share(values: Iterable[bool | float]) -> str:
    """Their mean in percent, and how many."""
    found = [float(value) for value in values]
    return f"{100 * sum(found) / len(found):.1f} ({len(found)})" if found else "-"


def judged(groups: Sequence[Sequence[Read]], by_evidence: bool) -> dict[str, str]:
    """The figures of groups: a question's own passage first, then its near misses."""
    quotable = [group for group in groups if 1 in group[0].feature.quoted]
    short = [group[0] for group in groups if group[0].row.spans and not group[0].row.listed]
    every = [one for group in groups for one in group]
    out = {
        "own": share(best_quote(group[:1], by_evidence) for group in quotable),
        "among near": share(best_quote(group, by_evidence) for group in quotable if len(group) > 1),
        "form": share(group[0].form == group[0].row.form for group in groups if group[0].row.form >= 0),
        "span EM": share(exact(one.text, one.row.answers) for one in short),
        "span F1": share(f1(one.text, one.row.answers) for one in short),
    }
    if len({one.feature.positive for one in every}) == 2:
        answered = [one.feature.positive for one in every]
        out["answerable AUROC"] = f"{roc_auc_score(answered, [one.answerable for one in every]):.3f}"
        if by_evidence:
            highest = [one.quotes.max(initial=-99.0) for one in every]
            out["evidence AUROC"] = f"{roc_auc_score(answered, highest):.3f}"
    return out


def real_groups(data: Path) -> list[list[Row]]:
    """Questions about real documents, each with its near misses behind it."""
    rows = [real_row(raw) for raw in read(data / "reader2" / "real_dev.jsonl.gz")]
    return [[row, *(row.unanswered(passage=text) for text in row.near)] for row in rows]


def own_groups() -> list[list[Row]]:
    """The project's own questions that are kept for development, each with what doesn't answer it."""
    rows = [real_row(raw) for raw in own_questions(development=True)]
    return [
        [row, *(row.unanswered(passage=text, title=title) for title, text in row.elsewhere)] for row in rows
    ]


def newer_groups(data: Path, name: str, most: int) -> list[list[Row]]:
    """Questions of one file of reader2/dev."""
    rng = random.Random(SEED)
    raws = read(data / "reader2" / "dev" / f"{name}.jsonl.gz")
    raws = rng.sample(raws, min(len(raws), 4 * most))
    if name in TABLES:
        rows = [row for raw in raws if raw["lookup"] and (row := table_row(dict(raw), rng))]
    else:
        rows = [quoted_row(raw) if name in SPANS else decided_row(raw) for raw in raws]
    return [[window(row, TOKENS, rng)] for row in rows[:most]]


def older_groups(data: Path, most: int) -> list[list[Row]]:
    """Questions of reader/dev, the same passage with the question altered behind each."""
    rng = random.Random(SEED)
    rows = [to_row(raw) for raw in read(data / "reader" / "dev.jsonl.gz")]
    rows = [row for row in rows if row.source in OLDER and row.spans and not row.listed]
    alterations = Alterations(rows)
    rows = rng.sample(rows, most)
    return [[row, *filter(None, [alterations.altered(row, rng)])] for row in rows]


def main() -> None:
    """Print the figures as lines of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="the mean of several")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--most", type=int, default=60, help="questions a file of reader2/dev")
    parser.add_argument("--older", type=int, default=400, help="questions of reader/dev")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    reader, steps = load_reader(options.checkpoint)
    by_evidence = any(
        "evidence_head.weight" in torch.load(path, map_location="cpu", weights_only=True)["model"]
        for path in options.checkpoint
    )
    tokenizer = load_tokenizer(options.base)
    sets = {
        "real": real_groups(options.data),
        "own": own_groups(),
        "older": older_groups(options.data, options.older),
    }
    for name in (*SPANS, *YES_OR_NO, *TABLES):
        sets[name] = newer_groups(options.data, name, options.most) if options.most else []
    print(json.dumps({"checkpoints": [str(path) for path in options.checkpoint], "steps": steps}))
    for name, groups in filter(lambda one: one[1], sets.items()):
        reads = iter(read_rows(reader, tokenizer, [row for group in groups for row in group]))
        figures = judged([[next(reads) for _ in group] for group in groups], by_evidence)
        print(json.dumps({"set": name, **figures}), flush=True)


if __name__ == "__main__":
    main()
