import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.sentence import sentences_around

TEXT = "First one. The rent is 845 euros. It is due in May.\nRoom | Price: 30\nLast"


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("845", "The rent is 845 euros."),
        ("845 euros. It", "The rent is 845 euros. It is due in May."),
        ("30", "Room | Price: 30"),
        ("May.\nRoom", "It is due in May.\nRoom | Price: 30"),
        ("Last", "Last"),
    ],
)
def test_a_quote_stands_in_its_sentence_or_row(quote: str, sentence: str) -> None:
    start = TEXT.index(quote)
    first, last = sentences_around(TEXT, start, start + len(quote))
    assert TEXT[first:last] == sentence


@given(st.text(alphabet="ab .\n|", min_size=1), st.data())
def test_the_sentences_always_hold_the_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = sentences_around(text, start, end)
    assert 0 <= first <= start < end <= last <= len(text)


def test_an_endless_line_gives_no_endless_sentence() -> None:
    text = "word " * 10_000
    first, last = sentences_around(text, 20_000, 20_004)
    assert last - first < 5_000
