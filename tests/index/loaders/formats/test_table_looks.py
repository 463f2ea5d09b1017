"""How files set a table's header and its groups apart: bold type, shades, styles; tables inside cells."""

import io

import docx
import openpyxl
import pytest
import xlwt
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table
from openpyxl.styles import Alignment, Font, PatternFill

from index.documents.document import Document
from index.loaders import load_bytes

ROWS = (("Fault", "Remedy"), ("No light", "Charge it"), ("Noise", "Oil it"), ("Smell", "Air it"))
LABELLED = "Fault: No light | Remedy: Charge it"


def fill(table: Table, rows: tuple[tuple[str, ...], ...]) -> None:
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def word(made: docx.document.Document) -> Document:
    buffer = io.BytesIO()
    made.save(buffer)
    return load_bytes(buffer.getvalue(), "a.docx")


def faults() -> tuple[docx.document.Document, Table]:
    made = docx.Document()
    table = made.add_table(4, 2)
    fill(table, ROWS)
    return made, table


def test_a_first_row_in_bold_type_is_a_header_in_word() -> None:
    made, table = faults()
    assert "No light: Charge it" in word(made).text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    assert LABELLED in word(made).text
    for row in table.rows:
        for cell in row.cells:
            cell.paragraphs[0].runs[0].bold = True
    assert "No light: Charge it" in word(made).text


def test_a_shaded_first_row_is_a_header_in_word() -> None:
    made, table = faults()
    for cell in table.rows[0].cells:
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="D9D9D9"/>'))
    assert LABELLED in word(made).text


def test_a_first_row_that_the_tables_style_sets_apart_is_a_header_in_word() -> None:
    made, table = faults()
    table.style = made.styles["Light List Accent 1"]
    assert LABELLED in word(made).text
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    assert look is not None
    look.set(qn("w:firstRow"), "0")
    assert "No light: Charge it" in word(made).text


def test_names_in_bold_type_between_values_are_those_of_a_form_in_word() -> None:
    made = docx.Document()
    table = made.add_table(3, 4)
    rows = (
        ("Name", "Ada Lund", "Role", "Clerk"),
        ("Street", "Quay", "Town", "Porto"),
        ("Chair", "Bo", "Cook", "Cy"),
    )
    fill(table, rows)
    for row in table.rows:
        for cell in (row.cells[0], row.cells[2]):
            cell.paragraphs[0].runs[0].bold = True
    assert word(made).text.split("\n")[1] == "Street | Quay | Town | Porto"


def test_the_rows_of_a_table_in_a_cell_are_lines_of_their_own() -> None:
    made = docx.Document()
    outer = made.add_table(3, 2)
    fill(outer, (("Rooms", ""), ("Breakfast", "from 7"), ("House", "by the quay")))
    fill(
        outer.cell(0, 1).add_table(3, 3),
        (("Room", "Beds", "Price"), ("Single", "1", "80"), ("Twin", "2", "120")),
    )
    assert word(made).text.split("\n") == [
        "Rooms",
        "Rooms | Room | Beds | Price",
        "Rooms | Room: Single | Beds: 1 | Price: 80",
        "Rooms | Room: Twin | Beds: 2 | Price: 120",
        "Breakfast: from 7",
        "House: by the quay",
    ]


def test_tables_nested_without_end_are_read_as_text() -> None:
    made = docx.Document()
    inner = "<w:p><w:r><w:t>deep</w:t></w:r></w:p>"
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    made.element.body.insert(0, parse_xml(inner.replace("<w:tbl>", f"<w:tbl {nsdecls('w')}>", 1)))
    assert word(made).text == "deep"


def sheet(font: Font, shade: PatternFill) -> str:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append(row)
    for cell in book.active[1]:
        cell.font, cell.fill = font, shade
    buffer = io.BytesIO()
    book.save(buffer)
    return load_bytes(buffer.getvalue(), "a.xlsx").text


@pytest.mark.parametrize(
    ("font", "shade"),
    [(Font(bold=True), PatternFill()), (Font(), PatternFill("solid", fgColor="00DDEEFF"))],
)
def test_a_first_row_that_is_set_apart_is_a_header_in_excel(font: Font, shade: PatternFill) -> None:
    assert "No light: Charge it" in sheet(Font(), PatternFill())
    assert LABELLED in sheet(font, shade)


def test_indented_rows_of_a_sheet_stand_in_their_section() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("Costs", "2023"), ("Office", None), ("Rent", 7), ("Heat", 8), ("Wages", 9)):
        book.active.append(row)
    for place in ("A3", "A4"):
        book.active[place].alignment = Alignment(indent=1)
    buffer = io.BytesIO()
    book.save(buffer)
    assert load_bytes(buffer.getvalue(), "a.xlsx").text.split("\n")[2:] == [
        "Office",
        "Office | Costs: Rent | 2023: 7",
        "Office | Costs: Heat | 2023: 8",
        "Costs: Wages | 2023: 9",
    ]


def test_a_first_row_in_bold_type_is_a_header_in_older_excel() -> None:
    texts = []
    for bold in ("on", "off"):
        book = xlwt.Workbook()
        made = book.add_sheet("Faults")
        for number, row in enumerate(ROWS):
            for column, text in enumerate(row):
                made.write(number, column, text, xlwt.easyxf(f"font: bold {bold if not number else 'off'}"))
        buffer = io.BytesIO()
        book.save(buffer)
        texts.append(load_bytes(buffer.getvalue(), "a.xls").text)
    assert LABELLED in texts[0]
    assert "No light: Charge it" in texts[1]


@pytest.mark.parametrize(
    "header",
    [
        "<tr><td><b>Fault</b></td><td><strong>Remedy</strong></td></tr>",
        "<tr><td style='font-weight: 700'>Fault<td><span style='font-weight:bold'>Remedy</span></td></tr>",
        "<tr bgcolor='#ccddee'><td>Fault</td><td>Remedy</td></tr>",
        "<tr><td style='background-color:#cde'>Fault</td><td style='background:#cde'>Remedy</td></tr>",
    ],
)
def test_a_first_row_that_is_set_apart_is_a_header_on_a_page(header: str) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in ROWS)
    below = rows.partition("</tr>")[2]
    assert "No light: Charge it" in load_bytes(f"<table>{rows}</table>".encode(), "a.html").text
    assert LABELLED in load_bytes(f"<table>{header}{below}</table>".encode(), "a.html").text


def test_indented_rows_of_a_page_stand_in_their_section() -> None:
    row = "<tr><td style='{}'>{}</td><td>{}</td></tr>"
    rows = [
        row.format("", "", "2023"),
        row.format("padding:2px 1pt", "Office", ""),
        row.format("padding:2px 1pt 2px 12pt", "Rent", "7"),
        row.format("padding-left: 1em", "Heat", "8"),
        row.format("padding:2px 1pt", "Wages", "9"),
    ]
    assert load_bytes(f"<table>{''.join(rows)}</table>".encode(), "a.html").text.split("\n") == [
        "2023",
        "Office",
        "Office | Rent | 2023: 7",
        "Office | Heat | 2023: 8",
        "Wages | 2023: 9",
    ]
