"""Whether tantivy's files are whole, which it doesn't look at itself when it opens them."""

import json
import mmap
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What each of our segments consists of: numbers, lengths of texts, postings, places, stored fields, terms.
_PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
# A file ends with a footer {"version": {...}, "crc": ...}, the footer's length and a mark, 4 bytes each.
_TAIL = 8
_MARK = 1337


def files_of(folder: Path) -> list[Path]:
    """The files that the index in `folder` consists of, as its meta.json says; ValueError when it can't."""
    try:
        meta = json.loads((folder / "meta.json").read_bytes())
        names: list[str] = []
        for segment in meta["segments"]:
            number = segment["segment_id"].replace("-", "")
            names += [f"{number}.{part}" for part in _PARTS]
            if segment["deletes"]:
                names.append(f"{number}.{segment['deletes']['opstamp']}.del")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("meta.json can't be read") from error
    return [folder / name for name in names]


@contextmanager
def readable(folder: Path) -> Iterator[Path]:
    """The folder; where it may only be read, one of links to its files for the time of the `with`.

    tantivy takes a lock, which is a file in the folder, even to read an index. Once it is open, the links are
    needed no more.
    """
    if os.access(folder, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="quoth-") as links:
        for path in folder.iterdir():
            if not path.name.endswith(".lock"):
                Path(links, path.name).symlink_to(path.absolute())
        yield Path(links)


def remove_left_over(folder: Path) -> None:
    """Removes what a writer that was killed or ran out of room has left; the next one would stumble over it.

    To be called while no writer is open. ValueError when the folder's meta.json can't be read.
    """
    known = {path.name for path in files_of(folder)}
    for path in folder.iterdir():
        if path.suffix[1:] in (*_PARTS, "del", "temp") and path.name not in known:
            path.unlink(missing_ok=True)


def fault(paths: Iterable[Path]) -> str:
    """What is wrong with the first file whose content isn't what tantivy wrote; empty when all are whole."""
    version = None
    for path in paths:
        try:
            crc, footer = _read(path)
            version = version or footer["version"]
            if crc != footer["crc"] or footer["version"] != version:
                return f"{path.name} is damaged"
        except FileNotFoundError:
            return f"{path.name} is missing"
        except (OSError, ValueError, KeyError, TypeError):
            return f"{path.name} is damaged"
    return ""


def _read(path: Path) -> tuple[int, dict[str, Any]]:
    """The checksum of a file's content, and what its footer says."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        length, mark = (
            int.from_bytes(content[at : at + 4], "little") for at in (len(content) - _TAIL, len(content) - 4)
        )
        if mark != _MARK or length > len(content) - _TAIL:
            raise ValueError(f"{path} has no footer")
        end = len(content) - _TAIL - length
        with memoryview(content) as whole, whole[:end] as body:
            return zlib.crc32(body), json.loads(content[end:-_TAIL])
