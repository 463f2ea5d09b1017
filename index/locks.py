"""Locks: of many readers or one writer in a process, and of the one writer of a library in all processes.

`Library` lists all locks of a library and the order in which they are taken.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from index.errors import LibraryBusy, LibraryError


class SharedLock:
    """Many readers or one writer; a waiting writer goes before new readers.

    A thread that holds it may not take it again: a reader would wait for a writer that waits for this very
    reader. RuntimeError at once, whether or not a writer waits now.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._readers: set[int] = set()
        self._writer = 0
        self._waiting = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        thread = threading.get_ident()
        with self._condition:
            self._refuse_nested(thread)
            self._condition.wait_for(lambda: not self._writer and not self._waiting)
            self._readers.add(thread)
        try:
            yield
        finally:
            with self._condition:
                self._readers.discard(thread)
                self._condition.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        thread = threading.get_ident()
        with self._condition:
            self._refuse_nested(thread)
            self._waiting += 1
            try:
                self._condition.wait_for(lambda: not self._writer and not self._readers)
            finally:
                self._waiting -= 1
            self._writer = thread
        try:
            yield
        finally:
            with self._condition:
                self._writer = 0
                self._condition.notify_all()

    def _refuse_nested(self, thread: int) -> None:
        if thread in self._readers or thread == self._writer:
            raise RuntimeError("This thread holds the lock already, and would wait for itself.")


class WriteLock:
    """The right to write to the library in `folder`, for one thread of one process; it may be nested."""

    def __init__(self, folder: Path, seconds: float = 60.0) -> None:
        self._folder = folder
        self._seconds = seconds
        self._thread = threading.RLock()
        self._process = filelock.FileLock(folder / "write.lock", timeout=seconds, thread_local=False)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Waits for the other threads, and for the other processes; LibraryBusy when those take too long.

        LibraryError where the library may only be read.
        """
        with self._thread:
            try:
                self._process.acquire()
            except filelock.Timeout as error:
                raise LibraryBusy(
                    f"Another program has held the library {self._folder} for {self._seconds:.0f} s. "
                    "Try again when it has finished."
                ) from error
            except OSError as error:
                raise LibraryError(
                    f"The library {self._folder} can't be changed: {error.strerror}."
                ) from error
            try:
                yield
            finally:
                self._process.release()

    @contextmanager
    def if_free(self) -> Iterator[bool]:
        """Doesn't wait; whether this thread may write inside."""
        if not self._thread.acquire(blocking=False):
            yield False
            return
        try:
            try:
                self._process.acquire(timeout=0)
            except (filelock.Timeout, OSError):
                # Where the library may only be read, nobody may write.
                yield False
                return
            try:
                yield True
            finally:
                self._process.release()
        finally:
            self._thread.release()
