"""Who asks in which of Gradio's sessions: its queue answers when the request that asked is over."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from qa.service.queueing import Asker


class Sessions:
    """The askers of every session; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._askers: dict[str, list[Asker]] = {}

    @contextmanager
    def asker(self, session: str | None) -> Iterator[Asker]:
        """Somebody who asks in that session, and leaves with it."""
        asker, name = Asker(), session or ""
        with self._lock:
            self._askers.setdefault(name, []).append(asker)
        try:
            yield asker
        finally:
            with self._lock:
                self._askers[name].remove(asker)
                if not self._askers[name]:
                    del self._askers[name]

    def leave(self, session: str) -> None:
        """Nobody listens to that session any more."""
        with self._lock:
            askers = list(self._askers.get(session, ()))
        for asker in askers:
            asker.leave()
