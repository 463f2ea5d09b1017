"""Passages get their vectors in the background, while the documents can be asked about already.

So do those of a new embedder, while those of the old one answer.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.embedders.embedder import Embedder
from index.embedders.passage_vectors import passage_vectors
from index.errors import ModelError, QuothError
from index.library.background_worker import BackgroundWorker, Progress
from index.library.reembedder import Reembedder
from index.library.timing import Timing
from index.store.store import Store

_logger = logging.getLogger(__name__)


class EmbeddingWorker(BackgroundWorker):
    """Embeds the passages without vectors, of the document added last first.

    Then follow the steps of `change`, if the library's embedder is to be another one. `embedder` gives the
    library's present one; `embedded` is called whenever vectors of it have been stored.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        embedder: Callable[[], Embedder],
        embedded: Callable[[], None],
        timing: Timing = Timing(),
    ) -> None:
        undone = "Some passages have no vectors yet and are found by their words alone"
        super().__init__("embedding", folder / "embed.lock", undone, timing)
        self._store = store
        self._embedder = embedder
        self._embedded = embedded
        self._questions = 0
        self._asked = -timing.reading_seconds
        self._unusable = ""
        self.change = Reembedder(store, switched=embedder)

    def wait(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until every passage has a vector; False when `timeout` seconds were too few.

        Raises the error that ended the embedding. `progress` gets the share that is done.
        """
        most = self._store.waiting()

        def share() -> tuple[str, float]:
            nonlocal most
            waiting = self._store.waiting()
            most = max(most, waiting)
            if waiting and self.failure:
                raise self.failure
            return "", 1 - waiting / most if waiting else 1.0

        return not most or self._wait(share, timeout, progress)

    def wait_for_change(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until the library has the embedder that was asked for, or the change was given up.

        False and errors as from `wait`; `progress` gets the share of all passages.
        """
        return self._wait(lambda: ("", self.change.share()), timeout, progress)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """A question is being searched for: it goes before the embedding."""
        with self._changed:
            self._questions += 1
        try:
            yield
        finally:
            with self._changed:
                self._questions -= 1
                self._asked = time.monotonic()

    def _fail(self, error: QuothError) -> None:
        self.change.fail(error)
        super()._fail(error)

    def _work(self) -> None:
        self.change.begin()  # not in turn: the process that has it goes on with what is begun
        super()._work()

    def _step(self) -> bool:
        limit = self._limit()
        return bool(limit) and (self._embed(limit) or self.change.step(limit))

    def _left(self) -> bool:
        return bool(self._store.waiting() or self.change.asked)

    def _embed(self, limit: int) -> bool:
        """Gives up to `limit` passages their vectors; whether any was waiting."""
        passages = self._store.unembedded(limit)
        embedder = self._embedder()
        if not passages or (self.change.asked and embedder.name == self._unusable):
            return False
        try:
            vectors = passage_vectors(embedder, passages)
        except ModelError as error:
            if not self.change.asked:
                raise
            # It may be the reason for the change, which gives these passages their vectors too.
            _logger.warning("New passages are found by their words alone until then: %s", error)
            self._unusable = embedder.name
            return False
        self._store.add_vectors(passages, vectors, embedder.name)
        self._embedded()
        return True

    def _limit(self) -> int:
        """How many passages to embed now, when no question wants the processor; none when stopped."""
        busy = self._give_way()
        return 0 if self._stopped else self._timing.busy_passages if busy else self._timing.passages

    def _give_way(self) -> bool:
        """Waits while a question is answered; whether there was one."""
        began = time.monotonic()
        busy = False
        with self._changed:
            while not self._stopped:
                now = time.monotonic()
                quiet = not self._questions and now - self._asked >= self._timing.reading_seconds
                if quiet or now - began >= self._timing.longest_pause:
                    break
                busy = True
                self._changed.wait(self._timing.reading_seconds / 5)
        return busy
