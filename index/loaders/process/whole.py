"""A file that is read once more, with its pictures, in a process of its own that can be stopped."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from index.documents.document import DEFAULT_COLLECTION, Document
from index.errors import DocumentError
from index.loaders.process.isolation import as_item
from index.loaders.process.processes import START_SECONDS, Ended, Limits, Worker


class WholeReading:
    """One reading of the file at `path`, or of what is at `inner` in it, if it has that SHA-256 still."""

    def __init__(self, path: Path, inner: str, sha256: str, name: str, limits: Limits) -> None:
        self._request = {"path": str(path), "name": name, "skip": 0, "archive": asdict(limits.archive)}
        self._asked = {"inner": inner, "sha256": sha256}
        self._path = path
        self._name = name
        self._limits = limits
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._stopped = False

    def result(self, step: Callable[[int, int], None]) -> Document | DocumentError | None:
        """The document, or why it can't be read; None after `stop`. `step` gets pictures done and all."""
        with self._lock:
            if self._stopped:
                return None
            worker = self._worker = Worker(self._limits)
        try:
            return self._answer(worker, step)
        except Ended as ended:
            return None if self._stopped else DocumentError(self._name, ended.reason)
        finally:
            with self._lock:
                self._worker = None
            worker.close()

    def stop(self) -> None:
        """Ends the reading at once, from any thread."""
        with self._lock:
            self._stopped = True
            if self._worker:
                self._worker.end()

    def _answer(self, worker: Worker, step: Callable[[int, int], None]) -> Document | DocumentError:
        seconds = self._limits.seconds
        with suppress(OSError):
            seconds = self._limits.allowed(self._path.stat().st_size)
        worker.receive(self._name, START_SECONDS)
        worker.send({**self._request, "whole": self._asked})
        while True:
            message = worker.receive(self._name, seconds)
            if "page" in message:
                step(message["page"], message["pages"])
            elif "began" not in message:
                return as_item(message, DEFAULT_COLLECTION)
