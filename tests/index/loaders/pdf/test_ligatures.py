import pytest

from index.loaders import load_bytes
from index.loaders.pdf.glyphs import UNKNOWN
from index.loaders.pdf.ligatures import with_ligatures
from index.loaders.pdf.lines import Line, LineCell
from tests.index.loaders.pdf.test_pdf import pdf_of

ONE, OTHER = UNKNOWN[0x1F], UNKNOWN[0x1C]


def read(*texts: str) -> list[str]:
    """The texts, each a line of one page, after the ligatures are written out."""
    lines = [
        Line((LineCell(text, 0.0, 90.0, gaps=((len(text), 1.0, 2.0),)),), 10.0, 9.0, False) for text in texts
    ]
    (page,) = with_ligatures([lines])
    assert [line.cells[0].gaps[0][0] for line in page] == [len(line.text) for line in page]
    return [line.text for line in page]


def test_a_sign_is_the_ligature_that_makes_words_of_what_holds_it() -> None:
    assert read(f"the {ONE}rst pro{ONE}le is con{ONE}dential") == ["the first profile is confidential"]
    assert read(f"the {OTHER}ag and the {OTHER}oor in{OTHER}uence it") == [
        "the flag and the floor influence it"
    ]


def test_one_font_may_have_several() -> None:
    assert read(f"the {ONE}nal {OTHER}ight", f"a {ONE}nancial {OTHER}oor") == [
        "the final flight",
        "a financial floor",
    ]


@pytest.mark.parametrize("text", [f"x{ONE}y and a{ONE}", f"{ONE} 4", f"qz{ONE}xv wq{ONE}zz"])
def test_what_is_no_ligature_is_left_out(text: str) -> None:
    assert read(text) == [text.replace(ONE, "")]


def test_a_text_without_such_signs_is_as_it_was() -> None:
    assert read("The first flight.") == ["The first flight."]


def test_a_pdf_with_such_a_font_is_read_as_it_looks() -> None:
    words = ("The \x1frst pro\x1fle of the house", "\x1fnds con\x1fdential \x1fgures.")
    data = pdf_of([(50.0, 700.0 - 12 * row, text) for row, text in enumerate(words)])
    assert load_bytes(data, "office.pdf").text == "The first profile of the house finds confidential figures."
