"""The labels over groups of rows: where they hold, and where they end."""

from collections.abc import Sequence

from index.loaders.grids import Grid, Look
from index.loaders.tables import grid_lines

PLAIN, BOLD, IN, FAR_IN = Look(), Look(bold=True), Look(indent=12.0), Look(indent=25.0)


def sections(*rows: tuple[str, Look]) -> list[str]:
    """The lines of a statement; a label that ends with '…' is alone in its row."""
    cells = [["", "2023"], *([label.rstrip("…"), "" if label.endswith("…") else "7"] for label, _ in rows)]
    lines = grid_lines(Grid(cells, looks=[PLAIN, *(look for _, look in rows)]), 1)
    return [line.removesuffix(" | 2023: 7") for line in lines[1:]]


def test_a_section_ends_where_rows_are_indented_less_than_its_own() -> None:
    assert sections(
        ("Costs…", BOLD),
        ("Wages", PLAIN),
        ("Office…", PLAIN),
        ("Rent", IN),
        ("Fees", PLAIN),
        ("Profit", BOLD),
    ) == ["Costs", "Costs | Wages", "Office", "Office | Rent", "Costs | Fees", "Profit"]


def test_a_section_ends_with_its_total() -> None:
    assert sections(
        ("Costs:…", PLAIN), ("Wages", PLAIN), ("Total costs", PLAIN), ("Net income", PLAIN), ("Tax", PLAIN)
    ) == ["Costs:", "Costs: | Wages", "Total costs", "Net income", "Tax"]


def test_a_total_that_says_nothing_more_stands_in_its_section() -> None:
    assert sections(("North:…", PLAIN), ("Sales", PLAIN), ("Total", FAR_IN), ("All", PLAIN)) == [
        "North:",
        "North: | Sales",
        "North: | Total",
        "All",
    ]


def test_a_section_goes_on_to_the_next_one() -> None:
    assert sections(("Basic:…", IN), ("Sum", IN), ("Other:…", IN), ("Rest", IN)) == [
        "Basic:",
        "Basic: | Sum",
        "Other:",
        "Other: | Rest",
    ]


def test_what_is_inside_a_section_is_told_apart_by_the_inner_one() -> None:
    assert sections(
        ("Assets…", BOLD), ("Current:…", PLAIN), ("Cash", IN), ("Total current", FAR_IN), ("Goods", PLAIN)
    ) == ["Assets", "Current:", "Current: | Cash", "Total current", "Assets | Goods"]


def lines(*rows: str) -> Sequence[str]:
    return grid_lines(Grid([row.split("|") for row in rows]), 1)[1:]


def test_rows_that_come_in_each_group_say_of_which_they_are() -> None:
    assert lines("|2023|2022", "Own shops||", "North|1|2", "South|3|4", "Leased||", "North|5|6", "South|7|8")[
        2
    ] == ("Own shops | South | 2023: 3 | 2022: 4")


def test_rows_without_a_label_stand_under_the_question_above_them() -> None:
    assert lines("Question||Men|Women", "Do you cook?|||", "|Often|37%|52%")[1] == (
        "Do you cook? | Often | Men: 37% | Women: 52%"
    )


def test_a_row_that_is_not_filled_in_is_no_section() -> None:
    assert lines("Stall|Helper|Shift", "Cakes|Ada|1", "Plants||", "Books|Bo|2")[2] == (
        "Stall: Books | Helper: Bo | Shift: 2"
    )


def test_a_share_that_is_indented_under_several_rows_says_of_which_it_is() -> None:
    assert sections(("Gross profit", PLAIN), ("% of sales", IN), ("Income", PLAIN), ("% of sales", IN)) == [
        "Gross profit",
        "Gross profit | % of sales",
        "Income",
        "Income | % of sales",
    ]


def test_a_header_that_comes_again_in_the_middle_names_the_columns_from_there() -> None:
    assert lines(
        "Quarter ended June 30,|2023|2022", "North|1|2", "Half ended June 30,|2023|2022", "North|3|4"
    )[1:] == [
        "Half ended June 30, | 2023 | 2022",
        "North | Half ended June 30, 2023: 3 | Half ended June 30, 2022: 4",
    ]
