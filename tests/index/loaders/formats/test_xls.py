"""Excel's older files say what their sheets show."""

import datetime
import io

import pytest
import xlwt

from index.documents.document import Document
from index.errors import DocumentError
from index.loaders import load_bytes


def saved(book: xlwt.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(book: xlwt.Workbook) -> Document:
    return load_bytes(saved(book), "a.xls")


def style(code: str) -> xlwt.XFStyle:
    return xlwt.easyxf(num_format_str=code)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (742, "00000", "00742"),
        (0.075, "0.0%", "7.5%"),
        (datetime.date(2024, 3, 9), "dd.mm.yyyy", "09.03.2024"),
        (-1250.5, "#,##0.00;(#,##0.00)", "(1,250.50)"),
        (320, '"$"#,##0', "$320"),
        (1234.5, "General", "1234.5"),
        (True, "General", "TRUE"),
        ("ship", "General", "ship"),
    ],
)
def test_a_value_is_as_the_sheet_shows_it(value: object, code: str, shown: str) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Codes")
    for number, header in enumerate(("Item", "Value", "Rest")):
        sheet.write(0, number, header)
    sheet.write(1, 0, "Ropes")
    sheet.write(1, 1, value, style(code))
    sheet.write(1, 2, "none")
    assert read(book).text.split("\n")[-1] == f"Item: Ropes | Value: {shown} | Rest: none"


def test_a_merged_label_counts_for_each_of_its_rows_and_sheets_have_their_names() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Fleet")
    for row, cells in enumerate([("Depot", "Ship", "Crew"), ("North", "Ada", 11), ("", "Byron", 12)]):
        for column, value in enumerate(cells):
            if value != "" and (row, column) != (1, 0):
                sheet.write(row, column, value)
    sheet.write_merge(1, 2, 0, 0, "North")
    hidden = book.add_sheet("Old")
    hidden.write(0, 0, "Nothing more")
    hidden.visibility = 1
    document = read(book)
    assert document.text.split("\n\n") == [
        "Fleet",
        "Depot: North | Ship: Ada | Crew: 11\nDepot: North | Ship: Byron | Crew: 12",
        "Old (hidden sheet)",
        "Nothing more",
    ]


def test_struck_out_text_is_told_of_and_raised_figures_stand_apart() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Prices")
    old, mark = xlwt.Font(), xlwt.Font()
    old.struck_out = True
    mark.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
    sheet.write_rich_text(0, 0, [("25 euros", old), " 30 euros"])
    sheet.write_rich_text(1, 0, ["The fee is $320", ("1", mark)])
    document = read(book)
    assert document.text == "Prices\n\n30 euros\nThe fee is $320 ¹"
    assert document.unread == ("struck-out text: “25 euros”",)


def test_half_a_workbook_is_damaged() -> None:
    book = xlwt.Workbook()
    book.add_sheet("A").write(0, 0, "word")
    data = saved(book)
    with pytest.raises(DocumentError, match="it is damaged"):
        load_bytes(data[: len(data) // 2], "a.xls")


@pytest.mark.parametrize(
    ("stream", "advice"),
    [
        ("WordDocument", "it is a Word document of the old kind; open it and save it as .docx"),
        (
            "PowerPoint Document",
            "it is a PowerPoint presentation of the old kind; open it and save it as .pptx",
        ),
    ],
)
def test_other_old_kinds_say_what_to_do(stream: str, advice: str) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")
    with pytest.raises(DocumentError, match=advice):
        load_bytes(data, "a.doc")
