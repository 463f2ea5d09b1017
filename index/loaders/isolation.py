"""Files to Documents in a process of their own, with limits on time and memory.

Parsers in C crash, and hostile files make any parser slow or greedy; here such a file costs an error. The
process is kept and used again, so that starting it (0.3 s) is paid once; short plain text is read right here.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.document import DEFAULT_COLLECTION, Document, Heading
from index.errors import DocumentError, SettingError
from index.loaders.digests import Digest, digests
from index.loaders.kinds import is_plain
from index.loaders.load import MAX_BYTES, clean_name, load_all, read
from index.loaders.worker import OUT_OF_MEMORY

MAX_PLAIN_BYTES = 32 * 1024  # of text that is read in this process: 0.01 s, and 2 s of the worst Markdown
BYTES_A_LIMIT = 16 * 1024 * 1024  # a larger file may take the time limit once more for each such piece
ARCHIVE_LIMITS = 10  # times the limit of one file, for all files of an archive together
IDLE_SECONDS = 60.0  # after which an unused process ends and gives its memory back
MAX_IDLE = 2
START_SECONDS = 60.0  # for the process to start, on however busy a machine

_CODE = "import sys; from index.loaders.worker import main; main(int(sys.argv[1]), int(sys.argv[2]))"


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take.

    `seconds`: by the clock; a file in an archive counts by itself, and a larger file has more (a limit for
    each 16 MiB). An ordinary report takes well under one second, a thousand pages ten.
    `megabytes`: the address space of the process that reads, where the system can limit it (Linux does);
    about 500 of it are the programs themselves. Two processes that read one long file share the rest.
    """

    seconds: float = 60.0
    megabytes: int = 2048

    def __post_init__(self) -> None:
        if not 0.1 <= self.seconds <= 86_400:
            raise SettingError(f"the time limit is {self.seconds} s, but must be from 0.1 to 86,400.")
        if self.megabytes < 768:
            raise SettingError(f"the memory limit is {self.megabytes} MiB, but must be 768 or more.")

    def allowed(self, size: int) -> float:
        """Seconds for one file of `size` bytes."""
        return self.seconds * (1 + size // BYTES_A_LIMIT)


def extract(
    path: Path,
    *,
    name: str | None = None,
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
    only: Sequence[int] | None = None,
) -> Iterator[Document | DocumentError]:
    """Like `load_all`, but nothing in the file can hold up or end this process; `only` in rising order."""
    name = clean_name(path.name if name is None else name)
    size = _size(path)
    if not sys.executable or not size or size > MAX_BYTES or _is_short_text(path, size):
        yield from load_all(path, name=name, collection=collection, metadata=metadata, only=only)
        return
    request = {"path": str(path), "collection": collection, "metadata": dict(metadata or {}), "only": only}
    for message in _messages(request, name, limits, size, only):
        yield _item(message, collection)


def look_into(path: Path, name: str, limits: Limits = Limits()) -> Iterator[Digest | DocumentError]:
    """Like `digests`, but nothing in the archive can hold up or end this process."""
    if not sys.executable:
        yield from digests(path, name)
        return
    for message in _messages({"path": str(path), "digests": True}, name, limits, _size(path)):
        yield _error(message) if "error" in message else Digest(**message)


def _messages(
    request: Mapping[str, Any], name: str, limits: Limits, size: int, only: Sequence[int] | None = None
) -> Iterator[dict[str, Any]]:
    """What workers say of a file of that name and size; after one has ended, the next goes on behind it."""
    done = 0
    budget = _Budget(ARCHIVE_LIMITS * limits.allowed(size))
    while True:
        skip = only[done - 1] + 1 if only and done else done
        asked = {**request, "name": name, "skip": skip}
        try:
            for message in _answers(asked, limits, limits.allowed(size), budget):
                done += 1
                yield message
            return
        except _Ended as ended:
            yield {"name": ended.name or name, "error": ended.reason}
            done += 1
            if not ended.name or ended.name == name:
                return
            if budget.seconds <= 0:
                reason = f"reading all of it took longer than {ARCHIVE_LIMITS} times the limit"
                yield {"name": name, "error": reason}
                return


def close() -> None:
    """Ends the processes that wait for work; the next file starts one again."""
    with _lock:
        waiting, _idle[:] = list(_idle), []
    for worker in waiting:
        worker.close()


@dataclass(slots=True)
class _Budget:
    """The seconds that may still be waited for an archive; what the caller does in between is not counted."""

    seconds: float


class _Ended(Exception):
    """The process has ended before its time; `name` is what it was reading."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name
        self.reason = reason


class _Worker:
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
        """The next message; _Ended when there is none within `seconds`, and the process is gone then."""
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
            raise _Ended(name, self._reason(seconds))
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
_idle: list[_Worker] = []


def _answers(
    request: Mapping[str, Any], limits: Limits, seconds: float, budget: _Budget
) -> Iterator[dict[str, Any]]:
    """What a worker says of each document in the file; the worker is ready for the next file then."""
    worker, message = _asked(request, limits, seconds)
    usable = False
    name = ""
    try:
        while "done" not in message:
            if "began" in message:
                name = message["began"]
            else:
                yield message
                name = ""
            began = time.monotonic()
            try:
                message = worker.receive(name, min(seconds, max(budget.seconds, 0.1)))
            finally:
                budget.seconds -= time.monotonic() - began
        usable = not message["last"]
    finally:
        if usable:
            _give_back(worker)
        else:
            worker.close()


def _asked(request: Mapping[str, Any], limits: Limits, seconds: float) -> tuple[_Worker, dict[str, Any]]:
    """A worker at work on the file, and the first that it says."""
    worker = _take(limits) or _started(limits)
    while True:
        worker.send(request)
        try:
            return worker, worker.receive("", seconds)
        except _Ended:
            if not worker.idle_since:
                raise
            worker = _started(limits)  # it was gone before it got the file


def _take(limits: Limits) -> _Worker | None:
    """A worker that waits, if there is one."""
    with _lock:
        for worker in _idle:
            if worker.limits == limits and worker.owner == os.getpid():
                _idle.remove(worker)
                return worker
    return None


def _started(limits: Limits) -> _Worker:
    worker = _Worker(limits)
    worker.receive("", START_SECONDS)
    return worker


def _give_back(worker: _Worker) -> None:
    worker.idle_since = time.monotonic()
    with _lock:
        _idle.append(worker)
        surplus = _idle.pop(0) if len(_idle) > MAX_IDLE else None
    if surplus:
        surplus.close()
    _later(_end_idle)


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


def _item(message: Mapping[str, Any], collection: str) -> Document | DocumentError:
    if "error" in message:
        return _error(message)
    return Document(
        name=message["name"],
        text=message["text"],
        title=message["title"],
        pages=tuple(message["pages"]),
        headings=tuple(Heading(*heading) for heading in message["headings"]),
        collection=collection,
        metadata=message["metadata"],
    )


def _error(message: Mapping[str, Any]) -> DocumentError:
    return DocumentError(message["name"], message["error"])


def _size(path: Path) -> int:
    """The size of a file; 0 for what is none, of which `load_all` says why."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except (OSError, ValueError):
        return 0


def _is_short_text(path: Path, size: int) -> bool:
    if size > MAX_PLAIN_BYTES:
        return False
    try:
        return is_plain(read(path, path.name), path.suffix.lower())
    except DocumentError:
        return True  # load_all says why
