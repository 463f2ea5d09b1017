"""From rows to batches of token ids: groups of one question's passages, bucketed by length."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from data import Row, Span, crop, holding, quotable
from echoes import echo
from negatives import ALTERED, NOT_MINED, Alterations, Search, answer_cut_out
from noise import careless
from tokenizers import Encoding, Tokenizer
from torch import Tensor

Ints = npt.NDArray[np.int32]
QUESTION_TOKENS = 48
MAXIMUM_LENGTH = 384
# Shares of the positive rows that are given a negative of each kind.
MINED, CUT, CHANGED, IN_FEW, ECHOED = 0.35, 0.05, 0.45, 0.1, 0.12
MINED_LISTED = 0.5  # of lists: in a library these are gathered from passages of which most hold no item
NEAREST, SECOND = 6, 0.25  # mined are one of the nearest, and a second one for so many of the questions
WORDS = (50, 60, 70, 80, 100, 140)  # longer passages are cut to one of these
NO_TITLE_SHARE, FILE_TITLE_SHARE, WRONG_TITLE_SHARE = 0.12, 0.08, 0.05
# Weight of the item loss on rows that ask for no list: their one answer is the item, or nothing is.
SINGLE_ITEM_WEIGHT = 0.3


@dataclass(frozen=True)
class Feature:
    """One encoded row; spans are tokens, both ends inclusive; tags are -1 where none is to be learned.

    `sentence` is each token's sentence of the passage, -1 outside; `quoted` says of each sentence whether
    it would be quoted, -1 where nobody knows; `form` is a place in FORMS or -1.
    """

    ids: Ints
    second: int
    passage: int
    spans: tuple[Span, ...]
    tags: npt.NDArray[np.int8]
    tag_weight: float
    sentence: Ints
    quoted: npt.NDArray[np.int8]
    form: int
    positive: bool


class Batch(NamedTuple):
    """Tensors of one step; `allowed` marks passage tokens, `group` numbers the questions.

    `sentence` [batch, length] numbers the sentences of the batch, -1 outside of passages; `quoted` and
    `sentence_row` [sentences] say of each whether it is quoted (-1: unknown), and whose it is.
    """

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    allowed: Tensor
    spans: Tensor
    span_mask: Tensor
    positive: Tensor
    tags: Tensor
    tag_weight: Tensor
    group: Tensor
    sentence: Tensor
    quoted: Tensor
    sentence_row: Tensor
    form: Tensor


def groups(rows: list[Row], search: Search, rng: random.Random) -> Iterator[list[Row]]:
    """Each row cropped, with its negatives after it, all asked in the same careless manner."""
    alterations = Alterations(rows)
    titles = [row.title for row in rows if row.title]
    for row in rows:
        words = rng.choice(WORDS)
        positive = crop(row, words, rng)
        group = [positive]
        if row.source not in NOT_MINED and rng.random() < (MINED_LISTED if row.listed else MINED):
            found = search.lacking(row)[:NEAREST]
            some = rng.sample(found, min(len(found), 1 + (rng.random() < SECOND)))
            # As long as the positive, so that length says nothing about who holds the answer.
            group.extend(crop(one, words, rng) for one in some)
        if rng.random() < CUT and (without := answer_cut_out(positive)):
            group.append(without)
        if row.source in ALTERED and rng.random() < CHANGED:
            group.extend(changed for changed in [alterations.altered(positive, rng)] if changed)
        if row.source not in NOT_MINED and rng.random() < IN_FEW:
            group.extend(crop(one, words, rng) for one in search.in_few(row, rng)[:1])
        if row.source not in NOT_MINED and rng.random() < ECHOED:
            group.extend(one for one in [echo(row, rows, rng)] if one)
        yield asked_alike(group, titles, rng)


def asked_alike(group: list[Row], titles: list[str], rng: random.Random) -> list[Row]:
    """The group with one manner of asking, so that the manner says nothing about who holds the answer."""
    seed, odd = rng.randrange(1 << 30), rng.random()
    out = []
    for number, member in enumerate(group):
        title = member.title
        if odd < NO_TITLE_SHARE:
            title = ""
        elif odd < NO_TITLE_SHARE + FILE_TITLE_SHARE:
            file = f"{rng.randrange(1000):03d}_{rng.randrange(1 << 48):012x}"
            title = rng.choice((file, "Document", "notes", "report"))
        elif number and rng.random() < WRONG_TITLE_SHARE:
            title = rng.choice(titles)
        question = careless(member.question, random.Random(seed))
        out.append(replace(member, question=question, title=title))
    return out


def prefix(title: str) -> str:
    """What stands before the passage's own text in the second segment."""
    return f"{title}. " if title else ""


def encode(rows: list[Row], tokenizer: Tokenizer, maximum: int) -> Iterator[Feature]:
    """The features of the rows, in order; a span that falls beyond the maximum length is left out."""
    for start in range(0, len(rows), 1024):
        some = rows[start : start + 1024]
        questions = tokenizer.encode_batch([row.question for row in some], add_special_tokens=False)
        texts = tokenizer.encode_batch(
            [prefix(row.title) + row.passage for row in some], add_special_tokens=False
        )
        for row, question, text in zip(some, questions, texts, strict=True):
            yield feature(row, question, text, maximum)


def feature(row: Row, question: Encoding, text: Encoding, maximum: int) -> Feature:
    """The encoded row; 101 and 102 are [CLS] and [SEP]."""
    asked = question.ids[:QUESTION_TOKENS]
    second = len(asked) + 2
    offsets = np.array(text.offsets[: maximum - second - 1], dtype=np.int32).reshape(-1, 2) - len(
        prefix(row.title)
    )
    ids = np.array([101, *asked, 102, *text.ids[: len(offsets)], 102], dtype=np.int32)
    passage = second + int(np.searchsorted(offsets[:, 0], 0))

    def tokens(spans: Iterable[Span]) -> list[Span]:
        found = []
        for start, end in spans:
            first = int(np.searchsorted(offsets[:, 1], start, side="right"))
            last = int(np.searchsorted(offsets[:, 0], end, side="left")) - 1
            if end <= offsets[-1, 1] and first <= last:
                found.append((second + first, second + last))
        return found

    spans = tokens(row.spans)
    tags = np.full(len(ids), -1, dtype=np.int8)
    tags[passage:-1] = 0
    items = tokens(row.items) if row.listed else spans[:1]
    if not row.listed:
        for first, last in spans[
            1:
        ]:  # other golds and mentions of a single answer are neither right nor wrong
            tags[first : last + 1] = -1
    if row.answered and not spans:  # whole sentences answer: what its items would be, nobody knows
        tags[:] = -1
    for first, last in items:
        tags[first] = 1
        tags[first + 1 : last + 1] = 2
    sentence, quoted = sentences_of(row, len(ids), second, offsets)
    positive = bool(spans) or 1 in quoted or row.relevant
    return Feature(
        ids,
        second,
        passage,
        tuple(spans[:16]),
        tags,
        1.0 if row.listed else SINGLE_ITEM_WEIGHT,
        sentence,
        quoted if row.judged else np.full_like(quoted, -1),
        row.form if positive else -1,
        positive,
    )


def sentences_of(row: Row, size: int, second: int, offsets: Ints) -> tuple[Ints, npt.NDArray[np.int8]]:
    """Each token's sentence, and whether each sentence that the input holds would be quoted."""
    places = quotable(row.passage)
    sentence = np.full(size, -1, np.int32)
    numbers = np.searchsorted(np.array([start for start, _ in places]), offsets[:, 0], side="right") - 1
    sentence[second : second + len(offsets)] = np.where(offsets[:, 0] < 0, -1, numbers)
    unsure = set(holding(row.passage, row.unsure))
    wanted = set(holding(row.passage, (*row.evidence, *row.spans, *row.items)))
    quoted = [1 if place in wanted else -1 if place in unsure else 0 for place in places]
    return sentence, np.array(quoted[: int(sentence.max(initial=-1)) + 1], np.int8)


def batches(grouped: list[list[Feature]], tokens: int, rng: random.Random) -> list[list[list[Feature]]]:
    """Groups of like length together, each batch at most `tokens` padded tokens, in random order."""
    order = list(grouped)
    rng.shuffle(order)
    out: list[list[list[Feature]]] = []
    for start in range(0, len(order), 4096):
        part = sorted(order[start : start + 4096], key=lambda group: (longest(group), rng.random()))
        batch: list[list[Feature]] = []
        rows = 0
        for group in part:
            if batch and (rows + len(group)) * longest(group) > tokens:
                out.append(batch)
                batch, rows = [], 0
            batch.append(group)
            rows += len(group)
        out.append(batch)
    rng.shuffle(out)
    return out


def longest(group: list[Feature]) -> int:
    """The length of the longest member."""
    return max(len(member.ids) for member in group)


def collate(batch: list[list[Feature]]) -> Batch:
    """The padded tensors of a batch of groups."""
    rows = [member for group in batch for member in group]
    length = max(len(row.ids) for row in rows)
    golds = max(1, *(len(row.spans) for row in rows)) if rows else 1
    ids = np.zeros((len(rows), length), dtype=np.int64)
    mask, types = np.zeros_like(ids), np.zeros_like(ids)
    allowed = np.zeros(ids.shape, dtype=bool)
    tags = np.full(ids.shape, -1, dtype=np.int64)
    spans = np.zeros((len(rows), golds, 2), dtype=np.int64)
    span_mask = np.zeros((len(rows), golds), dtype=bool)
    for number, row in enumerate(rows):
        size = len(row.ids)
        ids[number, :size] = row.ids
        mask[number, :size] = 1
        types[number, row.second : size] = 1
        allowed[number, row.passage : size - 1] = True
        tags[number, :size] = row.tags
        for place, span in enumerate(row.spans):
            spans[number, place] = span
            span_mask[number, place] = True
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(mask),
        torch.from_numpy(types),
        torch.from_numpy(allowed),
        torch.from_numpy(spans),
        torch.from_numpy(span_mask),
        torch.tensor([row.positive for row in rows]),
        torch.from_numpy(tags),
        torch.tensor([row.tag_weight for row in rows]),
        torch.tensor([number for number, group in enumerate(batch) for _ in group]),
        *sentence_tensors(rows, length),
        torch.tensor([row.form for row in rows]),
    )


def sentence_tensors(rows: list[Feature], length: int) -> tuple[Tensor, Tensor, Tensor]:
    """`sentence`, `quoted` and `sentence_row` of a batch."""
    sentence = np.full((len(rows), length), -1, np.int64)
    first = 0
    for number, row in enumerate(rows):
        own = row.sentence
        sentence[number, : len(own)] = np.where(own >= 0, own + first, -1)
        first += len(row.quoted)
    owners = np.repeat(np.arange(len(rows)), [len(row.quoted) for row in rows])
    quoted = np.concatenate([row.quoted for row in rows]).astype(np.int64)
    return torch.from_numpy(sentence), torch.from_numpy(quoted), torch.from_numpy(owners)
