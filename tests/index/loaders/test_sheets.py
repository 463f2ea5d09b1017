"""Sheets of a workbook: what stands before their tables' rows."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from index.documents.document import Document
from index.documents.passage import context
from index.loaders import load_bytes


def workbook(title: str) -> Document:
    book = openpyxl.Workbook()
    book.properties.title = title
    book.remove(book.worksheets[0])
    for name, rows in (("Servers", ["Host | Role", "web-1 | proxy"]), ("Keys", ["Key | Ends", "mail | May"])):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row.split(" | "))
    buffer = io.BytesIO()
    book.save(buffer)
    return load_bytes(buffer.getvalue(), "a.xlsx")


def spreadsheet(title: str) -> Document:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = " ".join(f'xmlns:{name}="{space}{name}:1.0"' for name in ("office", "table", "text", "meta"))
    row = "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>"
    tables = "".join(
        f'<table:table table:name="{name}">{row.format(text)}</table:table>'
        for name, text in (("Servers", "web-1"), ("Keys", "mail"))
    )
    content = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "content.xml",
            f"<office:document-content {spaces}>{content}</office:document-content>",
        )
        named = f'<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">{title}</dc:title>'
        package.writestr(
            "meta.xml",
            f"<office:document-meta {spaces}><office:meta>{named}</office:meta></office:document-meta>",
        )
    return load_bytes(buffer.getvalue(), "a.ods")


@pytest.mark.parametrize("made", [workbook, spreadsheet])
def test_a_sheet_is_headed_by_the_workbooks_title_and_its_own_name(made: Callable[[str], Document]) -> None:
    for title, second in (("Halnex IT", "Halnex IT: Keys"), ("", "Keys")):
        document = made(title)
        assert document.title == title
        assert context(document, document.text.index("mail")) == second
