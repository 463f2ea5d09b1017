"""What is done to a library in the background: in a thread of its own, and in one process at a time."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import filelock

from index.errors import LibraryError, QuothError
from index.library.timing import Timing

Progress = Callable[[str, float], None]

_logger = logging.getLogger(__name__)


class BackgroundWorker(ABC):
    """A thread that makes step after step, and ends when there is nothing more to do.

    Of all processes with one library that of the file `lock` works; the others look again. `undone` says in a
    sentence what an error leaves undone.
    """

    def __init__(self, name: str, lock: Path, undone: str, timing: Timing) -> None:
        self._name = name
        self._folder = lock.parent
        self._undone = undone
        self._timing = timing
        self._turn = filelock.FileLock(lock, timeout=0, thread_local=False)
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._again = False
        self._begin = 0.0
        self._stopped = False
        self._failure: QuothError | None = None

    @abstractmethod
    def _step(self) -> bool:
        """Does some of the work; whether there was any. Called in turn with other processes."""

    @abstractmethod
    def _left(self) -> bool:
        """Whether there is anything to do."""

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
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    @property
    def failure(self) -> QuothError | None:
        """The error that ended the work; None after it has been started again."""
        with self._changed:
            return self._failure

    def stop(self) -> None:
        """Ends after the step that is being made; what is left is done at the next opening."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            thread = self._thread
        if thread and thread is not threading.current_thread():
            thread.join()

    def _wait(
        self, share: Callable[[], tuple[str, float]], timeout: float | None, progress: Progress | None
    ) -> bool:
        """Waits until the share that is done, with what is being done, is 1; False when that takes longer."""
        end = time.monotonic() + timeout if timeout is not None else None
        self.start()
        while (doing := share())[1] < 1.0:
            if progress:
                progress(*doing)
            with self._changed:
                idle = not self._thread and not self._failure
            if idle:  # what another process has begun, and left
                self.start()
            with self._changed:
                if self._stopped or (end is not None and time.monotonic() >= end):
                    return False
                self._changed.wait(self._timing.poll_seconds)
        if progress:
            progress("", 1.0)
        return True

    def _run(self) -> None:
        try:
            with self._changed:
                while not self._stopped and (left := self._begin - time.monotonic()) > 0:
                    self._changed.wait(left)
            while self._goes_on():
                self._work()
        except QuothError as error:
            _logger.warning("%s: %s", self._undone, error)
            self._fail(error)
        except Exception as error:
            # When the process ends, other threads end before this one: nothing is wrong then.
            if threading.main_thread().is_alive():
                _logger.exception("%s.", self._undone)
            # Without the path on this machine, which people see elsewhere.
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            self._fail(QuothError(f"{self._undone}: {reason}."))

    def _goes_on(self) -> bool:
        """Whether there is more to do; if not, the thread counts as ended from now on."""
        with self._changed:
            if self._stopped or not self._again:
                self._thread = None
                self._changed.notify_all()
                return False
            self._again = False
            return True

    def _fail(self, error: QuothError) -> None:
        with self._changed:
            self._failure = error
            self._thread = None
            self._changed.notify_all()

    def _work(self) -> None:
        try:
            with self._turn:
                while self._step():
                    with self._changed:
                        self._changed.notify_all()
        except filelock.Timeout:
            # Another process works; when it is killed, this one has to go on.
            self._pause(self._timing.poll_seconds)
            if self._left():
                self._again = True
        except PermissionError as error:
            raise LibraryError(f"The library {self._folder} can't be changed: {error.strerror}.") from error

    def _pause(self, seconds: float) -> None:
        with self._changed:
            if not self._stopped:
                self._changed.wait_for(lambda: self._stopped, seconds)
