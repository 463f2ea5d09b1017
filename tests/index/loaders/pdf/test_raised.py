"""Raised signs do not change the numbers and words that they stand at."""

import pytest

from index.loaders.pdf.raised import after, render
from tests.index.loaders.pdf.test_pdf import Words, load_pages


@pytest.mark.parametrize(
    ("base", "mark", "whole"),
    [
        ("$320", "1", "$320 ¹"),
        ("10", "6", "10⁶"),
        ("2010", "6", "2010 ⁶"),
        ("10", "−5", "10⁻⁵"),
        ("fee", "12", "fee ¹²"),
        ("m", "2", "m²"),
        ("25 cm", "3", "25 cm³"),
        ("1", "st", "1st"),
        ("Word", "TM", "Word™"),
        ("$320", "*", "$320*"),
        ("$320", "a", "$320 ᵃ"),
        ("e", "sim", "e^sim"),
    ],
)
def test_marks_stand_apart_and_exponents_close(base: str, mark: str, whole: str) -> None:
    assert after(base, mark) == whole


def test_a_word_after_its_mark_stands_apart_from_it() -> None:
    assert render([("1", True), ("Students", False)]) == "¹ Students"


def test_a_mark_on_a_number_is_told_by_its_size_and_height() -> None:
    words: list[Words] = [
        (50, 700, "The fee is $320"),
        (118.4, 704, "^1"),
        (123, 700, "and a dish holds 10"),
        (209, 704, "^6"),
        (214, 700, "cells, or 26."),
    ]
    assert load_pages(words).text == "The fee is $320 ¹ and a dish holds 10⁶ cells, or 26."


def test_a_mark_before_a_comma_stands_apart() -> None:
    words: list[Words] = [(50, 700, "The fee is $320"), (118.4, 704, "^1"), (121.9, 700, ", due in May.")]
    assert load_pages(words).text == "The fee is $320 ¹, due in May."
