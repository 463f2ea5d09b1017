"""Prose in narrow columns, and figures at the start of a line that number no item."""

from tests.index.loaders.pdf.test_pdf import Words, load_pages

NOTES: list[Words] = [
    (
        50,
        300 - 12 * number,
        "^These notes on how the figures were found run over the whole width of the page, as such do,",
    )
    for number in range(12)
]


def test_a_narrow_column_set_wider_than_the_notes_below_it_is_joined() -> None:
    column = [
        "About 12.3 million people aged",
        "six years and older needed the",
        "assistance of others with one or",
        "more of the activities of their",
        "everyday life, as had been before",
        "the year 2005, and roughly half",
        "of them were women.",
    ]
    words: list[Words] = [(50, 700 - 22 * number, line) for number, line in enumerate(column)]
    assert load_pages([*words, *NOTES]).text.split("\n")[0] == " ".join(column)


def test_a_number_in_brackets_or_after_a_word_that_takes_one_begins_no_item() -> None:
    lines = [
        "The pump was seen to by hand in a quarter of all cases of the last year (n =",
        "71) and in the year before; those that nobody could explain are not in Table",
        "7. They are told of by the warden.",
    ]
    words: list[Words] = [(50, 700 - 12 * number, line) for number, line in enumerate(lines)]
    assert load_pages(words).text == " ".join(lines)
