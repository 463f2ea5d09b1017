"""Half of a long piece of work, done at the same time by a copy of this process.

The copy is under the limits of this process and ends with it; the memory that the limit leaves is halved.
"""

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar

FEWEST = 60  # pieces of work; under these the copy costs more than it saves
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl
_MOST_FILES = 256  # that the process has open

_T = TypeVar("_T")
_allowed = False


def allow() -> None:
    """Says that this process may be copied: it has one thread, and nothing that two must not share."""
    global _allowed
    _allowed = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def in_order(work: Callable[[int], _T], count: int) -> list[_T]:
    """`work` on every number below `count`, the second half of them in a copy where that is allowed.

    Should the copy fail, all is done here, so that it ends as it would have ended without one.
    """
    if _allowed and count >= FEWEST:
        try:
            with _half_the_memory(), _copy(work, count // 2, count) as results:
                first = [work(number) for number in range(count // 2)]
                second: list[_T] = pickle.load(results)  # noqa: S301 (a copy of this very process wrote it)
                return first + second
        except (MemoryError, OSError, EOFError, pickle.UnpicklingError):
            pass
    return [work(number) for number in range(count)]


@contextmanager
def _copy(work: Callable[[int], object], start: int, end: int) -> Iterator[BinaryIO]:
    """What a copy of this process says of the numbers from `start` to before `end`, pickled."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as results:
        parent = os.getpid()
        try:
            copy = os.fork()
            if not copy:
                _do(work, start, end, writing, parent)
        finally:
            os.close(writing)
        try:
            yield results
        finally:
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)


def _do(work: Callable[[int], object], start: int, end: int, writing: int, parent: int) -> NoReturn:
    """All that the copy does."""
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() == parent:
            # Whoever reads what the parent writes has to see its end, whether the copy runs or not.
            os.closerange(0, writing)
            os.closerange(writing + 1, _MOST_FILES)
            with os.fdopen(writing, "wb") as results:
                pickle.dump([work(number) for number in range(start, end)], results)
    finally:
        os._exit(0)


@contextmanager
def _half_the_memory() -> Iterator[None]:
    """Inside, this process and a copy of it may take half each of what its limit leaves."""
    import resource

    limit, most = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (limit - used) // 2, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))
