"""What stands before a heading and is no part of its name."""

import pytest

from qa.wording.words import without_number


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("3. Pets", "Pets"),
        ("2.1 Working abroad", "Working abroad"),
        ("§ 4 Deposit", "Deposit"),
        ("4) Deposit", "Deposit"),
        ("Step 2: Open the valve", "Open the valve"),
        ("Phase 2 plans", "Phase 2 plans"),
        ("The 12 rules", "The 12 rules"),
    ],
)
def test_only_the_number_before_a_heading_is_taken_off(heading: str, name: str) -> None:
    assert without_number(heading) == name
