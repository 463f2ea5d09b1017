"""A library of format 2, where files of one text shared a document, is carried over when opened."""

import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import Document, Filter, Library, check, sync_folder
from index.store.stamp import Stamp
from index.store.store import Store
from index.testing.hashed_embedder import HashedEmbedder
from tests.waiting import PATIENCE

FORMAT_2 = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    collection TEXT NOT NULL, title TEXT NOT NULL, sha256 TEXT NOT NULL, metadata TEXT NOT NULL,
    added TEXT NOT NULL, characters INTEGER NOT NULL, first_passage INTEGER NOT NULL,
    end_passage INTEGER NOT NULL, pages TEXT NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL,
    UNIQUE (collection, name)
);
CREATE INDEX documents_by_content ON documents (collection, sha256);
CREATE INDEX documents_by_passage ON documents (first_passage, end_passage);
CREATE TABLE labels (key TEXT, value TEXT, document INTEGER, PRIMARY KEY (key, value, document))
    WITHOUT ROWID;
CREATE INDEX labels_by_document ON labels (document);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE TABLE vectors (passage INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE unembedded (
    first_passage INTEGER PRIMARY KEY, next_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL
);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, document_id TEXT NOT NULL,
    first_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL, stamp INTEGER NOT NULL
);
"""
SYNC_2 = """
CREATE TABLE synced_files (
    collection TEXT NOT NULL, path BLOB NOT NULL, folder BLOB NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL, document_id TEXT NOT NULL, reason TEXT NOT NULL, kinds INTEGER NOT NULL,
    PRIMARY KEY (collection, path)
) WITHOUT ROWID;
CREATE INDEX synced_files_by_document ON synced_files (document_id);
CREATE TABLE synced_documents (
    document_id TEXT PRIMARY KEY, collection TEXT NOT NULL, path BLOB NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER synced_document_removed AFTER DELETE ON documents BEGIN
    UPDATE synced_files SET document_id = '' WHERE document_id = OLD.id;
    DELETE FROM synced_documents WHERE document_id = OLD.id;
END;
CREATE TRIGGER synced_document_renamed AFTER UPDATE OF id ON documents BEGIN
    UPDATE synced_files SET document_id = NEW.id WHERE document_id = OLD.id;
    UPDATE synced_documents SET document_id = NEW.id WHERE document_id = OLD.id;
END;
"""
EMBEDDER = HashedEmbedder()
ALPHA = "The vault opened in 2008."
BETA = "The stone was found in 1799."
GAMMA = "Bees dance to tell where food is."


class OldLibrary:
    """A library of format 2 in the making."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.connection = sqlite3.connect(folder / "library.sqlite3")
        self.connection.executescript(FORMAT_2)
        facts = {"format": "2", "embedder": EMBEDDER.name, "dimension": str(EMBEDDER.dimension)}
        self.connection.executemany("INSERT INTO manifest VALUES (?, ?)", facts.items())
        self.passages = 0

    def add(self, document: Document, embedded: bool = True) -> str:
        """A document of one passage."""
        self.passages += 1
        run = (self.passages, self.passages + 1)
        number = self.connection.execute(
            "INSERT INTO documents VALUES (NULL, ?, ?, ?, ?, ?, ?, '2026-01-01', ?, ?, ?, '[]', '[]', ?)",
            (
                document.id, document.name, document.collection, document.title, document.sha256,
                json.dumps(document.metadata), len(document.text), *run, document.text,
            ),
        ).lastrowid  # fmt: skip
        for label in document.metadata.items():
            self.connection.execute("INSERT INTO labels VALUES (?, ?, ?)", (*label, number))
        self.connection.execute(
            "INSERT INTO passages VALUES (?, ?, 0, ?)", (run[0], document.id, len(document.text))
        )
        self._change("added", document.id, run)
        if embedded:
            vector = EMBEDDER.embed([f"{document.title}\n{document.text}".lstrip()])[0]
            self.connection.execute(
                "INSERT INTO vectors VALUES (?, ?)", (run[0], vector.astype(np.float16).tobytes())
            )
            self._change("embedded", document.id, run)
        else:
            self.connection.execute("INSERT INTO unembedded VALUES (?, ?, ?)", (run[0], *run))
        return document.id

    def _change(self, kind: str, document_id: str, run: tuple[int, int]) -> None:
        self.connection.execute(
            "INSERT INTO changes VALUES (NULL, ?, ?, ?, ?, random())", (kind, document_id, *run)
        )

    def synced(self, path: Path, document_id: str, sha256: str) -> None:
        stamp = Stamp.of(path.stat())
        self.connection.execute(
            "INSERT INTO synced_files VALUES ('default', ?, ?, ?, ?, ?, ?, ?, '', 0)",
            (
                os.fsencode(path), os.fsencode(path.parent), stamp.size, stamp.mtime_ns, stamp.ctime_ns,
                sha256, document_id,
            ),
        )  # fmt: skip

    def close(self) -> None:
        self.connection.commit()
        self.connection.close()


@pytest.fixture
def old(tmp_path: Path) -> OldLibrary:
    return OldLibrary(tmp_path / "library")


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_documents_keep_ids_passages_and_vectors_and_get_their_sources(
    tmp_path: Path, old: OldLibrary
) -> None:
    documents = [
        Document("by hand", ALPHA, "A title"),
        Document("b.txt", BETA, metadata={"source": "/x/b.txt", "unread": "page 1; page 2"}),
        Document("x.zip/sub/c.md", GAMMA, metadata={"source": "/x/x.zip"}),
        Document("up.txt", "Uploaded.", metadata={"source": "uploaded"}),
        Document("waits", "It waits."),
    ]
    for document in documents:
        old.add(document, embedded=document.name != "waits")
    old.close()
    store = Store(tmp_path / "library" / "library.sqlite3")
    assert {info.id: info.source for info in store.documents()} == dict(
        zip(
            [document.id for document in documents],
            ["by hand", "/x/b.txt", "/x/x.zip/sub/c.md", "up.txt", "waits"],
            strict=True,
        )
    )
    assert store.vectors(1, 99).ids.tolist() == [1, 2, 3, 4]
    assert [passage.text for passage in store.unembedded(9)] == ["It waits."]
    found = store.find("default", name="b.txt")
    assert found and found.unread == ("page 1", "page 2")
    assert found.metadata == {"source": "/x/b.txt"}
    assert store.documents(filter_of("/x/b.txt"))[0].name == "b.txt"
    store.add(Document("copy", ALPHA, "A title"), [(0, len(ALPHA))])
    assert store.waiting() == 1, "the copy has the vector of the old passage"
    store.close()


def filter_of(source: str) -> Filter:
    return Filter(metadata={"source": source})


def test_two_documents_of_one_source_stay_two(tmp_path: Path, old: OldLibrary) -> None:
    for name in ("a.txt", "x/a.txt"):
        old.add(Document(name, f"Text of {name}.", metadata={"source": "/x/a.txt"}))
    old.close()
    store = Store(tmp_path / "library" / "library.sqlite3")
    assert {info.name: info.source for info in store.documents()} == {
        "a.txt": "/x/a.txt",
        "x/a.txt": "x/a.txt",
    }
    store.close()


def test_a_synced_folder_goes_on_without_embedding_anything_again(tmp_path: Path, old: OldLibrary) -> None:
    folder = tmp_path / "notes"
    a, copy, b = (
        written(folder / name, text)
        for name, text in (("a.txt", ALPHA), ("copy.txt", ALPHA), ("b.txt", BETA))
    )
    old.connection.executescript(SYNC_2)
    shared = old.add(Document("a.txt", ALPHA, metadata={"source": str(a)}))
    by_hand = old.add(Document("b.txt", BETA, metadata={"source": str(b)}))
    for path, document_id in ((a, shared), (copy, shared), (b, by_hand)):
        old.synced(path, document_id, Document("", path.read_text()).sha256)
    old.connection.execute("INSERT INTO synced_documents VALUES (?, 'default', ?)", (shared, os.fsencode(a)))
    old.close()
    embedder = HashedEmbedder()
    library = Library.open(tmp_path / "library", embedder)
    try:
        assert statuses(library, folder) == {"a.txt": "unchanged", "b.txt": "unchanged", "copy.txt": "added"}
        assert library.wait_until_embedded(PATIENCE)
        assert embedder.texts == []
        assert library.find("a.txt", "default") is not None
        assert check(library) == []
        b.unlink()
        a.unlink()
        assert statuses(library, folder) == {"a.txt": "removed", "b.txt": "kept", "copy.txt": "unchanged"}
    finally:
        library.close()


def statuses(library: Library, folder: Path) -> dict[str, str]:
    return {one.name: one.status for one in sync_folder(library, folder)}


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, old: OldLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.add(Document("a", ALPHA))
    old.close()

    def fail(texts: Sequence[str]) -> bytes:
        raise MemoryError

    monkeypatch.setattr("index.store.migrate.digest_of", fail)
    with pytest.raises(MemoryError):
        Store(tmp_path / "library" / "library.sqlite3")
    monkeypatch.undo()
    store = Store(tmp_path / "library" / "library.sqlite3")
    assert [info.name for info in store.documents()] == ["a"]
    assert store.waiting() == 0
    store.close()


def test_tables_that_the_format_got_later_are_made_when_a_library_without_them_is_opened(
    tmp_path: Path,
) -> None:
    with Library.open(tmp_path, HashedEmbedder()) as library:
        library.add([Document("a.txt", "The vault opened in 2008.")])
        library.wait_until_embedded()
    connection = sqlite3.connect(tmp_path / "library.sqlite3")
    for table in ("originals", "judgements"):
        connection.execute(f"DROP TABLE {table}")
    connection.commit()
    connection.close()
    with Library.open(tmp_path, HashedEmbedder()) as library:
        (info,) = library.documents()
        assert library.search("vault", 1)[0].passage.document.id == info.id
        library.remove(info.id)
        assert check(library) == []
