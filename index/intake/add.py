"""Files into a library: found, loaded and added, with an outcome of its own for each."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from index.documents.document import DEFAULT_COLLECTION, Document, normalise
from index.documents.names import shown
from index.documents.places import Places
from index.errors import DocumentError
from index.library.library import Library, Progress
from index.library.originals import NewOriginal
from index.library.outcome import Outcome
from index.library.writer import Arrival
from index.loaders import Limits, NamedFile, extract, find, source_of
from index.store.store import DocumentInfo


def add_files(
    library: Library,
    paths: Iterable[Path | str | NamedFile],
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    limits: Limits = Limits(),
    keep_originals: bool = True,
) -> Iterator[Outcome]:
    """Adds files, folders and globs, and says what became of each as it goes in.

    A file that has changed since it was added is replaced. `metadata` goes to every document, on top of what
    the file says of itself. `source` is the file's path, by which two files of one name differ; where it is
    given, a file replaces the one of its name, and two of one name in one call are two documents. An
    archive gives a document for each file in it, named `archive.zip/inner/path`; when it is added again, what
    it no longer holds is removed. Where a part of a file could not be read, such as a scanned page, the
    rest goes in, and `unread` says what is missing. Its pictures are read after its text, in the background,
    unless no copy may be kept of a file that does not last. Of a PDF it is noted which file it was read
    from, so that its pages can be shown; where `source` is given, the file itself does not last, and a copy
    of it is kept with the library unless `keep_originals` is false.
    """
    adding = _Adding(library, normalise(collection), dict(metadata or {}), limits, progress, keep_originals)
    found = find(paths, library.folder)
    yield from library.adding(adding.documents(found), progress)
    yield from adding.drop_what_left()
    if adding.kept:
        library.sweep_originals()  # those of documents that were replaced


@dataclass(slots=True)
class _AddedArchive:
    """An archive on its way in, and the places in it, as sources, that can or can't be read."""

    source: str
    whole: bool = True
    inside: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    def lacks(self, source: str) -> bool:
        """Whether the file of that source was in the archive and is in it no more."""
        hidden = any(source.startswith(f"{failed}{os.sep}") for failed in self.failed)
        return self.whole and source not in self.inside and not hidden


class _Adding:
    def __init__(
        self,
        library: Library,
        collection: str,
        metadata: dict[str, str],
        limits: Limits,
        progress: Progress | None,
        keep: bool,
    ) -> None:
        self._library = library
        self._collection = collection
        self._metadata = metadata
        self._limits = limits
        self._lasting = "source" not in metadata
        self._keep = keep
        self._brought = Path(), NewOriginal("", None)  # of an archive all documents have one original
        self.kept = False
        self._progress = progress
        self._sources: set[str] = set()
        self._archives: list[_AddedArchive] = []

    def documents(self, found: Iterable[NamedFile | DocumentError]) -> Iterator[Document | Arrival | Outcome]:
        for one in found:
            if isinstance(one, DocumentError):
                yield Outcome(one.name, "failed", reason=one.reason)
            else:
                yield from self._of_file(one)

    def _of_file(self, found: NamedFile) -> Iterator[Document | Arrival | Outcome]:
        path = shown(source_of(found.path))
        archive = _AddedArchive(self._free(normalise(found.name) if "source" in self._metadata else path))
        items = extract(
            found.path,
            name=found.name,
            collection=self._collection,
            metadata={"source": path, **self._metadata},
            limits=self._limits,
            later=self._lasting or self._keep,
            progress=self._progress,
        )
        for item in items:
            inner = item.name[len(found.name) :]
            source = self._free(archive.source + inner.replace("/", os.sep)) if inner else archive.source
            self._note(archive, source, item)
            if isinstance(item, DocumentError):
                yield Outcome(item.name, "failed", reason=item.reason)
            else:
                yield self._with_original(replace(item, source=source), found.path, inner.lstrip("/"))

    def _with_original(self, document: Document, path: Path, inner: str) -> Document | Arrival | Outcome:
        """The document of a PDF, or of pictures, with the file that it was read from; any other as it is."""
        shown = Places(document.places).drawn or document.left
        if not shown or not (self._lasting or self._keep):
            return document
        originals = self._library.originals
        try:
            if self._brought[0] != path:
                self._brought = path, originals.bring(path, keep=not self._lasting)
            new = self._brought[1]
        except OSError as error:
            reason = f"its original can't be kept with the library: {error.strerror or error}"
            return Outcome(document.name, "failed", reason=reason)
        self.kept = self.kept or not self._lasting

        def record(outcome: Outcome) -> Outcome:
            document_id = outcome.document_id or ""
            known = originals.known(document_id) if outcome.status == "unchanged" and document.left else None
            originals.note(new, document_id, inner)
            if known:
                originals.restore(document_id, known)
            return outcome

        return Arrival(document, record, new.sha256)

    def _note(self, archive: _AddedArchive, source: str, item: Document | DocumentError) -> None:
        """Takes in what an archive holds; an error of its own, without a place in it, hides the rest."""
        if source == archive.source:
            archive.whole = False
            return
        if archive not in self._archives[-1:]:
            self._archives.append(archive)
        archive.inside.add(source)
        if isinstance(item, DocumentError):
            archive.failed.add(source)

    def _free(self, source: str) -> str:
        """The source, or with a number behind it the first that nothing else in this call has."""
        candidates = (source if number == 1 else f"{source} ({number})" for number in count(1))
        free = next(one for one in candidates if one not in self._sources)
        self._sources.add(free)
        return free

    def drop_what_left(self) -> Iterator[Outcome]:
        """Removes the documents of files that are no longer in the archives that were added.

        Those that a sync made, or that came another way, stay.
        """
        for archive in self._archives:
            for info in self._added_from(archive):
                if archive.lacks(info.source):
                    self._library.remove(info.id)
                    yield Outcome(info.name, "removed", info.id)

    def _added_from(self, archive: _AddedArchive) -> list[DocumentInfo]:
        source = self._metadata.get("source", archive.source)
        inside = self._library.store.added_below(self._collection, archive.source + os.sep)
        return [info for info in inside if info.metadata.get("source") == source]
