"""What is checked before any work is done: the sizes and forms of what a caller hands in."""

import re
from collections.abc import Mapping
from pathlib import Path

from index import Library, LibraryError, SettingError

LONGEST_COLLECTION = 200
MOST_METADATA = 100
LONGEST_KEY = 200
LONGEST_VALUE = 20_000
# What is not printed: control characters, and halves of characters that no file can hold.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff]")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
_SHOWN = 60


def check_collection(name: str) -> None:
    """SettingError when a collection can't have that name."""
    if not isinstance(name, str) or not name.strip():
        raise SettingError(f"collection is {shortened(name)}, but must be a name.")
    if len(name) > LONGEST_COLLECTION:
        raise SettingError(
            f"The collection {shortened(name)} has {len(name):,} characters, but may have "
            f"{LONGEST_COLLECTION} at most."
        )
    if _UNPRINTABLE.search(name):
        raise SettingError(f"The collection {shortened(name)} has control characters in its name.")


def check_metadata(metadata: object) -> dict[str, str]:
    """The metadata; SettingError when they can't be kept: what is no text, too much or too long."""
    if not isinstance(metadata, Mapping):
        raise SettingError(f"metadata is {shortened(metadata)}, but must be an object of texts.")
    if len(metadata) > MOST_METADATA:
        raise SettingError(f"metadata has {len(metadata):,} keys, but may have {MOST_METADATA} at most.")
    for key, value in metadata.items():
        _check_pair(key, value)
    return dict(metadata)


def _check_pair(key: object, value: object) -> None:
    if not isinstance(key, str) or not key.strip() or len(key) > LONGEST_KEY or _UNPRINTABLE.search(key):
        raise SettingError(
            f"metadata has the key {shortened(key)}, but a key is a text of 1 to {LONGEST_KEY} characters."
        )
    if not isinstance(value, str):
        raise SettingError(f"metadata {key} is {shortened(value)}, but must be text.")
    if len(value) > LONGEST_VALUE or _NO_TEXT.search(value):
        raise SettingError(
            f"metadata {key} is {shortened(value)}, but must be text of {LONGEST_VALUE:,} characters at most."
        )


def must_exist(folder: Path) -> None:
    """LibraryError when there is no library in that folder."""
    if not Library.exists(folder):
        raise LibraryError(f"There is no library in {folder}. quoth add FILE makes one.")


def must_still_exist(folder: Path) -> None:
    """LibraryError when the library in that folder has been deleted since it was opened."""
    if not Library.exists(folder):
        raise LibraryError(
            "The library was deleted or moved while Quoth had it open. Put its folder back, or start again."
        )


def is_text(value: object) -> bool:
    """Whether that is text that a library can hold."""
    return isinstance(value, str) and not _NO_TEXT.search(value)


def shortened(value: object) -> str:
    """The value as an error shows it: on one line, and no longer than that."""
    text = ascii(value) if isinstance(value, str) and _NO_TEXT.search(value) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
