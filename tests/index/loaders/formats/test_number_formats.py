import pytest

from index.loaders.formats.number_formats import shown

ACCOUNTING = '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (742, "00000", "00742"),
        (0.1234, "0.0%", "12.3%"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (1234.5, ACCOUNTING, "$ 1,234.50"),
        (-1234.5, ACCOUNTING, "$ (1,234.50)"),
        (0, ACCOUNTING, "$ -"),
        (12.3, "#,##0.00 [$€-407]", "12.30 €"),
        (45021, "dd/mm/yyyy", "05/04/2023"),
        (45021, "d mmm yyyy", "5 Apr 2023"),
        (45021.5, "yyyy-mm-dd hh:mm", "2023-04-05 12:00"),
        (1.5, "[h]:mm", "36:00"),
        (5551234, "000-0000", "555-1234"),
        (1e6, "0.00E+00", "1.00E+06"),
        (5, '0" kg"', "5 kg"),
        (-0.001, "0.00", "0.00"),
        (0.005, "0.00", "0.01"),
        (1 / 3, "General", "0.333333333333333"),
        (float("inf"), "0", "inf"),
    ],
)
def test_a_number_is_written_as_its_format_shows_it(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text
