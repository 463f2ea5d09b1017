"""What tesseract is asked, and for how long."""

import numpy as np
import pytest

from index.loaders import ocr
from tests.index.loaders.pdf.scanned import drawn
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of

PAGE: ocr.Pixels = drawn(pdf_of(PARAGRAPH)).to_numpy()


def words_of(reading: ocr.PictureText) -> list[str]:
    return [word.text for line in reading.lines for word in line.words]


def test_words_come_in_order_with_their_rectangles() -> None:
    (reading,) = ocr.read([PAGE])
    assert words_of(reading)[:5] == ["The", "station", "on", "the", "northern"]
    first = reading.lines[0].words[0]
    inside = PAGE[int(first.top) : int(first.bottom), int(first.left) : int(first.right)]
    assert inside.min() < 100, "the letters are in it"
    around = PAGE[int(first.top) : int(first.bottom), : int(first.left) - 1]
    assert around.min() == 255, "and none left of it"


def test_readings_come_in_the_order_of_their_pictures() -> None:
    blank = np.full((400, 400), 255, np.uint8)
    readings = list(ocr.read([PAGE, blank, PAGE[:300]]))
    assert [bool(reading.lines) for reading in readings] == [True, False, True]
    assert not any(reading.failure for reading in readings)


def test_a_picture_that_takes_too_long_costs_itself_alone() -> None:
    (reading,) = ocr.read([PAGE], seconds=0.001)
    assert reading == ocr.PictureText(failure="reading its picture takes longer than 0.001 s")


def test_a_picture_that_takes_too_much_of_the_processor_is_told_of_too() -> None:
    # Six pages beside and below each other: far more work than one second.
    (reading,) = ocr.read([np.tile(PAGE, (3, 2))], seconds=0.9)
    assert reading == ocr.PictureText(failure="reading its picture takes longer than 0.9 s")


def test_after_the_time_for_all_pictures_the_rest_is_told_of() -> None:
    readings = list(ocr.read([PAGE, PAGE], altogether=0))
    assert [one.failure for one in readings] == ["its picture: all pictures take longer than 0 minutes"] * 2


def test_what_is_no_text_is_counted_and_left_out() -> None:
    noise = np.random.default_rng(1).choice(np.array([0, 255], np.uint8), (600, 800), p=[0.15, 0.85])
    (reading,) = ocr.read([noise])
    assert not any(word.isalpha() and len(word) > 4 for word in words_of(reading))


@pytest.mark.parametrize("ground", ["shadow", "dark cell"])
def test_text_is_read_on_uneven_ground(ground: str) -> None:
    shades = np.ones(PAGE.shape)
    if ground == "shadow":
        shades *= np.linspace(0.4, 1, PAGE.shape[1])[None, :] * np.linspace(0.7, 1, PAGE.shape[0])[:, None]
    else:
        shades[:, : PAGE.shape[1] // 3] = 0.55
    (even,), (uneven,) = ocr.read([PAGE]), ocr.read([(PAGE * shades).astype(np.uint8)])
    assert words_of(uneven) == words_of(even)
