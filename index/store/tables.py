"""The SQL of a library's tables."""

import sqlite3
from collections.abc import Container

FORMAT = 3

# A document is identified by its collection and source; its name is for people, and no other document of the
# collection has it. `synced`: a sync made it, and removes it when its file is gone. Texts stand last in
# their row, so that what is asked of all documents is read without them. A change's stamp is random: what
# is derived keeps it, and so knows whether it was made from this history.
TABLES = {
    "manifest": "CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "documents": """CREATE TABLE documents (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
        name TEXT NOT NULL, collection TEXT NOT NULL, title TEXT NOT NULL, sha256 TEXT NOT NULL,
        metadata TEXT NOT NULL, unread TEXT NOT NULL, added TEXT NOT NULL, characters INTEGER NOT NULL,
        first_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL, synced INTEGER NOT NULL DEFAULT 0,
        pages TEXT NOT NULL, headings TEXT NOT NULL, places BLOB NOT NULL, text TEXT NOT NULL,
        UNIQUE (collection, source), UNIQUE (collection, name)
    )""",
    "labels": "CREATE TABLE labels (key TEXT, value TEXT, document INTEGER,"
    " PRIMARY KEY (key, value, document)) WITHOUT ROWID",
    # The files that documents were read from, by the numbers of the documents.
    "originals": "CREATE TABLE originals (document INTEGER PRIMARY KEY, sha256 TEXT NOT NULL,"
    " inner TEXT NOT NULL, kept INTEGER NOT NULL)",
    # The pictures in the files of documents that are read after their text; `read` of them have been so far.
    "pictures": "CREATE TABLE pictures (document INTEGER PRIMARY KEY, sha256 TEXT NOT NULL,"
    " name TEXT NOT NULL, found INTEGER NOT NULL, read INTEGER NOT NULL)",
    # The ids that documents had before their pictures were read, and which places are where in them now.
    "former_ids": "CREATE TABLE former_ids (id TEXT PRIMARY KEY, document INTEGER NOT NULL,"
    " places TEXT NOT NULL) WITHOUT ROWID",
    "passages": """CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL,
        start INTEGER NOT NULL, end INTEGER NOT NULL, digest BLOB NOT NULL DEFAULT x''
    )""",
    "vectors": "CREATE TABLE vectors (passage INTEGER PRIMARY KEY, vector BLOB NOT NULL)",
    # The passages that have no vector yet.
    "waiting": "CREATE TABLE waiting (passage INTEGER PRIMARY KEY)",
    # What people said of answers.
    "judgements": "CREATE TABLE judgements (owner TEXT, id TEXT, made TEXT NOT NULL, content TEXT NOT NULL,"
    " PRIMARY KEY (owner, id)) WITHOUT ROWID",
    # Vectors of texts that have just been replaced, which the next document may be about to need.
    "spare_vectors": "CREATE TABLE spare_vectors (digest BLOB PRIMARY KEY, embedder TEXT NOT NULL,"
    " vector BLOB NOT NULL) WITHOUT ROWID",
    "changes": """CREATE TABLE changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, document_id TEXT NOT NULL,
        first_passage INTEGER NOT NULL, end_passage INTEGER NOT NULL, stamp INTEGER NOT NULL
    )""",
    # Every file that a sync has looked at, as it was then, or why it could not be read; a file's document is
    # the one with its source.
    "synced_files": """CREATE TABLE synced_files (
        collection TEXT NOT NULL, path BLOB NOT NULL, source TEXT NOT NULL, folder BLOB NOT NULL,
        size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
        sha256 TEXT NOT NULL, reason TEXT NOT NULL, kinds INTEGER NOT NULL,
        PRIMARY KEY (collection, path)
    ) WITHOUT ROWID""",
}
_INDEXES = (
    "CREATE INDEX documents_by_passage ON documents (first_passage, end_passage)",
    "CREATE INDEX labels_by_document ON labels (document)",
    "CREATE INDEX passages_by_digest ON passages (digest)",
)


def create(connection: sqlite3.Connection, there: Container[str] = ()) -> None:
    """Makes all tables but those that are `there` already."""
    for name, statement in TABLES.items():
        if name not in there:
            connection.execute(statement)
    for statement in _INDEXES:
        connection.execute(statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
