"""A library: one folder of documents that can be searched."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.documents.document import Document, normalise
from index.documents.passage import Hit
from index.embedders.embedder import Embedder
from index.embedders.open_embedder import open_embedder
from index.errors import LibraryError, ModelError
from index.library.background import BackgroundWork
from index.library.background_worker import Progress as Progress
from index.library.embedder_in_use import EmbedderInUse
from index.library.embedding_worker import EmbeddingWorker
from index.library.hits import distinct_hits
from index.library.moving import move_to
from index.library.originals import OriginalFiles
from index.library.outcome import Outcome
from index.library.picture_worker import PictureWorker
from index.library.reembedder import ByName, choose
from index.library.removed import Removed
from index.library.timing import Timing
from index.library.whole import put_whole
from index.library.writer import Arrival, Prepared, groups, prepare, split_by, write
from index.loaders import Limits
from index.locks import WriteLock
from index.search.local_search import LocalSearch
from index.search.passage_search import PassageSearch, SearchFactory
from index.store.database import DATABASE, recorded
from index.store.pictures import DocumentPictures
from index.store.statements import may_write
from index.store.store import DocumentInfo, Filter, Store

# The newest changes of the store that are kept though the search has them: a process that has had the library
# open without searching for a while takes in what it lacks, instead of all.
_CHANGES_KEPT = 10_000

_logger = logging.getLogger(__name__)


class Library(BackgroundWork):
    """Documents in, ranked passages out; every method may be called from any thread.

    A document can be searched for by its words as soon as it has been added; the vectors of its passages
    follow from a thread in the background, at the next opening if this one ends before. So does the text of
    its pictures: then the whole takes the place of the document without them, in one step.

    Two processes may open one library: both can search at any time, and a second writer waits for the
    first.

    A library keeps its embedder. When it is opened with another one, that one's vectors are made in the
    background, beside the old ones, which answer until all are made; then the library changes in one step, in
    every process that has it open.

    The locks, in the order in which a thread takes them; it may leave some out, but never go back, except to
    try a lock without waiting for it:

    | lock | guards |
    |---|---|
    | `sync.lock` file (intake) | a folder's sync, of all processes |
    | `WriteLock`: a thread lock and the file `write.lock` | writing documents, and the search's part of it |
    | `pictures.lock` file (`PictureWorker`) | reading pictures, of all processes; never waited for |
    | `embed.lock` file (`EmbeddingWorker`) | making vectors, of all processes; never waited for |
    | `EmbedderInUse`, shared | the embedder, and the vectors that are searched: a search shares it |
    | `LocalSearch` | opening its indexes and bringing them up to date; it tries the `WriteLock` inside |
    | `dense.lock` file (`DenseIndex`) | making the inverted file, of all processes; never waited for |
    | `DenseIndex`, changing | taking in changes, and putting a new inverted file in place |
    | `DenseIndex`, shared | the vectors in memory: a search shares it, a change has it alone |
    | `Store`, writing | the connection that writes: a transaction |
    | `Store`, reading | the connection that reads |

    `DenseIndex`, starting, and the conditions of `EmbeddingWorker` and `PictureWorker` are held only to
    start, stop or wake a thread, and nothing is taken inside them.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        embedders: EmbedderInUse,
        search: PassageSearch,
        write_lock: WriteLock,
        timing: Timing = Timing(),
        changes_kept: int = _CHANGES_KEPT,
        limits: Limits = Limits(),
    ) -> None:
        self.folder = folder
        self.originals = OriginalFiles(folder, store)
        self._search = search
        self._write_lock = write_lock
        self._timing = timing
        self._changes_kept = changes_kept
        super().__init__(
            store,
            embedders,
            EmbeddingWorker(folder, store, embedders.current, self._embedded, timing),
            PictureWorker(folder, store, self.originals, self._put_in, limits, timing),
        )
        if store.waiting() and may_write(store.path):
            self._embedding.start(timing.left_over_seconds)
        self._pictures.start(timing.left_over_seconds)

    @classmethod
    def open(
        cls,
        folder: Path | str,
        embedder: Embedder | None = None,
        change_embedder: bool = True,
        by_name: ByName = open_embedder,
        make_search: SearchFactory = LocalSearch,
        timing: Timing = Timing(),
        limits: Limits = Limits(),
    ) -> Self:
        """The library in `folder`, made if there is none, with the bundled embedder unless one is given.

        Another embedder than its own begins a change; none goes on with what an earlier opening began. With
        `change_embedder` false neither happens, and another one is a LibraryMismatch, unless the library is
        being changed to it already. `by_name` loads the embedders that the library remembers, `make_search`
        makes what searches it. `limits` are those of reading pictures.

        LibraryMismatch too when it is of another format, LibraryError when it can't be used.
        """
        folder = Path(folder).expanduser()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"The library folder {folder} can't be made: {error.strerror}.") from error
        path = folder / DATABASE
        found = recorded(path)
        own, wanted = choose(folder, found, embedder, change_embedder, by_name)
        store = Store(path) if found else Store(path, own.name, own.dimension)
        write_lock = WriteLock(folder, timing.write_seconds)
        library = cls(
            folder,
            store,
            EmbedderInUse(folder, store, own, by_name),
            make_search(folder, store, write_lock),
            write_lock,
            timing,
            limits=limits,
        )
        if wanted:
            library.change_embedder(wanted, timing.left_over_seconds)
        return library

    @staticmethod
    def exists(folder: Path | str) -> bool:
        """Whether there is a library in that folder."""
        return (Path(folder).expanduser() / DATABASE).exists()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Saves the search's files and closes all files."""
        self._pictures.stop()
        self._embedding.stop()
        self._search.close()
        self._store.close()

    def add(self, documents: Iterable[Document], progress: Progress | None = None) -> list[Outcome]:
        """Adds the documents, or replaces those of the same source and collection; one outcome for each."""
        return list(self.adding(documents, progress))

    def adding(
        self, documents: Iterable[Document | Arrival | Outcome], progress: Progress | None = None
    ) -> Iterator[Outcome]:
        """Like `add`, one by one: what has been yielded is on disk and can be searched.

        What could not become a document may stand among them as its Outcome, and comes out in its place.
        """
        prepared = (prepare(self._store, self.embedder, document) for document in documents)
        for group in groups(prepared, self._timing):
            yield from self._add_group(group, progress)
        self._store.drop_spare_vectors()

    def remove(self, document_id: str) -> None:
        """Removes a document from the disk and from every answer; UnknownDocument when there is none."""
        with self.changing() as store:
            store.remove(document_id)
        self.sweep_originals()

    def take_out(self, document_ids: Sequence[str]) -> list[Removed]:
        """Removes documents like `remove`, all or none; what is needed to put them back, in memory.

        Their originals are kept until `forget` is told that nobody wants them back.
        """
        with self.changing() as store:
            removed = [Removed.of(store, self.originals, one) for one in dict.fromkeys(document_ids)]
            for one in removed:
                store.remove(one.document.id)
            self.originals.spare([sha256 for one in removed for sha256 in one.kept])
        self.sweep_originals()
        return removed

    def put_back(self, removed: Sequence[Removed]) -> list[Outcome]:
        """Adds documents again that were taken out; one whose place was taken meanwhile is `failed`."""
        return list(self.adding(one.returning(self._store, self.originals) for one in removed))

    def forget(self, removed: Sequence[Removed]) -> None:
        """Lets the originals of documents go that were taken out."""
        self.originals.let_go([sha256 for one in removed for sha256 in one.kept])
        self.sweep_originals()

    def move(self, document_ids: Sequence[str], collection: str) -> list[Outcome]:
        """Moves documents to another collection, with their passages and vectors; an outcome for each.

        `unchanged` when it is there already; `failed` when that collection has its file, or a sync made it,
        whose collection is its folder's.
        """
        with self.changing() as store:
            return [move_to(store, document_id, normalise(collection)) for document_id in document_ids]

    def sweep_originals(self) -> None:
        """Deletes the copies of files that no document refers to any more."""
        with self._write_lock.held():
            self.originals.sweep()

    def state(self) -> tuple[int, str]:
        """What changes with every change of what is found: equal before and after, nothing else is found."""
        return self._store.last_change(), self._store.made_with()

    @property
    def embedder(self) -> Embedder:
        """The one whose vectors are searched now."""
        return self._embedders.embedder

    @property
    def store(self) -> Store:
        """The truth, for what is kept beside the documents in the same file."""
        return self._store

    @contextmanager
    def changing(self) -> Iterator[Store]:
        """The store, alone and inside one transaction, after which the search takes in what changed."""
        with self._write_lock.held():
            self._apply()
            with self._store.transaction():
                yield self._store
            self._apply()

    def document(self, document_id: str) -> Document:
        """The document; UnknownDocument when there is none of that id."""
        return self._store.document(document_id)

    def places_now(self, document_id: str, places: Sequence[int]) -> tuple[str, list[int]]:
        """The id and places of today, of those that a document had before its pictures were read."""
        return DocumentPictures(self._store).now(document_id, places)

    def documents(self, filter: Filter = Filter()) -> list[DocumentInfo]:
        """What is in the library, in the order of the names."""
        return self._store.documents(filter)

    def find(self, name: str, collection: str) -> DocumentInfo | None:
        """The document of that name in that collection."""
        return self._store.find(normalise(collection), name=normalise(name))

    def counts(self, filter: Filter = Filter()) -> tuple[int, int]:
        """How many documents and passages there are."""
        return self._store.counts(filter)

    def search(self, question: str, limit: int = 20, filter: Filter = Filter()) -> list[Hit]:
        """The passages that fit the question best, best first; the filter comes before the ranking.

        Passages of one text are one hit, which names the other documents.
        """
        with self._embedding.asking(), self._embedders.steady():
            vector = self._vector(question)
            return distinct_hits(
                self._store, lambda number: self._search.search(question, vector, number, filter), limit
            )

    @property
    def passage_search(self) -> PassageSearch:
        """What searches the library."""
        return self._search

    def search_problems(self) -> list[str]:
        """How what searches the library differs from the documents, a sentence each."""
        with self._embedders.steady():
            return self._search.problems()

    def _vector(self, question: str) -> NDArray[np.float32] | None:
        try:
            return self._embedders.vector(question)
        except ModelError:
            if not self._embedding.change.asked:
                raise
            # Its model is gone, and the next one's vectors are not all made yet: the words must do.
            return None

    def _apply(self) -> None:
        """Has the search take in what was written; the thread holds the write lock."""
        with self._embedders.unchanged():
            self._search.apply()
        if self._store.changes_kept() > 2 * self._changes_kept:
            self._store.forget_changes(self._search.applied, self._changes_kept)

    def _embedded(self) -> None:
        """Has the search take in new vectors; while another thread writes, that thread does it."""
        with self._write_lock.if_free() as free:
            if free:
                try:
                    self._apply()
                except LibraryError as error:
                    _logger.warning("New vectors are taken in at the next search: %s", error)

    def _add_group(self, group: list[Prepared | Outcome], progress: Progress | None) -> list[Outcome]:
        if not any(isinstance(one, Prepared) for one in group):
            return [one for one in group if isinstance(one, Outcome)]
        results: list[Outcome] = []
        try:
            with self._write_lock.held():
                self._apply()
                for number, one in enumerate(group, 1):
                    results.append(
                        one if isinstance(one, Outcome) else write(self._store, self.embedder, one)
                    )
                    if progress:
                        progress(results[-1].name, number / len(group))
                self._apply()
        finally:
            # Documents written before an error, also one of `progress`, are embedded too.
            self._embedding.start()
            self._pictures.start()
        return results

    def _put_in(self, number: int, whole: Document, read: bool) -> None:
        """Puts the whole in the place of the document of that number, if that still waits for it."""
        places = split_by(self.embedder, whole) if whole.text else []
        with self.changing() as store:
            replaced = put_whole(store, self.originals, number, whole, places, read)
        if replaced:
            self.sweep_originals()
            self._embedding.start()
