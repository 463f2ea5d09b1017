"""Files into a library: found, loaded, named and added, with an error of its own for each that can't be."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from index.document import DEFAULT_COLLECTION, Document
from index.errors import DocumentError
from index.library import Added, Library, Progress
from index.loaders import find, load


def add_files(
    library: Library,
    paths: Iterable[Path | str],
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Iterator[Added]:
    """Adds files, folders and globs, and says what became of each as it goes in.

    `metadata` goes to every document, on top of what the file says of itself; `source`, unless given, is
    the file's path, and tells two files of the same name apart.
    """
    return library.adding(_loaded(library, paths, collection, dict(metadata or {})), progress)


def _loaded(
    library: Library, paths: Iterable[Path | str], collection: str, metadata: dict[str, str]
) -> Iterator[Document | Added]:
    sources: dict[str, str] = {}
    for found in find([Path(path) for path in paths]):
        try:
            if isinstance(found, DocumentError):
                raise found
            path, name = found
            described = {"source": str(path.resolve()), **metadata}
            name = _free_name(library, path, name, collection, described["source"], sources)
            sources[name] = described["source"]
            yield load(path, name=name, collection=collection, metadata=described)
        except DocumentError as error:
            yield Added(error.name, "failed", reason=error.reason)


def _free_name(
    library: Library, path: Path, name: str, collection: str, source: str, sources: Mapping[str, str]
) -> str:
    """`name`, or as much more of the path as tells the file apart from another one of that name.

    `sources` holds where the names given in this run came from.
    """
    for parent in list(path.resolve().parents)[name.count("/") :]:
        known = library.find(name, collection)
        there = known.metadata.get("source", source) if known else sources.get(name, source)
        if there == source:
            break
        name = f"{parent.name}/{name}"
    return name
