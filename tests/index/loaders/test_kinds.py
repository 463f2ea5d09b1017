"""The office formats, books, mail, XML and notebooks: the exact text of small files made here."""

import io
import json
import zipfile
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Inches

from index.documents.document import Document
from index.errors import DocumentError
from index.loaders import load_bytes
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, pdf_of
from tests.index.loaders.test_load import check

DAY = date(2023, 4, 5)


def headings(document: Document) -> list[tuple[str, int]]:
    return [(document.text[h.start : h.end], h.level) for h in document.headings]


def loaded(data: bytes, name: str) -> Document:
    document = load_bytes(data, name)
    check(document)
    return document


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def slides() -> bytes:
    made = Presentation()
    first = made.slides.add_slide(made.slide_layouts[1])
    box = first.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    box.text_frame.text = "Beside the title."
    first.shapes.title.text = "Winter on the ridge"
    first.placeholders[1].text = "Eleven men\nstayed."
    second = made.slides.add_slide(made.slide_layouts[5])
    second.shapes.title.text = "Stores"
    table = second.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for place, text in {(0, 0): "Item", (0, 1): "Price", (1, 0): "Tea", (1, 1): "$ 1"}.items():
        table.cell(*place).text = text
    second.notes_slide.notes_text_frame.text = "Say where the tea came from."
    made.core_properties.author = "Ada Byron"
    made.core_properties.title = ""
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_slides_are_pages_with_their_titles_tables_and_notes() -> None:
    document = loaded(slides(), "a.pptx")
    assert document.text == (
        "Winter on the ridge\n\nEleven men\nstayed.\n\nBeside the title.\n\n"
        "Stores\n\nItem | Price\nItem: Tea | Price: $ 1\n\nSay where the tea came from."
    )
    assert headings(document) == [("Winter on the ridge", 1), ("Stores", 1)]
    assert document.pages == (0, document.text.index("Stores"))
    assert document.title == "Winter on the ridge"
    assert document.metadata["author"] == "Ada Byron"


def sheets() -> bytes:
    book = openpyxl.Workbook()
    sales = book.active
    assert sales is not None
    sales.title = "Sales"
    for row in (
        ("Ducks seen", None, None),
        (None, None, None),
        ("Year", "Ducks", "Share"),
        (2022, 170, 0.25),
        (2023, None, 1 / 3),
        (None, None, None),
        ("Contact", "Ada"),
    ):
        sales.append(row)
    sales["C4"].number_format = "0%"
    dates = book.create_sheet("Dates")
    dates.append(("Opened", "When", "Note"))
    dates.append((True, DAY, " of  spaces "))
    book.create_sheet("Empty")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_each_cell_of_a_sheet_stands_with_its_header() -> None:
    document = loaded(sheets(), "a.xlsx")
    assert document.text == (
        "Sales\n\nDucks seen\n\nYear: 2022 | Ducks: 170 | Share: 25%\n"
        "Year: 2023 | Share: 0.333333333333333\n\n"
        "Contact | Ada\n\nDates\n\nOpened: TRUE | When: 2023-04-05 | Note: of spaces"
    )
    assert headings(document) == [("Sales", 1), ("Dates", 1)]


TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
OPEN_DOCUMENT = f"""<?xml version="1.0"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="{TEXT}"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body>%s</office:body></office:document-content>"""


def open_document(body: str, kind: str = "text") -> bytes:
    meta = (
        '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><office:meta>'
        "<meta:initial-creator>Ada Byron</meta:initial-creator><dc:date>2023-04-05T10:00:00</dc:date>"
        "</office:meta></office:document-meta>"
    )
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": OPEN_DOCUMENT % f"<office:{kind}>{body}</office:{kind}>",
            "meta.xml": meta,
        }
    )


def test_an_open_document_text_in_reading_order() -> None:
    document = loaded(
        open_document(
            "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
            '<text:h text:outline-level="1">Winter on<text:s/>the ridge</text:h>'
            "<text:p>Eleven <text:span>men</text:span><text:tab/>stayed.<text:line-break/>All winter."
            "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>So they said.</text:p>"
            "</text:note-body></text:note></text:p>"
            "<text:list><text:list-item><text:p>a barometer</text:p></text:list-item>"
            "<text:list-item><text:p>a stove</text:p></text:list-item></text:list>"
            "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Item</text:p>"
            "</table:table-cell><table:table-cell><text:p>Price</text:p></table:table-cell></table:table-row>"
            "</table:table-header-rows><table:table-row><table:table-cell><text:p>Tea</text:p></table:table-cell>"
            "<table:table-cell><text:p>dear</text:p></table:table-cell></table:table-row></table:table>"
        ),
        "a.odt",
    )
    assert document.text == (
        "Winter on the ridge\n\nEleven men stayed.\nAll winter.\n\nSo they said.\n\na barometer\na stove\n\n"
        "Item | Price\nItem: Tea | Price: dear"
    )
    assert headings(document) == [("Winter on the ridge", 1)]
    assert document.metadata == {"author": "Ada Byron", "modified": "2023-04-05"}


def test_an_open_document_sheet_repeats_no_empty_cells() -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    rows = [["Name", "Town", "Born"], ["Ada", "London", "1815"]]
    body = "".join(
        "<table:table-row>"
        + "".join(cell.format("", text) for text in row)
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    table = f'<table:table table:name="People">{body}</table:table>'
    text = loaded(open_document(table, "spreadsheet"), "a.ods").text
    assert text == "People\n\nName: Ada | Town: London | Born: 1815"


def test_rich_text() -> None:
    markup = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title Winter}{\author Ada Byron}}"
        r"\f0 Eleven {\b men} stayed.\par K\'e4lte \u8211? and wind.\par"
        r"\trowd\cellx1000\cellx2000 Tea\cell 1\cell\row"
        r"\trowd\cellx1000\cellx2000 Milk\cell 2\cell\row\pard Done.}"
    )
    document = loaded(markup.encode("latin-1"), "a.rtf")
    assert document.text == "Eleven men stayed.\n\nKälte – and wind.\n\nTea: 1\nMilk: 2\n\nDone."
    assert (document.title, document.metadata) == ("Winter", {"author": "Ada Byron"})


def book(second: str = "<p>It was cold.</p>") -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        "<dc:title>Winter</dc:title><dc:creator>Ada Byron</dc:creator><dc:date>1902-04</dc:date>"
        "<dc:language>en-GB</dc:language></metadata>"
        '<manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="b" href="b%202.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OPS/book.opf": package,
            "OPS/nav.xhtml": page.format("Contents"),
            "OPS/b 2.xhtml": page.format("<h1>Two</h1>" + second),
            "OPS/a.xhtml": page.format("<h1>One</h1><p>They came in autumn.</p>"),
        }
    )


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    document = loaded(book(), "a.epub")
    assert document.text == "One\n\nThey came in autumn.\n\nTwo\n\nIt was cold."
    assert headings(document) == [("One", 1), ("Two", 1)]
    assert document.title == "Winter"
    assert document.metadata == {"author": "Ada Byron", "created": "1902-04", "language": "en-GB"}


def letter(subject: str = "The stove") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ada Byron <ada@example.org>"
    message["To"] = "Bo <bo@example.org>"
    message["Date"] = "Wed, 05 Apr 2023 10:00:00 +0000"
    message["Subject"] = subject
    message["Message-ID"] = "<1@example.org>"
    message.set_content("It burns well.\n")
    return message


def test_a_mail_and_what_is_attached_to_it() -> None:
    message = letter()
    message.add_alternative("<p>It burns <b>well</b>.</p>", subtype="html")
    message.add_attachment(pdf_of(PARAGRAPH), maintype="application", subtype="pdf", filename="station.pdf")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="octet-stream", filename="core.bin")
    inner = zipped({"notes/a.txt": "First note.", "b.xyz": b"\0"})
    message.add_attachment(inner, maintype="application", subtype="zip", filename="all.zip")
    message.add_attachment(letter("Older letter"))
    document = loaded(message.as_bytes(), "a.eml")
    mail = "From: Ada Byron <ada@example.org>\nTo: Bo <bo@example.org>\nDate: Wed, 05 Apr 2023 10:00:00 +0000"
    assert document.text == (
        f"The stove\n\n{mail}\n\nIt burns well.\n\nstation.pdf\n\n{PARAGRAPH_TEXT}\n\nall.zip/notes/a.txt\n\n"
        f"First note.\n\nforwarded.eml\n\nOlder letter\n\n{mail}\n\nIt burns well."
    )
    assert headings(document)[:2] == [("The stove", 1), ("station.pdf", 1)]
    assert ("Older letter", 2) in headings(document)
    assert document.title == "The stove"
    assert document.metadata["created"] == "2023-04-05"
    assert document.metadata["author"] == "Ada Byron <ada@example.org>"
    assert document.unread == ("core.bin: unknown kind .bin", "all.zip/b.xyz: unknown kind .xyz")


def test_a_mail_of_html_alone_and_one_in_another_encoding() -> None:
    message = letter()
    message.set_content("<p>Only <b>this</b>.</p><script>x</script>", subtype="html")
    assert loaded(message.as_bytes(), "a.eml").text.endswith("+0000\n\nOnly this.")
    plain = "Subject: =?iso-8859-1?q?K=E4lte?=\nContent-Type: text/plain; charset=iso-8859-1\n\nKälte."
    assert loaded(plain.encode("latin-1"), "a.eml").text == "Kälte\n\nKälte."


def test_mails_in_mails_end_at_some_depth() -> None:
    message = letter("0")
    for number in range(1, 12):
        outer = letter(str(number))
        outer.add_attachment(message)
        message = outer
    document = loaded(message.as_bytes(), "a.eml")
    assert any("more than 5 deep" in one for one in document.unread)
    assert document.text.count("It burns well.") == 5


def test_xml_as_prose_and_as_records() -> None:
    document = loaded(
        b"""<?xml version="1.0"?><!DOCTYPE book [<!ENTITY e "expanded">]>
        <article><title>Winter on the ridge</title><sec><title>Stores</title>
        <p>They had <i>one</i> stove &amp; a <b>barometer</b>.&e;</p><p>No more.</p></sec>
        <stock xmlns:x="urn:x"><item code="7"><name>Tea</name><x:price unit="$">1</x:price></item>
        <item code="8"><name>Milk</name><x:price>2</x:price></item></stock><empty kind="none"/></article>""",
        "a.xml",
    )
    assert document.text == (
        "Winter on the ridge\n\nStores\n\nThey had one stove & a barometer.&e;\n\nNo more.\n"
        "code: 7 | name: Tea | price: 1\ncode: 8 | name: Milk | price: 2\nkind: none"
    )
    assert document.title == "Winter on the ridge"


def test_a_notebook_with_its_output() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Ducks\n", "Counted *twice*."]},
        {
            "cell_type": "code",
            "source": "print(170)",
            "outputs": [
                {"output_type": "stream", "text": ["170\n"]},
                {"output_type": "display_data", "data": {"image/png": "AAAA", "text/plain": "<Figure>"}},
                {"output_type": "error", "ename": "ValueError", "evalue": "no ducks", "traceback": ["x"]},
            ],
        },
    ]
    data = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()
    document = loaded(data, "a.ipynb")
    assert document.text == "Ducks\n\nCounted twice.\n\nprint(170)\n\n170\n\n<Figure>\n\nValueError: no ducks"
    assert document.title == "Ducks"
    assert loaded(data, "a.json").text == document.text


@pytest.mark.parametrize("make", [slides, sheets, book, lambda: open_document("<text:p>x</text:p>")])
@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a"])
def test_a_wrong_suffix_is_found_out(make: "object", name: str) -> None:
    assert callable(make)
    data = make()
    assert loaded(data, name).text


def test_mail_rich_text_and_xml_are_known_by_their_beginning() -> None:
    assert loaded(letter().as_bytes(), "a").title == "The stove"
    assert loaded(rb"{\rtf1 Words.}", "a.doc").text == "Words."
    assert loaded(b"<?xml version='1.0'?><a>Words</a>", "a.txt").text == "a: Words"


@pytest.mark.parametrize("suffix", ["pptx", "xlsx", "odt", "epub", "rtf", "msg"])
def test_words_under_the_name_of_another_kind_say_so(suffix: str) -> None:
    with pytest.raises(DocumentError, match=f"it is damaged, or no .{suffix} file"):
        load_bytes(b"words", f"a.{suffix}")


@pytest.mark.parametrize("make", [slides, sheets, book, lambda: open_document("<text:p>x</text:p>")])
def test_half_a_file_says_that_it_is_damaged(make: "object") -> None:
    assert callable(make)
    data = make()
    with pytest.raises(DocumentError, match="it is damaged"):
        load_bytes(data[: len(data) // 2], "half")


def test_entities_are_never_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l11;words</a>'
    try:
        assert len(load_bytes(bomb.encode(), "a.xml").text) < 100
    except DocumentError as error:
        assert "XML" in error.reason or "text" in error.reason  # lxml refuses it outright
    outside = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>b &f; c</a>'
    assert "root" not in load_bytes(outside, "a.xml").text


def test_markup_that_is_nested_too_deep_says_so() -> None:
    deep = "<a>" * 5_000 + "x" + "</a>" * 5_000
    with pytest.raises(DocumentError, match="XML"):
        load_bytes(f"<?xml version='1.0'?>{deep}".encode(), "a.xml")


def test_a_date_that_python_formats_is_read_back() -> None:
    from datetime import UTC, datetime

    message = letter()
    del message["Date"]
    message["Date"] = format_datetime(datetime(2023, 4, 5, tzinfo=UTC))
    assert loaded(message.as_bytes(), "a.eml").metadata["created"] == "2023-04-05"
