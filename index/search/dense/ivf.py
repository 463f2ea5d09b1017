"""Many vectors: an inverted file (IVF), of whose lists a question searches the nearest.

Each passage stands in the list of its nearest centroid, with 8 bits for each number of its distance from it.
The file is mapped into memory and never changed; passages that changed since it was written are only marked
as gone, and stand elsewhere if they still exist.
"""

import math

import faiss
import numpy as np
from numpy.typing import NDArray

from index.store.runs import Runs, count, marked

# A question searches so many lists at least, this share of them, and as many as hold so many
# passages together: one list in six at 100,000 passages, one in sixty at a million (benchmarks/scale.py).
_FEWEST_PROBED = 64
_PROBED_SHARE = 1 / 128
_FEWEST_COMPARED = 16_000


class InvertedFile:
    """The passages as of the change `applied` of the store, less those that were forgotten.

    `trained` is how many passages there were when the centroids were chosen, `held` [end] says which numbers
    are in it. Searching from several threads is safe, but not while another calls `forget`.
    """

    def __init__(self, index: faiss.IndexIVF, applied: int, trained: int, held: NDArray[np.bool_]) -> None:
        self.index = index
        self.applied = applied
        self.trained = trained
        self.gone = 0
        self._kept = held
        self._bits = np.packbits(held, bitorder="little")
        self._selector = _selector(self._bits)

    # No __len__: an inverted file of which all passages are gone is still there, and must not count as false.
    @property
    def size(self) -> int:
        """How many passages are here and not forgotten."""
        return int(self.index.ntotal) - self.gone

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which passages are here and not forgotten: bool [end]."""
        return self._kept

    def forget(self, first: int, end: int) -> None:
        """Leaves the passages of a half-open run out from now on."""
        end = min(end, len(self._kept))
        if first >= end:
            return
        self.gone += int(np.count_nonzero(self._kept[first:end]))
        self._kept[first:end] = False
        byte = first // 8
        packed = np.packbits(self._kept[8 * byte : end + 7 & ~7], bitorder="little")
        self._bits[byte : byte + len(packed)] = packed

    def search(self, vector: NDArray[np.float32], limit: int, runs: Runs | None = None) -> NDArray[np.int64]:
        """The ids of about the nearest passages, out of the half-open runs if given, in about that order."""
        lists = self.index.nlist
        share = max(_FEWEST_PROBED / lists, _PROBED_SHARE, _FEWEST_COMPARED / max(1, self.size))
        selector = self._selector if self.gone else None
        if runs is not None:
            # As many passages are compared as without the limit, if there are as many.
            share *= max(1.0, self.size / max(1, count(runs)))
            bits = np.packbits(marked(runs, len(self._kept)) & self._kept, bitorder="little")
            selector = _selector(bits)
        parameters = faiss.SearchParametersIVF(nprobe=min(math.ceil(share * lists), lists), sel=selector)  # type: ignore[call-arg]
        _, ids = self.index.search(vector.reshape(1, -1), limit, params=parameters)
        found: NDArray[np.int64] = ids[0][ids[0] >= 0]
        return found


def _selector(bits: NDArray[np.uint8]) -> faiss.IDSelector:
    """Of the passages whose bit is set; `bits` must outlive it."""
    return faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
