"""One ranking out of two: by meaning and by words."""

from collections.abc import Mapping, Sequence

Ranked = Sequence[tuple[int, float]]

_DENSE_SHARE = 0.5


def fuse(near: Ranked, worded: Ranked, cosines: Mapping[int, float]) -> list[tuple[int, float]]:
    """The candidates of both searches as (id, score), best first; the score lies between 0 and 1.

    `near` is ranked by cosine, `worded` by BM25; `cosines` holds every candidate's cosine.
    """
    best = max((score for _, score in worded), default=0.0)
    words = {id: score / best for id, score in worded} if best > 0 else {}
    ids = dict.fromkeys([*(id for id, _ in near), *(id for id, _ in worded)])
    scores = {
        id: _DENSE_SHARE * min(max(cosines.get(id, 0.0), 0.0), 1.0)
        + (1.0 - _DENSE_SHARE) * words.get(id, 0.0)
        for id in ids
    }
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
