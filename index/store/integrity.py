"""What a library's file should be, and where it isn't: the questions that `index.upkeep.check` asks of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.store.store import Store

# What 16 bits may leave of a vector's length of 1.
_LENGTH_TOLERANCE = 0.01
_ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What stands beside a document's text: its checksum, and the labels that filters find it by."""

    id: str
    sha256: str
    labels: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PassageCount:
    """How many of a document's passages are `missing`, and how many reach `outside` of its text."""

    document_id: str
    name: str
    missing: int
    outside: int


def file_damage(store: Store) -> list[str]:
    """What SQLite finds wrong with the file; LibraryError when it can't even look."""
    return [text for (text,) in store.rows("PRAGMA integrity_check") if text != "ok"]


def document_rows(store: Store) -> Iterator[DocumentRow]:
    """All documents, in the order of their names."""
    for number, document_id, sha256 in store.rows("SELECT number, id, sha256 FROM documents ORDER BY name"):
        labels = store.rows("SELECT key, value FROM labels WHERE document = ?", number)
        yield DocumentRow(document_id, sha256, frozenset(labels))


def passage_counts(store: Store) -> list[PassageCount]:
    """The documents whose passages are not as many as they count, or not inside their text."""
    rows = store.rows(
        "SELECT documents.id, name, end_passage - first_passage - count(passages.id) AS missing,"
        " coalesce(sum(start < 0 OR start >= passages.end OR passages.end > characters), 0) AS outside"
        " FROM documents LEFT JOIN passages ON passages.id >= first_passage AND passages.id < end_passage"
        " AND document_id = documents.id GROUP BY documents.id HAVING missing OR outside"
    )
    return [PassageCount(*row) for row in rows]


def passages_without_document(store: Store) -> int:
    """How many passages belong to no document."""
    statement = "SELECT count(*) FROM passages WHERE document_id NOT IN (SELECT id FROM documents)"
    return int(store.rows(statement)[0][0])


def vectors_without_passage(store: Store) -> int:
    """How many vectors belong to no passage."""
    statement = "SELECT count(*) FROM vectors WHERE passage NOT IN (SELECT id FROM passages)"
    return int(store.rows(statement)[0][0])


def bad_vectors(store: Store) -> dict[str, int]:
    """How many passages have no vector of length 1 and don't wait for one either, by document."""
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
    return bad


def _sound(vector: bytes, dimension: int) -> bool:
    if len(vector) != dimension * np.float16().itemsize:
        return False
    length = np.linalg.norm(np.frombuffer(vector, np.float16).astype(np.float32))
    return bool(abs(length - 1.0) <= _LENGTH_TOLERANCE)
