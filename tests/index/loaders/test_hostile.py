"""Files made to take time or memory: each is over within seconds, as a document or with an error."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Document, DocumentError, normalise
from index.loaders import extract
from index.loaders.process import processes
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of
from tests.index.loaders.test_archive import zipped
from tests.index.loaders.test_load import check

SECONDS = 50.0  # under the limit for any file; alone, each takes one or two


@pytest.fixture(scope="module", autouse=True)
def no_worker_is_left() -> "object":
    yield
    processes.close()


PACKAGE = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>{}</w:document>"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "spaces.txt": lambda: b" " * 250_000 + b"x",
    "one-word-lines.txt": lambda: (b"x" * 79 + b"\n") * 3_000,
    "quotes.csv": lambda: b'"' * 250_000,
    "delimiters.csv": lambda: b",;\t|" * 60_000,
    "brackets.md": lambda: b"[" * 30_000,
    "quoted.md": lambda: b"> " * 60_000 + b"x",
    "deep.json": lambda: b'{"a":' * 100_000,
    "deep.html": lambda: b"<b>" * 300_000,
    "tables.html": lambda: b"<table><tr><td>" * 5_000 + b"x",
    "spans.html": lambda: b"<table><tr>" + b"<td colspan=1000 rowspan=60000>x" * 3_000,
    "deep.xml": lambda: b"<?xml version='1.0'?>" + b"<a>" * 100_000,
    "receivers.eml": lambda: b"To: " + b"a@example.org, " * 20_000 + b"\n\nWords.",
    "parts.eml": lambda: b"Subject: x\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 20_000,
    "subject.eml": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 60_000 + b"\n\nWords.",
    "mails.eml": lambda: b"Subject: x\nContent-Type: message/rfc822\n\n" * 5_000,
    "groups.rtf": lambda: b"{\\rtf1 " + b"{" * 900_000,
    "bomb.docx": lambda: zipped({"word/document.xml": PACKAGE.format(" " * 200_000_000)}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_over_soon(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name]())
    began = time.monotonic()
    found = list(extract(path))
    assert time.monotonic() - began < SECONDS
    for item in found:
        if isinstance(item, Document):
            check(item)
        else:
            assert item.name == name
            assert item.reason


def test_ten_thousand_pages_are_the_most(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of(*[PARAGRAPH[:1]] * 10_001))
    [item] = extract(path)
    assert isinstance(item, DocumentError)
    assert item.reason == "it has 10,001 pages; the limit is 10,000"


def test_a_long_run_of_spaces_is_normalised_quickly() -> None:
    began = time.monotonic()
    assert normalise("a" + " " * 1_000_000 + "b" + " " * 1_000_000) == "a" + " " * 1_000_000 + "b"
    assert time.monotonic() - began < SECONDS, "with the square of their number it takes days"
