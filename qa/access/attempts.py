"""Who failed to sign in has to wait a little before the next try, longer each time, but never for long."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class Attempts:
    """Failures by who made them; every method may be called from any thread."""

    def __init__(
        self,
        free: int = 5,
        longest: float = 60.0,
        most: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`free` failures cost nothing; the wait then doubles from one second up to `longest`.

        Those of the latest `most` are remembered, and forgotten after ten times `longest` without another.
        """
        self._free, self._longest, self._most, self._clock = free, longest, most, clock
        self._failed: OrderedDict[Hashable, tuple[int, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, who: Hashable) -> float:
        """Seconds until the next try; 0 when it may be now."""
        with self._lock:
            number, last = self._failed.get(who, (0, 0.0))
        if number < self._free:
            return 0.0
        pause = min(self._longest, 2.0 ** min(number - self._free, 30))
        return max(0.0, last + pause - self._clock())

    def failed(self, who: Hashable) -> None:
        now = self._clock()
        with self._lock:
            number, last = self._failed.pop(who, (0, now))
            self._failed[who] = (number + 1 if now - last < 10 * self._longest else 1, now)
            while len(self._failed) > self._most:
                self._failed.popitem(last=False)

    def succeeded(self, who: Hashable) -> None:
        with self._lock:
            self._failed.pop(who, None)
