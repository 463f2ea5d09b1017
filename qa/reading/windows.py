"""The reader model's inputs and outputs: what it is given of a passage, and its logits for each token."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from index import Hit, OnnxModel
from index.embedders.onnx_model import batches, padded

Floats = NDArray[np.float32]

_QUESTION_TOKENS = 48
_CONTEXT_TOKENS = 64
# Between the windows of a passage that is longer than one input.
_OVERLAP_TOKENS = 96
_CLS, _SEP = 101, 102
# Padding included: what fits into a core's own cache. Measured on two cores: 256 and windows one by one are
# alike, six windows together took a third longer for each token.
_BATCH_TOKENS = 256


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model: the question, the context and as much of the passage as fits.

    `second` and `first` are the places of the second segment and of the passage's first token; `offsets`
    [n, 2] are the passage tokens' places in its text.
    """

    hit: Hit
    ids: list[int]
    second: int
    first: int
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Output:
    """The logits of one window: of its n passage tokens, and of the whole.

    `start`, `end` and `evidence` are [n], `items` [n, 3] (outside, begins, goes on), `form` [3] (phrase,
    list, whole sentences).
    """

    start: Floats
    end: Floats
    items: Floats
    evidence: Floats
    answerable: float
    form: Floats

    def mean(self, other: "Output") -> "Output":
        """Of what two models make of one window."""
        names = (field.name for field in fields(self))
        return Output(*((getattr(self, name) + getattr(other, name)) / 2 for name in names))


def windows(model: OnnxModel, question: str, hits: Sequence[Hit]) -> list[Window]:
    """The inputs of the passages: one each, or several that overlap for one that is too long."""
    encode = model.tokenizer.encode
    asked = encode(question, add_special_tokens=False).ids[:_QUESTION_TOKENS]
    return [window for hit in hits for window in _windows(model, asked, hit)]


def _windows(model: OnnxModel, asked: list[int], hit: Hit) -> list[Window]:
    encode, passage = model.tokenizer.encode, hit.passage
    context = encode(f"{passage.context}. ", add_special_tokens=False) if passage.context else None
    ahead = context.ids[:_CONTEXT_TOKENS] if context else []
    text = encode(passage.text, add_special_tokens=False)
    offsets = np.array(text.offsets, np.int64).reshape(-1, 2)
    room = int(model.manifest["maximum_length"]) - len(asked) - len(ahead) - 3
    second = len(asked) + 2
    return [
        Window(
            hit,
            [_CLS, *asked, _SEP, *ahead, *text.ids[start : start + room], _SEP],
            second,
            second + len(ahead),
            offsets[start : start + room],
        )
        for start in range(0, max(1, len(text.ids) - _OVERLAP_TOKENS), room - _OVERLAP_TOKENS)
    ]


def outputs(model: OnnxModel, given: Sequence[Window]) -> list[Output]:
    """The model's logits, window by window, computed in batches of like length."""
    groups = list(batches([len(window.ids) for window in given], _BATCH_TOKENS, model.threads))
    inputs = [_inputs([given[number] for number in group]) for group in groups]
    found: dict[int, Output] = {}
    for group, logits in zip(groups, model.run(inputs), strict=True):
        start, end, answerable, tags, evidence, form = logits
        for row, number in enumerate(group):
            own = slice(given[number].first, len(given[number].ids) - 1)
            found[number] = Output(
                start[row, own],
                end[row, own],
                tags[row, own],
                evidence[row, own],
                float(answerable[row]),
                form[row],
            )
    return [found[number] for number in range(len(given))]


def _inputs(given: Sequence[Window]) -> dict[str, NDArray[np.int64]]:
    ids, mask = padded([window.ids for window in given])
    kinds = np.zeros_like(ids)
    for row, window in enumerate(given):
        kinds[row, window.second : len(window.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
