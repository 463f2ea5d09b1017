"""From ranked passages to hits: each text once, with the names of the other documents that have it."""

from collections.abc import Callable, Iterator

from index.documents.passage import Hit, Passage
from index.search.passage_search import Ranked
from index.store.store import Store

# Ranked passages beyond those wanted, in case some have the same text.
_SPARE = 20
# So many copies of one text are passed over at most to find another text.
_MOST = 2_000


def distinct_hits(store: Store, search: Callable[[int], Ranked], limit: int) -> list[Hit]:
    """The first `limit` passages of `search(number)` that still exist and differ in their text."""
    wanted = limit + _SPARE
    while limit > 0:
        ranked = search(wanted)
        hits = _distinct(store, ranked, limit)
        if len(hits) >= limit or len(ranked) < wanted or wanted >= _MOST:
            return hits
        wanted *= 4
    return []


def _distinct(store: Store, ranked: Ranked, limit: int) -> list[Hit]:
    found: dict[str, list[tuple[Passage, float]]] = {}
    for start in range(0, len(ranked), limit + _SPARE):
        for passage, score in _existing(store, ranked[start : start + limit + _SPARE]):
            found.setdefault(passage.text, []).append((passage, score))
        if len(found) >= limit:
            break
    return [_hit(same) for same in list(found.values())[:limit]]


def _existing(store: Store, ranked: Ranked) -> Iterator[tuple[Passage, float]]:
    passages = store.excerpts([id for id, _ in ranked])
    return ((passages[id], score) for id, score in ranked if id in passages)


def _hit(same: list[tuple[Passage, float]]) -> Hit:
    """One hit for passages of the same text, best first."""
    (best, score), *others = same
    own = best.document.id
    names = (passage.document.name for passage, _ in others if passage.document.id != own)
    return Hit(best, score, tuple(dict.fromkeys(names)))
