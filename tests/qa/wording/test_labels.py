"""Fields, rows of tables and facts in sentences become questions that name what they are asked of."""

import pytest

from index.loaders import load_bytes
from qa.wording import candidates
from qa.wording.called import called


def asked(text: str, name: str) -> list[tuple[str, str]]:
    return [(one.question, one.expected) for one in candidates(load_bytes(text.encode(), name))]


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Kestrel invoice 20417.txt", "the Kestrel invoice 20417"),
        ("Tenancy agreement 27b Calder Row.txt", "the tenancy agreement 27b Calder Row"),
        ("lab-reservation-policy.txt", "the lab reservation policy"),
        ("CV_Ada_Lovelace.txt", "the CV of Ada Lovelace"),
        ("Fwd Holiday cottage booking.txt", "the Holiday cottage booking"),
        ("Insure Booklet FINAL v2.txt", "the Insure Booklet"),
        ("18f-content-guide-our-style.txt", ""),
        ("README.txt", ""),
        ("holiday.txt", ""),
        ("report.txt", ""),
    ],
)
def test_a_document_is_called_by_a_name_that_says_what_it_is(name: str, spoken: str) -> None:
    assert called(load_bytes(b"The tenancy agreement ends in May.", name)) == spoken


@pytest.mark.parametrize(
    ("field", "question", "expected"),
    [
        ("Balance to pay: £5,977.60", "What is the balance to pay in {}?", "£5,977.60"),
        ("Rent: £795 per month, in advance", "What is the rent in {}?", "£795"),
        ("Fee: $400 + actual cost", "What is the fee in {}?", "$400 + actual cost"),
        ("Tenant: Ms Oona Farrell (jointly)", "Who is the tenant in {}?", "Ms Oona Farrell"),
        ("Next meeting: 14 May, 19:00", "When is the next meeting according to {}?", "14 May"),
        ("Present: Olive Barratt, Phil Ng.", "Who was present at {}?", "Olive Barratt"),
        ("Reference: ", None, ""),
        ("Your reference: PO 8813", None, ""),
        ("Time: 10 minutes", None, ""),
        ("First detected: 2 May 2023", None, ""),
        ("Note: this is no invoice", None, ""),
    ],
)  # fmt: skip
def test_a_field_is_asked_for_by_its_name(field: str, question: str | None, expected: str) -> None:
    found = asked(field, "Kestrel invoice 20417.txt")
    assert found == ([(question.format("the Kestrel invoice 20417"), expected)] if question else [])


@pytest.mark.parametrize(
    ("row", "question"),
    [
        ("Tariff: Steady Fix 12 | Exit fee: £50", "What is the exit fee for Steady Fix 12?"),
        ("Code: MX-15 | Item: Mini digger | Deposit: £250", "What is the deposit for Mini digger?"),
        ("Hall: Alder Court | Weekly rent (GBP): 142.50", "What is the weekly rent for Alder Court?"),
        ("Paper: USA Today | Circulation, 2013: 1,674", "What was the circulation of USA Today in 2013?"),
        ("Code: E09 | Meaning: controller", "What does E09 mean?"),
        ("Product: Fruit muesli | Allergens: oats, nuts", "What are the allergens of Fruit muesli?"),
        ("country: Andorra | beer_servings: 245", None),
        ("Item: Total | Price: £9", None),
        ("Fee: Variance Permit | Previous fee: $0", None),
        ("Day: Monday | Early lanes: 06:30", None),
    ],
)  # fmt: skip
def test_a_row_that_names_something_is_asked_for_its_values(row: str, question: str | None) -> None:
    assert [one for one, _ in asked(row, "a.txt")] == ([question] if question else [])


def test_of_a_thing_with_several_rows_nothing_is_asked() -> None:
    text = "Hall: Alder Court | Deposit: 200\nHall: Alder Court | Deposit: 300"
    assert asked(text, "a.txt") == []


@pytest.mark.parametrize(
    ("sentence", "question", "expected"),
    [
        ("The replacement costs £118,000.", "How much does the replacement cost?", "£118,000"),
        ("Please note that your excess is £300.", "How much is my excess?", "£300"),
        ("The shop opens at 9.30 am.", "When does the shop open?", "9.30 am"),
        ("In winter our office closes at 4 pm.", "When does your office close?", "4 pm"),
        ("The repair takes about four days.", "How long does the repair take?", "four days"),
        ("The minimum term is 24 months.", "How long is the minimum term?", "24 months"),
        ("The rent of the flat is £795.", "How much is the rent of the flat?", "£795"),
        ("The first is £5.", None, ""),
        ("The house is 24 years old.", None, ""),
        ("They said that it is £5.", None, ""),
    ],
)
def test_a_fact_in_a_sentence_is_asked_for(sentence: str, question: str | None, expected: str) -> None:
    assert asked(sentence, "a.txt") == ([(question, expected)] if question else [])
