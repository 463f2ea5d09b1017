"""Rectangles of a text's lines, packed and found again."""

import random

import pytest

from index.documents.places import SCALE, PagePlace, Places, packed


def test_places_are_unpacked_as_they_were_packed() -> None:
    chance = random.Random(1)

    def corners() -> tuple[float, float]:
        low, high = sorted(chance.sample(range(SCALE), 2))
        return low / SCALE, high / SCALE

    places = []
    for at in range(500):
        (left, right), (top, bottom) = corners(), corners()
        places.append(PagePlace(40 * at, 1 + at // 50, left, top, right, bottom))
    found = Places(packed(places)).rectangles(0, 40 * 500)
    assert found == [place[1:6] for place in places]


def test_a_range_that_touches_what_was_read_from_a_picture_says_so() -> None:
    places = Places(packed(PagePlace(10 * at, 1 + at, 0.1, 0.1, 0.9, 0.2, at == 1) for at in range(3)))
    assert [places.scanned(*range_) for range_ in ((0, 10), (5, 11), (12, 15), (20, 25))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [box[0] for box in places.rectangles(0, 30)] == [1, 2, 3]


def test_a_range_gives_the_rectangles_that_it_touches() -> None:
    places = [PagePlace(start, 1, 0.1, start / 100, 0.9, start / 100 + 0.05) for start in (0, 10, 20)]
    unpacked = Places(packed(places))
    assert [box[2] for box in unpacked.rectangles(5, 10)] == [0.0]
    assert [box[2] for box in unpacked.rectangles(9, 11)] == [0.0, 0.1]
    assert [box[2] for box in unpacked.rectangles(20, 25)] == [0.2]


def test_corners_beyond_the_page_are_moved_to_its_edge() -> None:
    assert Places(packed([PagePlace(0, 1, -0.1, 0.5, 1.2, 0.6)])).rectangles(0, 1) == [
        (1, 0.0, 0.5, 1.0, 0.6)
    ]


@pytest.mark.parametrize("range_", [(0, 0), (0, 10)])
def test_a_document_without_places_has_no_rectangles(range_: tuple[int, int]) -> None:
    assert Places(packed([])).rectangles(*range_) == []
