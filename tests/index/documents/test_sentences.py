import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Smith of the U.S. Army came. He left.", ["Dr. Smith of the U.S. Army came.", "He left."]),
        ("J. K. Rowling wrote it. We read it.", ["J. K. Rowling wrote it.", "We read it."]),
        ("It cost 3.5 dollars, i.e. less. See Fig. 3 and No. 5.", None),
        ('He said: "Go!" They went.', ['He said: "Go!"', "They went."]),
        ("Is it? yes, it is.", ["Is it? yes, it is."]),
        ("Wait… Then go.", ["Wait…", "Then go."]),
        ("A heading\nText of it.\n\nMore", ["A heading", "Text of it.", "More"]),
        ("日本語です。次の文。終わり", ["日本語です。", "次の文。", "終わり"]),
        ("1. Mix it.\n2. Bake it. Wait.", ["1. Mix it.", "2. Bake it.", "Wait."]),
        ("It ends in 3. Then go.", ["It ends in 3.", "Then go."]),
        ("Look at p. 4. Call ext. 211 now.", ["Look at p. 4.", "Call ext. 211 now."]),
        ("Job no. W-17 is done. He said no. Then", ["Job no. W-17 is done.", "He said no.", "Then"]),
        ("3.2. Oil pump\n3.2.1. Drain it. Wait.", ["3.2. Oil pump", "3.2.1. Drain it.", "Wait."]),
        ("Figure 2. Two huts. Both burned.", ["Figure 2. Two huts.", "Both burned."]),
        ("Look at Figure 2. Both burned.", ["Look at Figure 2.", "Both burned."]),
        ('By "the old road. " Then left. "', ['By "the old road. "', 'Then left. "']),
        ("any tree . . . that stands. Go.", ["any tree . . . that stands.", "Go."]),
        ("Oak.\n* * *\nElm.", ["Oak.", "* * *", "Elm."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str] | None) -> None:
    found = [text[start:end] for start, end in sentences(text)]
    if expected is None:
        expected = ["It cost 3.5 dollars, i.e. less.", "See Fig. 3 and No. 5."]
    assert found == expected


@given(st.text(alphabet=st.sampled_from(list("aB. !?\n\"'。é")) | st.characters()))
def test_sentences_cover_everything_but_white_space_and_do_not_overlap(text: str) -> None:
    places = sentences(text)
    ends = [0, *(end for _, end in places)]
    starts = [*(start for start, _ in places), len(text)]
    assert all(text[end:start].strip() == "" for end, start in zip(ends, starts, strict=True))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in places)


def test_sentences_of_a_part_lie_in_that_part() -> None:
    text = "One. Two. Three."
    assert [text[start:end] for start, end in sentences(text, 5, 12)] == ["Two.", "Th"]
