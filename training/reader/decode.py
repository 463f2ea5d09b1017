"""From the exported reader's outputs to spans and items, the way the product does it; no torch here."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from data import Span
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]
MAXIMUM_LENGTH = 384
QUESTION_TOKENS = 48
OVERLAP_TOKENS = 96  # between the windows of a passage that is longer than one input
LONGEST_SPAN = 30  # tokens
LENGTH_PENALTY = 0.1  # from a span's log probability for each token after the first; chosen on dev
BATCH_TOKENS = 8192
ITEM_THRESHOLD = 0.4  # of the probability that a token belongs to an item; chosen on dev


@dataclass(frozen=True)
class Window:
    """One model input; `offsets` are places in the passage, of the tokens from `passage` on."""

    row: int
    ids: list[int]
    second: int
    passage: int
    offsets: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Item:
    """One part of a list answer, with the mean probability of its tokens."""

    span: Span
    probability: float


@dataclass(frozen=True)
class Reading:
    """What the reader finds in one passage; `score` is log P(answerable) + log P(start) + log P(end)."""

    span: Span
    score: float
    answerable: float
    span_score: float
    items: tuple[Item, ...]


class Model:
    """An exported folder, run with ONNX Runtime."""

    def __init__(self, folder: Path, threads: int = 2, name: str = "model.onnx") -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(
            str(folder / name), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def windows(self, row: int, question: str, title: str, passage: str) -> list[Window]:
        """The inputs of one question and passage: one, or several that overlap when the passage is long."""
        prefix = f"{title}. " if title else ""
        asked = self.tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
        text = self.tokenizer.encode(prefix + passage, add_special_tokens=False)
        offsets = np.array(text.offsets, dtype=np.int64).reshape(-1, 2) - len(prefix)
        head = int(np.searchsorted(offsets[:, 0], 0))
        title_ids = text.ids[: min(head, 64)]
        second = len(asked) + 2
        room = MAXIMUM_LENGTH - second - 1 - len(title_ids)
        out, start = [], head
        while True:
            ids = [101, *asked, 102, *title_ids, *text.ids[start : start + room], 102]
            out.append(Window(row, ids, second, second + len(title_ids), offsets[start : start + room]))
            if start + room >= len(text.ids):
                return out
            start += room - OVERLAP_TOKENS

    def outputs(self, windows: list[Window]) -> list[tuple[Floats, Floats, float, Floats]]:
        """Start, end and item logits of the passage tokens of each window, and its answerability logit."""
        out: list[tuple[Floats, Floats, float, Floats]] = [
            (np.empty(0, np.float32),) * 2 + (0.0, np.empty(0, np.float32))
        ] * len(windows)
        order = sorted(range(len(windows)), key=lambda n: len(windows[n].ids))
        while order:
            longest = len(windows[order[-1]].ids)
            take, order = order[-max(1, BATCH_TOKENS // longest) :], order[: -max(1, BATCH_TOKENS // longest)]
            start, end, answerable, items = self.session.run(None, inputs([windows[n] for n in take]))
            for place, number in enumerate(take):
                window = windows[number]
                part = slice(window.passage, len(window.ids) - 1)
                out[number] = (
                    start[place, part],
                    end[place, part],
                    float(answerable[place]),
                    items[place, part],
                )
        return out

    def read(self, rows: list[tuple[str, str, str]]) -> list[Reading]:
        """The best span of each (question, title, passage), and the items of the same passage."""
        windows = [
            w
            for n, (question, title, passage) in enumerate(rows)
            for w in self.windows(n, question, title, passage)
        ]
        best: dict[int, Reading] = {}
        for window, output in zip(windows, self.outputs(windows), strict=True):
            passage = rows[window.row][2]
            reading = decode(passage, window.offsets, *output)
            if reading and (window.row not in best or reading.score > best[window.row].score):
                best[window.row] = reading
        nothing = Reading((0, 0), -99.0, -99.0, 0.0, ())
        return [best.get(number, nothing) for number in range(len(rows))]


def inputs(windows: list[Window]) -> dict[str, npt.NDArray[np.int64]]:
    """The padded arrays of a batch."""
    length = max(len(window.ids) for window in windows)
    ids = np.zeros((len(windows), length), dtype=np.int64)
    mask, types = np.zeros_like(ids), np.zeros_like(ids)
    for number, window in enumerate(windows):
        size = len(window.ids)
        ids[number, :size], mask[number, :size], types[number, window.second : size] = window.ids, 1, 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}


def log_softmax(logits: Floats) -> Floats:
    """Log probabilities along the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    out: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return out


def decode(
    passage: str, offsets: npt.NDArray[np.int64], start: Floats, end: Floats, answerable: float, items: Floats
) -> Reading | None:
    """The best span of one window, and its items."""
    if not len(offsets):
        return None
    first, last = log_softmax(start), log_softmax(end)
    joint = first[:, None] + last[None, :]
    far = np.subtract.outer(np.arange(len(start)), np.arange(len(start)))
    joint = np.where((far <= 0) & (far > -LONGEST_SPAN), joint, -np.inf)
    begin, finish = np.unravel_index(int((joint + LENGTH_PENALTY * far).argmax()), joint.shape)
    span = tidy(passage, int(offsets[begin, 0]), int(offsets[finish, 1]))
    score = float(joint[begin, finish])
    return Reading(
        span,
        score - math.log1p(math.exp(-answerable)),
        answerable,
        score,
        tuple(decode_items(passage, offsets, items)),
    )


def decode_items(
    passage: str, offsets: npt.NDArray[np.int64], logits: Floats, threshold: float = ITEM_THRESHOLD
) -> list[Item]:
    """Runs of tokens that are rather in an item than not; one that rather begins than goes on starts anew."""
    probability = np.exp(log_softmax(logits))
    inside = 1.0 - probability[:, 0]
    runs: list[list[int]] = []
    for token in range(len(inside)):
        if inside[token] < threshold:
            continue
        whole = not continues_word(passage, int(offsets[token, 0]))
        begins = probability[token, 1] > probability[token, 2] and whole
        if runs and runs[-1][-1] == token - 1 and not begins:
            runs[-1].append(token)
        else:
            runs.append([token])
    found: dict[Span, Item] = {}
    for run in runs:
        span = tidy(passage, int(offsets[run[0], 0]), int(offsets[run[-1], 1]))
        if span[1] > span[0]:
            found.setdefault(span, Item(span, float(inside[run].mean())))
    return list(found.values())


def continues_word(passage: str, place: int) -> bool:
    """Whether a token that starts here is a later piece of a word, with which no item starts."""
    return place > 0 and passage[place - 1].isalnum() and passage[place].isalnum()


def tidy(passage: str, start: int, end: int) -> Span:
    """The span widened to whole words and without punctuation or brackets that are not its own."""
    while continues_word(passage, start):
        start -= 1
    while end < len(passage) and continues_word(passage, end):
        end += 1
    while (
        end > start
        and re.match(r"[\s,;:.!?\-–—'\"“”‘’)\]]", passage[end - 1])
        and not closes(passage[start:end])
    ):
        end -= 1
    while start < end and re.match(r"[\s,;:.!?–—'\"“”‘’)\]]", passage[start]):
        start += 1
    if passage[start:end].startswith("(") and ")" not in passage[start:end]:
        start += 1
    return start, end


def closes(text: str) -> bool:
    """Whether the last character belongs to the text: a bracket opened in it, an abbreviation's point."""
    if text[-1] in ")]":
        return text.count("(" if text[-1] == ")" else "[") >= text.count(text[-1])
    return text[-1] == "." and bool(
        re.search(r"(\b[A-Za-z]\.[A-Za-z]\.|\b(Jr|Sr|Inc|Co|Corp|Ltd|St|Dr|etc)\.)$", text)
    )
