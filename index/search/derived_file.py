"""Derived files on disk: written aside, synced and renamed, with a checksum of their own.

A file written in place is unreadable after a kill, and FAISS loads a damaged index without complaint.
"""

import json
import logging
import os
import threading
import zlib
from collections.abc import Mapping
from pathlib import Path

_logger = logging.getLogger(__name__)


def write_checked(path: Path, facts: Mapping[str, int | str], content: memoryview) -> None:
    """Replaces `path` in one step by `facts` and `content` under a CRC-32."""
    header = json.dumps({**facts, "crc32": _checksum(facts, content), "bytes": len(content)}).encode() + b"\n"
    aside = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.aside")
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
            if not facts.items() <= found.items():
                return None
            content = file.read()
        checksum, size = found.pop("crc32"), found.pop("bytes")
        if len(content) != size or _checksum(found, content) != checksum:
            raise ValueError("the checksum differs")
        return found, content
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        _logger.warning("%s is damaged (%s); it is made again from the library.", path, error)
        return None


def read_facts(path: Path) -> dict[str, int | str]:
    """The facts alone, unchecked; empty when there are none to read."""
    try:
        with path.open("rb") as file:
            facts: dict[str, int | str] = json.loads(file.readline())
        return facts if isinstance(facts, dict) else {}
    except (OSError, ValueError):
        return {}


def _checksum(facts: Mapping[str, int | str], content: bytes | memoryview) -> int:
    return zlib.crc32(content, zlib.crc32(json.dumps(dict(facts), sort_keys=True).encode()))
