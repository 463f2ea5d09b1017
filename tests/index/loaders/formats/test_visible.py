"""Every visible word of a file is in the text, and no value is changed: small files of each kind."""

import io
from collections.abc import Sequence

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.comments import Comment

from index.documents.document import Document
from index.loaders import load_bytes
from index.loaders.grids import Cell, spread
from index.loaders.header_rows import stands_over_figures
from index.loaders.tables import grid_lines, table


def read(content: str, name: str) -> Document:
    return load_bytes(content.encode(), name)


def word(*paragraphs: str) -> Document:
    made = docx.Document()
    for paragraph in paragraphs:
        made.element.body.insert(-1, parse_xml(paragraph.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    buffer = io.BytesIO()
    made.save(buffer)
    return load_bytes(buffer.getvalue(), "a.docx")


def test_word_s_numbers_stand_before_their_clauses() -> None:
    made = docx.Document()
    for text in ("No dogs.", "No cats.", "No subletting."):
        made.add_paragraph(text, style="List Number")
    buffer = io.BytesIO()
    made.save(buffer)
    assert load_bytes(buffer.getvalue(), "a.docx").text == "1. No dogs.\n2. No cats.\n3. No subletting."


def test_moved_and_deleted_text_is_gone_and_inserted_text_is_there() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    document = word(
        f"<w:p><w:moveFrom w:id='1'>{run.format('ten days')}</w:moveFrom>"
        f"<w:ins w:id='2'>{run.format('thirty days')}</w:ins></w:p>",
        f"<w:p><w:moveTo w:id='3'>{run.format('ten days')}</w:moveTo></w:p>",
    )
    assert document.text == "thirty days\n\nten days"


def test_struck_out_text_is_told_of_and_not_read() -> None:
    struck = (
        "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>25 euros</w:t></w:r><w:r><w:t>30 euros</w:t></w:r></w:p>"
    )
    for document in (
        word(struck),
        read("<p><del>25 euros</del>30 euros</p>", "a.html"),
        read("~~25 euros~~30 euros", "a.md"),
    ):
        assert document.text == "30 euros"
        assert document.unread == ("struck-out text: “25 euros”",)


MERGED = [[Cell("Depot"), Cell("Kind"), Cell("Miles")], [Cell("Porto", high=2), Cell("Van"), Cell("1")]]


def test_a_merged_label_counts_for_each_of_its_rows() -> None:
    grid = spread([*MERGED, [Cell("Truck"), Cell("2")]])
    assert grid_lines(grid, 1)[2] == "Depot: Porto | Kind: Truck | Miles: 2"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            [
                [Cell(""), Cell("2023", 2)],
                [Cell("Town"), Cell("Q1"), Cell("Q2")],
                [Cell("A"), Cell("1"), Cell("2")],
            ],
            ["Town: A | 2023 Q1: 1 | 2023 Q2: 2"],
        ),
        (
            [
                [Cell("Kind"), Cell("Miles")],
                [Cell("Porto", 2)],
                [Cell("Van"), Cell("7")],
                [Cell("Car"), Cell("8")],
            ],
            ["Porto", "Porto | Kind: Van | Miles: 7", "Porto | Kind: Car | Miles: 8"],
        ),
        (
            [[Cell("Rent"), Cell("845 euros")], [Cell("Tenant:"), Cell("Ada")]],
            ["Rent: 845 euros", "Tenant: Ada"],
        ),
    ],
)
def test_a_row_says_by_itself_what_it_is(rows: Sequence[Sequence[Cell]], lines: Sequence[str]) -> None:
    _, written, header = table(spread(rows), 0, stands_over_figures)
    assert written[header:] == lines


def test_a_sheet_tells_formulas_comments_and_that_it_is_hidden() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Item", "Price", "Total"), ("Tent", 220, "=B2*3")):
        sheet.append(row)
    sheet["A2"].comment = Comment("Check it", "Bo")
    hidden = book.create_sheet("Costs")
    hidden.append(("Rent", 5))
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    document = load_bytes(buffer.getvalue(), "a.xlsx")
    assert document.text == (
        "Sheet\n\nItem: Tent | Price: 220 | Total: =B2*3 (no saved value)\n\n"
        "Comment on A2 by Bo: Check it\n\nCosts (hidden sheet)\n\nRent | 5"
    )
    assert document.unread == ("sheet “Sheet”: 1 formulas without a saved value: C2",)


def test_a_web_page_shows_fields_panels_and_numbers() -> None:
    document = read(
        "<div id='cookie-banner'>We use cookies.</div><button aria-controls='p'>Hours</button>"
        "<div id='p' hidden>Open at 9.</div><label>Name <input value='Ada'></label>"
        "<ol start='3'><li>third<li>fourth</ol>",
        "a.html",
    )
    assert document.text == "Hours\nOpen at 9.\n\nName: Ada\n\n3. third\n4. fourth"


def test_the_title_of_a_callout_stands_on_a_line_of_its_own() -> None:
    text = load_bytes(b"> [!warning] Frost\n> Bring in the lemon tree\n> by May.\n", "a.md").text
    assert text == "Warning: Frost\nBring in the lemon tree by May."


@pytest.mark.parametrize("mark", ["epub:type='noteref'", "role='doc-noteref'"])
def test_the_link_to_a_note_is_no_digit_of_the_number_before(mark: str) -> None:
    link = f"<a {mark} href='#n'>1</a>"
    page = f"<p>It costs $320{link}.</p><table><tr><th>Fee</th><td>$40{link}</td></tr></table>"
    assert load_bytes(page.encode(), "a.html").text == "It costs $320 ¹.\n\nFee | $40 ¹"


def test_properties_notes_callouts_and_links_of_a_note() -> None:
    document = read(
        "---\nowner: Ada\ncode: 00742\n---\n\nSee [[Plan|the plan]].[^1]\n\nMore.\n\n[^1]: Not yet.\n\n"
        "> [!NOTE]\n> Take care.\n",
        "a.md",
    )
    assert (
        document.text == "owner: Ada\ncode: 00742\n\nSee the plan.\n\nNot yet.\n\nMore.\n\nNote: Take care."
    )
    assert (document.metadata["owner"], document.metadata["code"]) == ("Ada", "00742")


def test_a_property_named_unread_is_no_remark_on_the_file() -> None:
    document = read("---\nunread: 3 letters; 1 book\n---\n\nText.\n", "a.md")
    assert (document.unread, document.metadata["unread"]) == ((), "3 letters; 1 book")


def test_a_separator_line_is_no_header() -> None:
    assert read("sep=;\nName;Paid\nAda;35\n", "a.csv").text == "Name: Ada | Paid: 35"


def test_a_feed_is_read_as_its_entries() -> None:
    feed = (
        "<?xml version='1.0'?><rss><channel><title>News</title><item><title>Pool</title>"
        "<description>&lt;p&gt;It &lt;b&gt;opens&lt;/b&gt; in May.&lt;/p&gt;</description></item></channel>"
        "</rss>"
    )
    assert read(feed, "a.rss").text == "News\n\nPool\n\nIt opens in May."


def test_every_text_of_a_mail_is_read() -> None:
    part = "--b\nContent-Type: text/plain\n\n{}\n"
    picture = "--b\nContent-Type: image/png; name=a.png\nContent-Disposition: inline; filename=a.png\n\nx\n"
    mail = (
        f"Subject: S\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{part.format('One.')}"
    )
    document = read(f"{mail}{picture}{part.format('Two.')}--b--\n", "a.eml")
    assert document.text == "S\n\nOne.\n\nTwo."
    assert document.unread == ()


def test_the_richer_form_of_a_mail_is_read() -> None:
    mail = (
        "Subject: S\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n"
        "Content-Type: text/plain\n\nSee the HTML.\n--b\nContent-Type: text/html\n\n"
        "<p>Cabin 12 is booked for you from Monday.</p>\n--b--\n"
    )
    assert read(mail, "a.eml").text == "S\n\nCabin 12 is booked for you from Monday."


def test_an_empty_merged_row_over_a_table_names_no_columns() -> None:
    empty = [Cell("", 2)]
    rows = [
        [Cell("Harbour works", 2)],
        empty,
        [Cell("Founded"), Cell("May 1975")],
        [Cell("Seat"), Cell("Porto")],
    ]
    titles, lines, _ = table(spread(rows), 0, stands_over_figures)
    assert (titles, lines) == (["Harbour works"], ["Founded: May 1975", "Seat: Porto"])
