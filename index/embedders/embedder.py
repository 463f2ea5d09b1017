"""Texts to vectors: what an embedder is."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# [CLS] and [SEP], or what another model has in their place.
SPECIAL_TOKENS = 2

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to vectors of length 1, whose inner product is their likeness; any thread may call it.

    `name` identifies the model. `maximum_length` is the number of tokens that are read
    of a text, the model's own marks at its ends included; the rest of a longer text is not looked at.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def maximum_length(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 [texts, dimension], in the order of the texts."""
        ...

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, uncut, without the model's own marks."""
        ...
