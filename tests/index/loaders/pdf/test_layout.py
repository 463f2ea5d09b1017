"""Lines are read in the order in which a person reads them."""

from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, Words, load_pages, prose

LEFT = (
    "The hives are checked every ten days in",
    "summer, and in winter just once a month,",
    "when the keeper looks for the queen and",
    "writes down how many frames of brood",
    "there are. Old frames go out.",
)
RIGHT = (
    "The honey is spun in the old dairy in the",
    "second week of July. Members who help",
    "with it get two jars each. The rest is sold",
    "on the market square for seven euros a",
    "jar, which pays for the sugar.",
)


def across(left: tuple[str, ...], right: tuple[str, ...], second: float = 320) -> list[Words]:
    lines = zip(left, right, strict=True)
    return [
        word
        for number, (one, other) in enumerate(lines)
        for word in ((50, 700 - 12 * number, one), (second, 700 - 12 * number, other))
    ]


def test_columns_drawn_line_by_line_across_are_read_one_after_the_other() -> None:
    assert load_pages(across(LEFT, RIGHT)).text == f"{' '.join(LEFT)}\n\n{' '.join(RIGHT)}"


def test_a_narrow_gutter_parts_columns_too() -> None:
    text = load_pages(across(LEFT, RIGHT, second=250)).text
    assert text == f"{' '.join(LEFT)}\n\n{' '.join(RIGHT)}"


def test_a_table_of_words_stays_a_table() -> None:
    left = ("Tent, for two", "Stove, of steel", "Rope, thirty metres", "Lamp, with oil", "Map, of the ridge")
    right = ("Ada has it now.", "Lent to Pilar.", "In the shed, dry.", "Broken since May.", "With Jorge.")
    assert load_pages(across(left, right)).text.count(" | ") == 5


def test_what_is_drawn_late_but_stands_above_comes_first() -> None:
    assert load_pages([*PARAGRAPH, (50, 760, "A line over all of it.")]).text == (
        f"A line over all of it.\n\n{PARAGRAPH_TEXT}"
    )


def test_sideways_lines_are_read_in_their_own_order_behind_the_others() -> None:
    sideways: list[Words] = [(560, 300, ">Set sideways at the"), (572, 300, ">edge of the page.")]
    text = load_pages([PARAGRAPH[0], *sideways, *PARAGRAPH[1:]]).text
    assert text.split() == f"{PARAGRAPH_TEXT} Set sideways at the edge of the page.".split()


def test_a_footnote_does_not_cut_a_sentence_that_goes_on_with_a_figure() -> None:
    first = prose(700, *(line for _, _, line in PARAGRAPH[:2]))
    note: list[Words] = [(50, 60, "^1 Counted by hand.")]
    for rest in ("11 pages of which nobody had read.", "$320 was paid for."):
        text = load_pages([*first, *note], prose(700, rest)).text
        assert f"a thick grey {rest}" in text
    numbered = load_pages([*first, *note], prose(700, "2. Nobody had read it.")).text
    assert "grey 2. Nobody" not in numbered


def test_a_footnote_does_not_cut_a_sentence_that_goes_on_on_the_next_page() -> None:
    first = prose(700, *(line for _, _, line in PARAGRAPH[:2]))
    note: list[Words] = [(50, 60, "^1 Counted by hand.")]
    text = load_pages([*first, *note], prose(700, "book that lay on the table.")).text
    assert "a thick grey book that lay on the table." in text
    assert text.startswith("1 Counted by hand.")
