"""Documents read from the store; those used last stay in memory."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from index.errors import UnknownDocument
from index.store.stored_document import StoredDocument

# A document's number, id, title and metadata: all that can change of it while its number stays.
DocumentKey = tuple[int, str, str, str]
Select = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

# Of a document of more characters than this, the text is read when it is used.
_READ_AT_ONCE = 50_000
# Characters of all documents in memory, a longer one counted as above, and what each document adds to them.
_ROOM, _EACH = 13_000_000, 500


class DocumentCache:
    """Reads with `rows`, which finds what a statement selects; one thread at a time may use it."""

    def __init__(self, rows: Select, room: int = _ROOM) -> None:
        self._rows = rows
        self._kept: OrderedDict[DocumentKey, StoredDocument] = OrderedDict()
        self._weights: dict[DocumentKey, int] = {}
        self._room = room

    def documents(self, keys: Iterable[DocumentKey]) -> dict[DocumentKey, StoredDocument]:
        """The documents of these keys, which all exist."""
        wanted = dict.fromkeys(keys)
        read = self._read([key for key in wanted if key not in self._kept])
        found: dict[DocumentKey, StoredDocument] = {}
        for key in wanted:
            if key in read:
                self._keep(key, *read[key])
            found[key] = self._kept[key]
            self._kept.move_to_end(key)
        while self._room < 0 and len(self._kept) > len(wanted):
            oldest, _ = self._kept.popitem(last=False)
            self._room += self._weights.pop(oldest)
        return found

    def _keep(self, key: DocumentKey, document: StoredDocument, characters: int) -> None:
        self._kept[key] = document
        self._weights[key] = min(characters, _READ_AT_ONCE) + _EACH
        self._room -= self._weights[key]

    def _read(self, keys: Sequence[DocumentKey]) -> dict[DocumentKey, tuple[StoredDocument, int]]:
        """The documents with the number of their characters."""
        if not keys:
            return {}
        by_number = {key[0]: key for key in keys}
        rows = self._rows(
            "SELECT number, name, source, collection, characters, iif(characters <= ?, text, NULL)"
            f" FROM documents WHERE number IN ({','.join('?' * len(keys))})",
            (_READ_AT_ONCE, *by_number),
        )
        return {
            by_number[number]: (self._document(by_number[number], name, source, collection, text), characters)
            for number, name, source, collection, characters, text in rows
        }

    def _document(
        self, key: DocumentKey, name: str, source: str, collection: str, text: str | None
    ) -> StoredDocument:
        number, id, title, metadata = key

        def column(columns: str) -> tuple[Any, ...]:
            rows = self._rows(f"SELECT {columns} FROM documents WHERE number = ?", (number,))
            if not rows:
                raise UnknownDocument(f"The document {name!r} has just been removed. Ask again.")
            return rows[0]

        return StoredDocument(
            id,
            name,
            title,
            collection,
            metadata,
            source if source != name else "",
            lambda: str(column("text")[0]),
            lambda: column("pages, headings, unread"),
            lambda: bytes(column("places")[0]),
            text,
        )
