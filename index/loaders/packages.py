"""ZIP packages, which most office formats are: opened within limits, their XML parsed without entities."""

import io
import zipfile
import zlib

from lxml import etree

from index.loaders.builder import Unreadable

MAX_UNPACKED = 500 * 1024 * 1024  # bytes of all parts; a real document unpacks to a few times its size
MAX_PART = 100 * 1024 * 1024  # bytes of one XML part, which takes ten times that in memory
MAX_PARTS = 20_000

DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    KeyError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)


def open_package(data: bytes) -> zipfile.ZipFile:
    """The package, unless its directory promises too much (unpacking goes no further) or a password."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED as error:
        raise Unreadable("it is damaged: not a whole ZIP archive, which a file of its kind is") from error
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("it is encrypted; remove its password first")
    unpacked = sum(part.file_size for part in parts)
    markup = (".xml", ".rels", ".xhtml", ".html", ".htm", ".opf")
    largest = max((part.file_size for part in parts if part.filename.endswith(markup)), default=0)
    if unpacked > MAX_UNPACKED or largest > MAX_PART:
        limits = f"the limits are {MAX_UNPACKED:,} and {MAX_PART:,}"
        raise Unreadable(f"it unpacks to {unpacked:,} bytes, {largest:,} of them in one part; {limits}")
    if len(parts) > MAX_PARTS:
        raise Unreadable(f"it has {len(parts):,} parts; the limit is {MAX_PARTS:,}")
    return package


def part(package: zipfile.ZipFile, name: str) -> bytes:
    """One part of a package; Unreadable when it is missing or damaged."""
    try:
        return package.read(name)
    except DAMAGED as error:
        raise Unreadable(f"it is damaged: its part {name!r} can't be read") from error


def parsed(data: bytes) -> etree._Element:
    """The root of an XML document; Unreadable when it is none, or nested or expanded as no document is."""
    try:
        return etree.fromstring(data, parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", 0) == etree.ErrorTypes.ERR_NO_MEMORY or "unknown error" in str(error):
            raise MemoryError from error  # libxml2 says no more than that when it gets none
        raise Unreadable(f"it is no well-formed XML: {error}") from error


def parser() -> etree.XMLParser:
    """No entities, no network, and lxml's own limits on depth (256) and size."""
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
