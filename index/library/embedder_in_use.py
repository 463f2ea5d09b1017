"""A library's embedder, which always belongs together with the vectors that are searched."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders.embedder import Embedder
from index.errors import LibraryMismatch
from index.library.reembedder import ByName
from index.locks import SharedLock
from index.store.store import Store

_logger = logging.getLogger(__name__)


class EmbedderInUse:
    """The embedder that made the library's vectors; any thread may use it.

    This or another process may change the library's embedder. The next `steady` then has the new one, loaded
    by `by_name` unless it was `expected`. What is inside `steady` or `unchanged` at that time keeps the old
    embedder and its vectors until it has finished.
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
        """The library's present embedder stays in its place."""
        self.current()
        with self.unchanged():
            yield

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """The embedder stays in its place, even when the library has another one by now."""
        with self._lock.shared():
            yield

    def current(self) -> Embedder:
        """The library's present embedder; not to be called inside `steady`."""
        if self._store.made_with() != self.embedder.name:
            with self._lock.alone():
                self._change()
        return self.embedder

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

    def _change(self) -> None:
        name = self._store.made_with()
        if name == self.embedder.name:
            return  # another thread has been faster
        self._store.follow()
        expected = self.expected
        self.embedder = expected if expected and expected.name == name else self._by_name(name)
        _logger.info("The library %s now has the embedder %s.", self._folder, name)
