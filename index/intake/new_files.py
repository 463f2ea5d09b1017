"""Files whose content is new to a library: read, loaded, named, and added with what is known of them."""

from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Literal

from index.documents.document import Document
from index.errors import DocumentError
from index.intake.archives import Unpacking
from index.intake.folder import Contents, FoundFile, Unsettled, read, shown
from index.intake.names import document_of, free_name, settle_names
from index.intake.plan import KINDS
from index.library.library import Added, Library, Progress
from index.loaders import MAX_BYTES, Limits, Unreadable, extract, is_archive
from index.store.store import DocumentInfo
from index.store.synced_files import SyncedFile, SyncedFiles

BEING_WRITTEN = "it is being written; the next sync will read it"

Status = Literal["added", "replaced", "moved", "unchanged", "removed", "kept", "waiting", "failed"]


# What a file that had a document before, and has another one now, would be told to be by the library alone.
_OTHER_TEXT = ("added", "unchanged", "moved")


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of one file; `name` is its path in the folder.

    `moved`: its document has its name now, and the same passages. `unchanged` with a reason: it is new, but
    has the same text as another file, and shares its document. `kept`: the file is gone, but its document
    was added by hand, and stays. `waiting`: it was being written. `failed`: it can't be read; a document
    that was made of it before stays.
    """

    name: str
    status: Status
    document_id: str | None = None
    passages: int = 0
    reason: str = ""


@dataclass(slots=True)
class _Coming:
    """A file on its way through the library; `recorded` once its outcome is on disk.

    `was`: the name that the document of its text had until now, if it took that over from another file.
    """

    found: FoundFile
    before: SyncedFile | None
    contents: Contents | None = None
    waiting: bool = False
    owned: bool = True
    was: str = ""
    recorded: bool = False


class NewFiles:
    """The way of new content into one collection of a library, for the length of one sync of `folder`."""

    def __init__(
        self,
        library: Library,
        files: SyncedFiles,
        folder: str,
        collection: str,
        limits: Limits,
    ) -> None:
        self._library = library
        self._files = files
        self._folder = folder
        self._collection = collection
        self._limits = limits
        self._coming: deque[_Coming] = deque()
        self._by_name: dict[str, _Coming] = {}
        self._texts: set[str] = set()
        self._again: list[FoundFile] = []
        self._unpacking: dict[str, Unpacking] = {}
        self._loading: set[str] = set()

    def take_again(self) -> list[FoundFile]:
        """The files whose text was still on its way for another file, which is there by now."""
        again, self._again = self._again, []
        self._texts.clear()
        return again

    def load(
        self, files: Sequence[FoundFile], progress: Progress | None, first: Container[str] = ()
    ) -> Iterator[Synced]:
        """Those whose paths are in `first` come before the others, which may replace what these have."""
        groups = (
            [found for found in files if found.path in first],
            [found for found in files if found.path not in first],
        )
        self._loading = {found.path for found in files}
        documents = chain.from_iterable(map(self._documents, groups))
        for added in self._library.adding(documents, progress, self._record):
            coming = self._coming.popleft()
            before = coming.before
            status: Status = "waiting" if coming.waiting else "moved" if coming.was else added.status
            reason = added.reason
            if added.status != "failed" and not coming.recorded:
                self._files.put(self._row(coming, added.document_id or ""))
            elif added.status == "failed" and coming.contents:
                now = self._files.get(coming.found.path)
                file = self._row(coming, now.document_id if now else "", added.reason)
                self._files.put(file)
                reason = with_rest(file, self._files.inside(file.path))
            if before and before.document_id not in ("", added.document_id) and status in _OTHER_TEXT:
                status = "replaced"
            yield Synced(coming.found.name, status, added.document_id, added.passages, reason)

    def _documents(self, files: Sequence[FoundFile]) -> Iterator[Document | Added]:
        by_archive: dict[str, list[FoundFile]] = {}
        for found in files:
            if found.packed:
                by_archive.setdefault(found.packed.archive.path, []).append(found)
        self._unpacking = {
            path: Unpacking(members, self._collection, self._limits) for path, members in by_archive.items()
        }
        for found in files:
            coming = _Coming(found, self._files.get(found.path))
            try:
                document = self._document(coming)
            except FileNotFoundError:
                continue  # gone since the folder was looked at: the next sync's business
            except Unsettled:
                coming.waiting = True
                document = Added(found.name, "failed", reason=BEING_WRITTEN)
            except OSError as error:
                reason = f"it can't be opened: {error.strerror or error}"
                document = Added(found.name, "failed", reason=reason)
            except DocumentError as error:
                document = Added(found.name, "failed", reason=error.reason)
            if document is None:
                self._again.append(found)
                continue
            self._coming.append(coming)
            yield document

    def _document(self, coming: _Coming) -> Document | Added | None:
        """The file's document, or the one that has its text; None when that one is not in yet."""
        found = coming.found
        contents = found.packed.contents if found.packed else read(found)
        coming.contents = replace(contents, data=b"")
        if contents.stamp.size > MAX_BYTES:
            raise DocumentError(
                found.name, f"it has {contents.stamp.size:,} bytes; the limit is {MAX_BYTES:,}"
            )
        document = self._extract(found, contents.data)
        same = self._library.store.find(self._collection, sha256=document.sha256)
        if same and self._loses(same.id, found):
            coming.was = same.name
            same = self._taken_over(coming, same, document.sha256)
        if same:
            own = self._own(found)
            other = f"was {coming.was}" if coming.was else f"the same text as {same.name}"
            reason = "" if own and own.id == same.id and not coming.was else other
            return Added(found.name, "unchanged", same.id, same.passages, reason)
        if document.sha256 in self._texts:
            return None
        self._texts.add(document.sha256)
        name = self._own_name(coming)
        self._by_name[name] = coming
        return replace(document, name=name)

    def _loses(self, document_id: str, found: FoundFile) -> bool:
        """Whether the document carries the name of another file that comes, too, and would replace it."""
        carrier = self._files.carrier(document_id)
        return carrier in self._loading and carrier != found.path

    def _taken_over(self, coming: _Coming, document: DocumentInfo, sha256: str) -> DocumentInfo | None:
        """The document, under the name of the file that has its text now."""
        with self._library.changing():
            self._files.put(self._row(coming, document.id))
            settle_names(self._library, self._files, [document.id], self._loading - {coming.found.path})
        return self._library.store.find(document.collection, sha256=sha256)

    def _extract(self, found: FoundFile, data: bytes) -> Document:
        """The document in the file, read in a process of its own.

        That process reads the file again; should it have changed since, the next sync sees another stamp.
        """
        if found.packed:
            return self._unpacking[found.packed.archive.path].document(found)
        with suppress(Unreadable):
            if is_archive(data):
                raise Unsettled  # it was no archive when the folder was looked at
        (item,) = extract(
            Path(found.path),
            name=found.name,
            collection=self._collection,
            metadata={"source": shown(found.path)},
            limits=self._limits,
        )
        if isinstance(item, DocumentError):
            raise item
        return item

    def _own_name(self, coming: _Coming) -> str:
        """The name of the document that was made of the file before, else a free one."""
        path = coming.found.path
        own = self._own(coming.found)
        if own:
            coming.owned = self._files.carrier(own.id) is not None
            return own.name

        def taken(name: str) -> bool:
            return name in self._by_name or self._library.find(name, self._collection) is not None

        return free_name(path, self._folder, taken)

    def _own(self, found: FoundFile) -> DocumentInfo | None:
        archive = found.packed.archive.path if found.packed else None
        return document_of(self._library, found.path, self._collection, archive)

    def _record(self, added: Added) -> None:
        """Keeps the outcome in the transaction that writes the document."""
        coming = self._by_name[added.name]
        self._files.put(self._row(coming, added.document_id or ""))
        if coming.owned and added.document_id and added.status != "unchanged":
            self._files.own(added.document_id, coming.found.path)
        coming.recorded = True

    def _row(self, coming: _Coming, document_id: str, reason: str = "") -> SyncedFile:
        assert coming.contents
        stamp, sha256 = coming.contents.stamp, coming.contents.sha256
        kinds = KINDS if reason else 0
        return SyncedFile(coming.found.path, self._folder, stamp, sha256, document_id, reason, kinds)


def with_rest(file: SyncedFile, inside: Iterable[SyncedFile] = ()) -> str:
    """Why a file can't be read, and that its document is still there if it is, or those of files in it."""
    rest = file.document_id or any(one.document_id for one in inside)
    return f"{file.reason}; what it held before stays" if file.reason and rest else file.reason
