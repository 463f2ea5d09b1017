import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index import Document, Filter, LibraryMismatch
from index.store.store import Store

# As Quoth 0.1.0 made it.
FORMAT_1 = """
CREATE TABLE IF NOT EXISTS manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL,
    text TEXT NOT NULL, sha256 TEXT NOT NULL, pages TEXT NOT NULL, headings TEXT NOT NULL,
    metadata TEXT NOT NULL, added TEXT NOT NULL, characters INTEGER NOT NULL,
    first_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL,
    UNIQUE (collection, name)
);
CREATE INDEX IF NOT EXISTS documents_by_content ON documents (collection, sha256);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL, added INTEGER NOT NULL,
    first_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL
);
"""
DOCUMENTS = (
    Document("a.pdf", "One. Two.", "Title", (0, 5), metadata={"year": "2020", "tags": "red, green"}),
    Document("b.txt", "Three. Four.", collection="other"),
)
PLACES = {"a.pdf": [(0, 4), (5, 9)], "b.txt": [(0, 6), (7, 12)]}
# Every passage's vector is its number on the matching axis.
VECTORS = np.eye(8, dtype=np.float16)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library of format 1 with two documents, and the numbers 1, 2, 7 and 8 of documents that have gone."""
    path = tmp_path / "library.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(FORMAT_1)
    manifest = {"format": "1", "embedder": "test", "dimension": "8"}
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", manifest.items())
    first = 3
    for document in DOCUMENTS:
        places = PLACES[document.name]
        connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
            (
                (first + number, document.id, *place, VECTORS[first + number - 1].tobytes())
                for number, place in enumerate(places)
            ),
        )
        row = (
            document.id, document.name, document.collection, document.title, document.text,
            document.sha256, json.dumps(document.pages), "[]", json.dumps(document.metadata),
            "2026-01-01T00:00:00+00:00", len(document.text), first, first + len(places),
        )  # fmt: skip
        connection.execute(f"INSERT INTO documents VALUES ({','.join('?' * len(row))})", row)
        connection.execute(
            "INSERT INTO changes VALUES (NULL, ?, 1, ?, ?)", (document.id, first, first + len(places))
        )
        first += len(places)
    connection.execute("UPDATE sqlite_sequence SET seq = 8 WHERE name = 'passages'")
    connection.commit()
    connection.close()
    return path


def test_a_library_of_the_first_format_is_as_it_was(path: Path) -> None:
    store = Store(path, "test", 8)
    assert [store.document(document.id) for document in DOCUMENTS] == list(DOCUMENTS)
    shown = [(info.name, info.passages, info.embedded, info.pages) for info in store.documents()]
    assert shown == [("a.pdf", 2, 2, 2), ("b.txt", 2, 2, 0)]
    assert [passage.text for passage in store.passages_of(0, 99)] == ["One.", "Two.", "Three.", "Four."]
    vectors = store.vectors(0, 99)
    assert vectors.ids.tolist() == [3, 4, 5, 6]
    assert np.array_equal(vectors.rows, VECTORS[2:6])
    assert store.runs(Filter(metadata={"tags": "green"})) == [(3, 5)]
    assert store.waiting() == 0
    assert store.documents()[0].added == "2026-01-01T00:00:00+00:00"


def test_its_changes_make_both_indexes_from_nothing(path: Path) -> None:
    store = Store(path, "test", 8)
    runs = [(change.kind, change.first_passage, change.end_passage) for change in store.changes_since(0)]
    assert runs == [("added", 3, 5), ("added", 5, 7), ("embedded", 3, 5), ("embedded", 5, 7)]


def test_its_numbers_of_passages_are_not_used_again(path: Path) -> None:
    store = Store(path, "test", 8)
    store.add(Document("c", "Five."), [(0, 5)])
    assert [passage.id for passage in store.unembedded(9)] == [9]


def test_it_stays_as_it_is_when_another_embedder_is_asked_for(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(LibraryMismatch, match="made with embedder 'test', but 'other' was asked for"):
        Store(path, "other", 8)
    assert path.read_bytes() == before
    Store(path, "test", 8).close()
    Store(path, "test", 8).close()
