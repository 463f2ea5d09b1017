"""Which rows of a table name its columns, by what stands below them and by how they are set."""

from collections.abc import Sequence

import pytest

from index.loaders.grids import Cell, Grid, Look, spread
from index.loaders.header_rows import (
    header_rows,
    labels_of,
    names_columns,
    stands_over_cells,
    stands_over_figures,
)
from index.loaders.tables import table

BOLD, SHADED = Look(bold=True), Look(shade="D9D9D9")


def grid(*rows: str, looks: Sequence[Look] = ()) -> Grid:
    return Grid([row.split("|") for row in rows], looks=list(looks))


@pytest.mark.parametrize(
    "rows",
    [
        ("Lesson|Monday|Tuesday", "08:45|Maths|English", "09:40|Art|Maths"),
        ("Stop|7 (first)|7|7", "Quay|06:10|07:40|09:10", "Mill|06:19|07:52|-"),
        ("Kind|Kept here|Kept away", "Nightly|14 days|none", "Weekly|8 weeks|6 months"),
        ("|Small|Large", "Frame|oak|beech", "Seat|straw|felt"),
        ("|2023|2022", "Sales|7|8", "Fees|1|2"),
        ("Time|What", "12:00|Opening", "12:45 - 13:30|Dog show"),
        ("Day|1|2|3", "Tide|06:10|06:55|07:41", "Ebb|12:15|13:02|13:50"),
        ("Size|18 - 34|35 - 64", "Yes|26%|12%", "No|74%|88%"),
        ("Date|Who", "2025-03-04|Ada", "2025-04-01|Bo"),
    ],
)
def test_a_row_of_names_is_a_header_though_no_figures_stand_below_it(rows: Sequence[str]) -> None:
    assert header_rows(grid(*rows), stands_over_cells) == 1


@pytest.mark.parametrize(
    "rows",
    [
        ("Landlord|Ada Lund", "Rent|845 euros", "Term|12 months"),  # a form
        ("Ada Lund|Chair|ada@example.org", "Bo Berg|Clerk|bo@example.org", "Cy Dahl|Cook|cy@example.org"),
        ("Quay|06:10|07:40", "Mill|06:19|07:52", "Park|06:25|08:01"),  # times over times
        ("2025-03-04|lamp|blue", "2025-03-11|lamp|red", "2025-04-01|tent|red"),
        ("Porto|van|yes", "Faro|van|no", "Braga|car|yes"),  # a cell that comes again
        ("Name:|Ada|Role:", "Street|Quay 1|clerk", "Town|Porto|none"),
        ("Tea is served.|Bring cups.|No dogs.", "In the hall|At noon|Outside", "a|b|c"),
        ("Tenant|Landlord|Witness", "Ada Lund|Bo Berg|Cy Dahl"),  # too few rows to tell
    ],
)
def test_a_row_like_those_below_it_is_no_header(rows: Sequence[str]) -> None:
    assert header_rows(grid(*rows), stands_over_cells) == 0


@pytest.mark.parametrize("look", [BOLD, SHADED])
def test_a_row_that_is_set_apart_is_a_header(look: Look) -> None:
    rows = ("Fault|Remedy", "No light|Charge it", "Noise|Oil it", "Total|two")
    plain = Look()
    assert header_rows(grid(*rows), stands_over_cells) == 0
    assert header_rows(grid(*rows, looks=[look, plain, plain, plain]), stands_over_cells) == 1
    assert header_rows(grid(*rows, looks=[look] * 4), stands_over_cells) == 0
    stripes = [SHADED, plain, SHADED, plain]
    assert header_rows(grid(*rows, looks=stripes), stands_over_cells) == 0


def test_names_in_bold_type_between_values_are_those_of_a_form() -> None:
    rows = ("Name|Ada Lund|Role|Clerk", "Street|Quay|Town|Porto", "Chair|Bo Berg|Cook|Cy Dahl")
    assert header_rows(grid(*rows), stands_over_cells) == 1
    assert header_rows(grid(*rows, looks=[Look(names=True)] * 3), stands_over_cells) == 0


def test_a_first_row_of_times_or_dates_like_those_below_is_no_header_in_a_sheet() -> None:
    assert not names_columns([["Quay", "06:10"], ["Mill", "06:19"]])
    assert names_columns([["Room", "09:00"], ["Quay", "Ada"], ["Mill", "Bo"]])


def test_a_section_below_merged_names_is_no_part_of_the_header() -> None:
    rows = [
        [Cell("Quarters ended June 30,"), Cell("2023", 2), Cell("2022", 2), Cell("Change")],
        [Cell("Own shops:"), Cell("", 2), Cell("", 2), Cell("")],
        [Cell("North"), Cell("$"), Cell("823.1"), Cell("$"), Cell("704.6"), Cell("17%")],
    ]
    _, lines, header = table(spread(rows), 0, stands_over_figures)
    assert header == 1
    assert lines[1:] == [
        "Own shops:",
        "Own shops: | North | Quarters ended June 30, 2023: $823.1 | Quarters ended June 30, 2022: $704.6"
        " | Change: 17%",
    ]


def test_names_that_come_twice_below_merged_ones_are_a_header_over_figures() -> None:
    rows = [
        [Cell(""), Cell("Quarter", 2), Cell("Change", 2), Cell("Half", 2), Cell("Change", 2)],
        [Cell(""), *map(Cell, ("2023", "2022", "$", "%", "2023", "2022", "$", "%"))],
        [Cell("Sales"), *map(Cell, ("9", "8", "1", "13", "19", "16", "3", "19"))],
        [Cell("Fees"), *map(Cell, ("3", "2", "1", "50", "7", "4", "3", "75"))],
    ]
    assert header_rows(spread(rows), stands_over_figures) == 2


def test_a_form_with_merged_cells_has_no_header() -> None:
    rows = [
        [Cell("Name"), Cell("Ada Lund", 3)],
        [Cell("Street"), Cell("Quay 1"), Cell("Town"), Cell("Porto")],
        [Cell("Remarks"), Cell("none", 3)],
    ]
    assert header_rows(spread(rows), stands_over_cells) == 0


def test_the_scale_of_amounts_is_no_name_of_the_rows() -> None:
    header = [
        ["", "Three months ended", "Three months ended", "Change"],
        ["In millions, except per share data", "2023", "2022", "%"],
        ["", "(in thousands)", "(in thousands)", ""],
    ]
    assert labels_of(header) == ["", "Three months ended 2023", "Three months ended 2022", "Change %"]


def test_a_corner_that_begins_a_date_goes_with_the_years() -> None:
    assert labels_of([["Year ended April 30,", "2024", "2023", "Change"]]) == [
        "",
        "Year ended April 30, 2024",
        "Year ended April 30, 2023",
        "Change",
    ]
    assert labels_of([["Town", "2024"]]) == ["Town", "2024"]
