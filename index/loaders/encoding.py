"""Bytes to text: which encoding a file is in."""

import codecs

from charset_normalizer import from_bytes

from index.loaders.builder import MAX_CHARACTERS, Unreadable

MAX_TEXT_BYTES = 4 * MAX_CHARACTERS  # at most four bytes a character; markup in it counts too
SAMPLE_BYTES = 128 * 1024  # enough to tell an encoding; guessing on more only costs time
MAX_BINARY_SHARE = 0.005  # of control bytes that no text needs; random bytes hold about 10 %
MAX_BROKEN_SHARE = 0.02  # of broken characters in a file that is otherwise UTF-8, as after a bad copy

_BINARY = bytes(code for code in range(32) if code not in b"\t\n\x0b\x0c\r\x1b") + b"\x7f"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`: by its byte order mark, as UTF-8, as `declared` in it, or as it looks."""
    if len(data) > MAX_TEXT_BYTES:
        raise Unreadable(f"it has {len(data):,} bytes; the limit for text is {MAX_TEXT_BYTES:,}")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data:
        data = _without_nulls(data)
    sample = data[:SAMPLE_BYTES]
    if len(sample) - len(sample.translate(None, _BINARY)) > MAX_BINARY_SHARE * len(sample):
        raise Unreadable("it holds binary data, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_guess(data, sample, declared), errors="replace")


def _without_nulls(data: bytes) -> bytes:
    """UTF-16 without its mark as UTF-8; null bytes anywhere else mean that this is no text."""
    nulls = data.count(b"\0")
    for encoding, high_bytes in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if high_bytes.count(b"\0") > 0.9 * nulls and nulls > 0.2 * len(data):
            return data.decode(encoding, errors="replace").encode(errors="replace")
    raise Unreadable("it holds binary data, not text")


def _guess(data: bytes, sample: bytes, declared: str) -> str:
    """The most likely encoding of bytes that are not valid UTF-8 throughout."""
    if declared and _known(declared):
        return declared
    as_utf8 = data.decode("utf-8", errors="replace")
    broken = as_utf8.count("\ufffd")
    beyond_ascii = sum(character > "\x7f" for character in as_utf8) - broken
    if broken < MAX_BROKEN_SHARE * len(as_utf8) and broken < beyond_ascii:
        return "utf-8"
    return _statistical(sample) or "cp1252"


def _known(encoding: str) -> bool:
    """Whether Python can decode text with `encoding` (its codecs from bytes to bytes do not count)."""
    try:
        return b"a".decode(encoding, errors="replace") == "a"
    except (LookupError, ValueError):
        return False


def _statistical(sample: bytes) -> str:
    """The guess of charset-normalizer; between equals the Western code page, by far the most common."""
    matches = from_bytes(sample)
    best = matches.best()
    if best is None:
        return ""
    for match in matches:
        if "cp1252" in match.could_be_from_charset and match.coherence >= best.coherence:
            return "cp1252"
    return best.encoding
