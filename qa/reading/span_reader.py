"""The trained reader: short exact answers, list items, and how sure it is of them.

One batch through the model gives every passage the likeliest places where an answer starts and ends, whether
it answers at all, and which words are items of a list. A logistic regression over these, the search score
and words that speak against an answer (`qa/reading/contradiction.py`) makes them one probability that can be
compared between passages, and `qa/answering/confidence.py` looks at all of them together. Both were fitted
end to end on questions that the model was not trained on, and stand in its manifest.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Hit, ModelError, OnnxModel, Passage
from index.embedders.onnx_model import batches, padded
from qa.answering.confidence import ListWeights, Weights, beside_best, weighed
from qa.reading.contradiction import SIGNS, Contradiction
from qa.reading.reader import Reading, Span, without_overlaps
from qa.reading.rephrase import rephrased
from qa.reading.spans import Floats, Found, best_spans, items

BUNDLED = Path(__file__).parents[1] / "models" / "reader"

_QUESTION_TOKENS = 48
_CONTEXT_TOKENS = 64
# Between the windows of a passage that is longer than one input.
_OVERLAP_TOKENS = 96
_CLS, _SEP = 101, 102
_BATCH_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class _Window:
    """One input of the model: the question, the context and as much of the passage as fits."""

    question: str
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
FEATURES = ("score of the place", "logit of the passage", "score of the search", *SIGNS)


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
class Candidates:
    """Places of a single answer, and places of list items."""

    spans: list[Candidate]
    items: list[Candidate]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over FEATURES: their weights and the bias."""

    weights: Sequence[float]
    bias: float

    def probability(self, features: Sequence[float]) -> float:
        logit = self.bias + sum(weight * value for weight, value in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


class SpanReader:
    """Reads with the bundled model; safe to call from any thread. ModelError when the model is unusable."""

    def __init__(self, folder: Path = BUNDLED, threads: int | None = None) -> None:
        self._model = OnnxModel(folder, threads, ("calibration", "threshold", "item_threshold"))
        fitted = self._model.manifest["calibration"]
        # Before it is calibrated there is nothing fitted, and its candidates alone can be had.
        if fitted and (tuple(fitted.get("features", ())) != FEATURES or not fitted.get("listed")):
            raise ModelError(
                f"The reader in {folder} was calibrated for another version of Quoth. "
                "Calibrate it again (training/reader/calibrate.py)."
            )

    @property
    def threshold(self) -> float:
        return float(self._model.manifest["threshold"])

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The likeliest answers and list items, best first.

        Passages that seem not to answer are asked once more in their own words, where they have some alike.
        """
        reading = self._reading([(question, hit) for hit in hits])
        if not reading.spans or reading.spans[0].probability < self.threshold:
            again = [(rephrased(question, hit.passage.text), hit) for hit in hits]
            reading = reading.joined(
                self._reading([(other, hit) for other, hit in again if other != question])
            )
        return replace(
            reading, spans=weighed(reading.spans, Weights(**self._model.manifest["calibration"]["answer"]))
        )

    def told(self, items: Sequence[Span]) -> tuple[Span, ...]:
        """The items that are likely enough once it is known that the passages answer."""
        weights = ListWeights(**self._model.manifest["calibration"]["listed"])
        return beside_best(items, weights, float(self._model.manifest["item_threshold"]))

    def _reading(self, asked: Sequence[tuple[str, Hit]]) -> Reading:
        found, fitted = self.candidates(asked), self._model.manifest["calibration"]
        return Reading(
            probable(found.spans, Calibration(**fitted["spans"])),
            probable(found.items, Calibration(**fitted["items"])),
        )

    def candidates(self, asked: Sequence[tuple[str, Hit]]) -> Candidates:
        """Every place that the model finds for these questions in these passages, with its FEATURES."""
        windows = [window for question, hit in asked for window in self._windows(question, hit)]
        found = Candidates([], [])
        for window, output in zip(windows, self._outputs(windows), strict=True):
            passage = window.hit.passage
            contrary = Contradiction(window.question, passage.text)
            places = best_spans(passage.text, window.offsets, output.start, output.end)
            found.spans.extend(_candidate(window.hit, place, output, contrary) for place in places)
            places = items(passage.text, window.offsets, output.items)
            found.items.extend(_candidate(window.hit, place, output, contrary) for place in places)
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
                question,
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


def probable(candidates: Iterable[Candidate], fitted: Calibration) -> tuple[Span, ...]:
    """The candidates as spans with the probability that each has by itself, best first, none over another."""
    return without_overlaps(
        Span(one.passage, one.start, one.end, fitted.probability(one.features)) for one in candidates
    )


def _candidate(hit: Hit, place: Found, output: _Output, contrary: Contradiction) -> Candidate:
    passage = hit.passage
    return Candidate(
        passage,
        passage.start + place.start,
        passage.start + place.end,
        (place.score, output.answerable, hit.score, *contrary.signs(place.start, place.end)),
    )
