"""Processes that read files, kept for the next ones: started, asked, timed, given back, and ended."""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from index.errors import SettingError
from index.loaders.archive_limits import ArchiveLimits
from index.loaders.load import MAX_BYTES
from index.loaders.process.worker import OUT_OF_MEMORY

BYTES_A_LIMIT = 16 * 1024 * 1024  # a larger file may take the time limit once more for each such piece
IDLE_SECONDS = 60.0  # after which an unused process ends and gives its memory back
MAX_IDLE = 2
START_SECONDS = 60.0  # for the process to start, on however busy a machine
_CODE = "import sys; from index.loaders.process.worker import main; main(int(sys.argv[1]), int(sys.argv[2]))"


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take.

    `seconds`: by the clock; a file in an archive counts by itself, and a larger file has more (a limit for
    each 16 MiB). An ordinary report takes well under one second, a thousand pages ten.
    `megabytes`: the address space of the process that reads, where the system can limit it (Linux does);
    about 500 of it are the programs themselves. Two processes that read one long file share the rest.
    `archive`: how much of an archive is unpacked.
    """

    seconds: float = 60.0
    megabytes: int = 2048
    archive: ArchiveLimits = field(default_factory=ArchiveLimits)

    def __post_init__(self) -> None:
        if not 0.1 <= self.seconds <= 86_400:
            raise SettingError(f"the time limit is {self.seconds} s, but must be from 0.1 to 86,400.")
        if self.megabytes < 768:
            raise SettingError(f"the memory limit is {self.megabytes} MiB, but must be 768 or more.")

    def allowed(self, size: int) -> float:
        """Seconds for one file of `size` bytes."""
        return self.seconds * (1 + size // BYTES_A_LIMIT)


class Ended(Exception):
    """The process has ended before its time; `name` is what it was reading."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason


class Worker:
    """One process, used by one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.owner = os.getpid()
        self.idle_since = 0.0
        # The paths of this process, without the current folder, whose files may be named like modules.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        arguments = [str(limits.megabytes), str(int(limits.allowed(MAX_BYTES)) + 1)]
        self._process = subprocess.Popen(  # noqa: S603 (our own program, and two numbers)
            [sys.executable, "-P", "-c", _CODE, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._timed_out = False

    def send(self, request: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):  # that it has ended shows when its answer is read
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def receive(self, name: str, seconds: float) -> dict[str, Any]:
        """The next message; Ended when there is none within `seconds`, and the process is gone then."""
        assert self._process.stdout is not None
        watch = threading.Timer(seconds, self._stop)
        watch.daemon = True
        watch.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watch.cancel()
        if not line.endswith(b"\n"):
            self.close()
            raise Ended(name, self._reason(seconds))
        message: dict[str, Any] = json.loads(line)
        return message

    def close(self) -> None:
        """Ends the process, whatever it does, and waits until it is gone."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    def end(self) -> None:
        """Ends the process while another thread waits for what it says: that gets Ended."""
        self._process.kill()

    def _stop(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _reason(self, seconds: float) -> str:
        if self._timed_out:
            return f"reading it takes longer than {seconds:.3g} s, which is the limit"
        if self._process.returncode == OUT_OF_MEMORY:
            return f"reading it takes more memory than {self.limits.megabytes:,} MiB, which is the limit"
        return f"its reader crashed (exit status {self._process.returncode}); the file is damaged or hostile"


_lock = threading.Lock()
_idle: list[Worker] = []


def asked(request: Mapping[str, Any], limits: Limits, seconds: float) -> tuple[Worker, dict[str, Any]]:
    """A worker at work on the file, and the first that it says."""
    worker = _take(limits) or _started(limits)
    while True:
        worker.send(request)
        try:
            return worker, worker.receive("", seconds)
        except Ended:
            if not worker.idle_since:
                raise
            worker = _started(limits)  # it was gone before it got the file


def _take(limits: Limits) -> Worker | None:
    """A worker that waits, if there is one."""
    with _lock:
        for worker in _idle:
            if worker.limits == limits and worker.owner == os.getpid():
                _idle.remove(worker)
                return worker
    return None


def _started(limits: Limits) -> Worker:
    worker = Worker(limits)
    worker.receive("", START_SECONDS)
    return worker


def give_back(worker: Worker) -> None:
    worker.idle_since = time.monotonic()
    with _lock:
        _idle.append(worker)
        surplus = _idle.pop(0) if len(_idle) > MAX_IDLE else None
    if surplus:
        surplus.close()
    _later(_end_idle)


def close() -> None:
    """Ends the processes that wait for work; the next file starts one again."""
    with _lock:
        waiting, _idle[:] = list(_idle), []
    for worker in waiting:
        worker.close()


def _end_idle() -> None:
    """Ends the processes that nobody has used for a while."""
    before = time.monotonic() - IDLE_SECONDS
    with _lock:
        old = [worker for worker in _idle if worker.idle_since <= before]
        _idle[:] = [worker for worker in _idle if worker not in old]
        again = bool(_idle)
    for worker in old:
        worker.close()
    if again:
        _later(_end_idle)


def _later(action: Any) -> None:
    global _timer
    with _lock:
        if _timer is None or not _timer.is_alive() or threading.current_thread() is _timer:
            _timer = threading.Timer(IDLE_SECONDS + 1, action)
            _timer.daemon = True
            _timer.start()


_timer: threading.Timer | None = None
atexit.register(close)
