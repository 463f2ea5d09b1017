"""Files to Documents in a process of their own, with limits on time and memory.

Parsers in C crash, and hostile files make any parser slow or greedy; here such a file costs an error. The
process is kept and used again, so that starting it (0.3 s) is paid once; short plain text is read right here.
"""

import base64
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.documents.document import DEFAULT_COLLECTION, Document, Heading
from index.errors import DocumentError
from index.loaders.digests import Digest, digests
from index.loaders.kinds import is_plain
from index.loaders.load import MAX_BYTES, clean_name, load_all, read
from index.loaders.process.processes import Ended, Limits, asked, give_back

MAX_PLAIN_BYTES = 32 * 1024  # of text that is read in this process: 0.01 s, and 2 s of the worst Markdown
ARCHIVE_LIMITS = 10  # times the limit of one file, for all files of an archive together
PICTURE_SECONDS = 3_600.0  # for all pictures of an archive

Progress = Callable[[str, float], None]


def extract(
    path: Path,
    *,
    name: str | None = None,
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
    only: Sequence[int] | None = None,
    later: bool = False,
    progress: Progress | None = None,
) -> Iterator[Document | DocumentError]:
    """Like `load_all`, but nothing in the file can hold up or end this process; `only` in rising order.

    With `later` pictures are left for `WholeReading`. `progress` gets a document's name and the share of its
    pictures that has been read; each of these may take the limit on time by itself.
    """
    name = clean_name(path.name if name is None else name)
    size = _size(path)
    if not sys.executable or not size or size > MAX_BYTES or _is_short_text(path, size):
        yield from load_all(
            path,
            name=name,
            collection=collection,
            metadata=metadata,
            only=only,
            archive_limits=limits.archive,
        )
        return
    request = {
        "path": str(path),
        "collection": collection,
        "metadata": dict(metadata or {}),
        "only": only,
        "later": later,
    }
    for message in messages(request, name, limits, size, only, progress):
        yield as_item(message, collection)


def look_into(path: Path, name: str, limits: Limits = Limits()) -> Iterator[Digest | DocumentError]:
    """Like `digests`, but nothing in the archive can hold up or end this process."""
    if not sys.executable:
        yield from digests(path, name, archive_limits=limits.archive)
        return
    for message in messages({"path": str(path), "digests": True}, name, limits, _size(path)):
        yield _error(message) if "error" in message else Digest(**message)


def messages(
    request: Mapping[str, Any],
    name: str,
    limits: Limits,
    size: int,
    only: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Iterator[dict[str, Any]]:
    """What workers say of a file of that name and size; after one has ended, the next goes on behind it."""
    done = 0
    budget = _SecondsLeft(ARCHIVE_LIMITS * limits.allowed(size))
    while True:
        skip = only[done - 1] + 1 if only and done else done
        asked = {**request, "name": name, "skip": skip, "archive": asdict(limits.archive)}
        try:
            for message in _answers(asked, limits, limits.allowed(size), budget, progress):
                done += 1
                yield message
            return
        except Ended as ended:
            yield {"name": ended.name or name, "error": ended.reason}
            done += 1
            if not ended.name or ended.name == name:
                return
            if budget.seconds <= 0:
                reason = f"reading all of it took longer than {ARCHIVE_LIMITS} times the limit"
                yield {"name": name, "error": reason}
                return


@dataclass(slots=True)
class _SecondsLeft:
    """The seconds that may still be waited for an archive; what the caller does in between is not counted.

    Those for pictures are counted apart, since reading text takes a hundredth of the time.
    """

    seconds: float
    pictures: float = PICTURE_SECONDS

    def spend(self, seconds: float, on_picture: bool) -> None:
        if on_picture and self.pictures > 0:
            self.pictures -= seconds
        else:
            self.seconds -= seconds


def _answers(
    request: Mapping[str, Any],
    limits: Limits,
    seconds: float,
    budget: _SecondsLeft,
    progress: Progress | None,
) -> Iterator[dict[str, Any]]:
    """What a worker says of each document in the file; the worker is ready for the next file then."""
    worker, message = asked(request, limits, seconds)
    usable = False
    name = ""
    try:
        while "done" not in message:
            if "began" in message:
                name = message["began"]
            elif "page" in message:
                if progress:
                    progress(name, message["page"] / message["pages"])
            else:
                yield message
                name = ""
            began = time.monotonic()
            try:
                message = worker.receive(name, min(seconds, max(budget.seconds, 0.1)))
            finally:
                budget.spend(time.monotonic() - began, on_picture="page" in message)
        usable = not message["last"]
    finally:
        if usable:
            give_back(worker)
        else:
            worker.close()


def as_item(message: Mapping[str, Any], collection: str) -> Document | DocumentError:
    """The document, or why there is none, in what a worker says."""
    if "error" in message:
        return _error(message)
    return Document(
        name=message["name"],
        text=message["text"],
        title=message["title"],
        pages=tuple(message["pages"]),
        headings=tuple(Heading(*heading) for heading in message["headings"]),
        collection=collection,
        metadata=message["metadata"],
        places=base64.b64decode(message["places"]),
        unread=tuple(message["unread"]),
        left=message["left"],
    )


def _error(message: Mapping[str, Any]) -> DocumentError:
    return DocumentError(message["name"], message["error"])


def _size(path: Path) -> int:
    """The size of a file; 0 for what is none, of which `load_all` says why."""
    try:
        return path.stat().st_size if path.is_file() else 0
    except (OSError, ValueError):
        return 0


def _is_short_text(path: Path, size: int) -> bool:
    if size > MAX_PLAIN_BYTES:
        return False
    try:
        return is_plain(read(path, path.name), path.suffix.lower())
    except DocumentError:
        return True  # load_all says why
