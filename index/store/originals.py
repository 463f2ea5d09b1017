"""Which file each document was read from: a table beside the documents, written in the same transactions."""

from dataclasses import dataclass

from index.store.store import Store


@dataclass(frozen=True, slots=True)
class Original:
    """The file that a document was read from, by the SHA-256 of its bytes, or of the archive that it is in.

    `inner` is its path in the archive, empty where it is in none. `kept`: the library has a copy.
    """

    sha256: str
    inner: str = ""
    kept: bool = False


class Originals:
    """The originals of a library's documents."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, document_id: str, original: Original) -> None:
        """Notes the original of a document that is there."""
        with self._store.transaction() as connection:
            connection.execute(
                "REPLACE INTO originals SELECT number, ?, ?, ? FROM documents WHERE id = ?",
                (original.sha256, original.inner, original.kept, document_id),
            )

    def of(self, document_id: str) -> Original | None:
        """The original of a document, that of a synced file included; None when it is not known."""
        noted = self._store.rows(
            "SELECT originals.sha256, inner, kept FROM originals JOIN documents ON number = document"
            " WHERE id = ?",
            document_id,
        )
        if noted:
            sha256, inner, kept = noted[0]
            return Original(sha256, inner, bool(kept))
        synced = self._store.rows(
            "SELECT file.sha256 FROM synced_files AS file JOIN documents USING (collection, source)"
            " WHERE id = ?",
            document_id,
        )
        return Original(synced[0][0]) if synced else None

    def kept(self) -> set[str]:
        """The SHA-256 of all that lie in the library's folder."""
        return {sha256 for (sha256,) in self._store.rows("SELECT DISTINCT sha256 FROM originals WHERE kept")}
