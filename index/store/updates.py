"""What became of the passages since some change, as an engine of any kind can take it in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.documents.passage import Passage
from index.store.records import Change, ChangesForgotten, StoredVectors
from index.store.runs import merged, numbers, pieces
from index.store.store import Store

# Passages in one update.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Update:
    """Some passages as they are now.

    An engine deletes what it holds of the passages `touched`, and puts `passages` and `vectors` in its place:
    those of them that still exist and have a vector of `embedder`. With `from_scratch` it deletes everything
    first. After it, the engine is as of the change `applied`. Applying an update twice does no harm. Numbers
    of passages are never used again, and mean nothing else.
    """

    applied: int
    embedder: str
    touched: NDArray[np.int64]
    passages: Sequence[Passage]
    vectors: StoredVectors
    from_scratch: bool = False


def updates(store: Store, applied: int, embedder: str) -> Iterator[Update]:
    """All that an engine lacks which is as of the change `applied` and has vectors of `embedder`."""
    own, newest = store.embedder, store.last_change()
    from_scratch = own != embedder or applied > newest
    if applied == newest and not from_scratch:
        return
    changes: Sequence[Change] = ()
    try:
        changes = () if from_scratch else store.changes_since(applied)
    except ChangesForgotten:
        from_scratch = True
    runs = (
        [(1, store.end_passage())]
        if from_scratch
        else merged((one.first_passage, one.end_passage) for one in changes)
    )
    some = list(pieces(runs, _AT_ONCE)) or [(1, 1)]
    for place, run in enumerate(some, 1):
        at = newest if place == len(some) else 0 if from_scratch else applied
        yield Update(
            at, own, numbers([run]), store.passages_of(*run), store.vectors(*run), from_scratch and place == 1
        )
