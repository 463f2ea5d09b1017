"""Columns say which group, period and scale they are of, also where a file has no merged cells to show it."""

from index.loaders import load_bytes


def rows_of(*lines: str) -> list[str]:
    text = load_bytes("\n".join(lines).encode(), "table.csv").text
    return [line for line in text.split("\n") if line]


def test_a_name_over_columns_counts_for_all_of_them_up_to_the_next_one() -> None:
    assert rows_of(
        ",2022,,2023,", "Region,Sales,Costs,Sales,Costs", "North,10,4,12,5", "South,20,9,22,8"
    ) == [
        "Region: North | 2022 Sales: 10 | 2022 Costs: 4 | 2023 Sales: 12 | 2023 Costs: 5",
        "Region: South | 2022 Sales: 20 | 2022 Costs: 9 | 2023 Sales: 22 | 2023 Costs: 8",
    ]


def test_a_column_without_a_group_keeps_its_own_name() -> None:
    rows = rows_of("Name,Address,,Age", ",Street,Town,", "Ada,Mill Lane,Porto,36", "Pilar,Main Road,Faro,41")
    assert rows == [
        "Name: Ada | Address Street: Mill Lane | Address Town: Porto | Age: 36",
        "Name: Pilar | Address Street: Main Road | Address Town: Faro | Age: 41",
    ]


def test_names_that_come_again_under_another_group_need_no_figures_below_them() -> None:
    rows = rows_of("Staff,,Pets,", "Name,Role,Name,Kind", "Ada,Cook,Rex,dog", "Pilar,Guard,Mia,cat")
    assert rows[0] == "Staff Name: Ada | Staff Role: Cook | Pets Name: Rex | Pets Kind: dog"


def test_a_column_without_a_name_is_no_group() -> None:
    rows = rows_of("First,Last,", "Ada,Byron,clerk", "Pilar,Ostrander,guard", "Jorge,Pinto,cook")
    assert rows[0] == "First: Ada | Last: Byron | clerk"


def test_columns_of_one_name_say_of_which_periods_they_are() -> None:
    rows = rows_of("Item,2023,2022,Change,2022,2021,Change", "Tea,10,4,6,4,3,1", "Milk,20,9,11,9,7,2")
    assert rows[1] == (
        "Item: Milk | 2023: 20 | 2022: 9 | 2023, 2022 Change: 11 | 2022: 9 | 2021: 7 | 2022, 2021 Change: 2"
    )


def test_columns_of_one_name_without_periods_keep_it_alone() -> None:
    assert rows_of("Item,Price,Price", "Tea,10,4", "Milk,20,9")[1] == "Item: Milk | Price: 20 | Price: 9"


def test_rows_with_figures_say_the_scale_of_the_corner_or_of_a_title() -> None:
    assert rows_of("(in millions),2022,2023", "Sales,10,4", "Margin,20 %,9 %") == [
        "Sales | 2022: 10 | 2023: 4 | (in millions)",
        "Margin | 2022: 20 % | 2023: 9 %",
    ]
    rows = rows_of(
        "Amounts in EUR thousand,,", "Item,2022,2023", "Sales,10,4", "Auditor,Ada Byron,Pilar Ostrander"
    )
    assert rows[1] == "Item: Sales | 2022: 10 | 2023: 4 | Amounts in EUR thousand"
    assert rows[2].endswith("Pilar Ostrander")


def test_columns_with_scales_of_their_own_keep_them() -> None:
    rows = rows_of(",Sales,Members", ",(in millions),(in thousands)", "North,10,4", "South,20,9")
    assert rows[0] == "North | Sales (in millions): 10 | Members (in thousands): 4"
