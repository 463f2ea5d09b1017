"""The inverted file on disk: FAISS's file, and beside it what says which file it is, with its checksums.

The checksum of the head, which says where everything lies, is compared before FAISS reads it; those of the
rest afterwards, in `verified`, while questions are answered already. A damaged list makes a question miss
passages or find wrong ones, whose cosines are computed from the store, but breaks nothing.
"""

import logging
import os
import secrets
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import faiss
import numpy as np

from index.search.dense.ivf import InvertedFile
from index.search.dense.ivf_build import Stopped, held
from index.search.derived_file import read_checked, write_checked

_FORMAT = 1
_BLOCK_BYTES = 1 << 23
_ID_BYTES = 8

Facts = Mapping[str, int | str]

_logger = logging.getLogger(__name__)


def write_ivf(path: Path, facts: Facts, index: faiss.IndexIVF, position: Facts, trained: int) -> None:
    """Puts the index in the place of the one there; OSError or RuntimeError when it can't be written.

    `position` says, under "applied", up to which change of the store it goes, and what else `follows` needs.
    """
    file = path.with_name(f"{path.stem}-{position['applied']}-{secrets.token_hex(4)}.faiss")
    try:
        faiss.write_index(index, str(file))
        with file.open("rb") as written:
            os.fsync(written.fileno())
        head = file.stat().st_size - index.ntotal * (index.code_size + _ID_BYTES)
        sums = np.array([*_checksums(file, head)], np.uint32)
        marks = held(index)
        known: dict[str, int | str] = {
            "format": _FORMAT,
            "trained": trained,
            "file": file.name,
            "head": head,
        }
        known |= {"size": file.stat().st_size, "blocks": len(sums), "end": len(marks)}
        content = sums.tobytes() + np.packbits(marks).tobytes()
        write_checked(path, {**facts, **position, **known}, memoryview(content))
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    _remove_files(path, file.name)


def open_ivf(path: Path, facts: Facts, follows: Callable[[Facts], bool]) -> InvertedFile | None:
    """What was written for these facts; None when there is none, or it is damaged at first sight.

    `follows` says whether it was made from this store, up to a change that the store still knows.
    """
    saved = read_checked(path, {**facts, "format": _FORMAT})
    if saved is None:
        if path.exists():
            _logger.warning(
                "The index %s is damaged, or of another version or embedder. It is made again.", path
            )
        return None
    known, content = saved
    if not follows(known):
        return None
    file = path.with_name(str(known["file"]))
    try:
        sums = np.frombuffer(content, np.uint32, int(known["blocks"]))
        sound = file.stat().st_size == known["size"]
        if sound and next(_checksums(file, int(known["head"]))) == sums[0]:
            # Windows can't map it.
            read = faiss.read_index(str(file), 0 if os.name == "nt" else faiss.IO_FLAG_MMAP)
            index = cast(faiss.IndexIVF, read)
            _without_prefetch(index)
            bits = np.frombuffer(content, np.uint8, offset=sums.nbytes)
            marks = np.unpackbits(bits, count=int(known["end"])).astype(np.bool_)
            return InvertedFile(index, int(known["applied"]), int(known["trained"]), marks)
    except (OSError, RuntimeError):
        pass  # logged below
    _logger.warning("The index file %s is missing or damaged. It is made again.", file)
    return None


def verified(path: Path, facts: Facts, stop: threading.Event) -> bool:
    """Whether the file is what was written, to the last byte; Stopped soon after `stop` is set."""
    saved = read_checked(path, {**facts, "format": _FORMAT})
    if saved is None:
        return False
    known, content = saved
    file = path.with_name(str(known["file"]))
    try:
        for number, checksum in enumerate(_checksums(file, int(known["head"]))):
            if stop.is_set():
                raise Stopped
            if checksum != np.frombuffer(content, np.uint32, 1, number * 4)[0]:
                return False
    except FileNotFoundError:
        pass  # another process has just put others in its place
    except OSError:
        return False
    return True


def remove_ivf(path: Path) -> None:
    """Removes the inverted file from the disk; a process that has it open keeps it."""
    path.unlink(missing_ok=True)
    _remove_files(path, "")


def _remove_files(path: Path, but: str) -> None:
    for file in path.parent.glob(f"{path.stem}-*.faiss"):
        if file.name != but:
            try:
                file.unlink()
            except OSError:
                continue  # Windows keeps a file that is open; it goes the next time


def _without_prefetch(index: faiss.IndexIVF) -> None:
    """Keeps FAISS from starting 32 threads for each question, to read lists that are mostly in memory."""
    lists = faiss.downcast_InvertedLists(cast(faiss.InvertedLists, index.invlists))
    if isinstance(lists, faiss.OnDiskInvertedLists):
        lists.prefetch_nthread = 0


def _checksums(file: Path, head: int) -> Iterator[int]:
    """CRC-32 of the head, then of each block of the rest."""
    with file.open("rb") as content:
        yield zlib.crc32(content.read(head))
        while block := content.read(_BLOCK_BYTES):
            yield zlib.crc32(block)
