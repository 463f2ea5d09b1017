"""Pictures of documents are read in the background, while their text can be asked about already."""

import logging
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import filelock

from index.documents.document import Document
from index.errors import DocumentError, LibraryBusy, QuothError
from index.library.originals import OriginalFiles
from index.library.timing import Timing
from index.loaders import Limits, ocr
from index.loaders.later import BEING_READ
from index.loaders.process.whole import WholeReading
from index.store.pictures import DocumentPictures
from index.store.statements import may_write
from index.store.store import Store

Progress = Callable[[str, float], None]
PutIn = Callable[[int, Document, bool], object]

_logger = logging.getLogger(__name__)


class PictureWorker:
    """Reads the pictures of documents, those with few of them first, in a thread of its own.

    Of all processes with one library, one reads. `put_in` is called with the number of a document, which may
    be gone by then, the whole, and true; or, if they can't be read, the document that says why, and false.
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
        self._pictures = DocumentPictures(store)
        self._store = store
        self._originals = originals
        self._put_in = put_in
        self._limits = limits
        self._timing = timing
        self._turn = filelock.FileLock(folder / "pictures.lock", timeout=0, thread_local=False)
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._reading: WholeReading | None = None
        self._begin = 0.0
        self._stopped = False
        self.failure: QuothError | None = None

    def start(self, after: float = 0.0) -> None:
        """Starts in that many seconds, if there is anything to read and this process may do so."""
        if not self._possible():
            return
        with self._changed:
            begin = time.monotonic() + after
            self._begin = min(begin, self._begin) if self._thread else begin
            self._changed.notify_all()
            if self._thread or self._stopped:
                return
            self.failure = None
            self._thread = threading.Thread(target=self._run, name="pictures", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends at once; what is left is read at the next opening."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            thread, reading = self._thread, self._reading
        if reading:
            reading.stop()
        if thread and thread is not threading.current_thread():
            thread.join()

    def wait(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until all pictures have been read that this process can read; False when it took longer.

        Raises the error that ended the reading. `progress` gets a name with its page, and the share of all.
        """
        end = time.monotonic() + timeout if timeout is not None else None
        most = 0
        self.start()
        while self._possible():
            with self._changed:
                failure, idle = self.failure, self._thread is None
            if failure:
                raise failure
            if idle:  # what another process added, and has left
                self.start()
            left, name = self._pictures.left()
            most = max(most, left)
            if progress and most:
                progress(name, 1 - left / most)
            with self._changed:
                if self._stopped or (end is not None and time.monotonic() >= end):
                    return False
                self._changed.wait(self._timing.poll_seconds)
        return True

    def _possible(self) -> bool:
        """Whether there is anything to read, and this process may do so."""
        return bool(
            self._pictures.next() is not None
            and ocr.available()
            and sys.executable
            and may_write(self._store.path)
        )

    def _run(self) -> None:
        try:
            with self._changed:
                while not self._stopped and (left := self._begin - time.monotonic()) > 0:
                    self._changed.wait(left)
            while self._goes_on():
                self._work()
        except Exception as error:
            if threading.main_thread().is_alive():
                _logger.warning("Pictures are read at the next opening of the library: %s", error)
            failure = (
                error if isinstance(error, QuothError) else QuothError(f"Pictures can't be read: {error}")
            )
            with self._changed:
                self.failure, self._thread = failure, None
                self._changed.notify_all()

    def _goes_on(self) -> bool:
        """Whether there is more to read; if not, the thread counts as ended from now on."""
        with self._changed:
            if self._stopped or self._pictures.next() is None:
                self._thread = None
                self._changed.notify_all()
                return False
            return True

    def _work(self) -> None:
        try:
            with self._turn:
                while not self._stopped and (number := self._pictures.next()) is not None:
                    self._read(number)
                    with self._changed:
                        self._changed.notify_all()
        except filelock.Timeout:
            # Another process reads; when it is killed, this one has to go on.
            with self._changed:
                self._changed.wait_for(lambda: self._stopped, self._timing.poll_seconds)

    def _read(self, number: int) -> None:
        """Reads the pictures of one document, and has it put in."""
        document_id = self._pictures.id_of(number)
        pictures = self._pictures.of(document_id) if document_id else None
        if not document_id or not pictures:
            return
        self._note(number, 0)
        part = self._store.document(document_id)
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
