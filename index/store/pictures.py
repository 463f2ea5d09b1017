"""Documents whose pictures are read after their text: a table beside the documents, and their former ids.

Both are written in the transactions that write the documents.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from index.documents.document import Document
from index.documents.shifts import shifted, shifts
from index.store.filters import condition
from index.store.records import Filter
from index.store.store import Store


@dataclass(frozen=True, slots=True)
class FilePictures:
    """The pictures in a document's file: `found` so many, of which `read` are; the document has all or none.

    `sha256` is that of the file, or of the archive that it is in; `name` the one by which its kind is told.
    """

    sha256: str
    name: str
    found: int
    read: int = 0


class DocumentPictures:
    """The pictures of a library's documents."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, document_id: str, pictures: FilePictures) -> None:
        """Notes the pictures of a document that is there."""
        with self._store.transaction() as connection:
            connection.execute(
                "REPLACE INTO pictures SELECT number, ?, ?, ?, ? FROM documents WHERE id = ?",
                (pictures.sha256, pictures.name, pictures.found, pictures.read, document_id),
            )

    def of(self, document_id: str) -> FilePictures | None:
        """What is noted of a document's pictures."""
        rows = self._store.rows(
            "SELECT pictures.sha256, pictures.name, found, read FROM pictures JOIN documents"
            " ON number = document WHERE id = ?",
            document_id,
        )
        return FilePictures(*rows[0]) if rows else None

    def next(self) -> int | None:
        """The number of the document whose pictures are to be read next; None when none is left."""
        rows = self._store.rows(
            "SELECT document FROM pictures WHERE read < found ORDER BY found, document LIMIT 1"
        )
        return int(rows[0][0]) if rows else None

    def id_of(self, number: int) -> str | None:
        """The id of the document of that number; None when it is gone, or needs nothing read."""
        rows = self._store.rows(
            "SELECT id FROM documents JOIN pictures ON document = number WHERE number = ? AND read < found",
            number,
        )
        return str(rows[0][0]) if rows else None

    def progress(self, number: int, read: int) -> None:
        """Notes how many have been read."""
        with self._store.transaction() as connection:
            connection.execute(
                "UPDATE pictures SET read = min(?, found - 1) WHERE document = ?", (read, number)
            )

    def left(self, filter: Filter = Filter()) -> tuple[int, str]:
        """How many are still to be read of the documents that pass the filter, and what is being read."""
        where, values = condition(filter)
        rows = self._store.rows(
            "SELECT found, read, documents.name FROM (SELECT * FROM pictures WHERE read < found) AS pictures"
            f" JOIN documents ON number = document {where} ORDER BY read = 0, found, document",
            *values,
        )
        if not rows:
            return 0, ""
        found, read, name = rows[0]
        return sum(row[0] - row[1] for row in rows), f"page {read + 1:,} of {found:,} of {name}"

    def former(self, document_id: str, before: Document) -> None:
        """Notes the id and places that the document had before its pictures were read."""
        document = self._store.document(document_id)
        with self._store.transaction() as connection:
            connection.execute(
                "REPLACE INTO former_ids SELECT ?, number, ? FROM documents WHERE id = ?",
                (before.id, json.dumps(shifts(before, document)), document_id),
            )

    def now(self, document_id: str, places: Sequence[int]) -> tuple[str, list[int]]:
        """The id and places of today of a document that had others before its pictures were read."""
        rows = self._store.rows(
            "SELECT documents.id, former_ids.places FROM former_ids JOIN documents ON number = document"
            " WHERE former_ids.id = ? AND former_ids.id NOT IN (SELECT id FROM documents)",
            document_id,
        )
        if not rows:
            return document_id, list(places)
        moved = [(at, shift) for at, shift in json.loads(rows[0][1])]
        return str(rows[0][0]), [shifted(place, moved) for place in places]
