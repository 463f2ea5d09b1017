"""The seam between a library and what searches it.

A `PassageSearch` is made from a library's store, the truth, and can always be made again from it. It may keep
files in the library's folder, a server's tables, or nothing at all. `index.testing` has a contract suite for
every implementation, and a small one to begin from; `index.store.updates` gives an implementation what it
lacks as plain data, and `index.search.ranking.fuse` makes the scores promised here.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.locks import WriteLock
from index.store.records import Filter
from index.store.store import Store

# Passages' ids with their scores, best first.
Ranked = Sequence[tuple[int, float]]


class PassageSearch(Protocol):
    """Finds passages; every method may be called from any thread.

    **Ids.** A passage is named by its number in the store, which is never used again. Nothing else may be
    read into it: a document's passages need not be numbered one after the other.

    **Freshness.** What the store has acknowledged before a search begins is found by it, whichever process
    wrote it: new passages by their words at once, by their vector when they have one; removed ones no more.
    All vectors are those of `store.embedder`; when that changes, those of the former one no longer count.

    **Scores.** A score lies between 0 and 1 and means the same in every implementation, since the reader's
    confidence is calibrated on it:

        score = 0.65 * cosine + 0.35 * words

    `cosine` is that of the question's and the passage's vector, not below 0. `words` is the passage's lexical
    score (BM25 or its like) as a share of the highest among all passages that pass the filter: 1 for the
    best, 0 for a passage with none of the question's terms. Two guesses are allowed: for the cosine of a
    passage that has no vector yet, and for the words of one beyond the end of a list of the best by words.
    Without a vector of the question every cosine is such a guess; the best passage by words then scores 1.

    The order is the implementation's own judgement: best first, but a passage may stand before one of a
    higher score, for instance since its document fits better.
    """

    @property
    def applied(self) -> int:
        """The change of the store up to which it needs none any more, also after a restart."""
        ...

    def apply(self) -> None:
        """Takes in what changed in the store, durably where anything is kept; LibraryError when it can't.

        Called after each writing, by a thread that holds the library's write lock.
        """
        ...

    def search(
        self,
        question: str,
        vector: NDArray[np.float32] | None,
        limit: int,
        filter: Filter = Filter(),
    ) -> Ranked:
        """Up to `limit` passages with their scores, best first, of the documents that pass the filter.

        The filter comes before the ranking. Without the question's `vector` [dimension], which is of length
        1, the words alone count.
        """
        ...

    def problems(self) -> list[str]:
        """How it differs from the store, a sentence each, when all work in the background is done."""
        ...

    def close(self) -> None:
        """Stops the work in the background and saves what is worth it; the store is still open."""
        ...


# Makes the search of the library in a folder. It is called before the first search, while there is no writer.
SearchFactory = Callable[[Path, Store, WriteLock], PassageSearch]
