"""Files into a library: found, loaded, named and added, with an error of its own for each that can't be."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from index.documents.document import DEFAULT_COLLECTION, Document
from index.errors import DocumentError
from index.intake.readded_archive import AddedArchive, settle_archives
from index.library.library import Added, Library, Progress
from index.loaders import Limits, extract, find


def add_files(
    library: Library,
    paths: Iterable[Path | str],
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    limits: Limits = Limits(),
) -> Iterator[Added]:
    """Adds files, folders and globs, and says what became of each as it goes in.

    `metadata` goes to every document, on top of what the file says of itself; `source`, unless given, is
    the file's path, and tells two files of the same name apart. An archive gives a document for each file in
    it, named `archive.zip/inner/path`; documents that came from it like this before are removed when it no
    longer holds their files. Where a part of a file could not be read, such as a scanned page, the rest goes
    in, and `reason` says what is missing.
    """
    unread: dict[str, str] = {}
    archives: list[AddedArchive] = []
    loaded = _loaded(library, paths, collection, dict(metadata or {}), limits, unread, archives)
    twins: list[Added] = []
    for added in library.adding(loaded, progress):
        reason = unread.pop(added.name, "")
        if archives and added.status == "unchanged" and added.reason:
            twins.append(added)  # of a document that may yet turn out to have left its archive
        else:
            yield replace(added, reason=reason) if reason and not added.reason else added
    yield from settle_archives(library, collection, archives, twins)


def _loaded(
    library: Library,
    paths: Iterable[Path | str],
    collection: str,
    metadata: dict[str, str],
    limits: Limits,
    unread: dict[str, str],
    archives: list[AddedArchive],
) -> Iterator[Document | Added]:
    sources: dict[str, str] = {}
    for found in find([Path(path) for path in paths]):
        if isinstance(found, DocumentError):
            yield Added(found.name, "failed", reason=found.reason)
            continue
        path, name = found
        described = {"source": str(path.resolve()), **metadata}
        archive = AddedArchive(described["source"], tuple(_longer(path, name)))
        for item in extract(path, name=name, collection=collection, metadata=described, limits=limits):
            inner = item.name[len(name) :]
            if inner and not any(one is archive for one in archives[-1:]):
                archives.append(archive)
            archive.note(inner, isinstance(item, DocumentError))
            free = _free_name(library, path, name, inner, collection, described["source"], sources)
            if isinstance(item, DocumentError):
                yield Added(free, "failed", reason=item.reason)
                continue
            sources[free] = described["source"]
            if item.metadata.get("unread"):
                unread[free] = item.metadata["unread"]
            yield replace(item, name=free)


def _free_name(
    library: Library,
    path: Path,
    name: str,
    inner: str,
    collection: str,
    source: str,
    sources: Mapping[str, str],
) -> str:
    """`name` and `inner` (the place in an archive), or more of the path where another file is named so.

    `sources` holds where the names given in this run came from.
    """
    for longer in _longer(path, name):
        name = longer + inner
        known = library.find(name, collection)
        there = known.metadata.get("source", source) if known else sources.get(name, source)
        if there == source:
            break
    return name


def _longer(path: Path, name: str) -> Iterator[str]:
    """The name, then with one more folder before it each time."""
    yield name
    for parent in list(path.resolve().parents)[name.count("/") :]:
        name = f"{parent.name}/{name}"
        yield name
