"""What every loader promises: a Document whose offsets fit, or a DocumentError that names the file."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.document import Document, normalise
from index.errors import DocumentError
from index.loaders import LOADERS, load, load_bytes
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of


def check(document: Document) -> None:
    """The promises of a Document that no loader may break."""
    text = document.text
    assert text
    assert normalise(text) == text
    assert list(document.pages) == sorted(document.pages)
    assert not document.pages or document.pages[0] == 0
    assert all(page <= len(text) for page in document.pages)
    assert normalise(document.title) == document.title
    assert "\n" not in document.title
    for heading in document.headings:
        assert 0 <= heading.start < heading.end <= len(text)
        assert heading.level >= 1
        assert "\n" not in text[heading.start : heading.end]
        assert text[: heading.start][-1:] in ("", "\n")
        assert text[heading.end :][:1] in ("", "\n")
    assert len(document.id) == 16


PIECES = st.sampled_from(
    [
        *(
            "# A\n",
            "- b\n",
            "|a|b|\n|-|-|\n|c|d|\n",
            "```\nx\n",
            "> q\n",
            "1. n\n",
            "\n\n",
            "---\ntitle: t\n---\n",
        ),
        *(
            "<p>x",
            "<table><tr><td>y",
            "<h1>h<br>i</h1>",
            "<!--",
            "</p>",
            "<pre>\n z",
            "<li>",
            "&nbsp;",
            "&#x0;",
        ),
        *(
            '{"a": [1',
            "]}",
            "a,b\n",
            '"',
            ";",
            "\t",
            "\r",
            "\x0c",
            "\u2028",
            "e\u0301",
            "\u00a0",
            "\u202e",
            "\U0001f600",
        ),
    ]
)
CONTENTS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass")),
    st.lists(PIECES, max_size=30).map(lambda pieces: "".join(pieces).encode()),
)


@given(content=CONTENTS, suffix=st.sampled_from([*LOADERS, "", ".xyz"]))
def test_any_bytes_give_a_sound_document_or_an_error_that_names_the_file(content: bytes, suffix: str) -> None:
    try:
        document = load_bytes(content, f"any{suffix}")
    except DocumentError as error:
        assert error.name == f"any{suffix}"
        assert error.reason
    else:
        check(document)


@given(data=st.data())
def test_a_damaged_pdf_gives_a_sound_document_or_an_error(data: st.DataObject) -> None:
    content = bytearray(pdf_of(PARAGRAPH, PARAGRAPH))
    places = st.integers(0, len(content) - 1)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=20)):
        content[place] = byte
    try:
        check(load_bytes(bytes(content), "damaged.pdf"))
    except DocumentError as error:
        assert error.name == "damaged.pdf"


def test_what_the_caller_gives_is_kept_and_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of(PARAGRAPH))
    document = load(
        path, name="reports/a.pdf", collection="work", metadata={"author": "Bo", "source": "here"}
    )
    check(document)
    assert document.name == "reports/a.pdf"
    assert document.collection == "work"
    assert document.metadata == {"author": "Bo", "date": "2023-04-05", "source": "here"}
    assert load(path).name == "a.pdf"


def failure(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        load(path)
    return caught.value


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    assert str(failure(tmp_path / "none.txt")) == "none.txt: no such file"
    assert failure(tmp_path).reason == "it is a folder or a device, not a file"
    assert failure(tmp_path / ("x" * 300 + ".txt")).reason.startswith("it can't be opened")
    assert failure(tmp_path / "a\0b.txt").reason.startswith("it can't be opened")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "it is empty"),
        ("a.txt", b" \n\t\r\n", "it holds nothing but white space"),
        ("a.txt", b"\xc2\xa0\n\xe2\x80\x83", "no text in it"),
        ("a.pdf", b"", "it is empty"),
        ("a.txt", bytes(range(256)), "it holds binary data, not text"),
        (
            "a.xyz",
            b"words",
            "unknown kind .xyz; supported are .atom, .csv, .docm, .docx, .eml, .epub, .htm, .html, ",
        ),
        ("words", b"words", "unknown kind (no suffix); supported are "),
        ("a.pdf", b"words", "it is damaged, or no .pdf file"),
        ("a.docx", b"words", "it is damaged, or no .docx file"),
        ("a.docx", b"PK\x03\x04words", "it is damaged"),
        (
            "a.doc",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "it is of an old Office kind; save it as .docx, .xlsx, .pptx or .pdf",
        ),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "it is encrypted; remove its password first",
        ),
    ],
)
def test_the_reason_is_clear(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    error = failure(tmp_path / name)
    assert error.name == name
    assert error.reason.startswith(reason)


def test_a_file_larger_than_the_limit_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(200 * 1024 * 1024 + 1)  # takes no space on the disk
    assert failure(tmp_path / "big.txt").reason == "it has 209,715,201 bytes; the limit is 209,715,200"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.docx", "a.xyz", "a"])
def test_a_pdf_under_another_name_is_read_as_one(name: str) -> None:
    assert load_bytes(pdf_of(PARAGRAPH), name).pages == (0,)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.pdf", "a"])
def test_a_web_page_under_another_name_is_read_as_one(name: str) -> None:
    document = load_bytes(b"\n<!doctype html><title>T</title><p>Text &amp; more", name)
    assert (document.title, document.text) == ("T", "Text & more")


def test_names_are_made_fit_to_be_shown_and_stored() -> None:
    assert load_bytes(b"words", "a\n\x1b[31m\udcff.txt").name == "a\ufffd\ufffd[31m\ufffd.txt"


def test_an_unexpected_failure_of_a_parser_is_the_file_s_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(LOADERS, ".txt", broken)
    with pytest.raises(DocumentError, match=r"a\.txt: it is damaged: ZeroDivisionError while reading it"):
        load_bytes(b"words", "a.txt")


def test_importing_the_loaders_imports_no_parser() -> None:
    parsers = {
        *("docx", "lxml", "selectolax", "pypdfium2", "markdown_it", "charset_normalizer"),
        *("pptx", "openpyxl", "oxmsg", "olefile", "PIL"),
    }
    code = f"import sys, index.loaders; print(*({parsers!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
