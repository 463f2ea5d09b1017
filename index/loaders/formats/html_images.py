"""Pictures on a web page, in a book or a mail: those that come with it, as data or as parts beside it."""

import base64
import binascii
import re
from collections.abc import Callable

from selectolax.lexbor import LexborNode

from index.loaders.builder import Builder
from index.loaders.embedded import Pictures, Size

IMAGES = ("img", "image")  # the second in drawings, as books have them

_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|bmp|webp|tiff)[^,]{0,100};base64,", re.I)
_POINT = 0.75  # of what a browser calls a pixel
_SOURCES = ("src", "href", "xlink:href")


class Images:
    """The pictures of one page; `beside` gives the bytes that an address leads to, or None."""

    def __init__(self, pictures: Pictures, beside: Callable[[str], bytes | None] = lambda _: None) -> None:
        self._pictures = pictures
        self._beside = beside

    def write(self, builder: Builder, node: LexborNode) -> None:
        """The text of the picture that an element shows."""
        attributes = node.attributes
        address = next((attributes[name] for name in _SOURCES if attributes.get(name)), None) or ""
        data = _decoded(address) if _DATA.match(address) else self._beside(address)
        if data:
            self._pictures.write(builder, data, _size(attributes.get("width"), attributes.get("height")))


def _decoded(address: str) -> bytes | None:
    try:
        return base64.b64decode(address.partition(",")[2])
    except (binascii.Error, ValueError):
        return None


def _size(width: str | None, height: str | None) -> Size | None:
    """The size that an element has by its attributes, None where it is that of the picture."""
    sides = [side for side in (width, height) if side and side.isdecimal() and len(side) < 8]
    return (_POINT * int(sides[0]), _POINT * int(sides[1])) if len(sides) == 2 else None
