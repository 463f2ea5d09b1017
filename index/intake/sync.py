"""A folder into a library, again and again: what changed there changes here; nothing is embedded twice."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import filelock

from index.documents.document import DEFAULT_COLLECTION, normalise
from index.documents.names import free_name, shown
from index.errors import LibraryBusy
from index.intake.archives import Archive
from index.intake.folder import FoundFile, around, name_in
from index.intake.loading import BEING_WRITTEN, Loading, full_reason
from index.intake.look import Looked, look, look_into
from index.intake.plan import (
    Move,
    Plan,
    check_same_folder,
    compare,
    is_settled,
    readable_kinds,
    suspects,
)
from index.library.library import Library, Progress
from index.library.outcome import Outcome, Status
from index.loaders import Limits
from index.store.synced_files import SyncedFile, SyncedFiles

Planned = Callable[[Sequence[str]], None]


def sync_folder(
    library: Library,
    folder: Path | str,
    collection: str = DEFAULT_COLLECTION,
    *,
    dry_run: bool = False,
    delete_all: bool = False,
    settle: float = 0.0,
    progress: Progress | None = None,
    planned: Planned | None = None,
    limits: Limits = Limits(),
    lock_seconds: float = 10.0,
) -> Iterator[Outcome]:
    """Makes the library's part that comes from `folder` equal to it, and says what became of each file.

    What has been yielded is on disk and can be found by its words; vectors follow in the background. An
    interrupted sync goes on with the rest when it is run again. A dry run changes nothing. Files changed in
    the last `settle` seconds are left for the next time. FolderError, before anything is changed, when every
    file is gone, as of a disk that is not mounted, unless `delete_all` says that this is meant. `planned`
    gets the names of the files that have to be read, before the first of them is. LibraryBusy when another
    sync of the library is still running after `lock_seconds`.
    """
    sync = _Sync(
        library, os.path.realpath(Path(folder).expanduser()), normalise(collection), delete_all, limits
    )
    if dry_run:
        yield from sync.outlook(settle)
        return
    with _alone(library, lock_seconds):
        yield from sync.run(settle, progress, planned)


@contextmanager
def _alone(library: Library, seconds: float) -> Iterator[None]:
    lock = filelock.FileLock(library.folder / "sync.lock", timeout=seconds, thread_local=False)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise LibraryBusy(
            f"Another sync into the library {library.folder} is at work. Try again when it has finished."
        ) from error
    try:
        yield
    finally:
        lock.release()


class _Sync:
    def __init__(
        self, library: Library, folder: str, collection: str, delete_all: bool, limits: Limits
    ) -> None:
        self._library = library
        self._folder = folder
        self._delete_all = delete_all
        self._limits = limits
        self._files = SyncedFiles(library.store, collection)

    def outlook(self, settle: float) -> Iterator[Outcome]:
        """What `run` would say, as far as archives show without loading what is new."""
        plan, looked = self._plan(settle)
        yield from self._standing(plan, looked)
        yield from (self._moved(move, move.was.document_id) for move in plan.moved)
        yield from (_expected(found, "added") for found in plan.new)
        yield from (_expected(found, "replaced") for found in plan.changed)
        for file in (*plan.gone, *plan.displaced):
            yield from self._parting(file)

    def run(self, settle: float, progress: Progress | None, planned: Planned | None) -> Iterator[Outcome]:
        """New files first, gone ones last, so that no text is missing in between."""
        plan, looked = self._plan(settle)
        if planned:
            planned([found.name for found in (*plan.new, *plan.changed)])
        self._keep(plan.touched)
        yield from self._standing(plan, looked)
        yield from self._move(plan.moved)
        loading = Loading(self._files, self._folder, self._limits, progress)
        arrivals = chain(loading.arrivals(plan.new), loading.arrivals(plan.changed))
        yield from self._library.adding(arrivals, progress)
        yield from self._drop(self._really_gone(plan.gone))
        yield from self._drop(self._replaced(plan.displaced))
        self._settle(looked.archives)
        self._library.go_on_embedding()

    def _plan(self, settle: float) -> tuple[Plan, Looked]:
        known = self._files.below(self._folder)
        seen = look(self._folder, self._library.folder, known.values(), self._delete_all)
        suspected = suspects(known, seen, self._folder)
        looked = look_into(suspected.found, settle, self._limits)
        looked.unreadable.update(seen.unreadable)
        plan = compare(known, suspected, looked.files, looked.archives, looked.contents_of, self._folder)
        if not self._delete_all:
            check_same_folder(plan, known, self._folder)
        return plan, looked

    # Files with which there is nothing to be done

    def _keep(self, files: Sequence[SyncedFile]) -> None:
        if files:
            with self._library.store.transaction():
                for file in files:
                    self._files.put(file)

    def _standing(self, plan: Plan, looked: Looked) -> Iterator[Outcome]:
        for path, reason in looked.unreadable.items():
            yield Outcome(self._name(path), "failed", reason=f"it can't be opened: {reason}")
        for file in (*plan.unchanged, *plan.touched):
            if file.reason:
                yield Outcome(self._name(file.path), "failed", reason=full_reason(self._files, file))
            elif file.document_id:
                yield Outcome(self._name(file.path), "unchanged", file.document_id)
        for archive in looked.archives:
            if archive.reason:
                reason = full_reason(self._files, self._of_archive(archive))
                yield Outcome(archive.found.name, "failed", reason=reason)
        for found in looked.waiting:
            yield Outcome(found.name, "waiting", reason=BEING_WRITTEN)

    # Files that have moved

    def _move(self, moves: Sequence[Move]) -> Iterator[Outcome]:
        if not moves:
            return
        with self._library.changing():
            outcomes = [self._moved(move, self._carry(move)) for move in moves]
        yield from outcomes

    def _carry(self, move: Move) -> str:
        """Lets the document go with its file; its new id."""
        store, collection = self._library.store, self._files.collection
        info = store.find(collection, source=move.was.source)
        if not info:
            return ""  # removed by hand meanwhile: the next sync reads the file
        place = move.found.packed.archive.path if move.found.packed else move.found.path
        name = free_name(
            move.found.name,
            move.file.source,
            lambda name: name != info.name and store.find(collection, name=name) is not None,
        )
        self._files.drop(move.was.path)
        self._files.put(move.file)
        return store.move(info.id, name, move.file.source, {**info.metadata, "source": shown(place)})

    def _moved(self, move: Move, document_id: str) -> Outcome:
        return Outcome(move.found.name, "moved", document_id, reason=f"was {self._name(move.was.path)}")

    # Files that are gone

    def _really_gone(self, gone: Sequence[SyncedFile]) -> list[SyncedFile]:
        """Looks again: an editor that saves a file may remove it briefly, and a disk may be unplugged."""
        if not gone:
            return []
        seen = look(self._folder, self._library.folder, gone, self._delete_all)
        leaving = {file.path for file in gone}
        return [
            file
            for file in gone
            if file.path not in seen.files
            and seen.shows(file.path)
            and not any(place in leaving and place in seen.files for place in around(file.path, self._folder))
        ]

    def _replaced(self, displaced: Sequence[SyncedFile]) -> list[SyncedFile]:
        """Those in whose place is what can be read; the files of an archive stay until then."""
        replaced: list[SyncedFile] = []
        for file in displaced:
            holders = (self._files.get(place) for place in around(file.path, self._folder))
            holder = next(filter(None, holders), None)
            if holder is None or (holder.document_id and not holder.reason):
                replaced.append(file)
        return replaced

    def _drop(self, gone: Sequence[SyncedFile]) -> Iterator[Outcome]:
        if not gone:
            return
        outcomes: list[Outcome] = []
        with self._library.changing() as store:
            for file in filter(None, [self._files.get(file.path) for file in gone]):
                outcomes += self._parting(file)
                if file.synced:
                    store.remove(file.document_id)
                self._files.drop(file.path)
        yield from outcomes

    def _parting(self, file: SyncedFile) -> Iterator[Outcome]:
        """The outcome of a file that is gone: none if it has no document."""
        if file.synced:
            yield Outcome(self._name(file.path), "removed", file.document_id)
        elif file.document_id:
            reason = "its document was added by hand, and stays"
            yield Outcome(self._name(file.path), "kept", file.document_id, reason=reason)

    # Archives

    def _of_archive(self, archive: Archive) -> SyncedFile:
        path, contents = archive.found.path, archive.contents
        return SyncedFile(
            path, self._folder, contents.stamp, contents.sha256, archive.reason, readable_kinds()
        )

    def _settle(self, archives: Sequence[Archive]) -> None:
        """Keeps that all is known of those archives of which it is; the others are looked into again."""
        for archive in archives:
            known = self._files.below(archive.found.path)
            if all(_is_known(member, known.get(member.path)) for member in archive.members):
                self._files.put(self._of_archive(archive))

    def _name(self, path: str) -> str:
        return name_in(self._folder, path)


def _expected(found: FoundFile, status: Status) -> Outcome:
    """What is to come of a file, unless it can't be read."""
    reason = found.packed.reason if found.packed else ""
    return Outcome(found.name, "failed" if reason else status, reason=reason)


def _is_known(member: FoundFile, file: SyncedFile | None) -> bool:
    assert member.packed
    return file is not None and is_settled(file) and file.sha256 == member.packed.contents.sha256
