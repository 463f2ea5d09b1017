"""What is embedded of a passage, and how."""

from collections.abc import Sequence

import numpy as np

from index.documents.passage import Passage, cut
from index.embedders.embedder import SPECIAL_TOKENS, Embedder, Vectors


def passage_vectors(embedder: Embedder, passages: Sequence[Passage]) -> Vectors:
    """float32 [passages, dimension], each of length 1: what the passages say, with their context.

    A passage fits the embedder that it was split for. Where the library has got another one since, which
    reads less, a longer passage gets the mean of its parts' vectors: nothing of it goes unread, and all
    passages keep their places, so that the change touches neither the word index nor what has been cited.
    """
    texts = [passage.embedded_text for passage in passages]
    most = embedder.maximum_length - SPECIAL_TOKENS
    parts: list[str] = []
    firsts: list[int] = []
    for text, tokens in zip(texts, embedder.token_counts(texts), strict=True):
        places = cut(text, 0, len(text), embedder.token_counts, most) if tokens > most else [(0, len(text))]
        firsts.append(len(parts))
        parts += [text[start:end] for start, end in places]
    vectors = embedder.embed(parts)
    if len(parts) == len(texts):
        return vectors
    sums = np.add.reduceat(vectors, firsts)
    means: Vectors = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return means
