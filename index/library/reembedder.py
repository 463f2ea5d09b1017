"""One process's part in changing a library's embedder; `index/store/reembedding.py` keeps its vectors."""

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from index.embedders.embedder import Embedder
from index.embedders.passage_vectors import passage_vectors
from index.errors import LibraryMismatch, QuothError
from index.store.reembedding import NEXT_EMBEDDER, Reembedding
from index.store.store import Store

# The share that is shown until the switch, which is the last step.
_NEARLY = 0.999

ByName = Callable[[str], Embedder]

_logger = logging.getLogger(__name__)


def choose(
    folder: Path, found: Mapping[str, str], embedder: Embedder | None, change: bool, by_name: ByName
) -> tuple[Embedder, Embedder | None]:
    """The library's own embedder, and the one that it is to be changed to, if any.

    `found` is its file's manifest, `embedder` the one that was asked for. LibraryMismatch when that would be
    a change, and `change` is false.
    """
    own, following = found.get("embedder", ""), found.get(NEXT_EMBEDDER, "")
    if embedder and own in ("", embedder.name):
        return embedder, None
    if change:
        return by_name(own), embedder or (by_name(following) if following else None)
    if embedder and embedder.name != following:
        raise LibraryMismatch(
            f"The library {folder} was made with embedder {own!r}, but {embedder.name!r} was asked for. "
            f"quoth embedder {embedder.name} changes it; without --embedder and QUOTH_EMBEDDER it goes on "
            f"with its own."
        )
    return by_name(own), None


class Reembedder:
    """Makes the vectors of the embedder that was `asked` for, some at a time, and switches to it.

    `switched` is called after the switch. An error is logged, kept in `failure`, and ends the change in this
    process; what was made stays on disk for the next attempt.
    """

    def __init__(self, store: Store, switched: Callable[[], object]) -> None:
        self._store = store
        self._reembedding = Reembedding(store)
        self._switched = switched
        self._begun = False
        self._reached = 0
        self.asked: Embedder | None = None
        self.failure: QuothError | None = None

    def ask(self, embedder: Embedder) -> None:
        """Has the next steps lead to this embedder."""
        self._begun, self._reached, self.failure = False, 0, None
        self.asked = embedder

    def share(self) -> float:
        """How much is done, 0 to 1; raises the error that ended the change."""
        asked = self.asked
        if not asked:
            if self.failure:
                raise self.failure
            return 1.0
        done = self._reembedding.share()  # asked first: it is nothing once the switch has been made
        return _NEARLY if asked.name == self._store.made_with() else min(done, _NEARLY)

    def begin(self) -> None:
        """Begins the change on disk, for this and other processes, unless that is done."""
        embedder = self.asked
        if not embedder or self._begun:
            return
        try:
            self._begun = True
            if not self._reembedding.begin(embedder):
                self._end(embedder)
        except Exception as error:
            self._failed(embedder, error)

    def step(self, limit: int) -> bool:
        """Makes up to `limit` vectors, or switches when all are there; whether there was anything to do."""
        self.begin()
        embedder = self.asked
        if not embedder:
            return False
        try:
            self._step(embedder, limit)
        except Exception as error:
            self._failed(embedder, error)
        return True

    def fail(self, error: QuothError) -> None:
        """Ends the change because of an error elsewhere."""
        if self.asked:
            self._end(self.asked, error)

    def _step(self, embedder: Embedder, limit: int) -> None:
        passages = self._reembedding.lacking(embedder.name, limit, self._reached)
        if passages:
            self._reembedding.add(embedder.name, passages, passage_vectors(embedder, passages))
            self._reached = passages[-1].id
        elif self._reembedding.switch(embedder.name):
            self._switched()
            self._end(embedder)
        elif self._reembedding.embedder != embedder.name:
            self._end(embedder)  # another process has finished the change or given it up
        else:
            self._reached = 0  # one was passed over: once more from the beginning

    def _failed(self, embedder: Embedder, error: Exception) -> None:
        # When the process ends, the embedder's threads end before this one: nothing is wrong then.
        if threading.main_thread().is_alive():
            _logger.warning("The embedder can't be changed to %s now: %s", embedder.name, error)
        if not isinstance(error, QuothError):
            error = QuothError(f"The embedder can't be changed to {embedder.name}: {error}")
        self._end(embedder, error)

    def _end(self, embedder: Embedder, failure: QuothError | None = None) -> None:
        if self.asked is embedder:  # and not another one since
            self.failure = failure
            self.asked = None
