"""Amounts whose signs have cells of their own, and columns that only space things out."""

from hypothesis import example, given
from hypothesis import strategies as st

from index.loaders.grids import Cell, Grid, Look, spread
from index.loaders.header_rows import Guess, names_columns, stands_over_cells, stands_over_figures
from index.loaders.tables import table


def test_signs_of_amounts_stand_with_them() -> None:
    rows = [
        ["", "2023", "", "", "Share", ""],
        ["Sales", "$", "1,250", "", "12", "%"],
        ["Fees", "", "(310", ")", "(4", ")%"],
        ["Tips", "(€", "7", ")", "—", "%"],
    ]
    assert Grid(rows).with_signs().rows == [
        ["", "2023", "", "Share"],
        ["Sales", "", "$1,250", "12%"],
        ["Fees", "", "(310)", "(4)%"],
        ["Tips", "", "(€7)", "—%"],
    ]


def test_a_sign_that_names_a_column_or_says_that_there_is_nothing_stays() -> None:
    rows = [["Town", "2023", "%", "Left"], ["Porto", "-", "5", "2"], ["Faro", "7", "3", "-"]]
    assert Grid(rows).with_signs().rows == rows


def test_an_amount_goes_into_all_that_its_cell_fills() -> None:
    rows = [[Cell("Sales"), Cell("$"), Cell("1,250", 2)], [Cell("Fees"), Cell("310", 3)]]
    assert spread(rows).with_signs().rows == [["Sales", "", "$1,250"], ["Fees", "310", "310"]]


def test_columns_in_which_no_cell_begins_are_gone() -> None:
    rows = [
        [Cell(""), Cell("June 30, 2023"), Cell(""), Cell("June 30, 2022")],
        [Cell("Cash"), Cell("34,704"), Cell(""), Cell("13,931")],
        [Cell("Stock"), Cell("2,500"), Cell(""), Cell("3,742")],
    ]
    _, lines, header = table(spread(rows), 0, stands_over_figures)
    assert header == 1
    assert lines[1] == "Cash | June 30, 2023: 34,704 | June 30, 2022: 13,931"


def test_a_row_without_cells_below_merged_headers_is_read() -> None:
    grid = spread([[Cell(""), Cell("2023", 2)], [], [Cell("Sales"), Cell("1"), Cell("2")], [Cell("Fees")]])
    _, lines, header = table(grid, 0, stands_over_figures)
    assert (header, lines) == (1, ["2023", "", "Sales | 2023: 1 | 2023: 2", "Fees"])


def test_a_row_with_merged_labels_keeps_the_header_of_two_lines() -> None:
    rows = [
        [Cell(""), Cell("Year ended April 30,", 4)],
        [Cell(""), Cell("2024", 2), Cell("2023", 2)],
        [Cell("Net sales"), Cell("$"), Cell("8,178.7"), Cell("$"), Cell("8,529.2")],
        [Cell("Gross profit"), Cell("3,115.4", 2), Cell("2,801.8", 2)],
        [Cell("Projection"), Cell("none given", 4)],
    ]
    _, lines, header = table(spread(rows), 0, stands_over_figures)
    assert header == 2
    assert lines[2:4] == [
        "Net sales | Year ended April 30, 2024: $8,178.7 | Year ended April 30, 2023: $8,529.2",
        "Gross profit | Year ended April 30, 2024: 3,115.4 | Year ended April 30, 2023: 2,801.8",
    ]


_TEXTS = (
    "", "Sales", "Total", "x:", "$", "(1", ")", "%", "2020", "12.5", "—", "10:30", "In millions",
    "(in millions)", "Three months ended June 30,",
)  # fmt: skip
_CELLS = st.builds(Cell, st.sampled_from(_TEXTS), st.integers(1, 3), st.integers(1, 2))
_SHADES, _INDENTS = st.sampled_from(("", "grey")), st.sampled_from((0.0, 9.0))
_LOOKS = st.builds(Look, st.booleans(), st.booleans(), _SHADES, _INDENTS)


@given(
    st.lists(st.lists(_CELLS, max_size=5), max_size=6),
    st.lists(_LOOKS, max_size=6),
    st.integers(0, 2),
    st.sampled_from((names_columns, stands_over_figures, stands_over_cells)),
)
@example([[], [Cell(""), Cell("—")], [], [Cell("2020")]], [], 0, names_columns)
def test_whatever_a_table_holds_stands_in_its_lines(
    rows: list[list[Cell]], looks: list[Look], marked: int, guess: Guess
) -> None:
    titles, lines, _ = table(spread(rows, looks), marked, guess)
    written = "\n".join([*titles, *lines])
    assert all(cell.text.rstrip(" :") in written for cells in rows for cell in cells)
