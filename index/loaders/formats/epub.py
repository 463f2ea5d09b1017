"""EPUB: the chapters of a book in their reading order, each read as a web page."""

import posixpath
import re
from functools import partial
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.embedded import Pictures, with_pictures
from index.loaders.formats.html import markup_of
from index.loaders.formats.html_images import Images
from index.loaders.packages import open_package, parsed, part

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_PACKAGE = "{http://www.idpf.org/2007/opf}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
# Elements without content, which XML may close in their start tag and HTML may not.
_EMPTY = re.compile(rb"<(title|script|a|p|div|span|i|b|em|td|th|li|style|h[1-6])((?:\s[^<>]*)?)/>", re.I)
_MARKUP = ("application/xhtml+xml", "text/html")


def load_epub(data: bytes) -> Loaded:
    """The text of a book, without its table of contents."""
    return with_pictures(lambda pictures: _load(data, pictures))


def _load(data: bytes, pictures: Pictures) -> Loaded:
    with open_package(data) as package:
        names = set(package.namelist())
        folder, book = _book(package)
        chapters = [name for name in _spine(book, folder) if name in names]
        builder = Builder()
        for name in chapters:
            content = part(package, name)
            if content.strip():
                images = Images(pictures, partial(_beside, package, pictures, name))
                builder.include(markup_of(_EMPTY.sub(rb"<\1\2></\1>", content), images))
    if not chapters:
        raise Unreadable("it is damaged: none of its chapters is there")
    date = _DATE.match(book.findtext(f".//{_DUBLIN_CORE}date") or "")
    return builder.build(
        title=one_line(book.findtext(f".//{_DUBLIN_CORE}title") or ""),
        metadata={
            "author": ", ".join(
                filter(None, (one_line(one.text or "") for one in book.iter(f"{_DUBLIN_CORE}creator")))
            ),
            "created": date.group() if date else "",
            "language": one_line(book.findtext(f".//{_DUBLIN_CORE}language") or ""),
        },
    )


def _beside(package: ZipFile, pictures: Pictures, chapter: str, address: str) -> bytes | None:
    """The part that an address in a chapter leads to."""
    name = posixpath.normpath(posixpath.join(posixpath.dirname(chapter), unquote(address)))
    return part(package, name) if name in package.NameToInfo and pictures.wants(name) else None


def _book(package: ZipFile) -> tuple[str, etree._Element]:
    """The folder and the content of the file that lists the book's parts."""
    root = parsed(part(package, "META-INF/container.xml")).find(f".//{_CONTAINER}rootfile")
    path = "" if root is None else root.get("full-path", "")
    return posixpath.dirname(path), parsed(part(package, path))


def _spine(book: etree._Element, folder: str) -> list[str]:
    """The parts' names in reading order, each once."""
    items = {item.get("id"): item for item in book.iter(f"{_PACKAGE}item")}
    names: dict[str, None] = {}
    for reference in book.iter(f"{_PACKAGE}itemref"):
        item = items.get(reference.get("idref"))
        if (
            item is None
            or item.get("media-type") not in _MARKUP
            or "nav" in item.get("properties", "").split()
        ):
            continue
        names[posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))] = None
    return list(names)
