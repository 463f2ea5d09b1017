"""Items of lists that stand inside a line."""

import pytest

from index import quotable, sentences


def units(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Felling is:", "a. Cutting a tree to the ground;", "b. Taking off its crown; or", "c. Killing it."],
        ["The tenant shall:", "(a) keep the hut dry in winter; and", "(b) not lend the key to anyone else."],
        ["Bring the form with:", "i) proof of where you live;", "ii) a photograph of your dog."],
        ["A plan names:", "a. Where each tree stands,", "b. A date, and", "c. What it costs."],
        ["1. (1) The hour of the day or night;", "(2) How long the noise lasted;", "(3) Who heard it."],
        ["No key is lent that (a) opens the boat house;", "(b) opens the tool shed; or", "(c) was copied."],
        ["(h) all that the club owns;", "(i) all that it owes to others;", "(j) its records."],
        ["He has rights.", "a. He may call.", "b. He may wait.", "See section b.", "It is short."],
        ["What counts as cutting:", "a. Taking off the crown of any tree"],
    ],
)
def test_items_after_colons_and_semicolons_are_units(expected: list[str]) -> None:
    assert units(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The rule is in its annex: (a) and nothing else that follows",
        "We advise (1) to ask in class, (2) to read the book and (3) to sleep.",
        "We advise: (1) to ask in class, (2) to read the book and (3) to sleep.",
        "Either (i) red; (ii) green; or (iii) blue.",
        "By Keller, K., Lane, L. and Moss, M. of the same club.",
        "Keller, J.; Keller, K.; Keller, L. and others of the same club.",
        "It was found in 1902; 3 men had left it there: they were (4) in all.",
        "Open the valve; see section b) of the manual and nothing else.",
    ],
)
def test_other_letters_and_numbers_begin_no_unit(text: str) -> None:
    assert units(text) == [text]


def test_amounts_in_rows_of_tables_are_no_items() -> None:
    row = "Loss 2023: (1) | Loss of the year before: (2) | Loss 2021: (3)"
    assert sentences(row) == quotable(row) == [(0, len(row))]
