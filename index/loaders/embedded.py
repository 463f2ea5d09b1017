"""Pictures inside documents that may hold text, such as pasted screens: read, in their places.

A document with such pictures is read twice: once to find them, and once more with what tesseract read of all.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from index.loaders import later, ocr, steps
from index.loaders.builder import Builder, Loaded, Unreadable

MOST = 300  # pictures of one document that are read
KINDS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")  # by the names that Pillow has for them
SMALLEST = (100, 24)  # dots across and down in which a few words can be read

_SMALLEST_SHOWN = (72.0, 18.0)  # width and height in points, as of pictures in a PDF
_SMALLEST_AREA = 10_000.0  # square points: two hundredths of a page
_SAMPLE = 500  # dots of the longer side at which it is looked for the ground of a text

Size = tuple[float, float]  # width and height in points
Crop = tuple[float, float, float, float]  # shares of it that are cut off left, above, right and below
WHOLE: Crop = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture that may hold text, and what of it is shown."""

    data: bytes
    crop: Crop


@dataclass(slots=True)
class Pictures:
    """The pictures met on one reading of a document; `texts` is what was read of them, None at first."""

    texts: Mapping[bytes, Loaded] | None = None
    found: dict[bytes, _Picture] = field(default_factory=dict)
    failed: dict[bytes, Loaded] = field(default_factory=dict)
    _names: set[tuple[str, Crop]] = field(default_factory=set)
    _met: set[bytes] = field(default_factory=set)
    _included: dict[str, Loaded] = field(default_factory=dict)

    def wants(self, name: str, size: Size | None = None, crop: Crop = WHOLE) -> bool:
        """Whether the part of that name is worth unpacking: shown large enough, and for the first time."""
        if (name, crop) in self._names or not _is_large(size):
            return False
        self._names.add((name, crop))
        return True

    def write(
        self, builder: Builder, data: bytes, size: Size | None = None, crop: Crop = WHOLE, place: str = ""
    ) -> bool:
        """The text of a picture, marked as read from one, where it is first met; whether it has any.

        `size`: as it is shown. What is too small to hold text is left out, and what looks like a photograph.
        """
        key = hashlib.sha256(repr(crop).encode() + data).digest()
        if key in self._met or not _is_large(size) or any(not 0 <= one < 1 for one in crop):
            return False
        self._met.add(key)
        if self.texts is None:
            self._find(key, _Picture(data, crop))
            return False
        loaded = self.texts.get(key, Loaded(""))
        for remark in loaded.unread:
            builder.leave_out(f"a picture{place}: {remark}")
        builder.add(loaded.text, scanned=True)
        return bool(loaded.text)

    def once(self, name: str, read: Callable[[], Loaded]) -> Loaded:
        """What `read` gives for another document in this one, which is read once though this one is twice."""
        if name not in self._included:
            self._included[name] = read()
        return self._included[name]

    def with_texts(self) -> "Pictures":
        """These for the second reading, with what is written on each."""
        return Pictures({**self.failed, **_read(self.found)}, _included=self._included)

    def _find(self, key: bytes, picture: _Picture) -> None:
        try:
            if len(self.found) >= MOST:
                self.failed[key] = Loaded("", unread=(f"only the first {MOST} are read",))
            elif _may_hold_text(picture):
                self.found[key] = picture
        except Unreadable as error:
            self.failed[key] = Loaded("", unread=(str(error),))


def with_pictures(load: Callable[[Pictures], Loaded]) -> Loaded:
    """What `load` makes of a document, with the text of its pictures if the extra is installed."""
    pictures = Pictures()
    loaded = load(pictures)
    if not pictures.found and not pictures.failed:
        return loaded
    count = len(pictures.found)
    which = f"text in {count} pictures" if count > 1 else "text in a picture"
    if count and ocr.available() and later.put_off(count):
        return replace(loaded, unread=(*loaded.unread, f"{which}, if there is any: {later.BEING_READ}"))
    if ocr.available() or not count:
        return load(pictures.with_texts())
    if not loaded.text:
        raise Unreadable(f"no text but that of pictures, which are read after {ocr.INSTALL}")
    remark = f"{which}, if there is any: pictures are read after {ocr.INSTALL}"
    return replace(loaded, unread=(*loaded.unread, remark))


def _read(found: Mapping[bytes, _Picture]) -> dict[bytes, Loaded]:
    """What is written on each picture, as on a page of its own."""
    from index.loaders.formats.image import read_pages
    from index.loaders.pdf.pdf import loaded_of
    from index.loaders.pdf.pictures import holds_words

    def drawn() -> Iterator[ocr.Pixels]:
        for number, one in enumerate(found.values()):
            steps.report(number, len(found))
            try:
                pixels = _pixels(one)
            except Unreadable:  # what was found before was less of it
                pixels = np.full(SMALLEST, 255, np.uint8)
            yield pixels

    texts: dict[bytes, Loaded] = {}
    for key, (reading, page) in zip(found, read_pages(drawn()), strict=True):
        worth = reading.failure or holds_words(reading.lines)
        texts[key] = loaded_of([page], {}, page.unread) if worth else Loaded("")
    steps.report(len(found), len(found))
    return texts


def _is_large(size: Size | None) -> bool:
    if size is None:
        return True
    return (
        size[0] >= _SMALLEST_SHOWN[0]
        and size[1] >= _SMALLEST_SHOWN[1]
        and size[0] * size[1] >= _SMALLEST_AREA
    )


def _may_hold_text(picture: _Picture) -> bool:
    """Whether it has enough dots, and much of it is of nearly one brightness, as the ground of a text is."""
    from index.loaders.formats.image import flat, opened
    from index.loaders.pdf.pictures import has_ground

    with opened(picture.data, KINDS) as file:
        part = file.crop(_corners(picture.crop, file.size))
        if part.width < SMALLEST[0] or part.height < SMALLEST[1]:
            return False
        step = max(*part.size, _SAMPLE) / _SAMPLE
        return has_ground(
            np.asarray(flat(part.resize((int(part.width / step) or 1, int(part.height / step) or 1))))
        )


def _pixels(picture: _Picture) -> ocr.Pixels:
    """What is shown of the picture, to be read."""
    from index.loaders.formats.image import grey, opened

    with opened(picture.data, KINDS) as file:
        return grey(file.crop(_corners(picture.crop, file.size)))


def _corners(crop: Crop, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = crop
    width, height = size
    right, bottom = max(1 - right, left), max(1 - bottom, top)
    return int(left * width), int(top * height), int(right * width), int(bottom * height)
