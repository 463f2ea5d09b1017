"""Follow-up questions: whether a question stands alone, and which words of the turns before belong to it.

A small network, trained in training/followups: the question's words as vectors under a convolution of width
three, numbers about question and candidate (conversation.py), one hidden layer for each of the two decisions.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np

from qa.answering.conversation import SHAPES, ContextWord, ModelInput, model_input
from qa.answering.turn import Turn
from qa.reading.windows import Floats

WEIGHTS = Path(__file__).parents[1] / "models" / "followups" / "weights.json"
# More words than these would drown the question's own.
MOST_WORDS = 12
WIDTH = 3
# From this probability on that a question refers back, it may; whether it does, an answer to it can tell.
IN_DOUBT_FROM = 0.1


@dataclass(frozen=True, slots=True)
class Followups:
    """The trained network and its two thresholds."""

    vocabulary: Mapping[str, int]
    arrays: Mapping[str, Floats]
    stands_alone_below: float
    word_from: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Self:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            {word: number for number, word in enumerate(stored["vocabulary"], SHAPES)},
            {name: np.array(values, np.float32) for name, values in stored["arrays"].items()},
            stored["stands_alone_below"],
            stored["word_from"],
        )

    def resolve(self, question: str, history: Sequence[Turn | str]) -> str:
        return self.resolutions(question, history, self.stands_alone_below)[0]

    def resolutions(
        self, question: str, history: Sequence[Turn | str], in_doubt_from: float = IN_DOUBT_FROM
    ) -> tuple[str, ...]:
        turns = [Turn(turn) if isinstance(turn, str) else turn for turn in history]
        seen = model_input(question, turns, self.vocabulary) if turns else None
        if not seen or not seen.candidates:
            return (question,)
        refers, belongs = self.probabilities(seen)
        if refers < in_doubt_from:
            return (question,)
        words = [candidate.text for candidate in self._chosen(seen.candidates, belongs)]
        resolved = f"{question} ({' '.join(words)})"
        return (resolved,) if refers >= self.stands_alone_below else (question, resolved)

    def probabilities(self, seen: ModelInput) -> tuple[float, Floats]:
        """That the question refers back, and of each candidate, if it does, that it belongs to it."""
        arrays = self.arrays
        whole = np.concatenate([self._pooled(seen), seen.question])
        hidden = np.maximum(whole @ arrays["refers.0.weight"].T + arrays["refers.0.bias"], 0)
        refers = hidden @ arrays["refers.2.weight"].T + arrays["refers.2.bias"]
        asked = np.maximum(whole @ arrays["asked.0.weight"].T + arrays["asked.0.bias"], 0)
        vectors = arrays["vectors.weight"][seen.context].reshape(len(seen.context), -1)
        rows = np.concatenate([seen.features, vectors, np.tile(asked, (len(vectors), 1))], axis=1)
        hidden = np.maximum(rows @ arrays["belongs.0.weight"].T + arrays["belongs.0.bias"], 0)
        belongs = hidden @ arrays["belongs.2.weight"].T + arrays["belongs.2.bias"]
        return float(_logistic(refers)[0]), _logistic(belongs[:, 0])

    def _pooled(self, seen: ModelInput) -> Floats:
        """The strongest answer of each filter to any three words in a row."""
        rows = np.concatenate([self.arrays["vectors.weight"][seen.symbols], seen.marks], axis=1)
        padded = np.pad(rows, ((1, 1), (0, 0)))
        windows = np.concatenate([padded[i : i + len(rows)] for i in range(WIDTH)], axis=1)
        answers = windows @ self.arrays["filters.weight"].T + self.arrays["filters.bias"]
        values: Floats = np.maximum(answers, 0).max(axis=0)
        return values

    def _chosen(self, candidates: Sequence[ContextWord], belongs: Floats) -> list[ContextWord]:
        """Those likely enough, and the likeliest in any case, in the order in which they came up."""
        best = [int(number) for number in np.argsort(-belongs, kind="stable")[:MOST_WORDS]]
        chosen = {number for number in best if belongs[number] >= self.word_from} | {best[0]}
        return [candidates[number] for number in sorted(chosen)]


def resolve(question: str, history: Sequence[Turn | str]) -> str:
    """The question so that it stands alone: words of earlier turns that belong to it follow in parentheses.

    `history` holds the turns before, oldest first; a plain string is a question without its answer.
    """
    return _bundled().resolve(question, history) if history else question


def resolutions(question: str, history: Sequence[Turn | str]) -> tuple[str, ...]:
    """How the question may be meant, likeliest first: as it is, with words of earlier turns, or either."""
    return _bundled().resolutions(question, history) if history else (question,)


@cache
def _bundled() -> Followups:
    return Followups.load()


def _logistic(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)), np.float32)
