"""A document that was removed a moment ago, with all that is needed to put it back as it was."""

from dataclasses import dataclass
from functools import partial
from typing import Self

from index.documents.document import Document
from index.library.originals import OriginalFiles
from index.library.outcome import Outcome
from index.library.writer import Arrival
from index.store.originals import Original
from index.store.pictures import DocumentPictures, FilePictures
from index.store.store import Store
from index.store.synced_files import SyncedFiles


@dataclass(frozen=True, slots=True)
class Removed:
    """The document, the file that it was read from, whether a sync had made it, its pictures."""

    document: Document
    original: Original | None
    synced: bool
    pictures: FilePictures | None = None

    @property
    def kept(self) -> list[str]:
        """The SHA-256 of its copy in the library's folder, if it has one."""
        return [self.original.sha256] if self.original and self.original.kept else []

    @classmethod
    def of(cls, store: Store, originals: OriginalFiles, document_id: str) -> Self:
        """What is needed to put back a document that is still there; UnknownDocument when it isn't."""
        return cls(
            store.document(document_id),
            originals.known(document_id),
            store.synced(document_id),
            DocumentPictures(store).of(document_id),
        )

    def returning(self, store: Store, originals: OriginalFiles) -> Arrival | Outcome:
        """The document on its way back, or that its place has been taken."""
        if store.find(self.document.collection, source=self.document.identity):
            return Outcome(self.document.name, "failed", reason="it has been added again since")
        return Arrival(self.document, partial(self._record, store, originals))

    def _record(self, store: Store, originals: OriginalFiles, outcome: Outcome) -> Outcome:
        """Keeps beside the document, in the transaction that writes it, what was beside it before."""
        if self.original:
            originals.restore(outcome.document_id or "", self.original)
        if self.pictures:
            DocumentPictures(store).put(outcome.document_id or "", self.pictures)
        if self.synced:
            SyncedFiles(store, self.document.collection).own(outcome.document_id or "")
        return outcome
