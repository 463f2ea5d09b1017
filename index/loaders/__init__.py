"""Files of many kinds in, Documents with normalised text out."""

from index.loaders.builder import Unreadable
from index.loaders.digests import Digest
from index.loaders.find import NamedFile, find, source_of
from index.loaders.kinds import LOADERS, is_archive
from index.loaders.load import MAX_BYTES, load, load_all, load_bytes
from index.loaders.process.isolation import extract, look_into
from index.loaders.process.processes import Limits

__all__ = [
    "LOADERS",
    "MAX_BYTES",
    "Digest",
    "Limits",
    "NamedFile",
    "Unreadable",
    "extract",
    "find",
    "is_archive",
    "load",
    "load_all",
    "load_bytes",
    "look_into",
    "source_of",
]
