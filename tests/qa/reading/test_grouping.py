import pytest

from index import Document, Passage
from qa import Span
from qa.reading.grouping import grouped, key


def spans(*texts: str) -> list[Span]:
    """One span for each text, each in a document of its own."""
    return [
        Span(Passage(number, Document(f"{number}", text), 0, len(text)), 0, len(text), 0.5)
        for number, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("IBM", "ibm"),
        ("IBM Corp.", "IBM"),
        ("The Beatles", "Beatles"),
        ("facial recognition system", "Facial-recognition systems"),
        ("Amazon's", "Amazon"),
    ],
)
def test_what_differs_in_form_alone_is_the_same(first: str, second: str) -> None:
    assert key(first) == key(second)


@pytest.mark.parametrize(
    ("first", "second"), [("IBM", "Amazon"), ("1914", "1918"), ("New York", "York"), ("gas", "glass")]
)
def test_what_differs_in_substance_is_not_the_same(first: str, second: str) -> None:
    assert key(first) != key(second)


def test_a_text_of_signs_alone_keeps_its_own_key() -> None:
    assert key("§ 5 %") != key("?!") != key("…")


def test_groups_keep_the_order_and_every_place_once() -> None:
    found = spans("IBM", "Amazon", "the IBM Corp.")
    groups = grouped([*found, found[0]], within=False)
    assert [(said.text, len(said.spans)) for said in groups] == [("IBM", 2), ("Amazon", 1)]


def test_a_part_of_an_answer_says_the_same_only_when_asked() -> None:
    found = spans("Jens Stoltenberg", "Stoltenberg", "Norway")
    assert [len(said.spans) for said in grouped(found, within=True)] == [2, 1]
    assert [len(said.spans) for said in grouped(found, within=False)] == [1, 1, 1]
