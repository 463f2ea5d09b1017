"""Words in columns that nothing rules are rows of a table where that is sure, and stay lines elsewhere."""

from collections.abc import Sequence

from index.documents.places import Places
from index.loaders import load_bytes
from tests.index.loaders.pdf.test_pdf import Words, load_pages, pdf_of, prose

COLUMNS = (50, 180, 330)

# Who keeps what, and where: each cell as the lines that it has on the page.
ROWS = (
    (("Tent",), ("Ada Byron, who has it", "since the spring fair"), ("In the boat house",)),
    (("Stove",), ("Jorge Pinto",), ("On the upper shelf", "of the old dairy")),
    (("Long rope",), ("Nobody, since Pilar", "gave it back in May"), ("Lost",)),
    (("Lamp",), ("The harbour office",), ("Behind the door",)),
)


def by_cells(rows: Sequence[Sequence[Sequence[str]]], top: float, gap: float = 4) -> list[Words]:
    """The rows as word processors draw them, cell by cell, with some white between them."""
    words: list[Words] = []
    for row in rows:
        for x, lines in zip(COLUMNS, row, strict=False):
            words += [(x, top - 12 * number, line) for number, line in enumerate(lines)]
        top -= 12 * max(map(len, row)) + gap
    return words


def by_lines(words: Sequence[Words]) -> list[Words]:
    """The same words as other programs draw them, line by line across the page."""
    return sorted(words, key=lambda word: (-word[1], word[0]))


def lines_of(*words: Words, drawing: str = "") -> list[str]:
    document = load_bytes(pdf_of(list(words), drawing=drawing), "made.pdf")
    return [line for line in document.text.split("\n") if line]


HEADER: list[Words] = [(50, 700, "=Item"), (180, 700, "=Keeper"), (330, 700, "=Place")]
PLAIN_ROWS = [
    "Tent | Ada Byron, who has it since the spring fair | In the boat house",
    "Stove | Jorge Pinto | On the upper shelf of the old dairy",
    "Long rope | Nobody, since Pilar gave it back in May | Lost",
    "Lamp | The harbour office | Behind the door",
]
NAMED_ROWS = [
    "Item: Tent | Keeper: Ada Byron, who has it since the spring fair | Place: In the boat house",
    "Item: Stove | Keeper: Jorge Pinto | Place: On the upper shelf of the old dairy",
    "Item: Long rope | Keeper: Nobody, since Pilar gave it back in May | Place: Lost",
    "Item: Lamp | Keeper: The harbour office | Place: Behind the door",
]


def test_a_cell_of_several_lines_is_one_cell_of_its_row() -> None:
    words = by_cells(ROWS, 680)
    assert lines_of(*words) == PLAIN_ROWS
    assert lines_of(*by_lines(words)) == PLAIN_ROWS


def test_rows_without_white_between_them_are_told_apart_by_the_order_of_drawing() -> None:
    assert lines_of(*by_cells(ROWS, 680, gap=0)) == PLAIN_ROWS


def test_rows_drawn_line_by_line_are_told_apart_by_their_first_cells() -> None:
    assert lines_of(*by_lines(by_cells(ROWS, 680, gap=0))) == PLAIN_ROWS


def test_a_first_row_in_bold_type_is_the_header() -> None:
    for words in (by_cells(ROWS, 680), by_lines(by_cells(ROWS, 680))):
        assert lines_of(*HEADER, *words)[1:] == NAMED_ROWS


def test_a_rule_under_the_first_row_makes_it_the_header() -> None:
    header = [(x, y, text.lstrip("=")) for x, y, text in HEADER]
    for words in (by_cells(ROWS, 680), by_lines(by_cells(ROWS, 680))):
        assert lines_of(*header, *words, drawing="0.5 w 48 694 m 460 694 l S\n")[1:] == NAMED_ROWS


def test_a_header_of_two_lines_above_a_rule_is_one() -> None:
    header: list[Words] = [(180, 712, "Kept"), (50, 700, "Item"), (180, 700, "by"), (330, 700, "Place")]
    lines = lines_of(*header, *by_cells(ROWS, 680), drawing="0.5 w 48 694 m 460 694 l S\n")
    assert lines[0] == "Item | Kept by | Place"
    assert lines[2] == "Item: Stove | Kept by: Jorge Pinto | Place: On the upper shelf of the old dairy"


def test_rows_are_those_between_rules_across_the_table() -> None:
    rules = "".join(f"0.5 w 48 {y} m 460 {y} l S\n" for y in (676, 652, 628, 604))
    rows = [
        (("Tent for", "four"), ("Ada Byron",), ("Boat house", "left side")),
        (("Stove of", "steel"), ("Jorge Pinto",), ("Upper shelf", "of the dairy")),
        (("Rope and", "hooks"), ("Nobody",), ("Lost", "in May")),
        (("Lamp with", "oil"), ("Harbour office",), ("Door", "at the back")),
    ]
    words = by_lines(by_cells(rows, 690, gap=0))
    assert lines_of(*words, drawing=rules) == [
        "Tent for four | Ada Byron | Boat house left side",
        "Stove of steel | Jorge Pinto | Upper shelf of the dairy",
        "Rope and hooks | Nobody | Lost in May",
        "Lamp with oil | Harbour office | Door at the back",
    ]


def test_every_cell_keeps_its_place_on_the_page() -> None:
    document = load_pages(by_cells(ROWS, 680))
    for quote, left in (("Jorge Pinto", 180), ("On the upper shelf", 330)):
        start = document.text.index(quote)
        ((_, from_left, *_),) = Places(document.places).rectangles(start, start + len(quote))
        assert abs(from_left * 600 - left) < 2


def test_text_around_a_table_stays_where_it_stands() -> None:
    above = prose(740, "The club lends what it has to its members. Who has what is listed here for the year.")
    below = prose(560, "What is lost is bought again in the autumn when the fees of the members are paid in.")
    lines = lines_of(*above, *by_cells(ROWS, 680), *below)
    assert lines == [above[0][2], *PLAIN_ROWS, below[0][2]]


def test_a_list_of_references_is_no_table() -> None:
    entries = (
        ("[1]", "Ada Byron. Notes on the engine that", "was never built. London, 1843."),
        ("[2]", "Pilar Ostrander. The fences of the", "northern ridge. Porto, 1902."),
        ("[3]", "Jorge Pinto. Bees in winter, and how", "often they are looked after. Faro, 1911."),
        ("[4]", "Hana Lindqvist. Tides of the harbour", "and the boats in it. Turku, 1920."),
    )
    words: list[Words] = []
    for number, (mark, *lines) in enumerate(entries):
        top = 700 - 28 * number
        words += [(50, top, mark), *((80, top - 12 * at, line) for at, line in enumerate(lines))]
    assert all(" | " not in line for line in lines_of(*words))


def test_an_index_drawn_column_by_column_is_no_table() -> None:
    left = prose(700, "adder, 3", "badger, 4", "crane, 5", "deer, 6")
    right = prose(700, "mole, 9", "newt, 10", "otter, 11", "plaice, 12", left=250)
    text = " ".join(lines_of(*left, *right))
    assert " | " not in text
    assert text.index("deer") < text.index("mole")


def test_a_form_stays_as_it_is() -> None:
    rows = (
        ("Name:", "Ada Byron", "Born:"),
        ("Street:", "Mill Lane 3", "Since:"),
        ("Town:", "Porto", "Until:"),
        ("Post:", "4050", "Phone:"),
    )
    words = [
        (x, 700 - 12 * number, text)
        for number, row in enumerate(rows)
        for x, text in zip(COLUMNS, row, strict=True)
    ]
    assert lines_of(*words)[0] == "Name: Ada Byron | Born:"


def test_contents_with_their_pages_are_no_table() -> None:
    words: list[Words] = []
    titles = ("What the club lends", "Who may borrow", "When it is due", "What it costs")
    for number, title in enumerate(titles):
        top = 700 - 14 * number
        words += [(50, top, f"Part {number + 1}"), (120, top, title), (500, top, str(4 * number + 2))]
    assert lines_of(*words)[0] == "Part 1 | What the club lends | 2"


def test_a_table_goes_on_on_the_next_page_with_its_header() -> None:
    first = [*((x, y + 60, text) for x, y, text in HEADER), *by_cells(ROWS, 740)]
    rest = by_cells(ROWS[1:] + ROWS[:1], 760)
    document = load_pages(first, rest)
    lines = [line for line in document.text[document.pages[1] :].split("\n") if line]
    assert lines == [*NAMED_ROWS[1:], NAMED_ROWS[0]]
