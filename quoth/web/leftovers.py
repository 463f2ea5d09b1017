"""The folders of uploads that killed servers left behind."""

import shutil
import tempfile
from pathlib import Path

import filelock

_LOCK = "in-use.lock"
PREFIX = "quoth-"


def take(folder: Path) -> filelock.FileLock:
    """Marks the folder as used by this process, for as long as it lives and holds the lock."""
    lock = filelock.FileLock(folder / _LOCK, blocking=False, thread_local=False)
    lock.acquire()
    return lock


def clear(parent: Path | None = None) -> None:
    """Deletes the folders whose process has gone; those of running ones stay."""
    for folder in (parent or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        lock = filelock.FileLock(folder / _LOCK, blocking=False, thread_local=False)
        if not (folder / _LOCK).is_file():
            continue
        try:
            with lock:
                shutil.rmtree(folder, ignore_errors=True)
        except (filelock.Timeout, OSError):
            continue
