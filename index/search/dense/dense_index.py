"""The dense index: the passages' vectors in FAISS, derived from the store.

Few are compared one by one. From some ten thousands on most stand in an inverted file (IVF), and only those
added since it was made are compared one by one. docs/scale.md says what that costs at which size.
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
from index.search.dense.ivf_file import open_ivf, remove_ivf, verified, write_ivf
from index.search.dense.parts import Parts, Ranked
from index.search.dense.sizes import DenseSizes
from index.search.derived_file import read_checked, read_facts, write_checked
from index.store.records import ChangesForgotten
from index.store.runs import Runs, count, numbers
from index.store.store import Store

_READ = 2_000
# Libraries have files of that name.
_IVF_SUFFIX = ".cells"

_logger = logging.getLogger(__name__)


class DenseIndex:
    """The nearest passages by cosine; `applied` is the last change of the store that is in it.

    FAISS may crash when one thread searches while another adds, so a lock keeps them apart. An inverted
    file is made in a thread of its own, while what is there answers, and takes its place in one step.
    """

    def __init__(self, path: Path, store: Store, embedder: str, sizes: DenseSizes = DenseSizes()) -> None:
        self.embedder = embedder
        self._path = path
        self._ivf_path = path.with_suffix(_IVF_SUFFIX)
        self._sizes = sizes
        self._store = store
        self._facts: dict[str, int | str] = {"embedder": embedder, "dimension": store.dimension}
        self._lock = SharedLock()
        self._changing = threading.RLock()  # held to take in changes
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self._opened_at = time.monotonic()
        self._failed_at = -sizes.retry_seconds
        self._unsaved = 0
        self._parts = self._open()
        self._unverified = self._parts.ivf is not None
        self.catch_up()
        if self._unverified or not self.whole:
            self._start()

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def applied(self) -> int:
        return self._parts.applied

    @staticmethod
    def saved_up_to(path: Path, otherwise: int) -> int:
        """The change from which on the files at `path` need the later ones; `otherwise` without files."""
        facts = [read_facts(file) for file in (path, path.with_suffix(_IVF_SUFFIX))]
        return min((int(one["applied"]) for one in facts if "applied" in one), default=otherwise)

    @property
    def whole(self) -> bool:
        """Whether every passage can be found; if not, the inverted file is being made again."""
        return self._parts.whole

    @property
    def exact(self) -> bool:
        """Whether every vector is compared, so that no near passage is ever missed."""
        return self._parts.ivf is None

    def search(self, vector: NDArray[np.float32], limit: int, runs: Runs | None = None) -> Ranked:
        """The `limit` nearest passages to `vector` [dimension] as (id, cosine), best first.

        `runs`, half-open, in order and apart, limits the search to those passage numbers. The cosines are
        exact; in a library with an inverted file a near passage is missed now and then.
        """
        if limit < 1 or (runs is not None and not count(runs)):
            return []
        with self._lock.shared(), one_thread():
            parts = self._parts
            few = runs is not None and self._few(parts, count(runs))
            near, ids = parts.search(vector, limit, runs) if not few else (Ranked(), numbers(runs or ()))
        near += self._scored(vector, ids)
        if time.monotonic() - self._opened_at >= self._sizes.asking_seconds:
            self._start_if_due()
        return sorted(near, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def catch_up(self) -> None:
        """Takes in what changed in the store since `applied`, whichever process changed it."""
        if self._store.last_change() == self.applied:
            return
        with self._changing:
            try:
                changes = self._store.changes_since(self.applied)
            except ChangesForgotten:
                self._put_in_place(self._open())
                self._start_if_due()
                return
            with self._lock.alone(), one_thread():
                self._unsaved += self._parts.take(changes, self._store)

    def save(self) -> None:
        """Writes to disk what is worth it, and starts the making of an inverted file when it is due."""
        self._save()
        self._start_if_due()

    def wait(self) -> None:
        """Waits until the work in the background is done."""
        with self._starting:  # a worker that was not started yet can't be waited for
            worker = self._worker
        if worker:
            worker.join()

    def close(self) -> None:
        """Stops the work in the background, and saves; the store must still be open."""
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

    def _few(self, parts: Parts, allowed: int) -> bool:
        """Whether so many allowed passages are best read from the store."""
        exact = parts.ivf is None and parts.whole
        return not exact and allowed <= max(self._sizes.few, self._sizes.few_share * len(parts))

    def _open(self) -> Parts:
        ivf = open_ivf(self._ivf_path, self._facts, self._store.follows)
        parts = self._parts_with(ivf)
        saved = read_checked(self._path, {**self._facts, "cells": parts.ivf_applied})
        if saved and self._store.follows(saved[0]):
            parts.forget(self._store.changes_since(parts.applied) if ivf else ())
            parts.fresh = Exact.from_bytes(saved[1])
            parts.applied = int(saved[0]["applied"])
        elif not ivf:
            parts = self._without_ivf()
        return parts

    def _without_ivf(self) -> Parts:
        """All that is in the store, compared one by one; nothing yet where that would be too much."""
        if self._store.embedded() <= self._sizes.exact_at_most:
            with one_thread():
                parts = Parts.one_by_one(self._store)
            self._unsaved = len(parts)
            return parts
        _logger.warning(
            "The dense index of %s is made again; until then passages are found by words alone.",
            self._path.parent,
        )
        return Parts(None, Exact.empty(self._store.dimension), self._store.last_change(), whole=False)

    def _parts_with(self, ivf: InvertedFile | None) -> Parts:
        """The inverted file and nothing else."""
        return Parts(ivf, Exact.empty(self._store.dimension), ivf.applied if ivf else 0)

    def _save(self) -> None:
        fresh = len(self._parts.fresh)
        if self._unsaved < max(self._sizes.save_fewest, self._sizes.save_share * fresh) or not self.whole:
            return
        try:
            self._write()
        except OSError as error:
            _logger.warning("The index %s can't be saved: %s. What is there goes on.", self._path, error)

    def _write(self) -> None:
        with self._lock.shared():
            parts = self._parts
            content = parts.fresh.to_bytes()
            facts = {**self._facts, "cells": parts.ivf_applied, **self._store.position(parts.applied)}
            self._unsaved = 0
        # Two threads may write one after the other; the older content does no harm, since the changes after
        # its own are taken in when it is opened.
        write_checked(self._path, facts, content)

    def _due(self) -> bool:
        """Whether the inverted file should be made, or made again."""
        parts = self._parts
        if parts.ivf is None:
            return len(parts.fresh) > self._sizes.exact_up_to or not parts.whole
        allowed = max(self._sizes.fresh_up_to, self._sizes.fresh_share * len(parts))
        return len(parts.fresh) > allowed or parts.ivf.gone > self._sizes.gone_share * parts.ivf.index.ntotal

    def _start_if_due(self) -> None:
        if self._due() and time.monotonic() - self._failed_at >= self._sizes.retry_seconds:
            self._start()

    def _start(self) -> None:
        with self._starting:
            if self._stop.is_set() or (self._worker and self._worker.is_alive()):
                return
            # A daemon, so that a program ends that never closes the library; stopped, because FAISS may
            # crash when the program ends under it.
            self._worker = threading.Thread(target=self._work, name="quoth-ivf", daemon=True)
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
        except Exception as error:  # no other code sees an error of this thread
            self._failed_at = time.monotonic()
            _logger.warning(
                "The index %s could not be made: %s. What is there goes on.", self._ivf_path, error
            )

    def _verify(self) -> None:
        if not verified(self._ivf_path, self._facts, self._stop):
            _logger.warning("The index %s is damaged. It is made again.", self._ivf_path)
            remove_ivf(self._ivf_path)
            self._put_in_place(self._open())
        self._unverified = False

    def _renew(self) -> None:
        """Makes the inverted file that is due, unless another process is doing so or has done so."""
        try:
            with filelock.FileLock(self._path.with_suffix(".lock"), timeout=0, thread_local=False):
                ivf = open_ivf(self._ivf_path, self._facts, self._store.follows)
                if ivf is None or ivf.applied <= self._parts.ivf_applied:
                    ivf = self._made(ivf)
        except filelock.Timeout:
            raise Stopped from None
        self._put_in_place(self._parts_with(ivf) if ivf else self._without_ivf())
        self._write()  # without what now stands in the inverted file

    def _made(self, old: InvertedFile | None) -> InvertedFile | None:
        """A new inverted file, opened from the disk; None when there are too few passages for one."""
        size = self._store.embedded()
        if size <= self._sizes.exact_up_to // 2:
            remove_ivf(self._ivf_path)
            return None
        factor = self._sizes.trained_factor
        if old and old.trained / factor < size < old.trained * factor:
            changes = self._store.changes_since(old.applied)
            applied = changes[-1].id if changes else old.applied
            index, based_on = extended(old, changes, self._store, self._stop), old.trained
        else:
            applied = self._store.last_change()
            index, based_on = trained(self._store, size, self._stop), size
        write_ivf(self._ivf_path, self._facts, index, self._store.position(applied), based_on)
        return open_ivf(self._ivf_path, self._facts, self._store.follows)

    def _put_in_place(self, parts: Parts) -> None:
        """Has these parts answer from now on, brought up to date while the old ones still do."""
        parts.take(self._store.changes_since(parts.applied), self._store)
        with self._changing:
            parts.take(self._store.changes_since(parts.applied), self._store)
            with self._lock.alone():
                self._parts = parts
                self._unsaved = len(parts.fresh)
