"""From candidates to hits: the cosines that are missing, and the passages that are still there."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.documents.passage import Hit
from index.store.store import Store

Ranked = Sequence[tuple[int, float]]


def cosines_of(store: Store, vector: NDArray[np.float32], near: Ranked, worded: Ranked) -> dict[int, float]:
    """The cosine of every candidate that has a vector, also when only its words were found."""
    cosines = dict(near)
    missing = store.vectors_of([id for id, _ in worded if id not in cosines])
    return cosines | dict(zip(missing.ids.tolist(), (missing.rows @ vector).tolist(), strict=True))


def first_hits(store: Store, ranked: Ranked, limit: int) -> list[Hit]:
    """The first `limit` that still exist; a passage is read together with its whole document."""
    hits: list[Hit] = []
    for start in range(0, len(ranked) if limit > 0 else 0, max(limit, 1)):
        some = ranked[start : start + limit]
        passages = store.passages([id for id, _ in some])
        hits += [Hit(passages[id], score) for id, score in some if id in passages]
        if len(hits) >= limit:
            break
    return hits[:limit]
