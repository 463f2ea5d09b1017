"""The trained reader: what a person would quote, the short answer in it, list items, and how sure it is.

One batch through the model gives every passage, for each sentence, whether it would be quoted as the answer,
the likeliest places where a short answer starts and ends, which words are items of a list, whether the
passage answers at all, and in which form. A logistic regression over these makes them one probability that
can be compared between passages, and `qa/reading/confidence.py` looks at all of them together. Both were
fitted end to end on questions that the model was not trained on, and stand in its manifest.

A reader's folder may hold a second, larger model, `careful`. It reads the most promising of the passages
again, and what both make of them is taken together. The manifest of `careful` has what was fitted to both.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index import Hit, ModelError, OnnxModel
from qa.reading.candidates import FEATURES, Candidate, Candidates, candidates
from qa.reading.confidence import AnswerWeights, ListWeights, beside_best, calibrated
from qa.reading.reader import NO_FORM, Reading, Span, without_overlaps
from qa.reading.windows import Window, outputs, windows

BUNDLED = Path(__file__).parents[1] / "models" / "reader"
_CAREFUL = "careful"
# Of the passages given at once, so many are read again, so many at a time, until an answer is sure.
_READ_AGAIN, _AT_A_TIME, _SURE = 4, 2, 0.8
# What no place of a passage reaches by the first model alone, the second seldom finds to be the answer.
_PROMISING = 0.08
_FITTED = ("calibration", "threshold", "item_threshold")


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

    def __init__(self, folder: Path = BUNDLED, threads: int | None = None, careful: bool = True) -> None:
        self._model = OnnxModel(folder, threads, _FITTED)
        again = folder / _CAREFUL
        self._careful = OnnxModel(again, threads, _FITTED) if careful and again.is_dir() else None
        self._manifest = (self._careful or self._model).manifest
        for manifest in (self._model.manifest, self._manifest):
            fitted = manifest["calibration"]
            # Before it is calibrated there is nothing fitted, and its candidates alone can be had.
            if fitted and (tuple(fitted.get("features", ())) != FEATURES or not fitted.get("listed")):
                raise ModelError(
                    f"The reader in {folder} was calibrated for another version of Quoth. "
                    "Calibrate it again (training/reader/calibrate.py)."
                )

    @property
    def threshold(self) -> float:
        return float(self._manifest["threshold"])

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The likeliest sentences, short answers and list items, best first, each place by itself."""
        return _reading(self.candidates(question, hits), self._manifest["calibration"])

    def judge(self, reading: Reading) -> Reading:
        """The reading with the probability that each place has among all that was read."""
        fitted = self._manifest["calibration"]
        return replace(
            reading,
            spans=calibrated(reading.spans, AnswerWeights(**fitted["answer"])),
            sentences=calibrated(reading.sentences, AnswerWeights(**fitted["quoted"])),
        )

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        """The items that are likely enough once it is known that the passages answer."""
        weights = ListWeights(**self._manifest["calibration"]["listed"])
        return beside_best(items, weights, float(self._manifest["item_threshold"]))

    def candidates(self, question: str, hits: Sequence[Hit]) -> Candidates:
        """Every place that the model finds for the question in these passages, with its FEATURES."""
        given = windows(self._model, question, hits)
        read = outputs(self._model, given)
        found = candidates(question, given, read)
        if self._careful is None:
            return found
        for again in self._promising(found, given):
            careful = outputs(self._careful, [given[number] for number in again])
            for number, output in zip(again, careful, strict=True):
                read[number] = read[number].mean(output)
            found = candidates(question, given, read)
            if self._is_sure(found):
                break
        return found

    def _promising(self, found: Candidates, given: Sequence[Window]) -> Iterator[list[int]]:
        """The windows to read again, a few at a time, the likeliest by the first model's reading first."""
        alone = _reading(found, self._model.manifest["calibration"])
        likely = (place for place in (*alone.spans, *alone.sentences) if place.probability >= _PROMISING)
        ranked = sorted(likely, key=lambda place: -place.probability)
        best = list(dict.fromkeys(place.passage.id for place in ranked))[:_READ_AGAIN]
        for start in range(0, len(best), _AT_A_TIME):
            some = best[start : start + _AT_A_TIME]
            yield [number for number, window in enumerate(given) if window.hit.passage.id in some]

    def _is_sure(self, found: Candidates) -> bool:
        """Whether enough was read again; never before both models were calibrated together."""
        fitted = self._manifest["calibration"]
        judged = self.judge(_reading(found, fitted)) if fitted else Reading()
        return any(one.probability >= _SURE for one in (*judged.spans[:1], *judged.sentences[:1]))


def _reading(found: Candidates, fitted: Mapping[str, Any]) -> Reading:
    """The candidates with the probability that each has by itself."""
    sentences = probable(found.sentences, Calibration(**fitted["sentences"]))
    return Reading(
        probable(found.spans, Calibration(**fitted["spans"])),
        sentences,
        probable(found.items, Calibration(**fitted["items"])),
        found.forms[sentences[0].passage.id] if sentences else NO_FORM,
    )


def probable(found: Iterable[Candidate], fitted: Calibration) -> tuple[Span, ...]:
    """The candidates as spans with the probability that each has by itself, best first, none over another."""
    return without_overlaps(
        Span(one.passage, one.start, one.end, fitted.probability(one.features)) for one in found
    )
