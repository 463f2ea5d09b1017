"""Texts to vectors: the Protocol, and the bundled model behind it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.onnx_model import OnnxModel, batches, padded

BUNDLED = Path(__file__).parent / "models" / "minilm"

# Padding included: what fits into a core's own cache. Measured on two cores: 256 and 512 alike, 1,024 six and
# 2,048 sixteen of 100 passages a second fewer.
_BATCH_TOKENS = 512
# Tokenised and sorted together: enough for batches of equal length, few enough for the memory.
_BLOCK_TEXTS = 4096

# [CLS] and [SEP], or what another model has in their place.
SPECIAL_TOKENS = 2

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to vectors of length 1, whose inner product is their likeness; any thread may call it.

    `name` tells apart the models of two libraries. `maximum_length` is the number of tokens that are read
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


def open_embedder(name: str | None = None, threads: int | None = None) -> Embedder:
    """The bundled embedder, also by its name, or the sentence-transformers model of that name or folder.

    A folder becomes its whole path, since a library remembers it, and may be opened from elsewhere.
    """
    bundled = OnnxEmbedder(threads=threads)
    if not name or name == bundled.name:
        return bundled
    from index.other_embedder import SentenceTransformersEmbedder

    folder = Path(name).expanduser()
    return SentenceTransformersEmbedder(str(folder.resolve()) if folder.is_dir() else name, threads=threads)


class OnnxEmbedder:
    """The embedder in `folder`, loaded when first used; the bundled one unless given.

    A text's vector doesn't depend on the texts beside it: the model's 8-bit products have fixed ranges.
    """

    def __init__(self, folder: Path | None = None, threads: int | None = None) -> None:
        self._model = OnnxModel(folder or BUNDLED, threads, ("dimension",))

    @property
    def name(self) -> str:
        return str(self._model.manifest["name"])

    @property
    def dimension(self) -> int:
        return int(self._model.manifest["dimension"])

    @property
    def maximum_length(self) -> int:
        return int(self._model.manifest["maximum_length"])

    def load(self) -> None:
        """Reads the model now instead of at the first call; ModelError when it is damaged."""
        self._model.load()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 [texts, dimension], in the order of the texts."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BLOCK_TEXTS):
            tokens = self._tokens(texts[start : start + _BLOCK_TEXTS])
            groups = list(batches([len(one) for one in tokens], _BATCH_TOKENS, self._model.threads))
            inputs = [
                dict(
                    zip(
                        ("input_ids", "attention_mask"),
                        padded([tokens[number] for number in group]),
                        strict=True,
                    )
                )
                for group in groups
            ]
            for group, outputs in zip(groups, self._model.run(inputs), strict=True):
                vectors[start + np.array(group)] = outputs[0]
        return vectors

    def token_counts(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, uncut, without the model's own marks."""
        # Its tokens lie within words, and those of a document come again and again: each is cut up once.
        words = [text.split() for text in texts]
        distinct = list({word for row in words for word in row})
        encoded = self._model.tokenizer.encode_batch_fast(distinct, add_special_tokens=False)
        counts = dict(zip(distinct, map(len, encoded), strict=True))
        return [sum(map(counts.__getitem__, row)) for row in words]

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's tokens, cut to the maximum length with the last mark kept."""
        encoded = [one.ids for one in self._model.tokenizer.encode_batch_fast(list(texts))]
        most = self.maximum_length
        return [ids if len(ids) <= most else ids[: most - 1] + ids[-1:] for ids in encoded]
