"""A library: one folder of documents that can be searched."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Self

import filelock

from index.documents.document import Document
from index.documents.passage import Hit
from index.embedders.embedder import Embedder
from index.embedders.open_embedder import open_embedder
from index.errors import LibraryBusy, LibraryError, ModelError, QuothError
from index.library.embedder_change import ByName, choose
from index.library.embedder_in_use import EmbedderInUse
from index.library.embedding_worker import EmbeddingWorker
from index.library.embedding_worker import Progress as Progress
from index.library.writer import Added as Added
from index.library.writer import Prepared, groups, prepare, write
from index.search.dense.dense_index import DenseIndex
from index.search.hits import cosines_of, first_hits
from index.search.lexical.lexical_index import LexicalIndex
from index.search.ranking import fuse
from index.store.database import recorded
from index.store.reembedding import Reembedding
from index.store.store import DocumentInfo, Filter, Store

# How long a second writer waits for the first before it gives up.
_WRITE_SECONDS = 60.0
# Candidates taken from each side before they are fused; more finds no more and costs time.
_CANDIDATES = 100
# What waits for vectors from an earlier time is embedded, and a change of the embedder gone on with, this
# long after the opening: a command that only asks has ended by then.
_LEFT_OVER_SECONDS = 3.0

Recorder = Callable[[Added], None]

_logger = logging.getLogger(__name__)


class Library:
    """Documents in, ranked passages out; every method may be called from any thread.

    A document can be searched for by its words as soon as it has been added; the vectors of its passages
    follow from a thread in the background, at the next opening if this one ends before.

    Two processes may open one library: both can search at any time, and a second writer waits for the
    first.

    A library keeps its embedder. When it is opened with another one, that one's vectors are made in the
    background, beside the old ones, which answer until the last is there; then it goes over in one step, in
    every process that has it open.
    """

    def __init__(self, folder: Path, store: Store, meaning: EmbedderInUse) -> None:
        self.folder = folder
        self._store = store
        self._meaning = meaning
        self._opening = threading.RLock()
        self._writing = threading.RLock()
        self._write_lock = filelock.FileLock(
            folder / "write.lock", timeout=_WRITE_SECONDS, thread_local=False
        )
        self._embedding = EmbeddingWorker(folder, store, meaning.current, meaning.vectors_came)
        if store.waiting():
            self._embedding.start(_LEFT_OVER_SECONDS)

    @classmethod
    def open(
        cls,
        folder: Path | str,
        embedder: Embedder | None = None,
        change_embedder: bool = True,
        by_name: ByName = open_embedder,
    ) -> Self:
        """The library in `folder`, made if there is none, with the bundled embedder unless one is given.

        Another embedder than its own begins a change; none goes on with what an earlier opening began. With
        `change_embedder` false neither happens, and another one is a LibraryMismatch, unless the library is
        being changed to it already. `by_name` loads the embedders that the library remembers.

        LibraryMismatch too when it is of another format, LibraryError when it can't be used.
        """
        folder = Path(folder).expanduser()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"The library folder {folder} can't be made: {error.strerror}.") from error
        path = folder / "library.sqlite3"
        found = recorded(path)
        own, wanted = choose(folder, found, embedder, change_embedder, by_name)
        store = Store(path) if found else Store(path, own.name, own.dimension)
        library = cls(folder, store, EmbedderInUse(folder, store, own, by_name))
        if wanted:
            library.change_embedder(wanted, _LEFT_OVER_SECONDS)
        return library

    def close(self) -> None:
        """Saves what is derived and lets go of the files."""
        self._embedding.stop()
        self._meaning.close()
        self._store.close()

    def add(self, documents: Iterable[Document], progress: Progress | None = None) -> list[Added]:
        """Adds the documents, or replaces those of the same name and collection; says what became of each."""
        return list(self.adding(documents, progress))

    def adding(
        self,
        documents: Iterable[Document | Added],
        progress: Progress | None = None,
        record: Recorder | None = None,
    ) -> Iterator[Added]:
        """Like `add`, one by one: what has been yielded is on disk and can be searched.

        What could not become a document may stand among them as its Added, and comes out in its place.
        `record` is called inside the transaction that writes a document, so that what it keeps in the store
        lives or dies with it.
        """
        prepared = (prepare(self._store, self.embedder, document) for document in documents)
        for group in groups(prepared):
            yield from self._add_group(group, progress, record)

    def wait_until_embedded(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until every passage has its vector; False when `timeout` seconds were too few.

        `progress` gets an empty name and the share that is done.
        """
        return self._embedding.wait(timeout, progress)

    def go_on_embedding(self) -> None:
        """Lets what waits for vectors get them in the background, also after an embedder that failed."""
        if self._store.waiting():
            self._embedding.start()

    @property
    def embedding_failure(self) -> QuothError | None:
        """What has ended the making of vectors in this process, until it is begun again."""
        return self._embedding.failure

    @property
    def change_failure(self) -> QuothError | None:
        """What has ended the change to another embedder in this process, until it is asked for again."""
        return self._embedding.change.failure

    def change_embedder(self, embedder: Embedder, after: float = 0.0) -> None:
        """Has the library go over to that embedder, from `after` seconds on, in the background.

        Its own embedder ends a change to another one, whose vectors go.
        """
        self._meaning.expected = embedder
        self._embedding.change.ask(embedder)
        self._embedding.start(after)

    def coming_embedder(self) -> tuple[str, float]:
        """The embedder that the library is being changed to, empty when to none; what is done, 0 to 1."""
        coming, asked = Reembedding(self._store), self._embedding.change.asked
        name = asked.name if asked and asked.name != self._store.made_with() else coming.embedder
        return name, coming.share() if name == coming.embedder else 0.0

    def wait_until_changed(self, timeout: float | None = None, progress: Progress | None = None) -> bool:
        """Waits until the change of the embedder that this library was asked for is done, or given up.

        Like `wait_until_embedded`; raises what kept it from going on.
        """
        return self._embedding.wait_for_change(timeout, progress)

    def remove(self, document_id: str) -> None:
        """Removes a document from the disk and from every answer; UnknownDocument when there is none."""
        with self.changing() as store:
            store.remove(document_id)

    @property
    def embedder(self) -> Embedder:
        """The one whose vectors answer now."""
        return self._meaning.embedder

    @property
    def store(self) -> Store:
        """The truth, for what is kept beside the documents in the same file."""
        return self._store

    @contextmanager
    def changing(self) -> Iterator[Store]:
        """The store, alone and inside one transaction, after which the word index takes in what changed."""
        with self._alone():
            self._lexical.catch_up()
            with self._store.transaction():
                yield self._store
            self._lexical.catch_up()

    def document(self, document_id: str) -> Document:
        """The document; UnknownDocument when there is none of that id."""
        return self._store.document(document_id)

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        """What is in the library, in the order of the names."""
        return self._store.documents(filter)

    def find(self, name: str, collection: str) -> DocumentInfo | None:
        """The document of that name in that collection."""
        return self._store.find(collection, name=name)

    def counts(self, filter: Filter = Filter()) -> tuple[int, int]:
        """How many documents and passages there are."""
        return self._store.counts(filter)

    def search(self, question: str, limit: int = 20, filter: Filter = Filter()) -> list[Hit]:
        """The passages that fit the question best, best first; the filter comes before the ranking."""
        with self._embedding.asking(), self._meaning.steady():
            runs = self._store.runs(filter) if filter else None
            dense, lexical = self._indexes()
            worded = lexical.search(question, _CANDIDATES, runs)
            try:
                vector = self._meaning.vector(question)
                near = dense.search(vector, _CANDIDATES, runs)
                cosines = cosines_of(self._store, vector, near, worded)
            except ModelError:
                if not self._embedding.change.asked:
                    raise
                # Its model is gone, and the vectors of the next one are not there yet: the words must do.
                near, cosines = [], {}
            return first_hits(self._store, fuse(near, worded, cosines), limit)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return LexicalIndex(self.folder / "lexical", self._store)

    def indexes(self) -> tuple[DenseIndex, LexicalIndex]:
        """Both indexes as of the newest change, whichever process made it."""
        with self._meaning.steady():
            return self._indexes()

    def _indexes(self) -> tuple[DenseIndex, LexicalIndex]:
        with self._opening:
            dense, lexical = self._meaning.dense, self._lexical
            dense.catch_up()
            if lexical.behind():
                lexical.refresh()
            if lexical.behind():
                self._if_free(lexical.catch_up)
        return dense, lexical

    def _if_free(self, work: Callable[[], None]) -> None:
        """Does what writes derived files, unless a writer is at it, who will do so anyway.

        That it fails, for instance on a full disk, is no reason not to search.
        """
        if not self._writing.acquire(blocking=False):
            return
        try:
            with self._write_lock.acquire(timeout=0):
                work()
        except filelock.Timeout:
            pass
        except (LibraryError, OSError) as error:
            _logger.warning("An index could not be saved, and is made again when needed: %s", error)
        finally:
            self._writing.release()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._writing:
            try:
                self._write_lock.acquire()
            except filelock.Timeout as error:
                raise LibraryBusy(
                    f"Another program has held the library {self.folder} for {_WRITE_SECONDS:.0f} s. "
                    "Try again when it has finished."
                ) from error
            try:
                yield
            finally:
                self._write_lock.release()

    def _add_group(
        self, group: list[Prepared | Added], progress: Progress | None, record: Recorder | None
    ) -> list[Added]:
        if not any(isinstance(one, Prepared) for one in group):
            return [one for one in group if isinstance(one, Added)]
        results: list[Added] = []
        try:
            with self._alone():
                self._lexical.catch_up()
                for number, one in enumerate(group, 1):
                    results.append(one if isinstance(one, Added) else self._recorded(one, record))
                    if progress:
                        progress(results[-1].name, number / len(group))
                self._lexical.catch_up()
        finally:
            # What went in before something failed, or before `progress` broke it off, waits for vectors too.
            self._embedding.start()
        return results

    def _recorded(self, one: Prepared, record: Recorder | None) -> Added:
        with self._store.transaction():
            added = write(self._store, one)
            if record:
                record(added)
        return added
