"""The passages of a dense index: most of many in an inverted file, all others compared one by one."""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.search.dense.exact import Exact
from index.search.dense.ivf import InvertedFile
from index.store.runs import Runs, merged, pieces
from index.store.store import Change, Store

# Passages read from the store in one step.
_READ = 2_000
# Candidates beyond those wanted, since 8 bits a number put them only nearly in order.
_SPARE = 30

Ranked = list[tuple[int, float]]


class Parts:
    """Everything as of the change `applied`; `fresh` holds what changed since `ivf` was made.

    `whole` is false where the passages before `applied` are missing, because their inverted file was lost.
    """

    def __init__(self, ivf: InvertedFile | None, fresh: Exact, applied: int, whole: bool = True) -> None:
        self.ivf = ivf
        self.fresh = fresh
        self.applied = applied
        self.whole = whole

    def __len__(self) -> int:
        return len(self.fresh) + (self.ivf.size if self.ivf else 0)

    @classmethod
    def one_by_one(cls, store: Store) -> Self:
        """All that is in the store now, without an inverted file."""
        # What is added while this reads is taken in once more, as a change.
        parts = cls(None, Exact.empty(store.dimension), store.last_change())
        for first, end in pieces([(1, store.end_passage())], _READ):
            parts.fresh.add(store.vectors(first, end))
        return parts

    @property
    def ivf_applied(self) -> int:
        """The change up to which the inverted file was made; 0 without."""
        return self.ivf.applied if self.ivf else 0

    def forget(self, changes: Iterable[Change]) -> None:
        """Leaves out of the inverted file what these changes touched."""
        if self.ivf:
            for change in changes:
                self.ivf.forget(change.first_passage, change.end_passage)

    def take(self, changes: Sequence[Change], store: Store) -> int:
        """Takes in changes; how many passages they touched.

        Each passage is taken out and put in as it is in the store now, whatever the change was, so that a
        change taken in twice does no harm. A passage that was added follows when it gets its vector.
        """
        touched = [change for change in changes if change.kind != "added"]
        runs = merged((change.first_passage, change.end_passage) for change in touched)
        self.forget(touched)
        for first, end in runs:
            self.fresh.remove(first, end)
        for first, end in pieces(runs, _READ):
            self.fresh.add(store.vectors(first, end))
        self.applied = changes[-1].id if changes else self.applied
        return sum(end - first for first, end in runs)

    def search(
        self, vector: NDArray[np.float32], limit: int, runs: Runs | None
    ) -> tuple[Ranked, NDArray[np.int64]]:
        """The nearest of the fresh passages with their cosines, and candidates of the others without."""
        near = self.fresh.search(vector, limit, runs) if len(self.fresh) else []
        if not self.ivf:
            return near, np.zeros(0, np.int64)
        return near, self.ivf.search(vector, limit + _SPARE, runs)
