"""The title of a PDF that names none, and the headings beside it."""

import pytest

from index.loaders import load_bytes
from tests.index.loaders.pdf.test_pdf import Words, load_pages, pdf_of

BODY: list[Words] = [
    (50, 660 - 12 * number, line)
    for number, line in enumerate(
        [
            "The committee met in the hall above the boat house and talked about the water of the plots",
            "for an hour. The pump needs a new belt before spring, and the treasurer will pay. Nobody was",
            "against it.",
        ]
    )
]


def title_and_headings(*lines: Words) -> tuple[str, list[str]]:
    document = load_pages([*lines, *BODY])
    return document.title, [document.text[one.start : one.end] for one in document.headings]


@pytest.mark.parametrize("below", ["12 March 2025", "Spring 2025", "March 12th, 2025"])
def test_a_date_in_the_type_of_the_title_is_no_part_of_it(below: str) -> None:
    title = "Mill Lane allotments and boat house: minutes of the meeting"
    assert title_and_headings((50, 720, f"#{title}"), (50, 701, f"#{below}")) == (title, [title, below])


def test_a_subtitle_that_stands_apart_is_no_part_of_the_title() -> None:
    found = title_and_headings(
        (50, 730, "#Warranty of the Larkspur 300"), (50, 702, "#Northern Pumps Limited")
    )
    assert found == (
        "Warranty of the Larkspur 300",
        ["Warranty of the Larkspur 300", "Northern Pumps Limited"],
    )


def test_a_title_broken_into_lines_has_all_of_them() -> None:
    found = title_and_headings(
        (50, 720, "#The allotments of the northern"), (50, 701, "#Ridge and their water")
    )
    assert found[0] == "The allotments of the northern, Ridge and their water"


def test_a_short_line_in_the_largest_type_is_named_with_the_one_below_it() -> None:
    found = title_and_headings((50, 730, "#Annex 5"), (50, 702, "#What each plot pays for its water"))
    assert found[0] == "Annex 5, What each plot pays for its water"


def test_headings_of_parts_are_no_title_together() -> None:
    document = load_pages(
        [(50, 720, "#Water"), *BODY, (50, 600, "#Dogs"), (50, 580, "Dogs are kept on a lead.")]
    )
    assert document.title == "Water"


def test_the_name_beside_the_word_invoice_is_the_title() -> None:
    lines: list[Words] = [(50, 720, "#Larkspur Pumps Ltd"), (480, 720, "#INVOICE"), (50, 700, "Quay 4")]
    assert title_and_headings(*lines)[0] == "Larkspur Pumps Ltd, INVOICE"


@pytest.mark.parametrize("written", [r"\(anonymous\)", "untitled", "unspecified"])
def test_what_a_generator_writes_where_nothing_was_named_is_no_title(written: str) -> None:
    data = pdf_of([(50, 720, "#Mill Lane allotments"), *BODY], title=written)
    assert load_bytes(data, "a.pdf").title == "Mill Lane allotments"
