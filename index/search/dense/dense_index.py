"""Search by meaning: the passages' vectors in FAISS, derived from the store.

Few are compared one by one; from some ten thousands on most stand in cells, and only those that came since
the cells were made are compared one by one. docs/scale.md tells what that costs at which size.
"""

import atexit
import logging
import threading
import time
from pathlib import Path

import filelock
import numpy as np
from numpy.typing import NDArray

from index.locks import SharedLock
from index.search.dense.exact import Exact, one_thread
from index.search.dense.ivf import InvertedFile
from index.search.dense.ivf_build import Stopped, extended, trained
from index.search.dense.ivf_file import open_cells, remove_cells, verified, write_cells
from index.search.dense.parts import Parts, Ranked
from index.search.derived_file import read_checked, write_checked
from index.store.runs import Runs, count, numbers
from index.store.store import Store

# Saving writes all that stands outside the cells, so it waits until this share of it is new; what is not
# saved is read from the store at the next opening.
_SAVE_SHARE = 0.1
_SAVE_FEWEST = 2_000
# As many are compared one by one in 2 ms and take 40 MB; cells would save less than embedding the question.
_EXACT_UP_TO = 50_000
# A library that has lost its cells is compared one by one up to here until they are made again, with 150 MB;
# in a larger one the passages are found by words alone for that long.
_EXACT_AT_MOST = 200_000
# The cells are written anew when more than this, or this share, has come since, or this share has gone.
_FRESH_UP_TO = 20_000
_FRESH_SHARE = 0.01
_GONE_SHARE = 0.2
# New centroids are chosen when the library has grown or shrunk by this factor.
_TRAINED_FACTOR = 4
# Up to so many allowed passages, or this share of all, are read from the store and compared, which is quicker
# than to look for them in nearly all cells.
_FEW = 1_000
_FEW_SHARE = 0.005
_READ = 2_000
# After a failure, a full disk for instance, nothing is made anew for so long.
_RETRY_SECONDS = 600.0
# A question has cells made that are due no sooner than this after the opening: a command that only asks has
# ended by then.
_ASKING_SECONDS = 3.0

_logger = logging.getLogger(__name__)


class DenseIndex:
    """The nearest passages by cosine; `applied` is the last change of the store that is in it.

    FAISS may crash when one thread searches while another adds, so a lock keeps them apart. Inverted
    lists are made in a thread of their own, while what is there answers, and take its place in one step.
    """

    def __init__(self, path: Path, store: Store, embedder: str) -> None:
        self._path = path
        self._cells_path = path.with_suffix(".cells")
        self._store = store
        self._facts: dict[str, int | str] = {"embedder": embedder, "dimension": store.dimension}
        self._lock = SharedLock()
        self._changing = threading.RLock()  # held by whoever takes in changes
        self._starting = threading.Lock()
        self._saving = threading.Lock()
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self._opened_at = time.monotonic()
        self._failed_at = -_RETRY_SECONDS
        self._unsaved = 0
        self._parts = self._open()
        self._unverified = self._parts.cells is not None
        self.catch_up()
        if self._unverified or not self.whole:
            self._start()

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def applied(self) -> int:
        return self._parts.applied

    @property
    def whole(self) -> bool:
        """Whether every passage can be found; if not, the cells are being made again."""
        return self._parts.whole

    @property
    def exact(self) -> bool:
        """Whether every vector is compared, so that no near passage is ever missed."""
        return self._parts.cells is None

    def search(self, vector: NDArray[np.float32], limit: int, runs: Runs | None = None) -> Ranked:
        """The `limit` nearest passages to `vector` [dimension] as (id, cosine), best first.

        `runs`, half-open, in order and apart, limits the search to those passage numbers. The cosines are
        exact; in a library with cells a near passage is missed now and then.
        """
        if limit < 1 or (runs is not None and not count(runs)):
            return []
        with self._lock.shared(), one_thread():
            parts = self._parts
            few = runs is not None and _few(parts, count(runs))
            near, ids = parts.search(vector, limit, runs) if not few else (Ranked(), numbers(runs or ()))
        near += self._scored(vector, ids)
        if time.monotonic() - self._opened_at >= _ASKING_SECONDS:
            self._start_if_due()
        return sorted(near, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def catch_up(self) -> None:
        """Takes in what changed in the store since `applied`, whichever process changed it."""
        if self._store.last_change() == self.applied:
            return
        with self._changing:
            changes = self._store.changes_since(self.applied)
            with self._lock.alone(), one_thread():
                self._unsaved += self._parts.take(changes, self._store)

    def save(self) -> None:
        """Writes to disk what is worth it, and has cells made in the background when it is time."""
        self._save()
        self._start_if_due()

    def wait(self) -> None:
        """Comes back when nothing goes on in the background."""
        with self._starting:  # a worker that was not started yet can't be waited for
            worker = self._worker
        if worker:
            worker.join()

    def close(self) -> None:
        """Gives up what goes on in the background, and saves; the store must still be open."""
        self._stop_working()
        self._save()

    def give_up(self) -> None:
        """Ends without saving, since another embedder's index takes its place."""
        self._stop_working()

    def _scored(self, vector: NDArray[np.float32], ids: NDArray[np.int64]) -> Ranked:
        """These passages, as far as they exist, with their exact cosines."""
        ranked: Ranked = []
        for start in range(0, len(ids), _READ):
            vectors = self._store.vectors_of(ids[start : start + _READ].tolist())
            ranked += zip(vectors.ids.tolist(), (vectors.rows @ vector).tolist(), strict=True)
        return ranked

    def _open(self) -> Parts:
        cells = open_cells(self._cells_path, self._facts, self._store.follows)
        parts = self._parts_with(cells)
        saved = read_checked(self._path, {**self._facts, "cells": parts.cells_applied})
        if saved and self._store.follows(saved[0]):
            parts.fresh = Exact.from_bytes(saved[1])
            parts.forget(self._store.changes_since(parts.applied))
            parts.applied = int(saved[0]["applied"])
        elif not cells:
            parts = self._without_cells()
        return parts

    def _without_cells(self) -> Parts:
        """All that is in the store, compared one by one; nothing yet where that would be too much."""
        if self._store.embedded() <= _EXACT_AT_MOST:
            with one_thread():
                parts = Parts.one_by_one(self._store)
            self._unsaved = len(parts)
            return parts
        _logger.warning(
            "The index of meaning of %s is made again; until then passages are found by words alone.",
            self._path.parent,
        )
        return Parts(None, Exact.empty(self._store.dimension), self._store.last_change(), whole=False)

    def _parts_with(self, cells: InvertedFile | None) -> Parts:
        """The cells and nothing else."""
        return Parts(cells, Exact.empty(self._store.dimension), cells.applied if cells else 0)

    def _save(self) -> None:
        fresh = len(self._parts.fresh)
        if self._unsaved < max(_SAVE_FEWEST, _SAVE_SHARE * fresh) or not self.whole:
            return
        try:
            self._write()
        except OSError as error:
            _logger.warning("The index %s can't be saved: %s. What is there goes on.", self._path, error)

    def _write(self) -> None:
        with self._saving:
            with self._lock.shared():
                parts = self._parts
                content = parts.fresh.to_bytes()
                facts = {**self._facts, "cells": parts.cells_applied, **self._store.position(parts.applied)}
                self._unsaved = 0
            write_checked(self._path, facts, content)

    def _due(self) -> bool:
        """Whether the cells should be made, or made anew."""
        parts = self._parts
        if parts.cells is None:
            return len(parts.fresh) > _EXACT_UP_TO or not parts.whole
        allowed = max(_FRESH_UP_TO, _FRESH_SHARE * len(parts))
        return len(parts.fresh) > allowed or parts.cells.gone > _GONE_SHARE * parts.cells.index.ntotal

    def _start_if_due(self) -> None:
        if self._due() and time.monotonic() - self._failed_at >= _RETRY_SECONDS:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._stop.is_set() or (self._worker and self._worker.is_alive()):
                return
            # A daemon, so that a program ends that never closes the library; stopped, because FAISS may
            # crash when the program ends under it.
            self._worker = threading.Thread(target=self._work, name="quoth-cells", daemon=True)
            atexit.register(self._stop_working)
            self._worker.start()

    def _stop_working(self) -> None:
        self._stop.set()
        with self._starting:
            worker = self._worker
        if worker:
            worker.join()
        atexit.unregister(self._stop_working)

    def _work(self) -> None:
        try:
            with one_thread():  # the others stay free for questions
                if self._unverified:
                    self._verify()
                while self._due():
                    self._renew()
        except Stopped:
            pass
        except Exception as error:  # nobody else sees what happens in this thread
            self._failed_at = time.monotonic()
            _logger.warning(
                "The index %s could not be made: %s. What is there goes on.", self._cells_path, error
            )

    def _verify(self) -> None:
        if not verified(self._cells_path, self._facts, self._stop):
            _logger.warning("The index %s is damaged. It is made again.", self._cells_path)
            remove_cells(self._cells_path)
            self._put_in_place(self._open())
        self._unverified = False

    def _renew(self) -> None:
        """Makes the cells that are due, unless another process is at it or has done so."""
        try:
            with filelock.FileLock(self._path.with_suffix(".lock"), timeout=0, thread_local=False):
                cells = open_cells(self._cells_path, self._facts, self._store.follows)
                if cells is None or cells.applied <= self._parts.cells_applied:
                    cells = self._made(cells)
        except filelock.Timeout:
            raise Stopped from None
        self._put_in_place(self._parts_with(cells) if cells else self._without_cells())
        self._write()  # in the place of what now stands in the cells

    def _made(self, old: InvertedFile | None) -> InvertedFile | None:
        """New cells, opened from the disk; None when there are too few passages for any."""
        size = self._store.embedded()
        if size <= _EXACT_UP_TO // 2:
            remove_cells(self._cells_path)
            return None
        if old and old.trained / _TRAINED_FACTOR < size < old.trained * _TRAINED_FACTOR:
            changes = self._store.changes_since(old.applied)
            applied = changes[-1].id if changes else old.applied
            index, based_on = extended(old, changes, self._store, self._stop), old.trained
        else:
            applied = self._store.last_change()
            index, based_on = trained(self._store, size, self._stop), size
        write_cells(self._cells_path, self._facts, index, self._store.position(applied), based_on)
        return open_cells(self._cells_path, self._facts, self._store.follows)

    def _put_in_place(self, parts: Parts) -> None:
        """Has these parts answer from now on, brought up to date while the old ones still do."""
        parts.take(self._store.changes_since(parts.applied), self._store)
        with self._changing:
            parts.take(self._store.changes_since(parts.applied), self._store)
            with self._lock.alone():
                self._parts = parts
                self._unsaved = len(parts.fresh)


def _few(parts: Parts, allowed: int) -> bool:
    """Whether so many allowed passages are best read from the store."""
    exact = parts.cells is None and parts.whole
    return not exact and allowed <= max(_FEW, _FEW_SHARE * len(parts))
