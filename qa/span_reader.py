"""The trained reader: short exact answers, list items, and how sure it is of them.

One batch through the model gives every passage the likeliest places where an answer starts and ends, whether
it answers at all, and which words are items of a list. A logistic regression over these and the search
score, fitted end to end on questions that the model was not trained on, makes them one probability
that can be compared between passages; it stands in the model's manifest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Hit, OnnxModel, Passage
from index.onnx_model import batches, padded
from qa.reader import Span
from qa.rephrase import rephrased
from qa.spans import Floats, best_spans, items

BUNDLED = Path(__file__).parent / "models" / "reader"

_QUESTION_TOKENS = 48
_CONTEXT_TOKENS = 64
# Between the windows of a passage that is longer than one input.
_OVERLAP_TOKENS = 96
_CLS, _SEP = 101, 102
_BATCH_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class _Window:
    """One input of the model: the question, the context and as much of the passage as fits."""

    hit: Hit
    ids: list[int]
    second: int
    first: int
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Output:
    """The logits of one window's passage tokens, and of the whole."""

    start: Floats
    end: Floats
    items: Floats
    answerable: float


# What a candidate's probability is made of, in this order.
FEATURES = ("score of the place", "logit of the passage", "score of the search")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in a document that may be the answer, and its FEATURES."""

    passage: Passage
    start: int
    end: int
    features: tuple[float, ...]

    @property
    def text(self) -> str:
        return self.passage.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over FEATURES: their weights and the bias."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, features: Sequence[float]) -> float:
        logit = self.bias + sum(weight * value for weight, value in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


class SpanReader:
    """Reads with the bundled model; safe to call from any thread. ModelError when the model is unusable."""

    def __init__(self, folder: Path = BUNDLED, threads: int | None = None) -> None:
        self._model = OnnxModel(folder, threads, ("calibration", "threshold"))

    @property
    def threshold(self) -> float:
        return float(self._model.manifest["threshold"])

    def read(self, question: str, hits: Sequence[Hit], several: bool = False) -> list[Span]:
        """The likeliest answers, best first; for a question that asks for `several` things, the items.

        Passages that seem not to answer are asked once more in their own words, where they have some alike.
        """
        spans = self._spans([(question, hit) for hit in hits], several)
        if not spans or spans[0].probability < self.threshold:
            again = [(rephrased(question, hit.passage.text), hit) for hit in hits]
            spans += self._spans([(other, hit) for other, hit in again if other != question], several)
        return _without_overlaps(sorted(spans, key=lambda span: -span.probability))

    def _spans(self, asked: Sequence[tuple[str, Hit]], several: bool) -> list[Span]:
        fitted = self._model.manifest["calibration"]["items" if several else "spans"]
        calibration = Calibration(tuple(fitted["weights"]), fitted["bias"])
        spans = [
            Span(one.passage, one.start, one.end, calibration.probability(one.features))
            for one in self.candidates(asked, several)
        ]
        return sorted(spans, key=lambda span: -span.probability)

    def candidates(self, asked: Sequence[tuple[str, Hit]], several: bool = False) -> list[Candidate]:
        """Every place that the model finds for these questions in these passages, with its FEATURES."""
        windows = [window for question, hit in asked for window in self._windows(question, hit)]
        found: list[Candidate] = []
        for window, output in zip(windows, self._outputs(windows), strict=True):
            passage = window.hit.passage
            if several:
                places = items(passage.text, window.offsets, output.items)
            else:
                places = best_spans(passage.text, window.offsets, output.start, output.end)
            found += [
                Candidate(
                    passage,
                    passage.start + place.start,
                    passage.start + place.end,
                    (place.score, output.answerable, window.hit.score),
                )
                for place in places
            ]
        return found

    def _windows(self, question: str, hit: Hit) -> list[_Window]:
        """The inputs of one passage: one, or several that overlap when it is too long for one."""
        passage = hit.passage
        encode = self._model.tokenizer.encode
        asked = encode(question, add_special_tokens=False).ids[:_QUESTION_TOKENS]
        ahead = (
            encode(f"{passage.context}. ", add_special_tokens=False).ids[:_CONTEXT_TOKENS]
            if passage.context
            else []
        )
        text = encode(passage.text, add_special_tokens=False)
        offsets = np.array(text.offsets, np.int64).reshape(-1, 2)
        room = int(self._model.manifest["maximum_length"]) - len(asked) - len(ahead) - 3
        second = len(asked) + 2
        return [
            _Window(
                hit,
                [_CLS, *asked, _SEP, *ahead, *text.ids[start : start + room], _SEP],
                second,
                second + len(ahead),
                offsets[start : start + room],
            )
            for start in range(0, max(1, len(text.ids) - _OVERLAP_TOKENS), room - _OVERLAP_TOKENS)
        ]

    def _outputs(self, windows: Sequence[_Window]) -> list[_Output]:
        """The model's logits, window by window, computed in batches of like length."""
        groups = list(batches([len(window.ids) for window in windows], _BATCH_TOKENS, self._model.threads))
        inputs = [_inputs([windows[number] for number in group]) for group in groups]
        found: dict[int, _Output] = {}
        for group, (start, end, answerable, tags) in zip(groups, self._model.run(inputs), strict=True):
            for row, number in enumerate(group):
                own = slice(windows[number].first, len(windows[number].ids) - 1)
                found[number] = _Output(
                    start[row, own], end[row, own], tags[row, own], float(answerable[row])
                )
        return [found[number] for number in range(len(windows))]


def _inputs(windows: Sequence[_Window]) -> dict[str, NDArray[np.int64]]:
    ids, mask = padded([window.ids for window in windows])
    kinds = np.zeros_like(ids)
    for row, window in enumerate(windows):
        kinds[row, window.second : len(window.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}


def _without_overlaps(spans: Sequence[Span]) -> list[Span]:
    """The spans, best first, of which none lies over a better one: passages overlap, and so do windows."""
    kept: dict[str, list[Span]] = {}
    for span in spans:
        others = kept.setdefault(span.passage.document.id, [])
        if all(span.end <= other.start or other.end <= span.start for other in others):
            others.append(span)
    return sorted((span for others in kept.values() for span in others), key=lambda span: -span.probability)
