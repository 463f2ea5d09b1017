"""The pages of a library's documents as they look, made when somebody wants to see one."""

import threading
from collections import OrderedDict

from index.documents.document import Document
from index.documents.places import Places
from index.errors import DocumentError
from index.library.library import Library
from index.library.originals import Whereabouts
from index.loaders import Limits
from index.loaders.process.pictures import SourcePdf, page_picture, page_shapes

WIDTHS = (800, 1_200, 1_600)  # pixels; a picture of any other width is made of the next larger one
_ROOM = 32 * 1024 * 1024  # bytes of pictures that are kept in memory

Shapes = list[tuple[float, float]]


class PagePictures:
    """Pages as pictures; every method may be called from any thread, and one page is made at a time."""

    def __init__(self, library: Library, limits: Limits, room: int = _ROOM) -> None:
        self._library = library
        self._limits = limits
        self._room = room
        self._making = threading.Lock()
        self._pictures: OrderedDict[tuple[str, str, int, int], bytes] = OrderedDict()

    def possible(self, document: Document) -> bool:
        """Whether it has pages, and it is known from which file it was read, so that they may be shown."""
        drawn = bool(document.pages) and Places(document.places).drawn
        return drawn and self._library.originals.known(document.id) is not None

    def shapes(self, document: Document) -> Shapes:
        """The width and height of each page in points; DocumentError when its pages can't be shown."""
        where = self._where(document)
        with self._making:
            return page_shapes(where.path, document.name, SourcePdf(where.inner, where.sha256), self._limits)

    def picture(self, document: Document, page: int, width: int = WIDTHS[1]) -> bytes:
        """The page, counted from 1, as a WebP at least `width` pixels wide, as far as there are such.

        DocumentError when the file is gone, has changed since it was added, or can't be shown.
        """
        where = self._where(document)
        wide = next((one for one in WIDTHS if one >= width), WIDTHS[-1])
        key = where.sha256, where.inner, page, wide
        with self._making:
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
            source = SourcePdf(where.inner, where.sha256)
            made = page_picture(where.path, document.name, source, page, wide, self._limits)
            self._pictures[key] = made
            while sum(map(len, self._pictures.values())) > self._room:
                self._pictures.popitem(last=False)
            return made

    def _where(self, document: Document) -> Whereabouts:
        where = self._library.originals.of(document)
        if not where:
            raise DocumentError(document.name, "the file that it was read from is gone")
        return where
