"""Sentences of letters, mails, contracts and reports become questions that a person would ask."""

import pytest

from index.loaders import load_bytes
from qa.wording import candidates


@pytest.mark.parametrize(
    ("sentence", "question", "expected"),
    [
        ("The lift will be replaced in May.", "When will the lift be replaced?", "May"),
        ("The chair, Ada Lovelace, will retire in June 2026.", "When will Ada Lovelace retire?", "June 2026"),
        ("The school is closed on Monday 4 May.", "When is the school closed?", "Monday 4 May"),
        ("Payment is due within 30 days.", "When is payment due?", "within 30 days"),
        ("We booked a meeting with Ada Lovelace on 2 May.", "When is the meeting with Ada Lovelace?",
         "2 May"),
        ("We charge a late fee of £60.", "How much is the late fee?", "£60"),
        ("School dinners will cost £2.75 from May on.", "How much will school dinners cost?", "£2.75"),
        ("Eleven people work for the trust.", "How many people work for the trust?", "Eleven"),
        ("In May the trust had 3,940 members.", "How many members did the trust have?", "3,940"),
        ("You should not drive home because the drops blur your sight.", "Why should I not drive home?", ""),
        ("The Tenant may not keep a dog without consent.", "Can the tenant keep a dog?", ""),
        ("Employees must return the laptop by the last day.", "Do employees have to return the laptop?", ""),
        ("You must bring your passport.", "Do I have to bring my passport?", ""),
        ("You can easily imagine longer chains.", None, ""),
        ("You may not be eligible.", None, ""),
        ("The requirements may vary by lender.", None, ""),
        ("They must return it.", None, ""),
        ("Two days passed without news.", None, ""),
        ("The tenant has two months to leave.", None, ""),
    ],
)  # fmt: skip
def test_a_clause_is_asked_for(sentence: str, question: str | None, expected: str) -> None:
    found = [(one.question, one.expected) for one in candidates(load_bytes(sentence.encode(), "a.txt"))]
    assert found == ([(question, expected)] if question else [])
