"""Figures in the tables of a PDF stand with the headers of their columns."""

from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, Words, load_pages, prose

# As reports print them: two header lines, the upper over two columns each, figures aligned on the right.
HEADER: list[Words] = [
    (315, 700, "Three Months Ended"),
    (475, 700, "Nine Months Ended"),
    (290, 688, "June 25, 2022"),
    (368, 688, "June 26, 2021"),
    (448, 688, "June 25, 2022"),
    (528, 688, "June 26, 2021"),
]


def figures(y: float, label: str, *values: str, indent: float = 50) -> list[Words]:
    """A row of the table; Helvetica's figures are 5.56 points wide, and signs half of that."""
    row: list[Words] = [(indent, y, label)]
    for right, value in zip((350, 430, 510, 590), values, strict=False):
        width = sum(2.78 if sign in ",." else 3.33 if sign in "()" else 5.56 for sign in value)
        row.append((right - width, y, value))
    return row


def lines_of(*words: Words) -> list[str]:
    return load_pages(list(words)).text.split("\n")


def test_every_figure_stands_with_both_lines_of_its_header() -> None:
    lines = lines_of(
        *HEADER,
        *figures(670, "Total net sales", "82,959", "81,434", "304,182", "282,457"),
        *figures(658, "Gross margin", "35,885", "(35,255)", "—", "117,662"),
    )
    assert lines[:2] == [
        "Three Months Ended | Nine Months Ended",
        "June 25, 2022 | June 26, 2021 | June 25, 2022 | June 26, 2021",
    ]
    quarter, year = "Three Months Ended June 25, 2022", "Nine Months Ended June 25, 2022"
    before, year_before = "Three Months Ended June 26, 2021", "Nine Months Ended June 26, 2021"
    assert lines[2:] == [
        f"Total net sales | {quarter}: 82,959 | {before}: 81,434 | {year}: 304,182 | {year_before}: 282,457",
        f"Gross margin | {quarter}: 35,885 | {before}: (35,255) | {year}: — | {year_before}: 117,662",
    ]


TWO: list[Words] = [(328, 700, "2022"), (408, 700, "2021")]


def test_a_row_that_lacks_a_figure_keeps_the_others_in_their_columns() -> None:
    milk = [word for word in figures(676, "Milk", "", "7") if word[2]]
    assert lines_of(*TWO, *figures(688, "Tea", "5", "6"), *milk) == [
        "2022 | 2021",
        "Tea | 2022: 5 | 2021: 6",
        "Milk | 2021: 7",
    ]


def test_currency_signs_go_with_their_figures() -> None:
    dollars: list[Words] = [(310, 688, "$"), (390, 688, "$")]
    row = figures(688, "Tea", "5,000", "6,000")
    words = sorted([*dollars, *row])
    assert lines_of(*TWO, *words, *figures(676, "Milk", "7", "8"))[-2:] == [
        "Tea | 2022: $ 5,000 | 2021: $ 6,000",
        "Milk | 2022: 7 | 2021: 8",
    ]


def test_an_indented_label_stands_with_the_one_it_is_under_and_a_total_alone() -> None:
    lines = lines_of(
        *TWO,
        (50, 688, "Net sales:"),
        *figures(676, "Products", "5", "6", indent=60),
        *figures(664, "Services", "7", "8", indent=60),
        *figures(652, "Total", "12", "14", indent=70),
        *figures(640, "Income", "1", "2"),
    )
    assert [line.split(" | ")[0] for line in lines[-5:]] == [
        "Net sales:",
        "Net sales: Products",
        "Net sales: Services",
        "Total",
        "Income",
    ]


def test_what_is_said_of_the_whole_table_is_no_header() -> None:
    lines = lines_of(
        (340, 712, "(in millions)"), *TWO, *figures(688, "Tea", "5", "6"), *figures(676, "Milk", "7", "8")
    )
    assert lines[-1] == "Milk | 2022: 7 | 2021: 8"


def test_columns_of_one_name_say_of_which_periods_they_are() -> None:
    header: list[Words] = [(328, 700, "2022"), (400, 700, "Change"), (488, 700, "2021"), (560, 700, "Change")]
    header = [(248, 700, "2023"), *header]
    rows = [
        (x - 5.56 * len(value), y, value)
        for y, values in ((688, ("9", "7", "2", "5", "1")), (676, ("8", "7", "1", "6", "3")))
        for x, value in zip((270, 350, 430, 510, 590), values, strict=True)
    ]
    lines = lines_of(*header, (50, 688, "Tea"), *rows[:5], (50, 676, "Milk"), *rows[5:])
    assert lines[-1] == "Milk | 2023: 8 | 2022: 7 | 2023, 2022 Change: 1 | 2021: 6 | 2021 Change: 3"


def test_figures_without_a_header_stay_as_they_are() -> None:
    lines = lines_of(*figures(688, "Tea", "5", "6"), *figures(676, "Milk", "7", "8"))
    assert lines == ["Tea | 5 | 6", "Milk | 7 | 8"]


def test_prose_above_is_no_header() -> None:
    document = load_pages([*PARAGRAPH, *figures(640, "Tea", "5", "6"), *figures(628, "Milk", "7", "8")])
    assert document.text == f"{PARAGRAPH_TEXT}\n\nTea | 5 | 6\nMilk | 7 | 8"


def test_a_header_in_pieces_and_one_over_some_columns_alone() -> None:
    lines = lines_of(
        (350, 712, "Accumulated Other"),
        (305, 700, "Treasury Stock"),
        (380, 700, "Income"),
        *figures(688, "Balance", "(5)", "6,000"),
        *figures(676, "Change", "7", "8,000"),
    )
    assert lines[-1].startswith("Change | ")
    assert lines[-1].endswith("8,000")
    assert "Accumulated Other Treasury Stock" not in lines[-1]


def test_two_columns_that_can_t_be_told_apart_get_no_header() -> None:
    lines = lines_of(
        (345, 700, "Year ended in June"), *figures(688, "Tea", "5", "6"), *figures(676, "Milk", "7", "8")
    )
    assert lines[-1] == "Milk | 7 | 8"


def test_a_figure_in_a_label_makes_no_column() -> None:
    rows = [
        figures(676 - 12 * n, name, "5", "6") for n, name in enumerate(("Tea", "Milk", "Salt", "Rice", "Oil"))
    ]
    label: list[Words] = [(50, 688, "Net of tax of"), (140, 688, "$ 5")]
    words = [*TWO, *label, *figures(688, "", "1", "2")[1:], *(word for row in rows for word in row)]
    assert lines_of(*words)[-1] == "Oil | 2022: 5 | 2021: 6"


def test_a_table_that_goes_on_on_the_next_page_keeps_its_header() -> None:
    rest = [
        *figures(740, "Coffee", "7", "8"),
        *figures(728, "Sugar", "9", "1"),
        *prose(700, "So far the prices."),
    ]
    document = load_pages([*TWO, *figures(688, "Tea", "5", "6"), *figures(676, "Milk", "7", "8")], rest)
    lines = document.text[document.pages[1] :].split("\n")
    assert lines[:2] == ["Coffee | 2022: 7 | 2021: 8", "Sugar | 2022: 9 | 2021: 1"]


def test_another_table_on_the_next_page_gets_no_header_of_the_one_before() -> None:
    page = [*TWO, *figures(688, "Tea", "5", "6"), *figures(676, "Milk", "7", "8")]
    after = [*page, *prose(640, *["Nothing is dearer than it was the year before."] * 6)]
    three = [*figures(740, "Coffee", "7", "8", "9"), *figures(728, "Sugar", "9", "1", "2")]
    two = [*figures(740, "Coffee", "7", "8"), *figures(728, "Sugar", "9", "1")]
    for first, second in ((page, three), (after, two)):
        document = load_pages(first, second)
        assert "2022" not in document.text[document.pages[1] :]


def test_a_row_under_a_group_label_says_the_label() -> None:
    lines = lines_of(
        *TWO,
        (50, 688, "Northern region"),
        *figures(676, "Ships", "5", "6", indent=60),
        *figures(664, "Boats", "7", "8", indent=60),
        (50, 652, "Southern region"),
        *figures(640, "Ships", "9", "1", indent=60),
        *figures(628, "All regions", "21", "15"),
    )
    assert [line for line in lines if line.count("|") == 2] == [
        "Northern region: Ships | 2022: 5 | 2021: 6",
        "Northern region: Boats | 2022: 7 | 2021: 8",
        "Southern region: Ships | 2022: 9 | 2021: 1",
        "All regions | 2022: 21 | 2021: 15",
    ]


def test_a_line_over_an_indented_table_is_no_label_of_its_rows() -> None:
    lines = lines_of(
        *TWO,
        (50, 688, "What the harbour earned"),
        *figures(676, "Ships", "5", "6", indent=60),
        *figures(664, "Boats", "7", "8", indent=60),
    )
    assert lines[-2:] == ["Ships | 2022: 5 | 2021: 6", "Boats | 2022: 7 | 2021: 8"]
