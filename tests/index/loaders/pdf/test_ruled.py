"""Tables that are ruled by drawn lines: rows with all lines of their cells, headers, merged cells."""

from collections.abc import Sequence

from index.documents.document import Document
from index.documents.places import Places
from index.loaders import load_bytes
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, Words, pdf_of

COLUMNS, ROWS = (50, 200, 350, 550), (700, 680, 650, 620)


def across(y: float, left: float, right: float) -> str:
    return f"{left} {y} {right - left} 0.5 re f "


def upright(x: float, bottom: float, top: float) -> str:
    return f"{x} {bottom} 0.5 {top - bottom} re f "


def ruled(columns: Sequence[float] = COLUMNS, rows: Sequence[float] = ROWS) -> str:
    """The lines of a table, as Word draws them: a thin rectangle each."""
    level = "".join(across(y, columns[0], columns[-1]) for y in rows)
    return level + "".join(upright(x, rows[-1], rows[0]) for x in columns)


def load_ruled(*pages: Sequence[Words], drawing: str = "") -> Document:
    return load_bytes(pdf_of(*pages, drawing=drawing or ruled()), "made.pdf")


TABLE: list[Words] = [
    *((55, 685, "#Who"), (205, 685, "#Has"), (355, 685, "#Where")),
    *((55, 668, "Ada"), (205, 668, "The tent, the old"), (355, 668, "In the shed")),
    (205, 656, "stove and a rope"),
    *((55, 638, "Pilar and"), (205, 638, "A lamp"), (355, 638, "Lent to the school")),
    (55, 626, "Jorge"),
]
HEADED = [
    "Who | Has | Where",
    "Who: Ada | Has: The tent, the old stove and a rope | Where: In the shed",
    "Who: Pilar and Jorge | Has: A lamp | Where: Lent to the school",
]


def test_a_row_holds_all_lines_of_its_cells_with_the_headers() -> None:
    assert load_ruled(TABLE).text.split("\n") == HEADED


def test_cells_that_are_drawn_one_after_the_other_are_put_into_their_row() -> None:
    by_column = sorted(TABLE, key=lambda word: (word[0], -word[1]))
    assert load_ruled(by_column).text.split("\n") == HEADED


def test_lines_that_are_one_stroked_path_rule_a_table_too() -> None:
    segments = [f"{x} {ROWS[-1]} m {x} {ROWS[0]} l " for x in COLUMNS]
    segments += [f"{COLUMNS[0]} {y} m {COLUMNS[-1]} {y} l " for y in ROWS]
    assert load_ruled(TABLE, drawing="".join(segments) + "S").text.split("\n") == HEADED


def test_prose_before_and_behind_a_table_stays_prose() -> None:
    below: list[Words] = [(x, y - 200, text) for x, y, text in PARAGRAPH]
    above: list[Words] = [(x, y + 50, text) for x, y, text in PARAGRAPH]
    text = load_ruled([*above, *TABLE, *below]).text
    assert text == "\n\n".join([PARAGRAPH_TEXT, "\n".join(HEADED), PARAGRAPH_TEXT])


def test_a_cell_over_several_rows_counts_for_each_of_them() -> None:
    words: list[Words] = [
        *((55, 685, "#Kind"), (205, 685, "#Name"), (355, 685, "#Lives in")),
        *((55, 648, "Ducks"), (205, 662, "Mallard"), (355, 662, "Ponds")),
        *((205, 632, "Eider"), (355, 632, "The sea")),
    ]
    drawing = "".join(across(y, 50, 550) for y in (700, 680, 620)) + across(650, 200, 550)
    drawing += "".join(upright(x, 620, 700) for x in COLUMNS)
    assert load_ruled(words, drawing=drawing).text.split("\n")[1:] == [
        "Kind: Ducks | Name: Mallard | Lives in: Ponds",
        "Kind: Ducks | Name: Eider | Lives in: The sea",
    ]


def test_a_cell_over_all_columns_names_the_rows_under_it() -> None:
    words: list[Words] = [
        *((55, 685, "#Name"), (205, 685, "#Lives in"), (355, 685, "#Eats")),
        (55, 660, "Ducks"),
        *((55, 632, "Mallard"), (205, 632, "Ponds"), (355, 632, "Plants")),
    ]
    drawing = "".join(across(y, 50, 550) for y in ROWS)
    drawing += "".join(upright(x, 620, 700) for x in (50, 550))
    drawing += "".join(upright(x, y, y + 20) for x in (200, 350) for y in (680, 630, 620))
    assert load_ruled(words, drawing=drawing).text.split("\n")[-1] == (
        "Ducks | Name: Mallard | Lives in: Ponds | Eats: Plants"
    )


def test_two_columns_without_a_header_are_labels_and_values() -> None:
    words: list[Words] = [
        *((55, 685, "Sponsor"), (205, 685, "The ridge station")),
        *((55, 665, "Place"), (205, 665, "On the northern ridge, where the")),
        (205, 653, "wind is strong"),
        *((55, 632, "Begun:"), (205, 632, "In spring")),
    ]
    drawing = ruled((50, 200, 550))
    assert load_ruled(words, drawing=drawing).text.split("\n") == [
        "Sponsor: The ridge station",
        "Place: On the northern ridge, where the wind is strong",
        "Begun: In spring",
    ]


def test_a_table_goes_on_on_the_next_page_with_its_header() -> None:
    more: list[Words] = [
        *((55, 685, "Ines"), (205, 685, "A map"), (355, 685, "At home")),
        *((55, 660, "Tom"), (205, 660, "A compass"), (355, 660, "At school")),
    ]
    assert load_ruled(TABLE, more).text.split("\n")[-2:] == [
        "Who: Ines | Has: A map | Where: At home",
        "Who: Tom | Has: A compass | Where: At school",
    ]


def test_marks_stand_with_the_headers_of_their_columns() -> None:
    words: list[Words] = [
        *((55, 685, "Step"), (205, 685, "Screening"), (355, 685, "Month 12")),
        *((55, 660, "Consent"), (205, 660, "X")),
        *((55, 632, "Blood test"), (205, 632, "X"), (355, 632, "X")),
    ]
    assert load_ruled(words).text.split("\n")[1:] == [
        "Step: Consent | Screening: X",
        "Step: Blood test | Screening: X | Month 12: X",
    ]


def test_rows_that_nothing_rules_stay_rows() -> None:
    words: list[Words] = [
        (x, 690 - 12 * row, text)
        for row, texts in enumerate(
            (
                ("Tag", "Type", "Meaning"),
                ("xx1", "number", "small"),
                ("000", "object", "big"),
                ("010", "text", "long"),
            )
        )
        for x, text in zip((55, 205, 355), texts, strict=True)
    ]
    text = load_ruled(words, drawing=ruled(rows=(704, 686, 640))).text
    assert text.split("\n") == [
        "Tag | Type | Meaning",
        "Tag: xx1 | Type: number | Meaning: small",
        "Tag: 000 | Type: object | Meaning: big",
        "Tag: 010 | Type: text | Meaning: long",
    ]


def test_a_frame_around_prose_is_no_table() -> None:
    drawing = ruled((40, 580), (720, 660))
    assert load_ruled(PARAGRAPH, drawing=drawing).text == PARAGRAPH_TEXT


def test_a_cell_of_a_ruled_table_keeps_its_place() -> None:
    document = load_ruled(TABLE)
    start = document.text.index("The tent")
    page, left, top, right, bottom = Places(document.places).rectangles(start, start + 3)[0]
    assert page == 1 and 200 < left * 600 < 207 and 270 < right * 600 < 300
    assert 652 < 800 - bottom * 800 < 656 and 674 < 800 - top * 800 < 680
