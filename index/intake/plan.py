"""What a sync has to do: a folder's files against what the library knows of them."""

import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from index.errors import FolderError
from index.intake.archives import Archive, archive_in
from index.intake.folder import FoundFile, Scan, Unsettled, around, below, document_name, read, scan, shown
from index.loaders import LOADERS, Limits
from index.store.synced_files import SyncedFile

# A file that could not be read, and an archive, are tried again when other kinds can be read than then.
KINDS = zlib.crc32(",".join(["files in archives", *sorted(LOADERS)]).encode())
# A folder of more files than this, all of which are gone, is taken for another one in its place.
_FEW = 10


@dataclass(frozen=True, slots=True)
class Claim:
    """A file whose content has a document: what to keep of it, and the file that it was, if it moved."""

    found: FoundFile
    file: SyncedFile
    moved: SyncedFile | None
    replaces: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each file; nothing is done yet.

    `unchanged`: as it was when last read, unreadable ones included. `touched`: the same content with another
    stamp. `claims`: content that the library has. `loads`: content to be read. `gone`: no longer there.
    `waiting`: being written. `troubled`: can't be opened, with the reason; what is known of it stays.
    `late`: gone too, but their bytes are in a file of `loads`, under another suffix, which may get their
    document. `becoming`: the document that each changed file gets; empty for `loads`. `archives`: those that
    were looked into, whose files stand in the other lists like any. `orphans`: files of what was an archive
    and is another file now, which leave when that can be read. `familiar`: the files of `loads` whose bytes
    have a document under another suffix, with their SHA-256: its text is likely theirs, too.
    """

    known: dict[str, SyncedFile]
    unchanged: list[FoundFile] = field(default_factory=list)
    touched: list[SyncedFile] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    loads: list[FoundFile] = field(default_factory=list)
    gone: list[SyncedFile] = field(default_factory=list)
    late: list[SyncedFile] = field(default_factory=list)
    waiting: list[FoundFile] = field(default_factory=list)
    troubled: list[tuple[str, str]] = field(default_factory=list)
    becoming: dict[str, str] = field(default_factory=dict)
    archives: list[Archive] = field(default_factory=list)
    orphans: list[SyncedFile] = field(default_factory=list)
    familiar: dict[str, str] = field(default_factory=dict)


def look(folder: str, leave_out: Path, known: Iterable[SyncedFile], delete_all: bool) -> Scan:
    """The folder's files; FolderError when it is not there or empty though files of it are known.

    A folder whose disk is not mounted looks like that. `delete_all` says that it is meant.
    """
    number = sum(1 for file in known if file.document_id)
    try:
        seen = scan(folder, leave_out)
    except FolderError as error:
        if not number:
            raise
        if delete_all and not os.path.lexists(folder):
            return Scan({}, {})
        raise FolderError(f"{error} {_nothing_deleted(number)}") from error
    if number and not seen.files and not seen.unreadable and not delete_all:
        raise FolderError(f"The folder {shown(folder)} is empty. {_nothing_deleted(number)}")
    return seen


def plan(
    folder: str,
    seen: Scan,
    everything: dict[str, SyncedFile],
    settle: float,
    delete_all: bool,
    limits: Limits,
) -> Plan:
    """What to do so that the library equals the folder; reads only files whose stamp or size gives cause to.

    `everything`: all synced files of the collection, those of other folders included.
    """
    known = {path: file for path, file in everything.items() if below(path, folder)}
    made = Plan(known)
    packed = _packed(known, seen, folder)
    changed = _changed(made, seen, settle, packed, folder)
    changed = [one for found in changed for one in looked_into(made, found, limits)]
    made.gone.extend(
        file for file in known.values() if file.path not in packed and _is_gone(file, folder, seen)
    )
    _left_archives(made, changed, packed, folder)
    _by_content(made, changed, folder, everything)
    _check(made, folder, seen, delete_all)
    return made


def _packed(known: dict[str, SyncedFile], seen: Scan, folder: str) -> dict[str, str]:
    """The known files that lie in an archive which is still there, or what is in its place; with its path."""
    packed: dict[str, str] = {}
    for path in known:
        if path not in seen.files:
            place = next((place for place in around(path, folder) if place in seen.files), None)
            if place:
                packed[path] = place
    return packed


def looked_into(made: Plan, found: FoundFile, limits: Limits) -> Iterator[FoundFile]:
    """The files in it if it is an archive, else itself."""
    with _reading(made, found):
        archive = archive_in(found, limits)
        if archive:
            made.archives.append(archive)
        yield from archive.members if archive else [found]


def _left_archives(made: Plan, changed: list[FoundFile], packed: dict[str, str], folder: str) -> None:
    """Finds the files that are no longer in their archive, as far as all that is in it could be told."""
    whole = {archive.found.path for archive in made.archives if not archive.reason}
    others = {found.path for found in changed if not found.packed}
    inside = {found.path: found for found in changed if found.packed}
    for path, archive in packed.items():
        if archive in others:
            made.orphans.append(made.known[path])
        elif (
            archive in whole
            and path not in inside
            and not any(place in inside for place in around(path, folder))
        ):
            made.gone.append(made.known[path])


def _changed(made: Plan, seen: Scan, settle: float, packed: dict[str, str], folder: str) -> list[FoundFile]:
    """The files that have to be looked into; the others go to their places in the plan."""
    made.troubled.extend((path, reason) for path, reason in seen.unreadable.items())
    changed: list[FoundFile] = []
    members: dict[str, list[SyncedFile]] = {}
    for path, archive in packed.items():
        members.setdefault(archive, []).append(made.known[path])
    for found in seen.files.values():
        file = made.known.get(found.path)
        inside = members.get(found.path, [])
        if file and file.stamp == found.stamp and _are_settled(file, inside):
            made.unchanged.append(found)
            made.unchanged.extend(_member(one, folder) for one in inside)
        elif settle and found.changed_within(settle):
            made.waiting.append(found)
        else:
            changed.append(found)
    return changed


def _member(file: SyncedFile, folder: str) -> FoundFile:
    return FoundFile(file.path, document_name(os.path.relpath(file.path, folder)), file.stamp)


def is_settled(file: SyncedFile) -> bool:
    """Whether the file needs no other look as long as it, and what is in it, stays the same."""
    return file.kinds == KINDS if file.reason or not file.document_id else True


def _are_settled(file: SyncedFile, inside: list[SyncedFile]) -> bool:
    """Whether that holds for the files in it, too; what is missing of an unreadable archive stays missing."""
    return is_settled(file) and (bool(file.reason) or all(is_settled(one) for one in inside))


def _is_gone(file: SyncedFile, folder: str, seen: Scan) -> bool:
    if file.path in seen.files or not seen.tells_of(file.path):
        return False
    # A hidden folder below this one, which is synced by itself, is not seen from here.
    return file.folder == folder or not _is_there(file)


def _is_there(file: SyncedFile) -> bool:
    """Whether the file, or one in whose place it may lie as in an archive, is there."""
    return Path(file.path).exists() or any(Path(place).is_file() for place in around(file.path, file.folder))


def _by_content(made: Plan, changed: list[FoundFile], folder: str, everything: dict[str, SyncedFile]) -> None:
    """Tells files whose content is known, by its size and then its bytes, from those to be read."""
    documents = {
        file.content: file.document_id
        for file in (everything.values() if changed else ())
        if file.document_id and not file.reason
    }
    sizes = {file.stamp.size for file in everything.values()}
    movable: dict[str, list[SyncedFile]] = {}
    for gone in made.gone:
        movable.setdefault(gone.document_id, []).append(gone)
    hashes: dict[str, str] = {}
    for found in changed:
        if found.packed.reason if found.packed else found.stamp.size not in sizes:
            made.loads.append(found)
        elif file := _read(made, found, folder):
            _place(made, found, file, documents.get(file.content), movable)
            hashes[found.path] = file.sha256
    held = {sha256 for sha256, _ in documents}
    loading = [found.path for found in made.loads]
    made.becoming.update(dict.fromkeys(loading, ""))
    made.familiar.update({path: hashes[path] for path in loading if hashes.get(path) in held})
    moved = {claim.moved.path for claim in made.claims if claim.moved}
    gone_now = [file for file in made.gone if file.path not in moved]
    read_now = set(hashes.values())
    made.late.extend(file for file in gone_now if file.sha256 in read_now)
    made.gone[:] = [file for file in gone_now if file.sha256 not in read_now]


def _place(
    made: Plan,
    found: FoundFile,
    file: SyncedFile,
    document_id: str | None,
    movable: dict[str, list[SyncedFile]],
) -> None:
    """Puts a file that was read where it belongs; `document_id` is the document of its content."""
    before = made.known.get(found.path)
    if before and before.sha256 == file.sha256 and is_settled(before):
        outcome = (before.document_id, before.reason, before.kinds)
        made.touched.append(SyncedFile(file.path, file.folder, file.stamp, file.sha256, *outcome))
    elif document_id:
        moved = None if before else _moved(movable.get(document_id, []), found)
        replaces = bool(before and before.document_id not in ("", document_id))
        with_document = SyncedFile(file.path, file.folder, file.stamp, file.sha256, document_id)
        made.claims.append(Claim(found, with_document, moved, replaces))
        made.becoming[found.path] = document_id
    else:
        made.loads.append(found)


def _read(made: Plan, found: FoundFile, folder: str) -> SyncedFile | None:
    with _reading(made, found):
        contents = found.packed.contents if found.packed else read(found)
        return SyncedFile(found.path, folder, contents.stamp, contents.sha256)
    return None


@contextmanager
def _reading(made: Plan, found: FoundFile) -> Iterator[None]:
    """Puts a file that can't be read now into its place in the plan."""
    try:
        yield
    except (Unsettled, FileNotFoundError):
        made.waiting.append(found)
    except OSError as error:
        made.troubled.append((found.path, error.strerror or str(error)))


def _moved(candidates: list[SyncedFile], found: FoundFile) -> SyncedFile | None:
    """The gone file that this one was: the one of the same name, if there are several."""
    if not candidates:
        return None
    own = PurePath(found.path).name
    best = next((file for file in candidates if PurePath(file.path).name == own), candidates[0])
    candidates.remove(best)
    return best


def _check(made: Plan, folder: str, seen: Scan, delete_all: bool) -> None:
    """FolderError when not one of many files is left, in its place or moved: that is another folder."""
    number = sum(1 for file in made.known.values() if file.document_id)
    moved = any(claim.moved for claim in made.claims)
    left = moved or made.late or len(made.gone) < len(made.known)
    if number > _FEW and not left and not delete_all:
        raise FolderError(
            f"Of {len(made.known):,} files that were in {shown(folder)} none is there any more. "
            f"Is another disk in its place? {_nothing_deleted(number)}"
        )


def _nothing_deleted(number: int) -> str:
    return (
        f"Nothing was changed, since {number:,} files of it are in the library and would be deleted. "
        "If that is meant, run quoth sync with --delete-all on it."
    )
