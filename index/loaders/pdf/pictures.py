"""The pictures on a PDF's pages that may hold text: found, drawn for tesseract, and what it reads of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.loaders import ocr, steps
from index.loaders.pdf.glyphs import Box, turned
from index.loaders.pdf.lines import Line
from index.loaders.pdf.page import Page
from index.loaders.pdf.scans import Frame, lines_in

MAX_TURNS = 50  # pages of one file that are read again in all directions

_POINT = 1 / 72  # inches
_DRAWN = 50  # paths on a page without text that may be letters
_FEWEST_WORDS = 3  # of a picture in a text; fewer are a logo, or no words at all
_WORD = 3  # letters or figures of what counts as one
_OWN_TEXT = 100  # characters that a page writes on a picture; with more its text is there already
_SMALLEST = (72.0, 18.0)  # width and height, in points
_SMALLEST_SHARE = 0.02  # of the page
_MOST = 200  # images on a page; more are a drawing
_TOUCHING = 1.0  # points between the strips that one picture was cut into
_GROUND = 0.35  # of a picture with text that have nearly one brightness, as paper has and photographs haven't
_SHADES = 16  # of brightness that are told apart


@dataclass(frozen=True, slots=True)
class _Found:
    """A picture on its way to be read."""

    page: int
    pixels: ocr.Pixels
    frame: Frame


def is_picture(page: pdfium.PdfPage) -> bool:
    """Whether a page without text holds a picture, or letters drawn as lines."""
    paths = 0
    for one in page.get_objects([raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH], max_depth=2):
        paths += one.type == raw.FPDF_PAGEOBJ_PATH
        if one.type == raw.FPDF_PAGEOBJ_IMAGE or paths >= _DRAWN:
            return True
    return False


def pictures_on(page: pdfium.PdfPage, boxes: Sequence[Box], lines: Sequence[Line]) -> tuple[Box, ...]:
    """Which of the images of a page with text may hold further text, in points of the page."""
    if not boxes or len(boxes) > _MOST:
        return ()
    texts = [(_on_page(line), len(line.text)) for line in lines]
    left, bottom, right, top = page.get_bbox()
    least = _SMALLEST_SHARE * (right - left) * (top - bottom)
    return tuple(
        box
        for box in _joined(boxes)
        if box[2] - box[0] >= _SMALLEST[0]
        and box[3] - box[1] >= _SMALLEST[1]
        and (box[2] - box[0]) * (box[3] - box[1]) >= least
        and sum(length for text, length in texts if _holds(box, text)) <= _OWN_TEXT
    )


def with_pictures(document: pdfium.PdfDocument, pages: Sequence[Page]) -> list[Page]:
    """The pages with what stands on their pictures among their lines; as they are without the extra."""
    result = list(pages)
    total = sum(bool(page.pictures) for page in pages)
    if not total or not ocr.available():
        return result
    found: list[_Found] = []
    turns = 0

    def drawn() -> Iterator[ocr.Pixels]:
        numbers = [number for number, page in enumerate(pages) if page.pictures]
        for done, number in enumerate(numbers):
            steps.report(done, total)
            result[number] = replace(pages[number], pictures=())
            for one in _draw(document, pages[number], number):
                found.append(one)
                yield one.pixels

    for number, reading in enumerate(ocr.read(drawn())):
        one, whole = found[number], pages[found[number].page].picture
        found[number] = replace(one, pixels=one.pixels[:0])  # it is no longer needed
        if whole and reading.sideways and turns < MAX_TURNS:
            quarters, reading = ocr.upright(one.pixels, reading)
            one = _turned(one, pages[one.page], quarters)
            turns += 1
        result[one.page] = _with(result[one.page], reading, one, whole=whole)
    steps.report(total, total)
    return result


def _draw(document: pdfium.PdfDocument, page: Page, number: int) -> Iterator[_Found]:
    """The pictures of one page, each as a picture of its own."""
    shown = document[number]
    try:
        width, height = shown.get_size()
        scale = min(ocr.RESOLUTION * _POINT, ocr.MAX_SIDE / max(width, height, 1.0))
        drawing = shown.render(scale=scale, grayscale=True, draw_annots=False, may_draw_forms=False)
        pixels = drawing.to_numpy().reshape(drawing.height, -1)[:, : drawing.width].copy()
    finally:
        shown.close()
    edge = turned(page.shape, page.rotation)
    for box in page.pictures:
        left, bottom, right, top = turned(box, page.rotation)
        across = (max(int((left - edge[0]) * scale), 0), int((right - edge[0]) * scale) + 1)
        down = (max(int((edge[3] - top) * scale), 0), int((edge[3] - bottom) * scale) + 1)
        part = pixels[slice(*down), slice(*across)]
        if part.size and (page.picture or has_ground(part)):
            frame = Frame(edge[0] + across[0] / scale, edge[3] - down[0] / scale, 1 / scale, page.rotation)
            yield _Found(number, part, frame)


def holds_words(lines: Sequence[ocr.TextLine]) -> bool:
    """Whether so much was read of a picture in a text that it is more than a logo."""
    words = sum(sum(map(str.isalnum, word.text)) >= _WORD for line in lines for word in line.words)
    return words >= _FEWEST_WORDS


def _turned(found: _Found, page: Page, quarters: int) -> _Found:
    """A picture of a whole page as it is after that many quarter turns against the clock."""
    turn = (page.rotation - 90 * quarters) % 360
    edge = turned(page.shape, turn)
    return replace(found, frame=replace(found.frame, left=edge[0], top=edge[3], turn=turn))


def has_ground(picture: ocr.Pixels) -> bool:
    """Whether much of the picture is of nearly one brightness."""
    step = max(max(picture.shape) // 500, 1)
    shades = np.bincount(picture[::step, ::step].ravel() // _SHADES, minlength=256 // _SHADES)
    return bool((shades[:-1] + shades[1:]).max() >= _GROUND * shades.sum())


def _with(page: Page, reading: ocr.PictureText, found: _Found, *, whole: bool) -> Page:
    """The page with the lines of one of its pictures."""
    lines = _without_own(reading.lines, page.lines, found.frame)
    if not whole and not holds_words(lines):
        lines = []
    remarks = [reading.failure] if reading.failure else []
    if whole and lines and reading.unsure:
        remarks.append(f"hard to read in its picture: {reading.unsure} lines")
    read = lines_in(lines, found.frame)
    at = _first_below(page.lines, read, found.frame.turn)
    return replace(
        page,
        lines=[*page.lines[:at], *read, *page.lines[at:]],
        unread=(*page.unread, *remarks),
        picture=page.picture and not lines and not reading.failure,
    )


def _without_own(found: Sequence[ocr.TextLine], lines: Sequence[Line], frame: Frame) -> list[ocr.TextLine]:
    """The lines of a picture without the words that the page itself writes on it."""
    own = [turned(_on_page(line), frame.turn) for line in lines]
    result = []
    for line in found:
        words = tuple(word for word in line.words if not any(_holds(box, frame.box(word)) for box in own))
        if words:
            result.append(replace(line, words=words))
    return result


def _first_below(lines: Sequence[Line], read: Sequence[Line], turn: int) -> int:
    """The number of the first line under the beginning of what was read; that behind the last if none is."""
    if read:
        left, right = min(one.left for one in read), max(one.right for one in read)
        highest = max(one.baseline for one in read)
        for number, line in enumerate(lines):
            box = turned(_on_page(line), turn)
            if box[0] < right and box[2] > left and box[3] < highest:
                return number
    return len(lines)


def _on_page(line: Line) -> Box:
    """The rectangle of a line, in points of the page."""
    bottom, top = min(cell.bottom for cell in line.cells), max(cell.top for cell in line.cells)
    return turned((line.left, bottom, line.right, top), 360 - line.turn)


def _holds(box: Box, other: Box) -> bool:
    """Whether the middle of the other box lies in this one."""
    x, y = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, those that touch as one: scanners cut pages into strips."""
    joined: list[Box] = []
    for box in boxes:
        while touching := next((one for one in joined if _touch(one, box)), None):
            joined.remove(touching)
            pairs = zip(touching, box, strict=True)
            left, bottom, right, top = pairs
            box = (min(left), min(bottom), max(right), max(top))
        joined.append(box)
    return joined


def _touch(one: Box, other: Box) -> bool:
    room = _TOUCHING
    return (
        one[0] < other[2] + room
        and other[0] < one[2] + room
        and one[1] < other[3] + room
        and other[1] < one[3] + room
    )
