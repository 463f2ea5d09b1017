"""What is searched by meaning: cells for most passages where there are many, all others one by one."""

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
    """Everything as of the change `applied`: what changed since the cells were made is in `fresh`.

    `whole` is false where the passages before `applied` are missing, because their cells were lost.
    """

    def __init__(self, cells: InvertedFile | None, fresh: Exact, applied: int, whole: bool = True) -> None:
        self.cells = cells
        self.fresh = fresh
        self.applied = applied
        self.whole = whole

    def __len__(self) -> int:
        return len(self.fresh) + (self.cells.size if self.cells else 0)

    @classmethod
    def one_by_one(cls, store: Store) -> Self:
        """All that is in the store now, without cells."""
        # Whatever comes while this reads is taken in once more, as a change.
        parts = cls(None, Exact.empty(store.dimension), store.last_change())
        for first, end in pieces([(1, store.end_passage())], _READ):
            parts.fresh.add(store.vectors(first, end))
        return parts

    @property
    def cells_applied(self) -> int:
        """The change up to which the cells were made; 0 without."""
        return self.cells.applied if self.cells else 0

    def forget(self, changes: Iterable[Change]) -> None:
        """Leaves out of the cells what these changes touched."""
        if self.cells:
            for change in changes:
                self.cells.forget(change.first_passage, change.end_passage)

    def take(self, changes: Sequence[Change], store: Store) -> int:
        """Takes in changes, and says how many passages they touched.

        Whatever became of them, they are taken out and put in as they are in the store now, so that no
        change does harm when it comes twice. That one was added changes nothing yet: its vectors follow.
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
        """The nearest of the fresh passages with their cosines, and candidates out of the cells without."""
        near = self.fresh.search(vector, limit, runs) if len(self.fresh) else []
        if not self.cells:
            return near, np.zeros(0, np.int64)
        return near, self.cells.search(vector, limit + _SPARE, runs)
