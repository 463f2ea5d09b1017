"""Pictures of documents are read in the background, while their text can be asked about already."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from index.documents.document import Document
from index.errors import DocumentError, LibraryBusy, UnknownDocument
from index.library.background_worker import BackgroundWorker, Progress
from index.library.originals import OriginalFiles
from index.library.timing import Timing
from index.loaders import Limits, ocr
from index.loaders.later import BEING_READ
from index.loaders.process.whole import WholeReading
from index.store.pictures import DocumentPictures
from index.store.statements import may_write
from index.store.store import Store

PutIn = Callable[[int, Document, bool], object]


class PictureWorker(BackgroundWorker):
    """Reads the pictures of documents, those with few of them first.

    `put_in` is called with the number of a document, which may be gone by then, the whole, and true; or, if
    they can't be read, the document that says why, and false.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        originals: OriginalFiles,
        put_in: PutIn,
        limits: Limits,
        timing: Timing = Timing(),
    ) -> None:
        super().__init__("pictures", folder / "pictures.lock", "Some pictures have not been read", timing)
        self._pictures = DocumentPictures(store)
        self._store = store
        self._originals = originals
        self._put_in = put_in
        self._limits = limits
        self._reading: WholeReading | None = None

    def start(self, after: float = 0.0) -> None:
        """Starts in that many seconds, if there is anything to read and this process may do so."""
        if self._possible():
            super().start(after)

    def stop(self) -> None:
        """Ends at once; what is left is read at the next opening."""
        with self._changed:
            self._stopped = True
            reading = self._reading
        if reading:
            reading.stop()
        super().stop()

    def wait(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until all pictures have been read that this process can read; False when it took longer.

        Raises the error that ended the reading. `progress` gets a name with its page, and the share of all.
        """
        most = 0

        def share() -> tuple[str, float]:
            nonlocal most
            left, name = self._pictures.left()
            most = max(most, left)
            if not self._possible():
                return "", 1.0
            if self.failure:
                raise self.failure
            return name, 1 - left / max(most, 1)

        return not self._possible() or self._wait(share, timeout, progress)

    def _possible(self) -> bool:
        """Whether there is anything to read, and this process may do so."""
        return bool(self._left() and ocr.available() and sys.executable and may_write(self._store.path))

    def _left(self) -> bool:
        return self._pictures.next() is not None

    def _step(self) -> bool:
        number = self._pictures.next()
        if number is None or self._stopped:
            return False
        self._read(number)
        return True

    def _read(self, number: int) -> None:
        """Reads the pictures of one document, and has it put in."""
        document_id = self._pictures.id_of(number)
        pictures = self._pictures.of(document_id) if document_id else None
        if not document_id or not pictures:
            return
        self._note(number, 0)
        try:
            part = self._store.document(document_id)
        except UnknownDocument:
            return  # removed just now
        where = self._originals.of(part)
        whole: Document | DocumentError | None
        if where:
            reading = WholeReading(where.path, where.inner, pictures.sha256, pictures.name, self._limits)
            with self._changed:
                self._reading = None if self._stopped else reading
            if self._stopped:
                return
            whole = reading.result(
                lambda done, total: self._note(number, done * pictures.found // max(total, 1))
            )
            self._reading = None
        else:
            whole = DocumentError(part.name, "the file that it was read from is gone")
        if isinstance(whole, Document):
            self._put_in(number, whole, True)
        elif whole:
            unread = tuple(one.replace(BEING_READ, whole.reason) for one in part.unread)
            self._put_in(number, replace(part, unread=unread), False)

    def _note(self, number: int, read: int) -> None:
        with suppress(LibraryBusy):  # the next page says it again
            self._pictures.progress(number, read)
