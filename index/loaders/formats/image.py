"""Pictures of text, such as scans and photographs of pages: read by tesseract, with the extra `ocr`."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from index.loaders import later, ocr, steps
from index.loaders.builder import Loaded, Unreadable
from index.loaders.pdf.glyphs import Box
from index.loaders.pdf.page import Page
from index.loaders.pdf.pdf import loaded_of
from index.loaders.pdf.scans import Frame, lines_in

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 80_000_000  # of one picture, which then takes 320 MB in colour; Pillow warns at 90 million
MAX_PAGES = 1_000  # of a TIFF file

_FORMATS = ("PNG", "JPEG", "TIFF")
_SMALL = 2_500  # dots of the longer side; what is smaller, such as a picture of a screen, is enlarged
_MOST_ENLARGED = 3
_SCALE = 72 / ocr.RESOLUTION  # points of a dot


def load_image(data: bytes) -> Loaded:
    """The text in a picture, or in each of the pictures of a TIFF file."""
    if not ocr.available():
        raise Unreadable(f"it is a picture; pictures of text are read after {ocr.INSTALL}")
    with opened(data, _FORMATS) as file:
        count = _count(file)
    if later.put_off(count):
        return Loaded("", unread=(f"its text: {later.BEING_READ}",))
    pages = [page for _, page in read_pages(_pictures(data))]
    unread = [f"page {number}: {one}" for number, page in enumerate(pages, 1) for one in page.unread]
    if not any(page.lines for page in pages):
        raise Unreadable("; ".join(["no text in it that can be read", *unread]))
    return loaded_of(pages, {}, unread)


def read_pages(pictures: Iterable[ocr.Pixels]) -> Iterator[tuple[ocr.PictureText, Page]]:
    """What is written on each picture, and the same as a page that holds nothing else."""
    shapes: list[Box] = []

    def noted() -> Iterator[ocr.Pixels]:
        for picture in pictures:
            height, width = picture.shape
            shapes.append((0.0, 0.0, _SCALE * width, _SCALE * height))
            yield picture

    # Several pictures are read at once: their shapes are noted ahead.
    for number, reading in enumerate(ocr.read(noted())):
        yield reading, _page(reading, shapes[number])


def _page(reading: ocr.PictureText, shape: Box) -> Page:
    remark = f"hard to read: {reading.unsure} lines"
    remarks = filter(None, (reading.failure, remark if reading.unsure and reading.lines else ""))
    return Page(
        lines_in(reading.lines, Frame(top=shape[3], scale=_SCALE)), unread=tuple(remarks), shape=shape
    )


def _pictures(data: bytes) -> Iterator[ocr.Pixels]:
    from PIL import ImageOps

    with opened(data, _FORMATS) as file:
        count = _count(file)
        for number in range(count):
            steps.report(number, count)
            file.seek(number)
            if file.width * file.height > MAX_PIXELS:
                raise _too_large()
            yield grey(ImageOps.exif_transpose(file))
        steps.report(count, count)


def _count(file: "Image.Image") -> int:
    """How many pictures there are in a file."""
    count = int(getattr(file, "n_frames", 1)) if file.format == "TIFF" else 1
    if count > MAX_PAGES:
        raise Unreadable(f"it has {count:,} pages; the limit is {MAX_PAGES:,}")
    return count


@contextmanager
def opened(data: bytes, kinds: tuple[str, ...]) -> Iterator["Image.Image"]:
    """A picture of one of the kinds; whatever opening it or its parts raises becomes Unreadable."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=kinds) as file:
            if file.width * file.height > MAX_PIXELS:
                raise _too_large()
            yield file
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Unreadable("it is damaged: the picture can't be opened") from error


def _too_large() -> Unreadable:
    return Unreadable(f"it has more than {MAX_PIXELS:,} dots, which is the limit")


def grey(picture: "Image.Image") -> ocr.Pixels:
    """The picture in shades of grey, at a size at which type can be read."""
    from PIL import Image

    picture = flat(picture)
    longer = max(picture.size)
    factor = min(_SMALL / longer, _MOST_ENLARGED) if longer < _SMALL else min(ocr.MAX_SIDE / longer, 1)
    if factor != 1:
        size = (max(round(picture.width * factor), 1), max(round(picture.height * factor), 1))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return np.asarray(picture)


def flat(picture: "Image.Image") -> "Image.Image":
    """The picture in shades of grey, on white where it lets through."""
    from PIL import Image

    if picture.mode == "I;16":
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    return picture.convert("L")
