"""Rows of OpenDocument tables in bold type or on a shade are headers and labels, as Word's are."""

import pytest

from index.loaders import load_bytes
from tests.index.loaders.test_embedded import zipped

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "fo": "xsl-fo-compatible",
    }.items()
)
_STYLES = (
    '<style:style style:name="Strong" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Heading" style:family="paragraph">'
    '<style:text-properties fo:font-weight="700"/></style:style>'
    '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading"/>'
    '<style:style style:name="ce1" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#dddddd"/></style:style>'
    '<style:style style:name="ce2" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
_CELL = "<table:table-cell{}><text:p{}>{}</text:p></table:table-cell>"
_PLAIN = _CELL.format("", "", "{}")
_HEADERS = {
    "by its words": _CELL.format("", "", "<text:span text:style-name='Strong'>{}</text:span>"),
    "by a style above its paragraphs'": _CELL.format("", " text:style-name='P1'", "{}"),
    "by a shade": _CELL.format(" table:style-name='ce1'", "", "{}"),
    "by its cells": _CELL.format(" table:style-name='ce2'", "", "{}"),
}


def row(cell: str, *texts: str) -> str:
    return f"<table:table-row>{''.join(cell.format(text) for text in texts)}</table:table-row>"


def lines_of(kind: str, *rows: str) -> list[str]:
    table = f"<table:table table:name='Sheet'>{''.join(rows)}</table:table>"
    return load_bytes(opened(kind, table), "a.odt" if kind == "text" else "a.ods").text.split("\n")


def opened(kind: str, body: str) -> bytes:
    """A file of that kind; its style P1 is in bold type."""
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{_STYLES}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped({"mimetype": mimetype, "content.xml": content.encode()})


BODY = (row(_PLAIN, "Tent", "Ada has it"), row(_PLAIN, "Stove", "Lent to Pilar"))


@pytest.mark.parametrize("header", _HEADERS.values(), ids=_HEADERS)
@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_two_columns_of_words_have_a_header_if_it_is_set_apart(kind: str, header: str) -> None:
    lines = lines_of(kind, row(header, "Item", "Who"), *BODY)
    assert lines[-2:] == ["Item: Tent | Who: Ada has it", "Item: Stove | Who: Lent to Pilar"]


@pytest.mark.parametrize("kind", ["text", "spreadsheet"])
def test_two_columns_of_words_alike_have_none(kind: str) -> None:
    assert "Item: Tent" not in "\n".join(lines_of(kind, row(_PLAIN, "Item", "Who"), *BODY))


def test_a_bold_label_over_rows_is_said_with_them() -> None:
    bold = _HEADERS["by its words"]
    lines = lines_of(
        "text",
        row(bold, "Item", "2023", "2022"),
        row(bold, "Lent out", "", ""),
        row(_PLAIN, "Tents", "5", "6"),
        row(_PLAIN, "Stoves", "7", "8"),
    )
    assert lines[-1] == "Lent out | Item: Stoves | 2023: 7 | 2022: 8"
