"""What documents are called: names that can be shown, stored and compared, and that no other document has."""

import os
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from index.documents.document import normalise

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def clean_name(name: str) -> str:
    """A name that can be shown on one line and stored: control characters and broken ones replaced."""
    return _UNPRINTABLE.sub(_REPLACEMENT, name) or _REPLACEMENT


def document_name(relative: str) -> str:
    """A path in a folder as a document's name: '/' between its parts, and nothing that can't be shown."""
    return normalise(clean_name(shown(relative).replace(os.sep, "/"))) or _REPLACEMENT


def shown(path: str) -> str:
    r"""The path as text that can be stored; bytes that are no UTF-8 become `\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def free_name(name: str, source: str, taken: Callable[[str], bool]) -> str:
    """The first not taken: the name, it after more of the path in `source`, it with a number behind it."""
    return next(one for one in _candidates(name, source) if not taken(one))


def longer_names(name: str, source: str) -> Iterator[str]:
    """The name, then with one more folder of the path in `source` before it each time."""
    yield name
    parts = document_name(source).split("/") if Path(source).is_absolute() else []
    for first in range(len(parts) - name.count("/") - 2, 0, -1):
        yield "/".join(parts[first:])


def _candidates(name: str, source: str) -> Iterator[str]:
    yield from longer_names(name, source)
    yield from (f"{name} ({number})" for number in count(2))
