"""Derived files on disk: written aside, synced and renamed, with a checksum of their own.

A file written in place is unreadable after a kill, and FAISS loads a damaged index without complaint.
"""

import json
import logging
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

_logger = logging.getLogger(__name__)


def write_checked(path: Path, facts: Mapping[str, int | str], content: memoryview) -> None:
    """Replaces `path` in one step by `facts` and `content` under a CRC-32."""
    header = json.dumps({**facts, "crc32": zlib.crc32(content), "bytes": len(content)}).encode() + b"\n"
    aside = path.with_suffix(f".{os.getpid()}.aside")
    try:
        with aside.open("wb") as file:
            file.write(header)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def read_checked(path: Path, facts: Mapping[str, int | str]) -> tuple[dict[str, int | str], bytes] | None:
    """The facts and content that `write_checked` wrote; None when missing, damaged or of other `facts`."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.readline())
            content = file.read()
        if len(content) != found["bytes"] or zlib.crc32(content) != found["crc32"]:
            raise ValueError("the checksum differs")
        return (found, content) if facts.items() <= found.items() else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _logger.warning("%s is damaged (%s); it is made again from the library.", path, error)
        return None
