"""The bundled embedder: a BERT-shaped model in 8 bits, run by ONNX Runtime."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embedders.embedder import Vectors
from index.embedders.onnx_model import OnnxModel, batches, padded

BUNDLED = Path(__file__).parents[1] / "models" / "minilm"

# Padding included: what fits into a core's own cache. Measured on two cores: 256 and 512 alike, 1,024 six and
# 2,048 sixteen of 100 passages a second fewer.
_BATCH_TOKENS = 512
# Tokenised and sorted together: enough for batches of equal length, few enough for the memory.
_BLOCK_TEXTS = 4096


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
