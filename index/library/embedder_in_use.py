"""A library's embedder and the index of its vectors, which always belong together."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders.embedder import Embedder
from index.errors import LibraryMismatch
from index.library.embedder_change import ByName
from index.locks import SharedLock
from index.search.dense.dense_index import DenseIndex
from index.store.store import Store

_logger = logging.getLogger(__name__)


class EmbedderInUse:
    """The embedder that made the library's vectors, and FAISS over them; any thread may use them.

    This or another process may change the library's embedder. Whoever comes after that finds the new one
    here, loaded by `by_name` unless it was `expected`; whoever is at work keeps both until he has finished.
    """

    def __init__(self, folder: Path, store: Store, embedder: Embedder, by_name: ByName) -> None:
        self._folder = folder
        self._store = store
        self._by_name = by_name
        self._lock = SharedLock()
        self.embedder = embedder
        self.expected: Embedder | None = None

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Embedder and index stay in their place."""
        self.current()
        with self._lock.shared():
            yield

    def current(self) -> Embedder:
        """The embedder of now; not to be called inside `steady`."""
        if self._store.made_with() != self.embedder.name:
            with self._lock.alone():
                self._go_over()
        return self.embedder

    @cached_property
    def dense(self) -> DenseIndex:
        """The index, opened when first used; `steady`, and by one thread at a time."""
        return DenseIndex(self._folder / "dense.index", self._store, self.embedder.name)

    def vector(self, question: str) -> NDArray[np.float32]:
        """The question's vector [dimension]; LibraryMismatch when the model isn't what it was."""
        vector: NDArray[np.float32] = self.embedder.embed([question])[0]
        if vector.shape != (self._store.dimension,):
            raise LibraryMismatch(
                f"The library {self._folder} was made with vectors of dimension {self._store.dimension}, but "
                f"the embedder {self.embedder.name} gives {len(vector)}: it is not what it was. Change to "
                "another one with quoth embedder NAME."
            )
        return vector

    def vectors_came(self) -> None:
        """Lets the searches that come find them without delay."""
        with self._lock.shared():
            if "dense" in self.__dict__:
                self.dense.catch_up()
                self.dense.save()

    def close(self) -> None:
        """Saves the index; the store must still be open."""
        if "dense" in self.__dict__:
            self.dense.close()

    def _go_over(self) -> None:
        name = self._store.made_with()
        if name == self.embedder.name:
            return  # another thread has been faster
        if "dense" in self.__dict__:
            self.__dict__.pop("dense").give_up()
        self._store.follow()
        expected = self.expected
        self.embedder = expected if expected and expected.name == name else self._by_name(name)
        _logger.info("The library %s has gone over to the embedder %s.", self._folder, name)
