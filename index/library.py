"""A library: one folder of documents that can be searched."""

import threading
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
from index.errors import LibraryBusy, LibraryError
from index.fusion import fuse
from index.lexical import LexicalIndex
from index.passage import Hit, Place, context, split
from index.store import DocumentInfo, Filter, Store

# How long a second writer waits for the first before it gives up.
_WRITE_SECONDS = 60.0
# Documents are embedded together up to this many passages, since small batches waste time.
_BATCH_PASSAGES = 256
# Candidates taken from each side before they are fused; more finds no more and costs time.
_CANDIDATES = 100
# [CLS] and [SEP]
_SPECIAL_TOKENS = 2

Progress = Callable[[str, float], None]


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
    texts: list[str]


class Library:
    """Documents in, ranked passages out; every method may be called from any thread.

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

    @classmethod
    def open(cls, folder: Path | str, embedder: Embedder | None = None) -> Self:
        """The library in `folder`, made if there is none."""
        return cls(Path(folder).expanduser(), embedder or open_embedder())

    def close(self) -> None:
        """Saves what is derived and lets go of the files."""
        if "_dense" in self.__dict__:
            with self._alone():
                self._dense.close()
        self._store.close()

    def add(self, documents: Iterable[Document], progress: Progress | None = None) -> list[Added]:
        """Adds the documents, or replaces those of the same name and collection; says what became of each."""
        return list(self.adding(documents, progress))

    def adding(
        self, documents: Iterable[Document | Added], progress: Progress | None = None
    ) -> Iterator[Added]:
        """Like `add`, one by one: what has been yielded is on disk and can be searched.

        What could not become a document may stand among them as its Added, and comes out in its place.
        """
        for group in _groups(self._prepare(document) for document in documents):
            yield from self._add_group(group, progress)

    def remove(self, document_id: str) -> None:
        """Removes a document from the disk and from every answer; UnknownDocument when there is none."""
        with self._alone():
            self._store.remove(document_id)
            self._catch_up()

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
        runs = self._store.runs(filter) if filter else None
        dense, lexical = self._current()
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

    def _current(self) -> tuple[DenseIndex, LexicalIndex]:
        """Both indexes as of the newest change, whichever process made it."""
        with self._opening:
            dense, lexical = self._dense, self._lexical
            newest = self._store.last_change()
            if dense.applied < newest:
                dense.catch_up()
            if lexical.applied < newest:
                lexical.refresh()
            if lexical.applied < newest:
                self._catch_up_if_free()
        return dense, lexical

    def _catch_up_if_free(self) -> None:
        """Brings the lexical index up to date, unless a writer is at work, who will do so anyway."""
        if not self._writing.acquire(blocking=False):
            return
        try:
            with self._write_lock.acquire(timeout=0):
                self._lexical.catch_up()
        except filelock.Timeout:
            pass
        finally:
            self._writing.release()

    def _catch_up(self) -> None:
        with self._opening:
            self._dense.catch_up()
            self._lexical.catch_up()
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
        """The cosine of every candidate, those that only the lexical search found included."""
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
        texts = [f"{context(document, start)}\n{document.text[start:end]}".lstrip() for start, end in places]
        return _Prepared(document, places, texts)

    def _already(self, document: Document) -> Added | None:
        """The document in the library that makes this one superfluous."""
        named = self._store.find(document.collection, name=document.name)
        same = self._store.find(document.collection, sha256=document.sha256)
        if same and (named is None or named.id == document.id):
            reason = "" if named else f"the same text as {same.name}"
            return Added(document.name, "unchanged", same.id, same.passages, reason)
        return None

    def _add_group(self, group: list[_Prepared | Added], progress: Progress | None) -> list[Added]:
        prepared = [one for one in group if isinstance(one, _Prepared)]
        vectors = self._embed(prepared, progress)
        with self._alone():
            results = [
                one if isinstance(one, Added) else self._write(one, vectors[one.document.id]) for one in group
            ]
            if prepared:
                self._catch_up()
        return results

    def _write(self, one: _Prepared, vectors: NDArray[np.float32]) -> Added:
        document = one.document
        # Looked at again: the same text may have come twice in one batch, or from another process.
        known = self._already(document)
        if known:
            return known
        old = self._store.find(document.collection, name=document.name)
        self._store.add(document, one.places, vectors)
        return Added(document.name, "replaced" if old else "added", document.id, len(one.places))

    def _embed(self, prepared: list[_Prepared], progress: Progress | None) -> dict[str, NDArray[np.float32]]:
        """The vectors of each document's passages, by document id, embedded in large batches."""
        owners = [(one.document, text) for one in prepared for text in one.texts]
        blocks: list[NDArray[np.float32]] = []
        for start in range(0, len(owners), _BATCH_PASSAGES):
            block = owners[start : start + _BATCH_PASSAGES]
            blocks.append(self.embedder.embed([text for _, text in block]))
            if progress:
                progress(block[-1][0].name, (start + len(block)) / len(owners))
        rows = np.concatenate(blocks) if blocks else np.zeros((0, self.embedder.dimension), np.float32)
        ends = np.cumsum([len(one.texts) for one in prepared])
        return {
            one.document.id: rows[end - len(one.texts) : end] for one, end in zip(prepared, ends, strict=True)
        }


def _groups(prepared: Iterable[_Prepared | Added]) -> Iterator[list[_Prepared | Added]]:
    """Runs of documents that hold enough passages together to be embedded well."""
    group: list[_Prepared | Added] = []
    passages = 0
    for one in prepared:
        group.append(one)
        passages += len(one.places) if isinstance(one, _Prepared) else 0
        if passages >= _BATCH_PASSAGES:
            yield group
            group, passages = [], 0
    if group:
        yield group
