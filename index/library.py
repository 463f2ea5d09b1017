"""A library: one folder of documents that can be searched."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import filelock
import numpy as np
from numpy.typing import NDArray

from index.dense import DenseIndex
from index.document import Document, normalise
from index.embedder import Embedder, open_embedder
from index.embedding import Embedding
from index.embedding import Progress as Progress
from index.errors import LibraryBusy, LibraryError, QuothError
from index.fusion import fuse
from index.lexical import LexicalIndex
from index.passage import Hit, Place, split
from index.store import DocumentInfo, Filter, Store

# How long a second writer waits for the first before it gives up.
_WRITE_SECONDS = 60.0
# Documents go into the word index together, up to this many passages and for no longer than this.
_BATCH_PASSAGES = 256
_BATCH_SECONDS = 1.0
# Candidates taken from each side before they are fused; more finds no more and costs time.
_CANDIDATES = 100
# [CLS] and [SEP]
_SPECIAL_TOKENS = 2
# What waits for vectors from an earlier time is embedded this long after the opening: a command that only
# asks has ended by then.
_LEFT_OVER_SECONDS = 3.0

Recorder = Callable[["Added"], None]

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one document or file that was to go in."""

    name: str
    status: Literal["added", "replaced", "unchanged", "failed"]
    document_id: str | None = None
    passages: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Prepared:
    document: Document
    places: list[Place]


class Library:
    """Documents in, ranked passages out; every method may be called from any thread.

    A document can be searched for by its words as soon as it has been added; the vectors of its passages
    follow from a thread in the background, at the next opening if this one ends before.

    Two processes may open one library: both can search at any time, and a second writer waits for the
    first. Raises LibraryMismatch when the folder was made with another embedder or format.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.folder = folder
        self.embedder = embedder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"The library folder {folder} can't be made: {error.strerror}.") from error
        self._store = Store(folder / "library.sqlite3", embedder.name, embedder.dimension)
        self._opening = threading.RLock()
        self._writing = threading.RLock()
        self._write_lock = filelock.FileLock(
            folder / "write.lock", timeout=_WRITE_SECONDS, thread_local=False
        )
        self._embedding = Embedding(folder, self._store, embedder, self._vectors_came)
        if self._store.waiting():
            self._embedding.start(_LEFT_OVER_SECONDS)

    @classmethod
    def open(cls, folder: Path | str, embedder: Embedder | None = None) -> Self:
        """The library in `folder`, made if there is none."""
        return cls(Path(folder).expanduser(), embedder or open_embedder())

    def close(self) -> None:
        """Saves what is derived and lets go of the files."""
        self._embedding.stop()
        if "_dense" in self.__dict__:
            self._dense.close()
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
        for group in _groups(self._prepare(document) for document in documents):
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

    def remove(self, document_id: str) -> None:
        """Removes a document from the disk and from every answer; UnknownDocument when there is none."""
        with self.changing() as store:
            store.remove(document_id)

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
        with self._embedding.asking():
            runs = self._store.runs(filter) if filter else None
            dense, lexical = self.indexes()
            vector = self.embedder.embed([question])[0]
            near = dense.search(vector, _CANDIDATES, runs)
            worded = lexical.search(question, _CANDIDATES, runs)
            ranked = fuse(near, worded, self._cosines(vector, near, worded))
            return self._hits(ranked, limit)

    @cached_property
    def _dense(self) -> DenseIndex:
        return DenseIndex(self.folder / "dense.index", self._store, self.embedder.name)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return LexicalIndex(self.folder / "lexical", self._store)

    def indexes(self) -> tuple[DenseIndex, LexicalIndex]:
        """Both indexes as of the newest change, whichever process made it."""
        with self._opening:
            dense, lexical = self._dense, self._lexical
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

    def _vectors_came(self) -> None:
        """Lets the searches that come find them without delay."""
        if "_dense" in self.__dict__:
            self._dense.catch_up()
            self._dense.save()

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

    def _cosines(
        self,
        vector: NDArray[np.float32],
        near: Sequence[tuple[int, float]],
        worded: Sequence[tuple[int, float]],
    ) -> dict[int, float]:
        """The cosine of every candidate that has a vector, also when only its words were found."""
        cosines = dict(near)
        missing = self._store.vectors_of([id for id, _ in worded if id not in cosines])
        return cosines | dict(zip(missing.ids.tolist(), (missing.rows @ vector).tolist(), strict=True))

    def _hits(self, ranked: Sequence[tuple[int, float]], limit: int) -> list[Hit]:
        """The first `limit` that still exist; a passage is read together with its whole document."""
        hits: list[Hit] = []
        for start in range(0, len(ranked) if limit > 0 else 0, max(limit, 1)):
            some = ranked[start : start + limit]
            passages = self._store.passages([id for id, _ in some])
            hits += [Hit(passages[id], score) for id, score in some if id in passages]
            if len(hits) >= limit:
                break
        return hits[:limit]

    def _prepare(self, document: Document | Added) -> _Prepared | Added:
        if isinstance(document, Added):
            return document
        document = replace(document, name=normalise(document.name), title=normalise(document.title))
        known = self._already(document)
        if known:
            return known
        places = split(document, self.embedder.token_counts, self.embedder.maximum_length - _SPECIAL_TOKENS)
        return _Prepared(document, places)

    def _already(self, document: Document) -> Added | None:
        """The document in the library that makes this one superfluous."""
        named = self._store.find(document.collection, name=document.name)
        same = self._store.find(document.collection, sha256=document.sha256)
        if same and (named is None or named.id == document.id):
            reason = "" if named else f"the same text as {same.name}"
            return Added(document.name, "unchanged", same.id, same.passages, reason)
        return None

    def _add_group(
        self, group: list[_Prepared | Added], progress: Progress | None, record: Recorder | None
    ) -> list[Added]:
        if not any(isinstance(one, _Prepared) for one in group):
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

    def _recorded(self, one: _Prepared, record: Recorder | None) -> Added:
        with self._store.transaction():
            added = self._write(one)
            if record:
                record(added)
        return added

    def _write(self, one: _Prepared) -> Added:
        document = one.document
        # Looked at again: the same text may have come twice in one batch, or from another process.
        known = self._already(document)
        if known:
            return known
        old = self._store.find(document.collection, name=document.name)
        self._store.add(document, one.places)
        return Added(document.name, "replaced" if old else "added", document.id, len(one.places))


def _groups(prepared: Iterable[_Prepared | Added]) -> Iterator[list[_Prepared | Added]]:
    """Runs of documents that go into the word index together."""
    group: list[_Prepared | Added] = []
    passages = 0
    began = time.monotonic()
    for one in prepared:
        group.append(one)
        passages += len(one.places) if isinstance(one, _Prepared) else 0
        if passages >= _BATCH_PASSAGES or time.monotonic() - began >= _BATCH_SECONDS:
            yield group
            group, passages = [], 0
            began = time.monotonic()
    if group:
        yield group
