"""What a sync has to do: a folder's files against what the library knows of them."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from index.documents.names import shown
from index.errors import FolderError
from index.intake.archives import Archive
from index.intake.folder import Contents, FoundFile, Scan, around
from index.intake.look import nothing_deleted
from index.loaders import LOADERS
from index.store.synced_files import SyncedFile

# A folder of more files than this, all of which are gone, is taken for another one in its place.
_FEW = 10


@dataclass(frozen=True, slots=True)
class Move:
    """A file that has another path now; `file` is what is known of it there."""

    was: SyncedFile
    found: FoundFile
    file: SyncedFile


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each file; nothing is done yet.

    `unchanged`: as it was when last read, unreadable ones included. `touched`: the same content with another
    stamp. `moved`: gone from one path and there at another. `new` and `changed`: to be read. `gone`: no
    longer there. `displaced`: their places are taken by something else, an archive by a document or a
    document by an archive.
    """

    unchanged: list[SyncedFile] = field(default_factory=list)
    touched: list[SyncedFile] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    new: list[FoundFile] = field(default_factory=list)
    changed: list[FoundFile] = field(default_factory=list)
    gone: list[SyncedFile] = field(default_factory=list)
    displaced: list[SyncedFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Suspects:
    """The known files that need no look, the found ones that do, and what only appears to be gone.

    `inside`: the known files in archives that need a look, with the paths of those.
    """

    unchanged: list[SyncedFile] = field(default_factory=list)
    found: list[FoundFile] = field(default_factory=list)
    gone: list[SyncedFile] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)


def suspects(known: Mapping[str, SyncedFile], seen: Scan, folder: str) -> Suspects:
    """Finds by their stamps which files have to be read."""
    made = Suspects()
    members: dict[str, list[SyncedFile]] = {}
    for file in known.values():
        if file.path in seen.files:
            continue
        archive = next((place for place in around(file.path, folder) if place in seen.files), None)
        if archive:
            members.setdefault(archive, []).append(file)
        elif _is_gone(file, folder, seen):
            made.gone.append(file)
    for found in seen.files.values():
        before, inside = known.get(found.path), members.get(found.path, [])
        if before and before.stamp == found.stamp and _needs_no_look(before, inside):
            made.unchanged.extend((before, *inside))
        else:
            made.found.append(found)
            made.inside.update({one.path: found.path for one in inside})
    return made


def compare(
    known: Mapping[str, SyncedFile],
    suspected: Suspects,
    looked: Sequence[FoundFile],
    archives: Sequence[Archive],
    contents_of: Callable[[FoundFile], Contents | None],
    folder: str,
) -> Plan:
    """What to do about the files that were looked at.

    `looked` are the suspected files that can be read, those in archives in place of these. `contents_of`
    reads one, which costs time; None when it can't be read now.
    """
    gone, displaced = _left(known, suspected, looked, archives, folder)
    plan = Plan(unchanged=suspected.unchanged, gone=[*suspected.gone, *gone], displaced=displaced)
    movable = _Movable(plan.gone)
    for found in looked:
        before = known.get(found.path)
        of_size = before is not None and before.stamp.size == found.stamp.size
        if not _has_content(found) or not (of_size or found.stamp.size in movable.sizes):
            _to_read(plan, found, before)
        elif contents := contents_of(found):
            now = SyncedFile(found.path, folder, contents.stamp, contents.sha256)
            if before and is_settled(before) and before.sha256 == now.sha256:
                plan.touched.append(_as_before(now, before))
            elif was := None if before and before.document_id else movable.take(now):
                plan.moved.append(Move(was, found, now))
            else:
                _to_read(plan, found, before)
    moved = {move.was.path for move in plan.moved}
    plan.gone[:] = [file for file in plan.gone if file.path not in moved]
    return plan


def readable_kinds() -> int:
    """A number for the kinds of file that can be read: with another one, unreadable files are tried again."""
    return zlib.crc32(",".join(["files in archives", *sorted(LOADERS)]).encode())


def is_settled(file: SyncedFile) -> bool:
    """Whether the file needs no other look as long as it, and what is in it, stays the same."""
    return file.kinds == readable_kinds() if file.reason or not file.document_id else True


def check_same_folder(plan: Plan, known: Mapping[str, SyncedFile], folder: str) -> None:
    """FolderError when not one of many files is left, in its place or moved: that is another folder."""
    number = sum(1 for file in known.values() if file.document_id)
    if number > _FEW and not plan.moved and len(plan.gone) == len(known):
        raise FolderError(
            f"Of {len(known):,} files that were in {shown(folder)} none is there any more. "
            f"Is another disk in its place? {nothing_deleted(number)}"
        )


class _Movable:
    """The files that are gone and may be found at other paths, by what is in them."""

    def __init__(self, gone: Iterable[SyncedFile]) -> None:
        self._files: dict[tuple[str, str], list[SyncedFile]] = {}
        for file in gone:
            # What was added by hand stays where it was; what can't be read holds what it held before.
            if file.synced and not file.reason:
                self._files.setdefault(file.content, []).append(file)
        self.sizes = Counter(file.stamp.size for files in self._files.values() for file in files)

    def take(self, now: SyncedFile) -> SyncedFile | None:
        """The gone file that this one was: the one of the same name, if there are several."""
        candidates = self._files.get(now.content, [])
        own = PurePath(now.path).name
        best = next((file for file in candidates if PurePath(file.path).name == own), None)
        best = best or next(iter(candidates), None)
        if best:
            candidates.remove(best)
        return best


def _left(
    known: Mapping[str, SyncedFile],
    suspected: Suspects,
    looked: Sequence[FoundFile],
    archives: Sequence[Archive],
    folder: str,
) -> tuple[list[SyncedFile], list[SyncedFile]]:
    """The files that are no longer in their archives, as far as all of those was seen, and displaced ones."""
    whole = {archive.found.path for archive in archives if not archive.reason}
    plain = {found.path for found in looked if not found.packed}
    inside = {found.path for found in looked if found.packed}
    gone = [
        known[path]
        for path, archive in suspected.inside.items()
        if archive in whole and not any(place in inside for place in (path, *around(path, folder)))
    ]
    displaced = [known[path] for path, archive in suspected.inside.items() if archive in plain]
    displaced += [known[path] for path in whole if path in known and known[path].document_id]
    return gone, displaced


def _has_content(found: FoundFile) -> bool:
    return not (found.packed and found.packed.reason)


def _to_read(plan: Plan, found: FoundFile, before: SyncedFile | None) -> None:
    (plan.changed if before and before.document_id else plan.new).append(found)


def _as_before(now: SyncedFile, before: SyncedFile) -> SyncedFile:
    """What is known of the file before, at its new stamp."""
    return SyncedFile(
        now.path,
        now.folder,
        now.stamp,
        now.sha256,
        before.reason,
        before.kinds,
        before.document_id,
        before.synced,
    )


def _needs_no_look(file: SyncedFile, inside: list[SyncedFile]) -> bool:
    """Whether that holds for the files in it, too; what is missing of an unreadable archive stays missing."""
    return is_settled(file) and (bool(file.reason) or all(map(is_settled, inside)))


def _is_gone(file: SyncedFile, folder: str, seen: Scan) -> bool:
    if not seen.shows(file.path):
        return False
    # A hidden folder below this one, which is synced by itself, is not seen from here.
    return file.folder == folder or not _is_there(file)


def _is_there(file: SyncedFile) -> bool:
    """Whether the file, or one in whose place it may lie as in an archive, is there."""
    return Path(file.path).exists() or any(Path(place).is_file() for place in around(file.path, file.folder))
