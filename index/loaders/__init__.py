"""Files of many kinds in, Documents with normalised text out."""

from index.loaders.find import Found, find
from index.loaders.load import LOADERS, MAX_BYTES, load, load_bytes

__all__ = ["LOADERS", "MAX_BYTES", "Found", "find", "load", "load_bytes"]
