"""Checks whether a library is sound, and rebuilds what can be made again."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.documents.document import Document
from index.embedders.embedder import Embedder
from index.errors import LibraryError
from index.library.library import Library, Progress
from index.store.integrity import (
    bad_vectors,
    document_rows,
    file_damage,
    passage_counts,
    passages_without_document,
    vectors_without_passage,
)
from index.store.records import labels
from index.store.store import Store

# Of the damages that SQLite lists, as many are shown.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong; `mendable` when it can be made again from the documents."""

    what: str
    mendable: bool
    document_id: str = ""


def check(library: Library) -> list[Problem]:
    """Everything that is wrong with the library; empty when nothing is."""
    damage = _file(library.store)
    if damage:
        # What a damaged file says of its documents means nothing.
        return damage
    # First, since a search goes over to the embedder that another process may have changed the library to.
    search = _search(library)
    parts = (_documents, _passages, _vectors)
    found = [problem for part in parts for problem in part(library.store)]
    return [*found, *_originals(library), *search]


def rebuild(
    folder: Path, embedder: Embedder | None = None, progress: Progress | None = None
) -> list[Problem]:
    """Rebuilds the indexes, and vectors that are missing or damaged; what is still wrong then."""
    library = Library.open(folder, embedder, change_embedder=False)
    try:
        damage = _file(library.store)
        if damage:
            return damage
        for document_id in {problem.document_id for problem in _vectors(library.store)} - {""}:
            library.store.embed_again(document_id)
    finally:
        library.close()
    _drop_derived(folder)
    library = Library.open(folder, embedder, change_embedder=False)
    try:
        with library.changing():
            pass
        library.wait_until_embedded(progress=progress)
        return check(library)
    finally:
        library.close()


def _drop_derived(folder: Path) -> None:
    """Removes what is made again when the library is opened."""
    try:
        for path in folder.iterdir():
            if path.name.startswith(("dense", "lexical")):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    except OSError as error:
        raise LibraryError(f"{error.filename} can't be removed: {error.strerror}.") from error


def _file(store: Store) -> list[Problem]:
    try:
        damage = file_damage(store)
    except LibraryError as error:
        return [Problem(str(error), mendable=False)]
    return [Problem(f"{store.path} is damaged: {text}", mendable=False) for text in damage[:_SHOWN]]


def _documents(store: Store) -> Iterator[Problem]:
    """Each document is what its checksum says, and can be filtered by all of its metadata."""
    for row in document_rows(store):
        try:
            document = store.document(row.id)
        except (ValueError, TypeError) as error:
            yield Problem(f"document {row.id}: its row can't be read ({error})", False, row.id)
            continue
        if document.sha256 != row.sha256 or document.id != row.id:
            yield Problem(f"{_named(document)}: its text is not what was added", False, row.id)
        if row.labels != labels(document.metadata):
            yield Problem(f"{_named(document)}: filters miss some of its metadata", False, row.id)


def _passages(store: Store) -> Iterator[Problem]:
    """Passages are slices of their document, as many as it counts, and none is left of one that is gone."""
    for one in passage_counts(store):
        if one.missing:
            yield Problem(f"{one.name}: {one.missing:,} of its passages are missing", False, one.document_id)
        if one.outside:
            what = f"{one.name}: {one.outside:,} of its passages reach out of its text"
            yield Problem(what, False, one.document_id)
    if lost := passages_without_document(store):
        yield Problem(f"{lost:,} passages belong to no document", False)


def _vectors(store: Store) -> Iterator[Problem]:
    """Every passage has a vector of length 1, or waits for one; none is left of a passage that is gone."""
    for document_id, count in bad_vectors(store).items():
        yield Problem(f"document {document_id}: {count:,} vectors are missing or damaged", True, document_id)
    if lost := vectors_without_passage(store):
        yield Problem(f"{lost:,} vectors belong to no passage", False)


def _originals(library: Library) -> Iterator[Problem]:
    """Every copy of a file that a document refers to is there."""
    for sha256 in library.originals.missing():
        what = f"the copy {sha256[:12]}… of an uploaded file is missing: its pages can't be shown"
        yield Problem(what, mendable=False)


def _search(library: Library) -> list[Problem]:
    """What searches the library has what the store has, and nothing else."""
    return [Problem(problem, mendable=True) for problem in library.search_problems()]


def _named(document: Document) -> str:
    return f"{document.name} in the collection {document.collection!r}"
