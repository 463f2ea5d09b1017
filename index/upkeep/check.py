"""Whether a library is as it should be, and what can be made again where it isn't."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.documents.document import Document
from index.embedders.embedder import Embedder
from index.errors import LibraryError
from index.library.library import Library, Progress
from index.store.records import labels
from index.store.store import Store

# What 16 bits may leave of a vector's length of 1.
_LENGTH_TOLERANCE = 0.01
_ROWS_AT_ONCE = 10_000
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that isn't as it should be; `mendable` when it can be made again from the documents."""

    what: str
    mendable: bool
    document_id: str = ""


def check(library: Library) -> list[Problem]:
    """Everything that is wrong with the library; empty when nothing is."""
    damage = _file(library.store)
    if damage:
        # What a damaged file says of its documents means nothing.
        return damage
    return [problem for part in (_documents, _passages, _vectors) for problem in part(library.store)] + [
        *_originals(library),
        *_search(library),
    ]


def rebuild(
    folder: Path, embedder: Embedder | None = None, progress: Progress | None = None
) -> list[Problem]:
    """Makes anew what is derived, and the vectors that are missing or damaged; what is still wrong then."""
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
        rows = store.rows("PRAGMA integrity_check")
    except LibraryError as error:
        return [Problem(str(error), mendable=False)]
    return [
        Problem(f"{store.path} is damaged: {text}", mendable=False)
        for (text,) in rows[:_SHOWN]
        if text != "ok"
    ]


def _documents(store: Store) -> Iterator[Problem]:
    """Each document is what its checksum says, and can be filtered by all of its metadata."""
    for (document_id,) in store.rows("SELECT id FROM documents ORDER BY name"):
        number, sha256 = store.rows("SELECT number, sha256 FROM documents WHERE id = ?", document_id)[0]
        try:
            document = store.document(document_id)
        except (ValueError, TypeError) as error:
            yield Problem(f"document {document_id}: its row can't be read ({error})", False, document_id)
            continue
        if document.sha256 != sha256 or document.id != document_id:
            yield Problem(f"{_named(document)}: its text is not what was added", False, document_id)
        kept = store.rows("SELECT key, value FROM labels WHERE document = ?", number)
        if set(kept) != labels(document.metadata):
            yield Problem(f"{_named(document)}: filters miss some of its metadata", False, document_id)


def _passages(store: Store) -> Iterator[Problem]:
    """Passages are slices of their document, as many as it counts, and none is left of one that is gone."""
    for document_id, name, count, outside in store.rows(
        "SELECT documents.id, name, end_passage - first_passage - count(passages.id),"
        " coalesce(sum(start < 0 OR start >= passages.end OR passages.end > characters), 0)"
        " FROM documents LEFT JOIN passages ON passages.id >= first_passage AND passages.id < end_passage"
        " AND document_id = documents.id GROUP BY documents.id"
    ):
        if count:
            yield Problem(f"{name}: {count:,} of its passages are missing", False, document_id)
        if outside:
            yield Problem(f"{name}: {outside:,} of its passages reach out of its text", False, document_id)
    lost = store.rows("SELECT count(*) FROM passages WHERE document_id NOT IN (SELECT id FROM documents)")[0][
        0
    ]
    if lost:
        yield Problem(f"{lost:,} passages belong to no document", False)


def _vectors(store: Store) -> Iterator[Problem]:
    """Every passage has a vector of length 1, or waits for one; none is left of a passage that is gone."""
    bad: dict[str, int] = {}
    statement = (
        "SELECT passages.id, document_id, vector, waiting.passage IS NOT NULL FROM passages"
        " JOIN documents ON documents.id = document_id LEFT JOIN waiting ON waiting.passage = passages.id"
        " LEFT JOIN vectors ON vectors.passage = passages.id WHERE passages.id > ?"
        " ORDER BY passages.id LIMIT ?"
    )
    last = 0
    while rows := store.rows(statement, last, _ROWS_AT_ONCE):
        last = rows[-1][0]
        for _, document_id, vector, waits in rows:
            whole = waits if vector is None else not waits and _sound(vector, store.dimension)
            if not whole:
                bad[document_id] = bad.get(document_id, 0) + 1
    for document_id, count in bad.items():
        yield Problem(f"document {document_id}: {count:,} vectors are missing or damaged", True, document_id)
    lost = store.rows("SELECT count(*) FROM vectors WHERE passage NOT IN (SELECT id FROM passages)")[0][0]
    if lost:
        yield Problem(f"{lost:,} vectors belong to no passage", False)


def _sound(vector: bytes, dimension: int) -> bool:
    if len(vector) != dimension * np.float16().itemsize:
        return False
    length = np.linalg.norm(np.frombuffer(vector, np.float16).astype(np.float32))
    return bool(abs(length - 1.0) <= _LENGTH_TOLERANCE)


def _originals(library: Library) -> Iterator[Problem]:
    """Every copy of a file that a document refers to is there."""
    for sha256 in library.originals.missing():
        yield Problem(
            f"the copy {sha256[:12]}… of an uploaded file is missing: its pages can't be shown", False
        )


def _search(library: Library) -> list[Problem]:
    """What searches the library has what the store has, and nothing else."""
    return [Problem(problem, mendable=True) for problem in library.search_problems()]


def _named(document: Document) -> str:
    return f"{document.name} in the collection {document.collection!r}"
