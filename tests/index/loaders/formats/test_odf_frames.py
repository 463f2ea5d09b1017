"""Charts and pictures in OpenDocument files."""

import io
import zipfile

import pytest

from index.documents.places import Places
from index.loaders import load_bytes
from tests.index.loaders.test_embedded import NOTICE, PICTURE, zipped

_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "chart": "chart",
        "svg": "svg-compatible",
    }.items()
)
_CHART = (
    "<chart:chart><chart:title><text:p>Tonnes landed</text:p></chart:title>"
    "<chart:plot-area><chart:axis><chart:title><text:p>Year</text:p></chart:title></chart:axis></chart:plot-area>"
    "{table}</chart:chart>"
)


def table(*rows: tuple[str, ...]) -> str:
    cells = (
        "".join(f"<table:table-cell><text:p>{one}</text:p></table:table-cell>" for one in row) for row in rows
    )
    return (
        f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in cells)}</table:table>"
    )


DATA = table(("", "Cod", "Herring"), ("2023", "125", "40"), ("2024", "130", "NaN"))
READ = "Tonnes landed\n\n2023 | Cod: 125 | Herring: 40\n2024 | Cod: 130\nYear"


def content(body: str) -> bytes:
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    inner = f"<office:body>{body}</office:body>"
    return f"<office:document-content {_NAMES} {link}>{inner}</office:document-content>".encode()


def odf(kind: str, body: str, **parts: bytes) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    inside = {name.replace("_", "/", 1).replace("_", "."): data for name, data in parts.items()}
    whole = {"mimetype": mimetype, "content.xml": content(f"<office:{kind}>{body}</office:{kind}>"), **inside}
    return zipped(whole)


def chart(data: str = DATA) -> bytes:
    return content(f"<office:chart>{_CHART.format(table=data)}</office:chart>")


OBJECT = (
    '<draw:frame><draw:object xlink:href="./One"/>'
    '<draw:image xlink:href="./ObjectReplacements/One"/></draw:frame>'
)
BOX = "<draw:frame><draw:text-box><text:p>Before.</text:p></draw:text-box></draw:frame>"


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text", f"<text:p>Before.{OBJECT}</text:p>", f"Before.\n\n{READ}"),
        ("presentation", f"<draw:page>{BOX}{OBJECT}</draw:page>", f"Before.\n\n{READ}"),
        (
            "spreadsheet",
            f"<table:table table:name='A'><table:shapes>{OBJECT}</table:shapes></table:table>",
            READ,
        ),
    ],
)
def test_a_chart_says_each_value_with_its_category_and_series(kind: str, body: str, text: str) -> None:
    assert load_bytes(odf(kind, body, One_content_xml=chart()), "a.odt").text == text


def test_what_is_not_read_of_a_frame_is_named() -> None:
    body = f"<text:p>Before.</text:p><text:p>{OBJECT}</text:p>"
    empty = load_bytes(odf("text", body, One_content_xml=chart(data="")), "a.odt")
    assert empty.unread == ("a chart: its values are not saved in it",)
    other = load_bytes(odf("text", body, One_content_xml=content("<office:text/>")), "a.odt")
    assert other.unread == ("an embedded object",)
    damaged = load_bytes(odf("text", body, One_content_xml=b"<cut"), "a.odt")
    assert damaged.unread == ("an embedded object: it is damaged",)


@pytest.mark.parametrize("width", ["12cm", "2cm", ""])
def test_a_picture_is_read_if_it_is_shown_large_enough(width: str) -> None:
    frame = (
        f'<draw:frame svg:width="{width}" svg:height="4cm"><draw:image xlink:href="P/a.png"/></draw:frame>'
    )
    body = f"<text:p>Before.{frame}</text:p><text:p>After.</text:p>"
    document = load_bytes(odf("text", body, P_a_png=PICTURE), "a.odt")
    assert (NOTICE in document.text) == (width != "2cm")
    assert Places(document.places).changes() == ([(9, True), (54, False)] if width != "2cm" else [])


def test_the_parts_are_as_they_are_meant() -> None:
    with zipfile.ZipFile(io.BytesIO(odf("text", "", One_content_xml=b"x"))) as package:
        assert package.namelist() == ["mimetype", "content.xml", "One/content.xml"]
