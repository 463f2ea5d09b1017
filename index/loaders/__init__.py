"""Files of many kinds in, Documents with normalised text out."""

from index.loaders.find import Found, find
from index.loaders.isolation import Limits, extract
from index.loaders.kinds import LOADERS, is_archive
from index.loaders.load import MAX_BYTES, load, load_all, load_bytes

__all__ = [
    "LOADERS",
    "MAX_BYTES",
    "Found",
    "Limits",
    "extract",
    "find",
    "is_archive",
    "load",
    "load_all",
    "load_bytes",
]
