"""An embedder without a model: a text's vector is the sum of vectors that its words' checksums stand for."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class HashedEmbedder:
    """Deterministic, the same in every process, and next to no work; `texts` are those that it was given."""

    name = "hashed words"
    maximum_length = 256

    def __init__(self, dimension: int = 32) -> None:
        self.dimension = dimension
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                rest, first = divmod(zlib.crc32(word.encode()), self.dimension)
                rest, second = divmod(rest, self.dimension)
                row[[first, second, rest % self.dimension]] += [1.0, -0.7, 0.5]
            row[0] += 1e-3
        normal: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return normal

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]
