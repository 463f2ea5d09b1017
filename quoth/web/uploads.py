"""Uploaded files on their way into the library, and how far each has come."""

import os
import queue
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from index import Outcome, QuothError, normalise
from qa.access.view import View
from quoth.serving.given_files import UPLOADED

# As Gradio hands an uploaded file on: `path` on this machine, `orig_name` as the user knows it.
Upload = Mapping[str, Any]
# Seconds between two reports: hundreds of small files must not be hundreds of updates of the page.
PAUSE = 0.3
# What parts two documents of one name: "notes.txt (2)".
_NUMBER = re.compile(r" \(\d+\)\Z")


@dataclass(frozen=True, slots=True)
class UploadingFile:
    """A file that is going in: how much of it is, from 0 to 1, and in the end what became of it."""

    name: str
    fraction: float = 0.0
    added: Outcome | None = None


# None is the end.
_News = UploadingFile | QuothError | None


@contextmanager
def under_own_names(uploads: Sequence[Upload]) -> Iterator[list[Path]]:
    """The uploads' files under the names that the user gave them, which are the documents' names."""
    with tempfile.TemporaryDirectory(prefix="named-", dir=os.environ.get("GRADIO_TEMP_DIR")) as folder:
        yield [_named(upload, Path(folder, str(number), "uploaded")) for number, upload in enumerate(uploads)]


def adding(
    service: View, uploads: Sequence[Upload], collection: str, pause: float = PAUSE
) -> Iterator[list[UploadingFile]]:
    """Adds the uploads from a thread of its own and says how far they have come, once in `pause` seconds."""
    uploading = {name: UploadingFile(name) for name in (normalise(_own_name(upload)) for upload in uploads)}
    news: queue.SimpleQueue[_News] = queue.SimpleQueue()

    def progress(name: str, fraction: float) -> None:
        news.put(UploadingFile(name, fraction))

    def work() -> None:
        try:
            with under_own_names(uploads) as paths:
                for added in service.adding(paths, collection, UPLOADED, progress):
                    news.put(UploadingFile(added.name, 1.0, added))
        except QuothError as error:
            news.put(error)
        finally:
            news.put(None)

    threading.Thread(target=work, daemon=True).start()
    yield list(uploading.values())
    while batch := _batch(news, pause):
        for new in batch:
            if isinstance(new, QuothError):
                uploading |= {name: _failed(name, new) for name, one in uploading.items() if not one.added}
            elif new:
                _note(uploading, new)
        if batch[-1] is None:
            break
        yield list(uploading.values())
    yield [one for one in uploading.values() if one.added or not _members(uploading, one.name)]


def _batch(news: "queue.SimpleQueue[_News]", pause: float) -> list[_News]:
    """The next news, and what else comes within `pause` seconds of it, up to the end."""
    batch = [news.get()]
    until = time.monotonic() + pause
    while batch[-1] is not None and (left := until - time.monotonic()) > 0:
        try:
            batch.append(news.get(timeout=left))
        except queue.Empty:
            break
    return batch


def _note(uploading: dict[str, UploadingFile], new: UploadingFile) -> None:
    """Puts the news into its file's place; the library may have given a taken name a number or a folder."""
    inside = any(new.name.startswith(f"{known}/") for known in uploading)  # a file of an uploaded archive
    name = new.name if new.name in uploading or inside else _NUMBER.sub("", PurePosixPath(new.name).name)
    before = uploading.get(name)
    if before is None or (before.added and new.added):
        uploading[new.name] = new
    elif not before.added:
        uploading[name] = new


def _members(uploading: Mapping[str, UploadingFile], archive: str) -> list[str]:
    """The files of an uploaded archive, each of which has come by itself."""
    return [name for name in uploading if name.startswith(f"{archive}/")]


def _failed(name: str, error: QuothError) -> UploadingFile:
    return UploadingFile(name, 1.0, Outcome(name, "failed", reason=str(error)))


def _named(upload: Upload, folder: Path) -> Path:
    folder.mkdir(parents=True)
    source = Path(upload["path"])
    for name in (_own_name(upload), source.name):
        try:
            os.link(source, folder / name)
            return folder / name
        except (OSError, ValueError):
            # A name that the file system refuses, or a file system without links.
            continue
    return Path(shutil.copyfile(source, folder / source.name))


def _own_name(upload: Upload) -> str:
    """The file's name without folders; the one on this machine where the browser sent none that is one."""
    given = PurePosixPath(str(upload.get("orig_name") or "").replace("\\", "/")).name
    return given if given not in ("", ".", "..") else Path(upload["path"]).name
