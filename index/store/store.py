"""The truth of a library: documents, passages, vectors and the order of changes, in one SQLite file.

Everything else on disk is derived from it and can be made again. A document goes in, is replaced and
goes out in one transaction, with `synchronous=FULL`, so that what was acknowledged survives a power cut.
Its passages' vectors may follow later.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.documents.document import Document, Heading
from index.documents.passage import Passage, Place
from index.errors import LibraryError, UnknownDocument
from index.store.database import Database
from index.store.records import Change, DocumentInfo, Filter, Renaming, Vectors
from index.store.runs import Run, merged
from index.store.statements import embed, forget_vectors, insert, remove, rename

__all__ = ["Change", "DocumentInfo", "Filter", "Renaming", "Store", "Vectors"]

# Whole documents kept for the passages that are found; the common library fits, a very large one need not.
_DOCUMENTS_KEPT = 256
# In the same statement, so that no other embedder's vectors are read at the moment of a change.
_OF_EMBEDDER = "(SELECT value FROM manifest WHERE key = 'embedder') = ?"


class Store(Database):
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
            return self._document(*rows[0])

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        """What is in the library, in the order of the names."""
        where, values = filter.where()
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
        found = self._passages(f"passages.id IN ({','.join('?' * len(ids))})", tuple(ids))
        return {passage.id: passage for passage in found}

    def passages_of(self, first: int, end: int) -> list[Passage]:
        """The passages numbered `first` up to but not `end` that still exist."""
        return self._passages("passages.id >= ? AND passages.id < ? ORDER BY passages.id", (first, end))

    def vectors(self, first: int, end: int) -> Vectors:
        """The vectors of the passages in a half-open run, as far as they have one."""
        return self._vectors("passage >= ? AND passage < ? ORDER BY passage", (first, end))

    def vectors_of(self, ids: Sequence[int]) -> Vectors:
        """The vectors of these passages, as far as they exist and have one, in the order of their ids."""
        return self._vectors(f"passage IN ({','.join('?' * len(ids))}) ORDER BY passage", tuple(ids))

    def end_passage(self) -> int:
        """A number above those of all passages there are."""
        return int(self._rows("SELECT coalesce(max(id), 0) + 1 FROM passages", ())[0][0])

    def runs(self, filter: Filter) -> list[Run]:
        """Half-open runs, as few as can be, of the passage numbers of the documents that pass the filter."""
        where, values = filter.where()
        return merged(self._rows(f"SELECT first_passage, end_passage FROM documents {where}", values))

    def counts(self, filter: Filter = Filter()) -> tuple[int, int]:
        """How many documents and passages there are."""
        where, values = filter.where()
        return self._rows(
            f"SELECT count(*), coalesce(sum(end_passage - first_passage), 0) FROM documents {where}", values
        )[0]

    def last_change(self) -> int:
        """The number of the newest change; 0 in a new library."""
        return int(self._rows("SELECT coalesce(max(id), 0) FROM changes", ())[0][0])

    def changes_since(self, change: int) -> list[Change]:
        """All changes after that one, oldest first."""
        rows = self._rows(
            "SELECT id, kind, document_id, first_passage, end_passage FROM changes WHERE id > ? ORDER BY id",
            (change,),
        )
        return [Change(*row) for row in rows]

    def as_added(self) -> list[Change]:
        """What is in the library as if it had all come with the newest change: for an index made anew."""
        with self.reading():
            runs = self._rows(
                "SELECT id, first_passage, end_passage FROM documents ORDER BY first_passage", ()
            )
            newest = self.last_change()
        return [Change(newest, "added", *run) for run in runs]

    def position(self, change: int) -> dict[str, int | str]:
        """What a derived file keeps of the change that it was made up to, for `follows`."""
        rows = self._rows("SELECT stamp FROM changes WHERE id = ?", (change,))
        return {"applied": change, "stamp": rows[0][0] if rows else 0}

    def follows(self, facts: Mapping[str, int | str]) -> bool:
        """Whether what keeps these facts was made from this library, and not from another or a later one."""
        applied = facts.get("applied")
        return (
            isinstance(applied, int)
            and applied <= self.last_change()
            and self.position(applied).items() <= facts.items()
        )

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
            return [Passage(id, self._document(*known), start, end) for id, start, end, *known in rows]

    def _read_document(self, number: int, document_id: str, title: str, metadata: str) -> Document:
        """The document; its arguments are the key in the cache, and all that can ever change of it."""
        name, collection, text, pages, headings = self._rows(
            "SELECT name, collection, text, pages, headings FROM documents WHERE number = ?", (number,)
        )[0]
        return Document(
            name,
            text,
            title,
            tuple(json.loads(pages)),
            tuple(Heading(*heading) for heading in json.loads(headings)),
            collection,
            json.loads(metadata),
        )

    def _check_shape(self, name: str, passages: int, vectors: NDArray[np.float32]) -> None:
        if vectors.shape != (passages, self.dimension):
            raise LibraryError(
                f"{name}: {passages} passages of dimension {self.dimension} "
                f"came with vectors of shape {vectors.shape}"
            )
