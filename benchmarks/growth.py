"""A corpus that grows to any size: real passages, then the same again with changes.

A changed passage is a real one in which one word in five is another word of the corpus, drawn as often as it
occurs, so that the lengths of the posting lists grow as they would with more text. A synthetic vector is
the sum of two real ones, the second at 0.6, and of noise of length 0.3, made as long as 1: around each real
vector lie as many as the size asks for, each its own way off.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import rows
from index import Document, Embedder, normalise
from index.documents.passage import Place

WORDS = 130
FEWEST_WORDS = 40
CHANGED = 0.2
SECOND = 0.6
NOISE = 0.3
PASSAGES_A_DOCUMENT = 50
BARE_PASSAGES_A_DOCUMENT = 1_000

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Real passages with their vectors, and questions with theirs, from which any number is made.

    `words` is the vocabulary, `text` all passages' words as numbers one after the other, `ends` where each
    passage ends in it. `vectors` holds those of the first passages only; embedding is what takes long.
    """

    words: NDArray[np.object_]
    text: NDArray[np.int32]
    ends: NDArray[np.int64]
    vectors: Vectors
    questions: list[str]
    question_vectors: Vectors

    @classmethod
    def read(cls, data: Path, embedder: Embedder, embedded: int, questions: int, kept: Path) -> "Corpus":
        """The development questions' passages, then training passages; their vectors are kept at `kept`."""
        asked = [row for row in rows(data / "reader" / "dev.jsonl.gz") if row["answers"]]
        asked = asked[:: max(1, len(asked) // questions)][:questions]
        contexts = dict.fromkeys(row["context"] for row in asked)
        contexts |= dict.fromkeys(row["context"] for row in rows(data / "reader" / "train.jsonl.gz"))
        passages = [" ".join(normalise(context).split()[:WORDS]) for context in contexts]
        passages = [passage for passage in passages if passage.count(" ") >= FEWEST_WORDS]
        wanted = [row["question"] for row in asked]
        if not kept.exists():
            np.savez(kept, passages=embedder.embed(passages[:embedded]), questions=embedder.embed(wanted))
        vectors = np.load(kept)
        known: dict[str, int] = {}
        text = [[known.setdefault(word, len(known)) for word in passage.split()] for passage in passages]
        return cls(
            np.array(list(known), np.object_),
            np.concatenate([np.array(numbers, np.int32) for numbers in text]),
            np.cumsum([len(numbers) for numbers in text]),
            vectors["passages"],
            wanted,
            vectors["questions"],
        )

    def passage(self, number: int, random: np.random.Generator) -> str:
        """The text of passage `number`: the real one, or from the second round on a changed one."""
        at = number % len(self.ends)
        words = self.text[self.ends[at - 1] if at else 0 : self.ends[at]]
        if number >= len(self.ends):
            others = self.text[random.integers(0, len(self.text), len(words))]
            words = np.where(random.random(len(words)) < CHANGED, others, words)
        return " ".join(self.words[words])

    def vectors_of(self, first: int, end: int) -> Vectors:
        """The vectors [end - first, dimension] of a run of passages, real ones first."""
        random = np.random.default_rng((1, first))
        real = self.vectors[first:end]
        count = end - first - len(real)
        picked = random.integers(0, len(self.vectors), (2, count))
        noise = random.standard_normal((count, self.vectors.shape[1]), np.float32)
        noise *= NOISE / np.sqrt(self.vectors.shape[1])
        made = self.vectors[picked[0]] + SECOND * self.vectors[picked[1]] + noise
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return np.concatenate([real, made])

    def documents(self, size: int) -> Iterator[tuple[Document, list[Place], Vectors]]:
        """Documents with the places and vectors of their passages, `size` passages in all."""
        for first in range(0, size, PASSAGES_A_DOCUMENT):
            end = min(first + PASSAGES_A_DOCUMENT, size)
            random = np.random.default_rng((2, first))
            texts = [self.passage(number, random) for number in range(first, end)]
            starts = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
            places = [(start, start + len(text)) for start, text in zip(starts, texts, strict=False)]
            yield Document(f"{first:08}.txt", "\n".join(texts)), places, self.vectors_of(first, end)

    def bare_documents(self, size: int) -> Iterator[tuple[Document, list[Place], Vectors]]:
        """The same without texts, for a measurement of the vectors alone."""
        for first in range(0, size, BARE_PASSAGES_A_DOCUMENT):
            end = min(first + BARE_PASSAGES_A_DOCUMENT, size)
            places = [(number, number + 1) for number in range(end - first)]
            yield Document(f"{first:08}.txt", "x" * len(places)), places, self.vectors_of(first, end)
