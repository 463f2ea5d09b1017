"""The truth of a library: documents, passages, vectors and the order of changes, in one SQLite file.

Everything else on disk is derived from it and can be made again. A document goes in, is replaced and
goes out in one transaction, with `synchronous=FULL`, so that what was acknowledged survives a power cut.
Its passages' vectors may follow later.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.documents.document import Document
from index.documents.passage import Excerpt, Passage, Place, context_of
from index.errors import LibraryError, UnknownDocument
from index.store.change_log import ChangeLog
from index.store.filters import condition
from index.store.records import Change, DocumentInfo, Filter, Renaming, Vectors
from index.store.runs import Run, merged
from index.store.statements import embed, forget_vectors, insert, remove, rename
from index.store.stored_document import StoredDocument

__all__ = ["Change", "DocumentInfo", "Filter", "Renaming", "Store", "Vectors"]

# Documents kept for the passages that are found; the common library fits, a very large one need not.
_DOCUMENTS_KEPT = 256
# Of a document of more characters than this, a passage that is shown reads only its own.
_READ_WHOLE = 50_000
# In the same statement, so that no other embedder's vectors are read at the moment of a change.
_OF_EMBEDDER = "(SELECT value FROM manifest WHERE key = 'embedder') = ?"


class Store(ChangeLog):
    """One library's documents, passages and vectors; every method may be called from any thread."""

    def __init__(self, path: Path, embedder: str | None = None, dimension: int | None = None) -> None:
        super().__init__(path, embedder, dimension)
        self._document = lru_cache(_DOCUMENTS_KEPT)(self._read_document)

    def add(
        self, document: Document, places: Sequence[Place], vectors: NDArray[np.float32] | None = None
    ) -> None:
        """Adds the document, or puts it in the place of the one with its name and collection, durably.

        `vectors` is [len(places), dimension]; without it the passages wait in `unembedded` for theirs.
        """
        if vectors is not None:
            self._check_shape(document.name, len(places), vectors)
        with self.transaction() as connection:
            old = connection.execute(
                "SELECT id FROM documents WHERE collection = ? AND name = ?",
                (document.collection, document.name),
            ).fetchone()
            if old:
                remove(connection, old[0])
            first, end = insert(connection, document, places)
            if vectors is not None:
                embed(connection, document.id, first, end, vectors)

    def remove(self, document_id: str) -> None:
        """Removes a document, durably; UnknownDocument when there is none of that id."""
        with self.transaction() as connection:
            remove(connection, document_id)

    def rename(self, renames: Sequence[Renaming]) -> list[str]:
        """Gives documents other names, durably and all at once: two may swap theirs. Returns their new ids.

        Passages keep their numbers and vectors, and no index holds a name: there is nothing for one to take
        in. UnknownDocument when there is none of an id.
        """
        with self.transaction() as connection:
            return rename(connection, renames)

    def unembedded(self, limit: int) -> list[Passage]:
        """Up to `limit` passages that have no vector yet: those of the document added last come first."""
        passages: list[Passage] = []
        with self.reading():
            for first, end in self._rows(
                "SELECT next_passage, end_passage FROM unembedded ORDER BY first_passage DESC LIMIT ?",
                (limit,),
            ):
                passages += self.passages_of(first, min(end, first + limit - len(passages)))
                if len(passages) == limit:
                    break
        return passages

    def waiting(self) -> int:
        """How many passages have no vector yet."""
        return int(
            self._rows("SELECT coalesce(sum(end_passage - next_passage), 0) FROM unembedded", ())[0][0]
        )

    def embedded(self) -> int:
        """How many passages have a vector."""
        # In one statement, since passages come and go while others get their vectors.
        statement = (
            "SELECT (SELECT coalesce(sum(end_passage - first_passage), 0) FROM documents)"
            " - (SELECT coalesce(sum(end_passage - next_passage), 0) FROM unembedded)"
        )
        return int(self._rows(statement, ())[0][0])

    def add_vectors(
        self, passages: Sequence[Passage], vectors: NDArray[np.float32], embedder: str | None = None
    ) -> None:
        """Gives passages that `unembedded` told of their vectors [len(passages), dimension], durably.

        Those that are gone by now, or have got theirs from another process, are passed over; so are all
        when the library's embedder is no longer the one that made them.
        """
        with self.transaction() as connection:
            if not passages or self.made_with() != (embedder or self.embedder):
                return
            self._check_shape(passages[0].document.name, len(passages), vectors)
            start = 0
            for document_id, run in groupby(passages, key=lambda passage: passage.document.id):
                ids = [passage.id for passage in run]
                rows = vectors[start : start + len(ids)]
                start += len(ids)
                embed(connection, document_id, ids[0], ids[-1] + 1, rows)

    def embed_again(self, document_id: str) -> None:
        """Forgets the vectors of a document's passages, which then wait for new ones."""
        with self.transaction() as connection:
            row = connection.execute(
                "SELECT first_passage, end_passage FROM documents WHERE id = ?", (document_id,)
            ).fetchone()
            if not row:
                raise UnknownDocument(f"There is no document with the id {document_id!r}.")
            forget_vectors(connection, document_id, *row)

    def document(self, document_id: str) -> Document:
        """The document; UnknownDocument when there is none of that id."""
        with self.reading():
            # The cache may hold a document that is gone by now, and a deleted one must not answer.
            rows = self._rows(
                "SELECT number, id, title, metadata FROM documents WHERE id = ?", (document_id,)
            )
            if not rows:
                raise UnknownDocument(f"There is no document with the id {document_id!r}.")
            return self._document(*rows[0]).whole()

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        """What is in the library, in the order of the names."""
        where, values = condition(filter)
        rows = self._rows(
            "SELECT id, name, collection, title, metadata, added, characters,"
            " documents.end_passage - documents.first_passage, json_array_length(pages),"
            " coalesce(next_passage, documents.end_passage) - documents.first_passage"
            f" FROM documents LEFT JOIN unembedded USING (first_passage) {where} ORDER BY name, collection",
            values,
        )
        return [
            DocumentInfo(id, name, collection, title, json.loads(metadata), *figures)
            for id, name, collection, title, metadata, *figures in rows
        ]

    def find(self, collection: str, *, name: str = "", sha256: str = "") -> DocumentInfo | None:
        """The document of that name, or of that content, in the collection."""
        column, value = ("name", name) if name else ("sha256", sha256)
        with self.reading():
            rows = self._rows(
                f"SELECT id FROM documents WHERE collection = ? AND {column} = ?", (collection, value)
            )
            return self.documents(Filter(documents=(rows[0][0],)))[0] if rows else None

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by id."""
        found = self._passages(f"passages.id IN ({_marks(ids)})", tuple(ids))
        return {passage.id: passage for passage in found}

    def excerpts(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by id, to be shown: their long documents are read when asked for."""
        with self.reading():
            rows = self._rows(
                "SELECT passages.id, start, passages.end, number, documents.id, title, metadata FROM passages"
                f" JOIN documents ON documents.id = document_id WHERE passages.id IN ({_marks(ids)})",
                tuple(ids),
            )
            found: dict[int, Passage] = {}
            for id, start, end, *known in rows:
                document = self._document(*known)
                excerpt = self._excerpt(document, known[0], start, end)
                found[id] = Passage(id, document, start, end, excerpt)
            return found

    def passages_of(self, first: int, end: int) -> list[Passage]:
        """The passages numbered `first` up to but not `end` that still exist."""
        return self._passages("passages.id >= ? AND passages.id < ? ORDER BY passages.id", (first, end))

    def vectors(self, first: int, end: int) -> Vectors:
        """The vectors of the passages in a half-open run, as far as they have one."""
        return self._vectors("passage >= ? AND passage < ? ORDER BY passage", (first, end))

    def vectors_of(self, ids: Sequence[int]) -> Vectors:
        """The vectors of these passages, as far as they exist and have one, in the order of their ids."""
        return self._vectors(f"passage IN ({_marks(ids)}) ORDER BY passage", tuple(ids))

    def first_passages(self, ids: Sequence[int]) -> dict[int, int]:
        """For each of these passages that still exists, the first one of its document."""
        return dict(
            self._rows(
                "SELECT passages.id, first_passage FROM passages JOIN documents ON documents.id = document_id"
                f" WHERE passages.id IN ({_marks(ids)})",
                tuple(ids),
            )
        )

    def passage_ids(self) -> set[int]:
        """The ids of all passages."""
        return {id for (id,) in self._rows("SELECT id FROM passages", ())}

    def embedded_ids(self) -> list[int]:
        """The ids of all passages that have a vector, in order."""
        return [id for (id,) in self._rows("SELECT passage FROM vectors ORDER BY passage", ())]

    def end_passage(self) -> int:
        """A number above those of all passages there are."""
        return int(self._rows("SELECT coalesce(max(id), 0) + 1 FROM passages", ())[0][0])

    def runs(self, filter: Filter) -> list[Run]:
        """Half-open runs, as few as can be, of the passage numbers of the documents that pass the filter."""
        where, values = condition(filter)
        return merged(self._rows(f"SELECT first_passage, end_passage FROM documents {where}", values))

    def counts(self, filter: Filter = Filter()) -> tuple[int, int]:
        """How many documents and passages there are."""
        where, values = condition(filter)
        return self._rows(
            f"SELECT count(*), coalesce(sum(end_passage - first_passage), 0) FROM documents {where}", values
        )[0]

    def _vectors(self, where: str, values: Sequence[object]) -> Vectors:
        # One of another size is damaged: `check` says so, and its passage is found by its words.
        sound = f"length(vector) = {self.dimension * np.float16().itemsize}"
        rows = self._rows(
            f"SELECT passage, vector FROM vectors WHERE {sound} AND {_OF_EMBEDDER} AND {where}",
            (self.embedder, *values),
        )
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        stored = np.frombuffer(b"".join(row[1] for row in rows), np.float16)
        return Vectors(ids, stored.reshape(len(rows), self.dimension).astype(np.float32))

    def _passages(self, where: str, values: Sequence[int]) -> list[Passage]:
        with self.reading():
            rows = self._rows(
                "SELECT passages.id, start, passages.end, number, documents.id, title, metadata FROM passages"
                f" JOIN documents ON documents.id = document_id WHERE {where}",
                values,
            )
            return [Passage(id, self._loaded(*known), start, end) for id, start, end, *known in rows]

    def _loaded(self, *key: Any) -> StoredDocument:
        """The document with its text, which therefore outlives its removal."""
        document = self._document(*key)
        assert document.text is not None and document.pages is not None
        return document

    def _excerpt(self, document: StoredDocument, number: int, start: int, end: int) -> Excerpt | None:
        """What a passage of a long document shows; None where the document is in memory anyway."""
        if document.loaded:
            return None
        above = document.heading_place(start)
        text, heading = self._rows(
            "SELECT substr(text, ?, ?), substr(text, ?, ?) FROM documents WHERE number = ?",
            (start + 1, end - start, above[0] + 1, above[1] - above[0], number),
        )[0]
        return Excerpt(text, context_of(document.title, heading))

    def _read_document(self, number: int, document_id: str, title: str, metadata: str) -> StoredDocument:
        """The document; its arguments are the key in the cache, and all that can ever change of it."""
        name, collection, characters = self._rows(
            "SELECT name, collection, characters FROM documents WHERE number = ?", (number,)
        )[0]

        def column(columns: str) -> tuple[Any, ...]:
            rows = self._rows(f"SELECT {columns} FROM documents WHERE number = ?", (number,))
            if not rows:
                raise UnknownDocument(f"The document {name!r} has just been removed. Ask again.")
            found: tuple[Any, ...] = rows[0]
            return found

        document = StoredDocument(
            document_id,
            name,
            title,
            collection,
            metadata,
            lambda: str(column("text")[0]),
            lambda: column("pages, headings"),
        )
        if characters <= _READ_WHOLE:
            assert document.text is not None
        return document

    def _check_shape(self, name: str, passages: int, vectors: NDArray[np.float32]) -> None:
        if vectors.shape != (passages, self.dimension):
            raise LibraryError(
                f"{name}: {passages} passages of dimension {self.dimension} "
                f"came with vectors of shape {vectors.shape}"
            )


def _marks(ids: Sequence[int]) -> str:
    return ",".join("?" * len(ids))
