"""A watched folder: synced at the start, whenever something in it changes, and now and then anyway."""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from index.documents.document import DEFAULT_COLLECTION
from index.documents.names import shown
from index.errors import QuothError
from index.intake.folder import below
from index.intake.sync import sync_folder
from index.library.library import Library
from index.library.outcome import Outcome
from index.loaders import Limits

# How many of the files that can't be read the status names.
_FAILURES = 5

_log = logging.getLogger(__name__)

WatchState = Literal["starting", "syncing", "watching", "missing", "error", "stopped"]


@dataclass(frozen=True, slots=True)
class WatchTiming:
    """How long a watcher waits for what; tests pass shorter times."""

    # A burst of changes has ended when nothing has changed for so long, or when it has lasted so long.
    quiet_milliseconds: int = 300
    longest_burst_milliseconds: int = 5_000
    # A file is left alone until it has been the same for so long: a large one may be half copied.
    settle_seconds: float = 1.0
    # How often to check whether the folder is still the one that is watched.
    look_seconds: float = 2.0
    # Network drives report no changes, and other reports may be lost: so often the folder is synced anyway.
    anyway_seconds: float = 300.0
    stop_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """The status of a watched folder.

    `files`: how many of its files can be asked about; `failed`: how many can't be read, the first of which
    are `failures`. `message` says what is wrong in the states missing and error, in which syncing is retried.
    `synced` is the time of the last whole sync, empty before the first. In the state syncing `read` of the
    `reading` files that are new or have changed have been read.
    """

    folder: str
    collection: str
    state: WatchState = "starting"
    files: int = 0
    failed: int = 0
    message: str = ""
    synced: str = ""
    reading: int = 0
    read: int = 0
    failures: tuple[Outcome, ...] = ()


class Watcher:
    """Keeps a library equal to a folder from a thread of its own, until `stop`.

    `report` is called with every file that changed, `on_status` with every new status. No error ends the
    watching.
    """

    def __init__(
        self,
        library: Library,
        folder: Path | str,
        collection: str = DEFAULT_COLLECTION,
        report: Callable[[Outcome], None] | None = None,
        on_status: Callable[[WatchStatus], None] | None = None,
        limits: Limits = Limits(),
        timing: WatchTiming = WatchTiming(),
    ) -> None:
        self._library = library
        self._folder = os.path.realpath(Path(folder).expanduser())
        self._collection = collection
        self._report = report
        self._on_status = on_status
        self._limits = limits
        self._timing = timing
        self._stopping = threading.Event()
        self._own = os.path.realpath(library.folder)
        self._failed: dict[str, Outcome] = {}
        self.status = WatchStatus(shown(self._folder), collection)
        self._reported = self.status
        self._thread = threading.Thread(target=self._run, name="quoth-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends the watching; a running sync stops after the document that is being written."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(self._timing.stop_seconds)
        self._become("stopped")

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                for _ in self._causes():
                    self._sync()
            except _WatchEnded:
                return
            except QuothError as error:
                self._become("error" if Path(self._folder).is_dir() else "missing", str(error))
            except Exception as error:
                if self._stopping.is_set():
                    return  # the library was closed during a long sync
                # No error of the system or of a file may end the watching.
                _log.exception("The folder %s could not be synced", self.status.folder)
                self._become("error", f"The folder {self.status.folder} could not be synced: {error}")
            self._stopping.wait(self._timing.look_seconds)

    def _causes(self) -> Iterator[None]:
        """Yields whenever there is cause to sync; ends when the folder is no longer the one it was."""
        from watchfiles import watch

        watched = _identity(self._folder)
        yield
        quiet = self._timing.anyway_seconds  # something may have changed before the watching begins
        for changes in watch(
            self._folder,
            watch_filter=lambda _, path: not below(path, self._own),
            debounce=self._timing.longest_burst_milliseconds,
            step=self._timing.quiet_milliseconds,
            stop_event=self._stopping,
            rust_timeout=round(1000 * self._timing.look_seconds),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            if _identity(self._folder) != watched:
                return
            quiet += self._timing.look_seconds
            if changes or quiet >= self._timing.anyway_seconds:
                quiet = 0.0
                yield

    def _sync(self) -> None:
        """Syncs until no file is being written any more."""
        while self._sync_once():
            if self._stopping.wait(self._timing.settle_seconds):
                raise _WatchEnded

    def _sync_once(self) -> bool:
        """Syncs the folder; returns whether some files are being written and have to be read later."""
        self._become("syncing")
        counts = {"failed": 0, "waiting": 0, "asked": 0}
        failed: dict[str, Outcome] = {}
        unread: set[str] = set()

        def planned(names: Sequence[str]) -> None:
            unread.update(names)
            self.status = replace(self.status, reading=len(unread))

        for one in sync_folder(
            self._library,
            self._folder,
            self._collection,
            settle=self._timing.settle_seconds,
            progress=self._go_on,
            planned=planned,
            limits=self._limits,
        ):
            self._go_on()
            counts[one.status if one.status in counts else "asked"] += one.status not in ("removed", "kept")
            if one.status == "failed":
                failed[one.name] = one
            unread -= {one.name, *map(str, PurePosixPath(one.name).parents)}  # it may stand in an archive
            self.status = replace(self.status, read=self.status.reading - len(unread))
            self._report_news(one)
        self._failed = failed
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.status = replace(
            self.status,
            files=counts["asked"],
            failed=counts["failed"],
            failures=tuple(failed.values())[:_FAILURES],
            synced=now,
        )
        self._become("watching")
        return counts["waiting"] > 0

    def _report_news(self, one: Outcome) -> None:
        """Reports news: a file that still can't be read for the same reason is none."""
        if one.status in ("unchanged", "waiting") or self._failed.get(one.name) == one:
            return
        reason = f": {one.reason}" if one.reason else ""
        _log.info("%s %s in %s%s", one.status, one.name, self.status.folder, reason)
        if self._report:
            self._report(one)

    def _become(self, state: WatchState, message: str = "") -> None:
        before = self.status
        self.status = replace(before, state=state, message=message, reading=0, read=0)
        # Syncing is not reported: the next status says what came of it, unless that is nothing.
        if state == "syncing" or replace(self.status, synced="") == self._reported:
            return
        self._reported = replace(self.status, synced="")
        if message and message != before.message:
            _log.info("%s", message)
        if self._on_status:
            self._on_status(self.status)

    def _go_on(self, _name: str = "", _share: float = 0.0) -> None:
        if self._stopping.is_set():
            raise _WatchEnded


class _WatchEnded(Exception):
    """Ends a running sync."""


def _identity(folder: str) -> tuple[int, int] | None:
    """What identifies the folder, to notice another one in its place; None when there is none."""
    try:
        status = Path(folder).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
