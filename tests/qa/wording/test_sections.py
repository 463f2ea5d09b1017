"""Of rules, contracts, minutes and CVs is asked what they say below a heading, by the name of their title."""

import pytest

from index.loaders import load_bytes
from qa.wording import candidates
from qa.wording.called import called


def asked(text: str, name: str = "a.txt") -> list[str]:
    return [one.question for one in candidates(load_bytes(text.encode(), name))]


@pytest.mark.parametrize(
    ("title", "spoken"),
    [
        ("INVOICE", "the invoice"),
        ("Remote working policy", "the remote working policy"),
        ("Tenancy Agreement", "the Tenancy Agreement"),
        ("Minutes of the committee meeting held on 15 January 2026", "the minutes of the committee meeting"),
        ("Annual report 2025 of the Hollin Trust", "the annual report 2025 of the Hollin Trust"),
        ("Spinach lasagne", ""),
        ("We will report on this.", ""),
    ],
)
def test_a_document_whose_name_says_nothing_is_called_by_its_title(title: str, spoken: str) -> None:
    assert called(load_bytes(f"{title}\n\nIt is short.".encode(), "scan0012.txt")) == spoken


def test_a_contract_is_asked_about_what_its_headings_name() -> None:
    text = "CONTRACT\n\n1. Pets\nNo animal lives in the flat.\n\n2. The lift\nNobody smokes in the lift.\n"
    assert asked(text) == [
        "What does the contract say about pets?",
        "What does the contract say about the lift?",
    ]
    assert asked(text.replace("CONTRACT", "HOUSE")) == [], "nobody asks what a house says"


def test_a_heading_that_is_a_name_or_a_place_in_the_text_is_not_asked_about() -> None:
    assert asked("POLICY\n\n1. Introduction\nNo animal lives in the flat.\n") == []
    assert asked("POLICY\n\n1. Chief Executive Officer\nNo animal lives in the flat.\n") == []


def test_a_heading_that_asks_needs_no_mark() -> None:
    assert asked("# A\n\nB.\n\n## Who can work from home\n\nAll.", "a.md") == ["Who can work from home?"]


def test_of_a_cv_is_asked_what_its_owner_did() -> None:
    text = "ADA LOVELACE\n\nExperience\nClerk at the mill since 2019\n\nLanguages\nEnglish, Welsh\n"
    assert asked(text) == ["Where has Ada Lovelace worked?", "Which languages does Ada Lovelace speak?"]


def test_fields_and_rows_are_asked_for_by_the_title() -> None:
    text = "INVOICE\n\nInvoice number: BW-1\nDue date: 3 April 2026\nTotal due: £2\nCode | Meaning\nE4 | Leak"
    assert asked(text) == [
        "What is the invoice number?",
        "What does E4 mean?",
        "What is the due date in the invoice?",
        "What is the total due in the invoice?",
    ]
