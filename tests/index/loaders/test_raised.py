import pytest

from index.loaders.raised import lowered, raised


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        ("4 × 10", "6", "4 × 10⁶"),
        ("10", "−6", "10⁻⁶"),
        ("$320", "1", "$320 ¹"),
        ("1,200", "3", "1,200 ³"),
        ("45.50", "2", "45.50 ²"),
        ("$320", "a", "$320 ᵃ"),
        ("12 km", "2", "12 km²"),
        ("the fee", "1", "the fee ¹"),
        ("the 1", "st", "the 1st"),
        ("10", "[3]", "10 [3]"),
    ],
)
def test_raised_text_never_becomes_digits_of_the_number_before(before: str, text: str, whole: str) -> None:
    assert before + raised(before, text) == whole


@pytest.mark.parametrize(("before", "whole"), [("CO", "CO2"), ("log", "log₂"), ("10", "10₂")])
def test_lowered_digits_stay_apart_from_numbers(before: str, whole: str) -> None:
    assert before + lowered(before, "2") == whole
