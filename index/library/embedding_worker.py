"""Passages get their vectors in the background, while the documents can be asked about already.

So do those of a new embedder, while those of the old one answer.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from index.embedders.embedder import Embedder
from index.embedders.passage_vectors import passage_vectors
from index.errors import LibraryError, ModelError, QuothError
from index.library.reembedder import Reembedder
from index.library.timing import Timing
from index.store.store import Store

Progress = Callable[[str, float], None]

_logger = logging.getLogger(__name__)


class EmbeddingWorker:
    """Embeds the passages without vectors, of the document added last first, in a thread of its own.

    Then follow the steps of `change`, if the library's embedder is to be another one. Of all processes with
    one library, one embeds. `embedder` gives the library's present one; `embedded` is called whenever vectors
    of it have been stored.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        embedder: Callable[[], Embedder],
        embedded: Callable[[], None],
        timing: Timing = Timing(),
    ) -> None:
        self._timing = timing
        self._store = store
        self._embedder = embedder
        self._embedded = embedded
        self._turn = filelock.FileLock(folder / "embed.lock", timeout=0, thread_local=False)
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._again = False
        self._begin = 0.0
        self._stopped = False
        self._questions = 0
        self._asked = -timing.reading_seconds
        self._failure: QuothError | None = None
        self._unusable = ""
        self.change = Reembedder(store, switched=embedder)

    def start(self, after: float = 0.0) -> None:
        """Starts in that many seconds; does nothing when it is running already."""
        with self._changed:
            self._again = True
            begin = time.monotonic() + after
            self._begin = min(begin, self._begin) if self._thread else begin
            self._changed.notify_all()
            if self._thread or self._stopped:
                return
            self._failure = None
            self._thread = threading.Thread(target=self._run, name="embedding", daemon=True)
            self._thread.start()

    @property
    def failure(self) -> QuothError | None:
        """The error that ended the embedding; None after it has been started again."""
        with self._changed:
            return self._failure

    def stop(self) -> None:
        """Ends after the passages that are being embedded; the others are embedded at the next opening."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            thread = self._thread
        if thread and thread is not threading.current_thread():
            thread.join()

    def wait(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until every passage has a vector; False when `timeout` seconds were too few.

        Raises the error that ended the embedding. `progress` gets the share that is done.
        """
        most = self._store.waiting()

        def share() -> float:
            nonlocal most
            waiting = self._store.waiting()
            most = max(most, waiting)
            if waiting and self._failure:
                raise self._failure
            return 1 - waiting / most if waiting else 1.0

        return not most or self._wait(share, timeout, progress)

    def wait_for_change(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until the library has the embedder that was asked for, or the change was given up.

        False and errors as from `wait`; `progress` gets the share of all passages.
        """
        return self._wait(self.change.share, timeout, progress)

    def _wait(self, share: Callable[[], float], timeout: float | None, progress: Progress | None) -> bool:
        end = time.monotonic() + timeout if timeout is not None else None
        self.start()
        while (done := share()) < 1.0:
            if progress:
                progress("", done)
            with self._changed:
                if self._stopped or (end is not None and time.monotonic() >= end):
                    return False
                self._changed.wait(self._timing.poll_seconds)
        if progress:
            progress("", 1.0)
        return True

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

    def _run(self) -> None:
        try:
            with self._changed:
                while not self._stopped and (left := self._begin - time.monotonic()) > 0:
                    self._changed.wait(left)
            while self._goes_on():
                self._work()
        except QuothError as error:
            _logger.warning("Some passages have no vectors yet and are found by their words alone: %s", error)
            self._fail(error)
        except Exception as error:
            # When the process ends, the embedder's threads end before this one: nothing is wrong then.
            if threading.main_thread().is_alive():
                _logger.exception("Passages could not be embedded.")
            self._fail(QuothError(f"Passages could not be embedded: {error}"))

    def _goes_on(self) -> bool:
        """Whether there is more to do; if not, the thread counts as ended from now on."""
        with self._changed:
            if self._stopped or not self._again:
                self._thread = None
                return False
            self._again = False
            return True

    def _fail(self, error: QuothError) -> None:
        self.change.fail(error)
        with self._changed:
            self._failure = error
            self._thread = None
            self._changed.notify_all()

    def _work(self) -> None:
        self.change.begin()
        try:
            with self._turn:
                while (limit := self._limit()) and (self._embed(limit) or self.change.step(limit)):
                    with self._changed:
                        self._changed.notify_all()
        except filelock.Timeout:
            # Another process embeds; when it is killed, this one has to go on.
            self._pause(self._timing.poll_seconds)
            if self._store.waiting() or self.change.asked:
                self._again = True
        except PermissionError as error:
            folder = self._store.path.parent
            raise LibraryError(f"The library {folder} can't be changed: {error.strerror}.") from error

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

    def _pause(self, seconds: float) -> None:
        with self._changed:
            if not self._stopped:
                self._changed.wait_for(lambda: self._stopped, seconds)
