"""The truth of a library: documents, passages, vectors and the order of changes, in one SQLite file.

Everything else on disk is derived from it and can be made again. A document goes in, is replaced and
goes out in one transaction, with `synchronous=FULL`, so that what was acknowledged survives a power cut.
Its passages' vectors may follow later.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.documents.document import Document
from index.documents.passage import Excerpt, Passage, Place, context_of, digest_of, embedded_text
from index.errors import UnknownDocument
from index.store.document_cache import DocumentCache
from index.store.filters import condition
from index.store.records import Change, DocumentInfo, Filter, Named, StoredVectors
from index.store.runs import Run, merged
from index.store.statements import embed, forget_vectors, move, put, remove
from index.store.stored_document import StoredDocument
from index.store.vector_table import VectorTable, by_digest, marks

__all__ = ["Change", "DocumentInfo", "Filter", "Named", "Store", "StoredVectors"]


class Store(VectorTable):
    """One library's documents, passages and vectors; every method may be called from any thread."""

    def __init__(self, path: Path, embedder: str | None = None, dimension: int | None = None) -> None:
        super().__init__(path, embedder, dimension)
        # Used inside `reading`, by one thread at a time.
        self._documents = DocumentCache(self._rows)

    def add(
        self, document: Document, places: Sequence[Place], vectors: NDArray[np.float32] | None = None
    ) -> None:
        """Adds the document, or puts it in the place of the one with its source and collection, durably.

        `vectors` is [len(places), dimension]; without it the passages whose texts have no vector yet wait.
        """
        if vectors is not None:
            self._check_shape(document.name, len(places), vectors)
        with self.transaction() as connection:
            put(connection, document, places)
            if vectors is not None:
                digests = (digest_of(embedded_text(document, *place)) for place in places)
                embed(connection, by_digest(digests, vectors))

    def remove(self, document_id: str) -> None:
        """Removes a document, durably; UnknownDocument when there is none of that id."""
        with self.transaction() as connection:
            remove(connection, document_id)

    def move(
        self, document_id: str, name: str, source: str, metadata: Mapping[str, str], to: str = ""
    ) -> str:
        """Gives a document another name and source, and collection if `to` names one, durably; its new id.

        Passages keep their numbers and vectors. UnknownDocument when there is none of that id.
        """
        with self.transaction() as connection:
            return move(connection, document_id, name, source, metadata, to)

    def unembedded(self, limit: int) -> list[Passage]:
        """Up to `limit` passages that have no vector yet, of each text one.

        Those of the document added last come first.
        """
        found: dict[bytes, Passage] = {}
        with self.reading():
            end = self.end_passage()
            while len(found) < limit:
                last = self._rows(
                    "SELECT first_passage, passage FROM waiting JOIN passages ON passages.id = passage"
                    " JOIN documents ON documents.id = document_id WHERE passage < ?"
                    " ORDER BY passage DESC LIMIT 1",
                    (end,),
                )
                if not last:
                    break
                end = min(last[0])
                for passage in self._passages(
                    "passages.id IN (SELECT passage FROM waiting WHERE passage BETWEEN ? AND ?"
                    " ORDER BY passage LIMIT ?) ORDER BY passages.id",
                    (*last[0], limit - len(found)),
                ):
                    found.setdefault(passage.digest, passage)
        return list(found.values())

    def add_vectors(
        self, passages: Sequence[Passage], vectors: NDArray[np.float32], embedder: str | None = None
    ) -> None:
        """Keeps the vectors [len(passages), dimension] of passages from `unembedded`, durably.

        They go to all passages of the same texts that wait, in whatever documents they stand by now. None is
        kept when the library's embedder is no longer the one that made them.
        """
        with self.transaction() as connection:
            if not passages or self.made_with() != (embedder or self.embedder):
                return
            self._check_shape(passages[0].document.name, len(passages), vectors)
            embed(connection, by_digest((passage.digest for passage in passages), vectors))

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
            return self._documents.documents(rows)[rows[0]].whole()

    def synced(self, document_id: str) -> bool:
        """Whether a sync made the document, which therefore goes with its file."""
        return bool(self._rows("SELECT 1 FROM documents WHERE id = ? AND synced", (document_id,)))

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        """What is in the library, in the order of the names."""
        where, values = condition(filter)
        rows = self._rows(
            "SELECT id, name, collection, title, metadata, added, characters,"
            " end_passage - first_passage, json_array_length(pages), end_passage - first_passage"
            " - (SELECT count(*) FROM waiting WHERE passage >= first_passage AND passage < end_passage),"
            " source, unread, coalesce(found, 0), coalesce(read, 0) FROM documents LEFT JOIN"
            " (SELECT document, found, read FROM pictures WHERE read < found) ON document = number"
            f" {where} ORDER BY name, collection",
            values,
        )
        return [_info(*row) for row in rows]

    def names(self, filter: Filter = Filter()) -> list[Named]:
        """The documents in the order of `documents`, ten times as fast, with little of each."""
        where, values = condition(filter)
        rows = self._rows(
            f"SELECT id, name, collection FROM documents {where} ORDER BY name, collection", values
        )
        return [Named(*row) for row in rows]

    def find(self, collection: str, *, name: str = "", source: str = "") -> DocumentInfo | None:
        """The document of that name, or from that source, in the collection."""
        column, value = ("name", name) if name else ("source", source)
        with self.reading():
            rows = self._rows(
                f"SELECT id FROM documents WHERE collection = ? AND {column} = ?", (collection, value)
            )
            return self.documents(Filter(documents=(rows[0][0],)))[0] if rows else None

    def added_below(self, collection: str, start: str) -> list[DocumentInfo]:
        """The documents added by hand whose source begins so, in the order of their names."""
        with self.reading():
            rows = self._rows(
                "SELECT id FROM documents WHERE collection = ? AND NOT synced AND source > ? AND source < ?",
                (collection, start, start[:-1] + chr(ord(start[-1]) + 1)),
            )
            ids = tuple(id for (id,) in rows)
            return self.documents(Filter(documents=ids)) if ids else []

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by id."""
        found = self._passages(f"passages.id IN ({marks(ids)})", tuple(ids))
        return {passage.id: passage for passage in found}

    def excerpts(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages that still exist, by id, to be shown: their long documents are read when asked for."""
        with self.reading():
            rows = self._rows(
                "SELECT passages.id, start, passages.end, digest, number, documents.id, title, metadata"
                " FROM passages JOIN documents ON documents.id = document_id"
                f" WHERE passages.id IN ({marks(ids)})",
                tuple(ids),
            )
            documents = self._documents.documents(row[4:] for row in rows)
            found: dict[int, Passage] = {}
            for id, start, end, digest, *key in rows:
                document = documents[tuple(key)]
                excerpt = self._excerpt(document, key[0], start, end)
                found[id] = Passage(id, document, start, end, excerpt, digest)
            return found

    def copies(self, ids: Sequence[int]) -> dict[int, list[int]]:
        """For each of these passages those of the same text in other documents, by number."""
        found: dict[int, list[int]] = {}
        for id, other in self._rows(
            "SELECT one.id, other.id FROM passages AS one JOIN passages AS other USING (digest)"
            f" WHERE one.id IN ({marks(ids)}) AND other.document_id != one.document_id ORDER BY other.id",
            tuple(ids),
        ):
            found.setdefault(id, []).append(other)
        return found

    def passages_of(self, first: int, end: int) -> list[Passage]:
        """The passages numbered `first` up to but not `end` that still exist."""
        return self._passages("passages.id >= ? AND passages.id < ? ORDER BY passages.id", (first, end))

    def first_passages(self, ids: Sequence[int]) -> dict[int, int]:
        """For each of these passages that still exists, the first one of its document."""
        return dict(
            self._rows(
                "SELECT passages.id, first_passage FROM passages JOIN documents ON documents.id = document_id"
                f" WHERE passages.id IN ({marks(ids)})",
                tuple(ids),
            )
        )

    def passage_ids(self) -> set[int]:
        """The ids of all passages."""
        return {id for (id,) in self._rows("SELECT id FROM passages", ())}

    def end_passage(self) -> int:
        """A number above those of all passages there are."""
        return int(self._rows("SELECT coalesce(max(id), 0) + 1 FROM passages", ())[0][0])

    def runs(self, filter: Filter) -> list[Run]:
        """Half-open runs, as few as can be, of the passage numbers of the documents that pass the filter."""
        where, values = condition(filter)
        return merged(self._rows(f"SELECT first_passage, end_passage FROM documents {where}", values))

    def ids(self, filter: Filter = Filter()) -> list[str]:
        """The ids of the documents that pass the filter, in the order in which they were added."""
        where, values = condition(filter)
        return [row[0] for row in self._rows(f"SELECT id FROM documents {where} ORDER BY number", values)]

    def counts(self, filter: Filter = Filter()) -> tuple[int, int]:
        """How many documents and passages there are."""
        where, values = condition(filter)
        return self._rows(
            f"SELECT count(*), coalesce(sum(end_passage - first_passage), 0) FROM documents {where}", values
        )[0]

    def _passages(self, where: str, values: Sequence[int]) -> list[Passage]:
        with self.reading():
            rows = self._rows(
                "SELECT passages.id, start, passages.end, digest, number, documents.id, title, metadata"
                f" FROM passages JOIN documents ON documents.id = document_id WHERE {where}",
                values,
            )
            documents = self._documents.documents(row[4:] for row in rows)
            for document in documents.values():
                document.load()  # so that it outlives its removal
            return [
                Passage(id, documents[tuple(key)], start, end, digest=digest)
                for id, start, end, digest, *key in rows
            ]

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


def _info(
    id: str,
    name: str,
    collection: str,
    title: str,
    metadata: str,
    added: str,
    characters: int,
    passages: int,
    pages: int,
    embedded: int,
    source: str,
    unread: str,
    *pictures: int,
) -> DocumentInfo:
    known = json.loads(metadata), added, characters, passages, pages, embedded, source
    return DocumentInfo(id, name, collection, title, *known, tuple(json.loads(unread)), *pictures)
