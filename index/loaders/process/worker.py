"""The process that files are read in, so that a hostile one takes nothing but this process down.

It takes one file a line on its input, as JSON, and answers in lines of JSON; `isolation` is the other end.
"""

import base64
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from index.documents.document import DEFAULT_COLLECTION, Document
from index.errors import DocumentError
from index.loaders.archive_limits import ArchiveLimits
from index.loaders.builder import Unreadable
from index.loaders.digests import Digest, digests
from index.loaders.load import attempt, load_all
from index.loaders.process import forked
from index.loaders.steps import reported

MAX_FILES = 2_000  # read by one process, whose parsers may leak
MEMORY_SHARE = 0.5  # of the limit: a process that once took more gives way to a fresh one
BACKGROUND = 10  # how far the reading of pictures stands back behind answers, by `nice`
OUT_OF_MEMORY = 77  # the exit status that says so
_MEBIBYTE = 1024 * 1024


def main(megabytes: int, seconds: int) -> None:
    """Answers until the input ends; `megabytes` of memory, and `seconds` of the processor a document."""
    output = _private_output()
    _limit_memory(megabytes)
    forked.allow()
    _send(output, {"ready": True})
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            _answer(json.loads(line), output, seconds)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        last = number >= MAX_FILES or _peak_megabytes() > MEMORY_SHARE * megabytes
        _send(output, {"done": True, "last": last})
        if last:
            return


def _answer(request: Mapping[str, Any], output: BinaryIO, seconds: int) -> None:
    """Says of each document (or digest) in one file that it has begun, and what came of it."""

    def began(name: str) -> None:
        _limit_time(seconds)
        _send(output, {"began": name})

    path, name, skip = Path(request["path"]), request["name"], request["skip"]
    limits = ArchiveLimits(**request["archive"])
    if "look" in request:
        began(name)
        _send(output, _looked(path, name, request["look"]))
        return
    if "whole" in request:
        began(name)
        _send(output, _as_json(_whole(path, name, request["whole"], output)))
        return
    if request.get("digests"):
        for digest in digests(path, name, skip=skip, began=began, archive_limits=limits):
            _send(output, asdict(digest) if isinstance(digest, Digest) else _as_json(digest))
        return
    for item in load_all(
        path,
        name=name,
        collection=request["collection"],
        metadata=request["metadata"],
        skip=skip,
        only=None if request["only"] is None else set(request["only"]),
        later=request["later"],
        began=began,
        step=lambda done, total: _send(output, {"page": done, "pages": total}),
        archive_limits=limits,
    ):
        _send(output, _as_json(item))


def _looked(path: Path, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The shapes of the pages of a PDF, or one page as a picture."""
    from index.loaders.pdf.picture import original, picture, shapes

    try:
        data = original(path, asked["inner"], asked["sha256"])
        if not asked["page"]:
            return {"shapes": shapes(data)}
        return {"picture": base64.b64encode(picture(data, asked["page"], asked["width"])).decode()}
    except DocumentError as error:
        return {"name": name, "error": error.reason}
    except Unreadable as error:
        return {"name": name, "error": str(error)}


def _whole(path: Path, name: str, asked: Mapping[str, Any], output: BinaryIO) -> Document | DocumentError:
    """The document in a file, or at a path in an archive, with its pictures; all else goes before it."""
    from index.loaders.pdf.picture import original

    if hasattr(os, "nice"):
        os.nice(BACKGROUND)
    with reported(lambda done, total: _send(output, {"page": done, "pages": total})):
        try:
            return attempt(original(path, asked["inner"], asked["sha256"]), name, DEFAULT_COLLECTION, None)
        except DocumentError as error:
            return error
        except Unreadable as error:
            return DocumentError(name, str(error))


def _private_output() -> BinaryIO:
    """The pipe to the parent; what a parser prints goes nowhere."""
    output = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return output


def _send(output: BinaryIO, message: Mapping[str, Any]) -> None:
    output.write(json.dumps(message).encode() + b"\n")
    output.flush()


def _as_json(item: Document | DocumentError) -> dict[str, Any]:
    if isinstance(item, DocumentError):
        return {"error": item.reason, "name": item.name}
    headings = [(heading.start, heading.end, heading.level) for heading in item.headings]
    return {
        "name": item.name,
        "text": item.text,
        "title": item.title,
        "pages": item.pages,
        "headings": headings,
        "metadata": dict(item.metadata),
        "places": base64.b64encode(item.places).decode(),
        "unread": item.unread,
        "left": item.left,
    }


def _limit_memory(megabytes: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * _MEBIBYTE,) * 2)
    except (ImportError, AttributeError, ValueError, OSError):
        return  # Windows has no such limits, and macOS refuses this one: the time limit remains


def _limit_time(seconds: int) -> None:
    """Ends the process by itself should its parent be gone and not watch the clock any more."""
    try:
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(usage.ru_utime + usage.ru_stime)
        resource.setrlimit(
            resource.RLIMIT_CPU, (spent + seconds + 1, resource.getrlimit(resource.RLIMIT_CPU)[1])
        )
    except (ImportError, AttributeError, ValueError, OSError):
        return


def _peak_megabytes() -> float:
    """The most memory that this process has held; 0 where that isn't known."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux counts what the parent held before the start of this program into ru_maxrss.
        peak_line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak_line.split()[1]) / 1024
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (_MEBIBYTE if sys.platform == "darwin" else 1024)
