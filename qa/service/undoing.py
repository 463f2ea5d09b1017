"""Deleting documents so that it can be undone for a while.

They are gone from the disk and from every answer at once; what is needed to put them back is in memory.
"""

import logging
import secrets
import threading
from collections.abc import Sequence

from index import Library, Outcome, QuothError
from index.library.removed import Removed

SECONDS = 120.0
_ROOM = 20_000_000  # characters of all documents that can be put back

_logger = logging.getLogger(__name__)


class Undoing:
    """What was deleted last and can still be put back; every method may be called from any thread."""

    def __init__(self, library: Library, seconds: float = SECONDS, room: int = _ROOM) -> None:
        self._library = library
        self._seconds = seconds
        self._room = room
        self._lock = threading.Lock()
        self._removed: dict[str, list[Removed]] = {}
        self._timers: dict[str, threading.Timer] = {}

    def close(self) -> None:
        """Lets everything go: nothing can be put back any more."""
        for key in list(self._timers):
            self._forget(key)

    def remove(self, document_ids: Sequence[str]) -> str:
        """Removes the documents; what `put_back` takes for it, empty when it can't be undone.

        UnknownDocument, before anything is removed, when one is not there.
        """
        removed = self._library.take_out(document_ids)
        key = secrets.token_urlsafe(12)
        with self._lock:
            taken = sum(len(one.document.text) for some in self._removed.values() for one in some)
            fits = taken + sum(len(one.document.text) for one in removed) <= self._room
            if fits:
                self._removed[key] = removed
        if not fits:
            self._library.forget(removed)
            return ""
        timer = threading.Timer(self._seconds, self._forget, (key,))
        timer.daemon = True
        self._timers[key] = timer
        timer.start()
        return key

    def put_back(self, key: str) -> list[Outcome]:
        """Adds the documents again, durably; none when it was too late or has been done."""
        removed = self._taken(key)
        if not removed:
            return []
        outcomes = self._library.put_back(removed)
        self._library.forget(removed)
        return outcomes

    def _forget(self, key: str) -> None:
        removed = self._taken(key)
        if removed:
            try:
                self._library.forget(removed)
            except QuothError as error:
                _logger.warning("Copies of deleted files go with the next change: %s", error)

    def _taken(self, key: str) -> list[Removed]:
        with self._lock:
            if timer := self._timers.pop(key, None):
                timer.cancel()
            return self._removed.pop(key, [])
