"""What the document of a synced file is called: its path in the folder, with more of it where needed."""

import os
from collections.abc import Callable, Iterable, Iterator, Set
from itertools import count
from pathlib import PurePath

from index.intake.folder import document_name, shown
from index.library.library import Library
from index.store.store import DocumentInfo, Filter, Renaming
from index.store.synced_files import SyncedFile, SyncedFiles


def free_name(path: str, folder: str, taken: Callable[[str], bool]) -> str:
    """The first name for the file that is not taken, from its path in the folder to a number behind it."""
    fewest = len(PurePath(os.path.relpath(path, folder)).parts)
    names = list(_tails(path))[fewest - 1 :]
    numbered = (f"{names[0]} ({number})" for number in count(2))
    return next(name for names in (names, numbered) for name in names if not taken(name))


def document_of(
    library: Library, path: str, collection: str, archive: str | None = None
) -> DocumentInfo | None:
    """The document that was made of the file at `path`, by a sync or by hand, whatever its content was.

    `archive` is the path of the one in which the file lies.
    """
    source = archive or path
    fewest = len(PurePath(path).parts) - len(PurePath(source).parts)
    for name in list(_tails(path))[fewest:]:
        info = library.find(name, collection)
        if info and info.metadata.get("source") == shown(source):
            return info
    return None


def name_in(file: SyncedFile, folder: str) -> str:
    """The file's path as it is shown when `folder` is synced."""
    inside = file.path.startswith(folder.rstrip(os.sep) + os.sep)
    return document_name(os.path.relpath(file.path, folder) if inside else file.path)


def settle_names(
    library: Library,
    files: SyncedFiles,
    document_ids: Iterable[str],
    changing: Set[str] = frozenset(),
    kept: Set[str] = frozenset(),
    for_now: bool = True,
) -> None:
    """Gives documents that a sync made the name of a file that has them; removes those that none has.

    Files in `changing` are about to lose theirs, so that another's name goes before theirs. Documents in
    `kept` stay though no file has them, as a file that comes may. `for_now`: what has the name that a
    document should have may lose it before the sync ends, which then settles names once more.
    """
    renames: dict[str, SyncedFile] = {}
    for document_id in document_ids:
        carrier = files.carrier(document_id)
        if carrier is None:
            continue
        holders = files.holders(document_id)
        staying = [file for file in holders if file.path not in changing]
        if not holders:
            if document_id not in kept:
                library.store.remove(document_id)
        elif all(file.path != carrier for file in staying or holders):
            renames[document_id] = (staying or holders)[0]
    if renames:
        _rename(library, files, renames, for_now)


def _rename(library: Library, files: SyncedFiles, renames: dict[str, SyncedFile], for_now: bool) -> None:
    names: set[str] = set()

    def taken(name: str) -> bool:
        info = library.find(name, files.collection)
        return name in names or (info is not None and info.id not in renames)

    wanted: list[Renaming] = []
    for id, file in renames.items():
        name = free_name(file.path, file.folder, taken)
        names.add(name)
        info = library.documents(Filter(documents=(id,)))[0]
        metadata = {**info.metadata, "source": shown(files.archive_of(file) or file.path)}
        wanted.append(Renaming(id, name, metadata))
    for id, file, one in zip(library.store.rename(wanted), renames.values(), wanted, strict=True):
        settled = not for_now or one.name == name_in(file, file.folder)
        files.own(id, file.path if settled else "")


def _tails(path: str) -> Iterator[str]:
    """The file's name, then with one more folder before it each time, as `quoth add` may have named it."""
    parts = PurePath(path).relative_to(PurePath(path).anchor).parts
    for number in range(1, len(parts) + 1):
        yield document_name(str(PurePath(*parts[-number:])))
