"""Questions made of a document are worded as a person would ask them, or not made at all."""

import pytest

from index.loaders import load_bytes
from qa.wording import candidates

MANUAL = """# The Ellery pump

The Ellery pump is a pump for small boats. It is made by the Harbour Trust (HT) in one factory.
The valve at its foot is called the foot valve. In this manual, "operator" means the person at the pump.

## How often is the filter changed?

The filter is changed every 90 days.

## Create Issue

Click the button.
"""


def asked(text: str, name: str = "manual.md") -> list[str]:
    return [one.question for one in candidates(load_bytes(text.encode(), name))]


def test_headings_tables_and_terms_become_questions() -> None:
    questions = asked(MANUAL)
    assert {
        "What is the Ellery pump?",
        "What is the foot valve?",
        "What does “operator” mean?",
        "How often is the filter changed?",
    } <= set(questions)
    assert not [question for question in questions if "Create" in question], "a command names no thing"


def test_a_short_form_is_asked_for_only_where_it_is_one() -> None:
    used = " ESA is in Paris. We wrote to ESA twice."
    assert asked(f"We thank the European Space Agency (ESA) for its help.{used}", "a.txt") == [
        "What does ESA stand for?"
    ]
    assert asked(f"We thank the European Space Agency (NASA) for its help.{used}", "a.txt") == []
    assert asked("We thank the European Space Agency (ESA) for its help.", "a.txt") == [], "used only once"


@pytest.mark.parametrize(
    "text",
    [
        "It is a house. This is the rule.",
        "2020 | 2021\n1 | 2",
        "a",
        "# 1.2\n\nText.",
        "# A\n\nB.\n\n## The text\n\nC.",
        "# A\n\nB.\n\n## Verify new firmware\n\nRun the script.",
        "# A\n\nB.\n\n## What do I need to do?\n\nNothing.",
        "Performance reviews are conducted annually and are a part of it.",
        "Please note that this is a complex subject. Our product is a loan.",
        "project | BORO | FY26\nHarbour wall | M | 250",
        "field | type\nreply_type | integer",
        "model | BM25\nsingle | 32.6",
        "country | 2023\nIceland | 390,000",
        "part | price\nhose | 9 €",
        "Date: 3 May\nport: 53\nPhone: 5551234",
        "# A\n\nB.\n\n## What is Not Covered?\n\nC.",
        "# A\n\nB.\n\n## The problem: whom can you trust?\n\nC.",
        "# A\n\nB.\n\n## Existing tables\n\nC exist.",
        "# Three ships\n\nThree ships sailed.\n\n## One\n\nA.\n\n## Endnotes\n\nB.",
        "borough | organization\nQueens | The Jewish Council",
        "Income | Three Months Ended June 30, 2023\nDiluted | 2.69\nSales and marketing | 6,304",
    ],
)
def test_what_names_nothing_becomes_no_question(text: str) -> None:
    assert asked(text, "a.md") == []


def test_every_candidate_stands_at_a_place_of_its_document() -> None:
    document = load_bytes(MANUAL.encode(), "manual.md")
    for one in candidates(document):
        assert 0 <= one.start < one.end <= len(document.text)


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        (
            "Income | Three Months Ended June 30, 2023\nMaturities of investments | 1,237",
            "What were the maturities of investments in the three months ended June 30, 2023?",
            "1,237",
        ),
        (
            "Our revenue rose.\n\nIncome | 2022 | 2023\nRevenue | 51 | 56",
            "What was the revenue in 2023?",
            "56",
        ),
        ("Subtotal: $200\nSales Tax: 3%", "What is the sales tax?", "3%"),
        (
            "The Svalbard vault was opened to all in May 2008.",
            "When was the Svalbard vault opened?",
            "May 2008",
        ),
        (
            "Contoso Electronics is a leader in its field. Write to info@contoso.com.",
            "What is Contoso Electronics?",
            "",
        ),
    ],
)
def test_rows_and_names_are_worded_as_in_a_sentence(text: str, question: str, expected: str) -> None:
    assert (question, expected) in [
        (one.question, one.expected) for one in candidates(load_bytes(text.encode(), "a.txt"))
    ]


@pytest.mark.parametrize(
    ("heading", "text", "question"),
    [
        ("How to program your board", "Plug it in.", "How do I program my board?"),
        ("Updating a regular installation", "Run the update.", "How do I update a regular installation?"),
        ("Getting started with the board", "Plug it in.", "How do I get started with the board?"),
        ("Using pyOCD", "Install it.", "How do I use pyOCD?"),
        ("3. Mortgage Application Process", "The mortgage application process is long.",
         "What is the mortgage application process?"),
        ("Effect of group management", "It helps.", "What is the effect of group management?"),
        ("Commercial Paper",
         "We issue commercial paper and buy commercial paper or the commercial paper.", None),
        ("Nine Months Ended", "In the nine months ended June.", None),
        ("Create Issue", "Click the button.", None),
        ("Trustees of Public Library", "They meet in May.", None),
    ],
)  # fmt: skip
def test_a_section_is_asked_how_to_do_or_what_its_heading_names(
    heading: str, text: str, question: str | None
) -> None:
    assert asked(f"# Title\n\nText.\n\n## {heading}\n\n{text}") == ([question] if question else [])


def test_the_parts_of_what_a_document_is_about_are_asked_for_by_its_title() -> None:
    text = "## Ingredients\n\n- 4 apples\n\n## Directions\n\nServe the apple pie warm."
    assert asked(text, "apple-pie.md") == ["What are the ingredients of apple pie?"]
    assert asked(text, "notes-of-may.md") == [], "its text does not speak of that"


def test_a_question_that_differs_in_an_article_alone_is_made_once() -> None:
    text = "# Care\n\nContinuity of care is a rule.\n\n## Continuity of care\n\nAsk about continuity of care."
    assert asked(text) == ["What is continuity of care?"]
