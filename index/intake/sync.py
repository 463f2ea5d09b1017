"""A folder into a library, again and again: what changed there changes here; nothing is embedded twice."""

import os
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import filelock

from index.documents.document import DEFAULT_COLLECTION
from index.errors import LibraryBusy
from index.intake.archives import Archive
from index.intake.folder import FoundFile, around, below, document_name
from index.intake.names import name_in, settle_names
from index.intake.new_files import BEING_WRITTEN, NewFiles, Synced, with_rest
from index.intake.plan import KINDS, Claim, Plan, is_settled, look, looked_into, plan
from index.library.library import Library, Progress
from index.loaders import Limits
from index.store.synced_files import SyncedFile, SyncedFiles

# How long a second sync of a library waits for the first before it gives up.
_LOCK_SECONDS = 10.0

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
) -> Iterator[Synced]:
    """Makes the library's part that comes from `folder` equal to it, and says what became of each file.

    What has been yielded is on disk and can be found by its words; vectors follow in the background. An
    interrupted sync goes on with the rest when it is run again. A dry run changes nothing. Files changed in
    the last `settle` seconds are left for the next time. FolderError, before anything is changed, when every
    file is gone, as of a disk that is not mounted, unless `delete_all` says that this is meant. `planned` is
    told the names of the files that have to be read, before the first of them is.
    """
    sync = _Sync(library, os.path.realpath(Path(folder).expanduser()), collection, delete_all, limits)
    if dry_run:
        yield from sync.outlook(settle)
        return
    with _alone(library):
        yield from sync.run(settle, progress, planned)


@contextmanager
def _alone(library: Library) -> Iterator[None]:
    lock = filelock.FileLock(library.folder / "sync.lock", timeout=_LOCK_SECONDS, thread_local=False)
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
        self._collection = collection
        self._delete_all = delete_all
        self._limits = limits
        self._files = SyncedFiles(library.store, collection)
        self._incoming = NewFiles(library, self._files, folder, collection, limits)

    def outlook(self, settle: float) -> Iterator[Synced]:
        """What `run` would say, as far as unpacking archives tells, but not loading what is new."""
        made = self._plan(settle)
        yield from self._standing(made)
        yield from (self._claimed(claim, made) for claim in made.claims)
        leaving = {file.path for file in (*made.gone, *made.late)}
        for file in (*made.gone, *made.late):
            yield from self._parting(file, leaving)
        for found in made.loads:
            before = made.known.get(found.path)
            if found.packed and found.packed.reason:
                yield Synced(found.name, "failed", reason=found.packed.reason)
            else:
                yield Synced(found.name, "replaced" if before and before.document_id else "added")

    def run(self, settle: float, progress: Progress | None, planned: Planned | None) -> Iterator[Synced]:
        made = self._plan(settle)
        if planned:
            planned([found.name for found in made.loads])
        yield from self._standing(made)
        kept = self._expected(made)
        yield from self._claim(made, kept)
        yield from self._drop(made.gone, kept)
        yield from self._incoming.load(made.loads, progress, made.familiar)
        if made.claims or made.loads:
            yield from self._incoming.load(self._left_over(made), progress)
        yield from self._drop([*made.late, *self._left_behind(made)])
        if made.archives:
            self._settle(made.archives)
        astray = self._files.astray()
        if astray:
            with self._library.changing():
                settle_names(self._library, self._files, astray, for_now=False)
        self._library.go_on_embedding()

    def _plan(self, settle: float) -> Plan:
        everything = self._files.all()
        known = [file for file in everything.values() if below(file.path, self._folder)]
        seen = look(self._folder, self._library.folder, known, self._delete_all)
        return plan(self._folder, seen, everything, settle, self._delete_all, self._limits)

    def _standing(self, made: Plan) -> Iterator[Synced]:
        """The files with which there is nothing to be done."""
        for found in made.unchanged:
            yield from self._stands(found.name, made.known[found.path])
        for file in made.touched:
            yield from self._stands(name_in(file, self._folder), file)
        for archive in made.archives:
            if archive.reason:
                reason = with_rest(self._row(archive), self._files.inside(archive.found.path))
                yield Synced(archive.found.name, "failed", reason=reason)
        for found in made.waiting:
            yield Synced(found.name, "waiting", reason=BEING_WRITTEN)
        for path, reason in made.troubled:
            name = document_name(os.path.relpath(path, self._folder))
            yield Synced(name, "failed", reason=f"it can't be opened: {reason}")

    def _stands(self, name: str, file: SyncedFile) -> Iterator[Synced]:
        if file.reason:
            reason = with_rest(file, self._files.inside(file.path))
            yield Synced(name, "failed", file.document_id or None, reason=reason)
        elif file.document_id:  # of an archive, only the files in it are told of
            yield Synced(name, "unchanged", file.document_id)

    # Content that the library has

    def _claim(self, made: Plan, kept: Set[str]) -> Iterator[Synced]:
        if not (made.touched or made.claims or made.loads or made.archives):
            return
        results = [self._claimed(claim, made) for claim in made.claims]
        changing = {found.path for found in made.loads} | {file.path for file in (*made.gone, *made.late)}
        replaced = [made.known[path].document_id for path in changing if path in made.known]
        with self._library.changing():
            for archive in made.archives:
                # Not to be relied on before all of its files are known.
                self._files.put(replace(self._row(archive), reason="", kinds=0))
            for file in made.touched:
                self._files.put(file)
            for claim in made.claims:
                if claim.moved:
                    self._files.drop(claim.moved.path)
                self._files.put(claim.file)
            astray = [*self._files.astray(), *filter(None, replaced)]
            settle_names(self._library, self._files, astray, changing, kept)
        for claim, result in zip(made.claims, results, strict=True):
            now = self._files.get(claim.found.path)
            yield replace(result, document_id=now.document_id if now else None)

    def _expected(self, made: Plan) -> set[str]:
        """Documents without a file that one on its way may have, those that an interrupted sync left too."""
        bytes_to_come = set(made.familiar.values())
        expected = {file.document_id for file in made.known.values() if file.sha256 in bytes_to_come}
        return expected.union(self._files.astray()) if made.loads else set()

    def _claimed(self, claim: Claim, made: Plan) -> Synced:
        document_id = claim.file.document_id
        was = claim.moved or self._changed_carrier(document_id, made)
        if was:
            return Synced(claim.found.name, "moved", document_id, reason=f"was {name_in(was, self._folder)}")
        leaving = {claim.found.path, *(file.path for file in (*made.gone, *made.late))}
        others = [file for file in self._files.holders(document_id) if file.path not in leaving]
        reason = f"the same text as {name_in(others[0], self._folder)}" if others else ""
        return Synced(
            claim.found.name, "replaced" if claim.replaces else "unchanged", document_id, reason=reason
        )

    def _changed_carrier(self, document_id: str, made: Plan) -> SyncedFile | None:
        """The file whose name the document carries, if that file has other content now."""
        path = self._files.carrier(document_id) or ""
        return made.known.get(path) if made.becoming.get(path, document_id) != document_id else None

    # Files that are gone

    def _drop(self, gone: Sequence[SyncedFile], kept: Set[str] = frozenset()) -> Iterator[Synced]:
        if not gone:
            return
        # Looked at again: an editor that replaces a file takes it away for a moment, and a disk may go.
        seen = look(self._folder, self._library.folder, gone, self._delete_all)
        leaving = {file.path for file in gone}
        away = [
            file.path
            for file in gone
            if file.path not in seen.files
            and seen.tells_of(file.path)
            and not any(place in leaving and place in seen.files for place in around(file.path, self._folder))
        ]
        # Their documents may have been renamed since the plan was made.
        gone = [file for path in away if (file := self._files.get(path))]
        leaving = {file.path for file in gone}
        with self._library.changing():
            results = [result for file in gone for result in self._parting(file, leaving)]
            for file in gone:
                self._files.drop(file.path)
            settle_names(self._library, self._files, self._files.astray(), kept=kept)
        yield from results

    def _parting(self, file: SyncedFile, leaving: set[str]) -> Iterator[Synced]:
        """What is said of a file that is gone: nothing if it never had a document."""
        if not file.document_id:
            return
        others = [one for one in self._files.holders(file.document_id) if one.path not in leaving]
        if self._files.carrier(file.document_id) is None:
            reason = "its document was added by hand, and stays"
            yield Synced(name_in(file, self._folder), "kept", file.document_id, reason=reason)
        elif others:
            reason = f"its text stays as that of {name_in(others[0], self._folder)}"
            yield Synced(name_in(file, self._folder), "removed", file.document_id, reason=reason)
        else:
            yield Synced(name_in(file, self._folder), "removed", file.document_id)

    def _left_over(self, made: Plan) -> list[FoundFile]:
        """Files whose text came twice, and those that lost a document they shared to its replacement."""
        again = self._incoming.take_again()
        paths = {found.path for found in again}
        members = (member for archive in made.archives for member in archive.members)
        here = {
            found.path: found
            for found in (*made.unchanged, *made.loads, *(claim.found for claim in made.claims), *members)
        }
        lost = [
            file
            for file in self._files.all().values()
            if file.path in here and file.path not in paths and not is_settled(file)
        ]
        for place in {self._files.archive_of(file) for file in lost if not here[file.path].packed}:
            if place:
                here |= {one.path: one for one in looked_into(made, here.pop(place), self._limits)}
        lost = [file for file in lost if here[file.path].packed or not self._files.archive_of(file)]
        return sorted(again + [here[file.path] for file in lost], key=_place)

    # Archives

    def _row(self, archive: Archive) -> SyncedFile:
        path, contents = archive.found.path, archive.contents
        return SyncedFile(
            path, self._folder, contents.stamp, contents.sha256, reason=archive.reason, kinds=KINDS
        )

    def _settle(self, archives: Sequence[Archive]) -> None:
        """Keeps that all is known of those archives of which it is; the others are looked into again."""
        with self._library.store.transaction():
            for archive in archives:
                known = {file.path: file for file in self._files.inside(archive.found.path)}
                if all(_is_known(member, known.get(member.path)) for member in archive.members):
                    self._files.put(self._row(archive))

    def _left_behind(self, made: Plan) -> list[SyncedFile]:
        """Files of what was an archive, if what is in its place has been read."""
        places = ((file, self._files.archive_of(file)) for file in made.orphans)
        rows = ((file, self._files.get(place) if place else None) for file, place in places)
        return [file for file, row in rows if row and row.document_id and not row.reason]


def _place(found: FoundFile) -> tuple[str, int]:
    """By which files of an archive come in their order."""
    return (found.packed.archive.path, found.packed.number) if found.packed else ("", 0)


def _is_known(member: FoundFile, file: SyncedFile | None) -> bool:
    assert member.packed
    return file is not None and is_settled(file) and file.sha256 == member.packed.contents.sha256
