"""Any sentence-transformers model as an embedder, for `--embedder NAME`."""

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.embedders.embedder import Vectors
from index.errors import ModelError, SettingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformersEmbedder:
    """The model that sentence-transformers knows by `name`, a hub name or a folder; loaded when first used.

    It runs on the GPU where there is one.
    """

    def __init__(self, name: str, threads: int | None = None) -> None:
        if threads is not None and threads < 1:
            raise SettingError(f"The number of threads must be at least 1, not {threads}.")
        self.name = name
        self._threads = threads
        self._lock = threading.Lock()

    @property
    def dimension(self) -> int:
        size = self._loaded().get_embedding_dimension()
        if size is None:
            raise ModelError(f"The embedder {self.name} does not say how long its vectors are.")
        return size

    @property
    def maximum_length(self) -> int:
        length = self._loaded().max_seq_length
        if length is None:
            raise ModelError(f"The embedder {self.name} does not say how long a text it reads.")
        return int(length)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 [texts, dimension], in the order of the texts."""
        model = self._loaded()
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._lock:
            vectors = model.encode(
                list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return np.asarray(vectors, np.float32)

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, uncut, without the model's own marks."""
        model = self._loaded()
        if not texts:
            return []
        with self._lock:
            encoded = model.tokenizer(
                list(texts), add_special_tokens=False, truncation=False, padding=False, verbose=False
            )
        return [len(ids) for ids in encoded["input_ids"]]

    def _loaded(self) -> "SentenceTransformer":
        with self._lock:
            return self._model

    @cached_property
    def _model(self) -> "SentenceTransformer":
        import torch
        from sentence_transformers import SentenceTransformer

        if self._threads:
            torch.set_num_threads(self._threads)
        try:
            return SentenceTransformer(self.name)
        except Exception as error:  # the many libraries below it raise many kinds
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise ModelError(
                f"The embedder {self.name} can't be loaded: {reason} "
                "Give the name of a sentence-transformers model, which is fetched once and needs the "
                "network for that, or the path of a folder that holds one."
            ) from error
