"""Short lines in bold type over plain text are headings, in every format that says what is bold."""

import io

import docx
import pytest

from index import Document
from index.loaders import load_bytes
from index.loaders.bold_headings import may_head
from tests.index.loaders.formats.test_odf_looks import opened

LINES = ("Fees", "Ten crowns a day.", "Boats", "A boat needs a light.")


def word() -> bytes:
    document = docx.Document()
    for at, line in enumerate(LINES):
        document.add_paragraph().add_run(line).bold = at % 2 == 0
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def headings(document: Document) -> list[tuple[str, int]]:
    return [(document.text[one.start : one.end], one.level) for one in document.headings]


BOLD = "<text:p text:style-name='P1'>{}</text:p><text:p>{}</text:p>"
FILES = {
    "a.docx": word(),
    "a.odt": opened("text", (BOLD * 2).format(*LINES)),
    "a.rtf": rb"{\rtf1 {\b Fees}\par Ten crowns a day.\par\b Boats\b0\par A boat needs a light.\par}",
    "a.md": b"**Fees**\n\nTen crowns a day.\n\n__Boats__\n\nA boat needs a light.\n",
    "a.html": b"<p><b>Fees</b></p><p>Ten crowns a day.</p>"
    b"<p style='font-weight: bold'>Boats</p><p>A boat needs a light.</p>",
}


@pytest.mark.parametrize("name", FILES)
def test_bold_lines_over_plain_text_are_headings(name: str) -> None:
    document = load_bytes(FILES[name], name)
    assert document.text == "\n\n".join(LINES)
    assert headings(document) == [("Fees", 1), ("Boats", 1)]
    assert document.title == "Fees"


def test_they_lie_below_the_heading_that_the_file_marks() -> None:
    document = load_bytes(b"# Harbour\n\n**Fees**\n\nTen crowns.\n\n## Boats\n\n**Lights**\n\nTwo.\n", "a.md")
    assert headings(document) == [("Harbour", 1), ("Fees", 2), ("Boats", 2), ("Lights", 3)]


def test_one_further_down_does_not_title_a_letter() -> None:
    document = load_bytes(b"Dear Ann,\n\n**Fees**\n\nTen crowns.\n", "a.md")
    assert (headings(document), document.title) == ([("Fees", 1)], "")


@pytest.mark.parametrize(
    "text",
    [
        "**One**\n\n**Two**\n\n**Three**\n\n**Four**\n\nPlain.\n",  # a text in bold type
        "Plain.\n\n**At the end**\n",
        "**Bring a rope**\n\n# Harbour\n\nPlain.\n",
        "- **Fees**\n\n- Ten crowns.\n",
        "**Fees** are due\n\nPlain.\n",
    ],
)
def test_what_has_no_plain_text_below_is_none(text: str) -> None:
    assert [one for one, level in headings(load_bytes(text.encode(), "a.md")) if one != "Harbour"] == []


@pytest.mark.parametrize(
    ("line", "may"),
    [
        ("Payment terms", True),
        ("Ingredients:", False),
        ("Part II: Fees", True),
        ("3: Fees", True),
        ("What does it cost?", True),
        ("Please pay in advance.", False),
        ("Due: Monday", False),
        ("Total $320", False),
        ("ann@harbour.example", False),
        ("12", False),
        ("Many words " * 20, False),
    ],
)
def test_a_heading_is_a_few_words_and_no_value(line: str, may: bool) -> None:
    assert may_head(line.strip()) is may
