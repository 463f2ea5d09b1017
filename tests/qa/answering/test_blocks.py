import pytest

from index import Document, Passage
from qa import Span
from qa.answering.blocks import column_around, lines_around, whole_list

MINUTES = """Minutes of the garden club

Present

Ana Lopes
Bert Maas (@bert)
Chidi Obi
Dora Weiss
Emil Roth

We began at seven. It rained.

Rules:
1. Shut the gate: sheep get in.
2. Return the tools.

3. Pay by May.
Ask Ana about the rest.
"""
TABLE = """Volunteers of the summer
Name: Ana | Role: Gate | Since: 2019
Name: Bert | Role: Tools | Since: 2020
Name: Chidi | Role: Gate | Since: 2021
Note: Dora is ill this year."""


def passage(text: str, number: int = 1) -> Passage:
    return Passage(number, Document(f"document {number}", text), 0, len(text))


def item(text: str, place: Passage, probability: float = 0.8) -> Span:
    start = place.document.text.index(text)
    return Span(place, start, start + len(text), probability)


def texts(document: str, places: list[tuple[int, int]]) -> list[str]:
    return [document[start:end] for start, end in places]


@pytest.mark.parametrize("at", ["Ana Lopes", "Chidi", "Emil"])
def test_bare_lines_one_below_the_other_are_a_list(at: str) -> None:
    found = texts(MINUTES, lines_around(MINUTES, MINUTES.index(at)))
    assert found == ["Ana Lopes", "Bert Maas (@bert)", "Chidi Obi", "Dora Weiss", "Emil Roth"]


def test_numbered_lines_are_a_list_over_a_blank_line_and_lose_their_numbers() -> None:
    found = texts(MINUTES, lines_around(MINUTES, MINUTES.index("Return")))
    assert found == ["Shut the gate: sheep get in.", "Return the tools.", "Pay by May."]


@pytest.mark.parametrize("at", ["We began", "Present", "Rules:"])
def test_sentences_and_headings_are_no_list(at: str) -> None:
    assert lines_around(MINUTES, MINUTES.index(at)) == []


def test_a_heading_is_no_line_of_the_list_below_it() -> None:
    text = "Honours\nA prize\nA medal\nA cup\nOther things\nA hat"
    headings = {0, text.index("Other")}
    assert texts(text, lines_around(text, text.index("A medal"), headings)) == ["A prize", "A medal", "A cup"]


def test_the_cells_under_one_header_are_a_column() -> None:
    assert texts(TABLE, column_around(TABLE, TABLE.index("Bert"))) == ["Ana", "Bert", "Chidi"]
    assert texts(TABLE, column_around(TABLE, TABLE.index("Tools"))) == ["Gate", "Tools", "Gate"]
    assert column_around(TABLE, TABLE.index("Dora")) == []


def test_two_items_of_a_list_bring_the_whole_list() -> None:
    page = passage(MINUTES)
    found = whole_list([item("Ana Lopes", page, 0.9), item("bert", page, 0.7), item("rained", page, 0.6)])
    assert [one.text for one in sorted(found, key=lambda one: one.start)] == [
        "Ana Lopes", "Bert Maas (@bert)", "Chidi Obi", "Dora Weiss", "Emil Roth",
    ]  # fmt: skip
    assert [one.probability for one in found] == [0.9, 0.7, 0.7, 0.7, 0.7]


def test_one_item_of_a_list_does_not_bring_the_others() -> None:
    page = passage(MINUTES)
    items = (item("Ana Lopes", page), item("gate", page))
    assert whole_list(items) == items


def test_of_a_column_most_cells_must_have_been_read() -> None:
    page = passage(TABLE.replace("Name: Chidi", "Name: Cem | Role: Path | Since: 2022\nName: Chidi"))
    gate = (item("Ana", page), item("Chidi", page))
    assert whole_list(gate) == gate
    read = whole_list([*gate, item("Bert", page)])
    assert {one.text for one in read} == {"Ana", "Bert", "Cem", "Chidi"}


def test_items_of_other_documents_stay() -> None:
    page, other = passage(MINUTES), passage("Fay and Gus came later.", 2)
    found = whole_list([item("Ana", page), item("Chidi", page), item("Fay", other)])
    assert len(found) == 6
    assert found[-1].text == "Fay"
