"""An embedder without a model: a text's vector is the sum of vectors that its words' checksums stand for."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class HashedEmbedder:
    """Deterministic, the same in every process, and next to no work."""

    name = "hashed words"
    dimension = 32
    maximum_length = 256

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                seed = zlib.crc32(word.encode())
                row[[seed % 32, seed // 32 % 32, seed // 1024 % 32]] += [1.0, -0.7, 0.5]
            row[0] += 1e-3
        normal: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return normal

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]
