"""Files of a synced folder to documents, each with what is to be kept of its file beside it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path

from index.documents.document import Document
from index.documents.names import document_name, shown
from index.errors import DocumentError
from index.intake.archives import check_unchanged
from index.intake.folder import Contents, FoundFile, Unsettled, read
from index.intake.plan import readable_kinds
from index.library.library import Progress
from index.library.outcome import Outcome
from index.library.writer import Arrival
from index.loaders import MAX_BYTES, Limits, Unreadable, extract, is_archive
from index.store.synced_files import SyncedFile, SyncedFiles

BEING_WRITTEN = "it is being written; the next sync will read it"


class Loading:
    """The way of files in `folder` to documents of one collection."""

    def __init__(
        self, files: SyncedFiles, folder: str, limits: Limits, progress: Progress | None = None
    ) -> None:
        self._files = files
        self._folder = folder
        self._limits = limits
        self._progress = progress

    def arrivals(self, files: Sequence[FoundFile]) -> Iterator[Arrival | Outcome]:
        """The files' documents in their order, or why there are none; those of an archive in its order."""
        for archive, run in groupby(files, key=lambda found: found.packed and found.packed.archive):
            if archive:
                yield from self._unpacked(archive, list(run))
            else:
                for found in run:
                    yield from self._arrival(found, partial(self._loaded, found))

    def _arrival(
        self, found: FoundFile, load: Callable[[], tuple[Contents, Document | DocumentError]]
    ) -> Iterator[Arrival | Outcome]:
        try:
            contents, item = load()
        except FileNotFoundError:
            return  # gone since the folder was looked at: the next sync's business
        except Unsettled:
            yield Outcome(found.name, "waiting", reason=BEING_WRITTEN)
        except OSError as error:
            yield Outcome(found.name, "failed", reason=f"it can't be opened: {error.strerror or error}")
        else:
            file = SyncedFile(found.path, self._folder, contents.stamp, contents.sha256)
            if isinstance(item, DocumentError):
                yield self._failed(found, replace(file, reason=item.reason, kinds=readable_kinds()))
            else:
                document = replace(item, source=file.source)
                yield Arrival(document, partial(self._record, found, file), file.sha256)

    def _record(self, found: FoundFile, file: SyncedFile, outcome: Outcome) -> Outcome:
        """Keeps what is known of a file in the transaction that writes its document."""
        self._files.put(file)
        if outcome.status == "added":
            self._files.own(outcome.document_id or "")
        return replace(outcome, name=found.name)

    def _failed(self, found: FoundFile, file: SyncedFile) -> Outcome:
        self._files.put(file)
        return Outcome(
            found.name, "failed", reason=full_reason(self._files, self._files.get(file.path) or file)
        )

    def _loaded(self, found: FoundFile) -> tuple[Contents, Document | DocumentError]:
        """What is in the file, read in a process of its own.

        That process reads the file again; should it have changed since, the next sync sees another stamp.
        """
        contents = read(found)
        size = contents.stamp.size
        if size > MAX_BYTES:
            reason = f"it has {size:,} bytes; the limit is {MAX_BYTES:,}"
            return contents, DocumentError(found.name, reason)
        with suppress(Unreadable):
            if is_archive(contents.data):
                raise Unsettled  # it was no archive when the folder was looked at
        (item,) = self._extract(found)
        return replace(contents, data=b""), item

    def _unpacked(self, archive: FoundFile, members: list[FoundFile]) -> Iterator[Arrival | Outcome]:
        """The documents in some files of one archive, which are in its order."""
        items = self._extract(archive, [member.packed.number for member in members if member.packed])
        item: Document | DocumentError | None = None
        for member in members:
            # What keeps the rest of the archive from being read is the reason of each file.
            if not (isinstance(item, DocumentError) and item.name == archive.name):
                item = next(items, None)
            yield from self._arrival(member, partial(_still_in, archive, member, item))
        for _ in items:  # to the end, so that the process which reads is free for others
            pass

    def _extract(
        self, found: FoundFile, only: Sequence[int] | None = None
    ) -> Iterator[Document | DocumentError]:
        return extract(
            Path(found.path),
            name=found.name,
            collection=self._files.collection,
            metadata={"source": shown(found.path)},
            limits=self._limits,
            only=only,
            later=True,
            progress=self._progress,
        )


def _still_in(
    archive: FoundFile, member: FoundFile, item: Document | DocumentError | None
) -> tuple[Contents, Document | DocumentError]:
    """What was unpacked, if the archive is as it was when it was looked into."""
    check_unchanged(archive)
    if item is None or not member.packed:
        raise Unsettled
    if isinstance(item, Document) and document_name(item.name) != member.name:
        raise Unsettled
    return member.packed.contents, item


def full_reason(files: SyncedFiles, file: SyncedFile) -> str:
    """Why a file can't be read, and that its document is still there if it is, or those of files in it."""
    rest = file.document_id or any(one.document_id for one in files.below(file.path).values())
    return f"{file.reason}; what it held before stays" if rest else file.reason
