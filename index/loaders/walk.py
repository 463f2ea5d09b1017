"""The files below a folder, the same for whatever takes a folder: to be added, synced or watched."""

import os
import re
from collections.abc import Iterator

# Written by programs for themselves, and gone again soon: office locks, downloads and copies under way.
_PASSING = re.compile(r"~\$.*|.*~|.*\.(?:tmp|part|partial|crdownload|download|swp)", re.I | re.S)


def walk(folder: str, unreadable: dict[str, str], leave_out: str = "") -> Iterator["os.DirEntry[str]"]:
    """The files below `folder`, those of a folder before those of the folders in it, by name.

    Left out are hidden files and folders, files that programs keep for a moment, linked folders, links that
    lead out, and what is below `leave_out`. `unreadable` gets the paths that can't be looked at, with why.
    """
    root = os.path.realpath(folder)
    folders = [folder]
    while folders:
        parent = folders.pop()
        try:
            with os.scandir(parent) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except OSError as error:
            unreadable[parent] = error.strerror or str(error)
            continue
        below: list[str] = []
        for entry in entries:
            if entry.name.startswith(".") or entry.path == leave_out:
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.path)
            elif not is_passing(entry.name) and _is_file(entry, root, unreadable):
                yield entry
        folders += reversed(below)


def is_passing(name: str) -> bool:
    """Whether a file of that name is one that programs keep for themselves for a moment."""
    return _PASSING.fullmatch(name) is not None


def stays_inside(path: str, root: str) -> bool:
    """Whether the file, every link followed, lies below `root`, in which no link is left."""
    return os.path.realpath(path).startswith(root.rstrip(os.sep) + os.sep)


def _is_file(entry: "os.DirEntry[str]", root: str, unreadable: dict[str, str]) -> bool:
    try:
        return entry.is_file() and (not entry.is_symlink() or stays_inside(entry.path, root))
    except FileNotFoundError:
        return False
    except OSError as error:
        unreadable[entry.path] = error.strerror or str(error)
        return False
