"""What lies over the text of Office files: charts, diagrams, comments; and Office's strict form of them."""

import io
import zipfile
from typing import Any

import docx
import openpyxl
import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from index.loaders import load_bytes
from index.loaders.formats.diagrams import diagram_text

_STRICT = {
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": b"wordprocessingml/main",
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/": b"officeDocument/",
    b"http://schemas.openxmlformats.org/drawingml/2006/": b"drawingml/",
}


def saved(made: Any) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def strict(data: bytes) -> bytes:
    """The file as Office writes it when asked for 'Strict Open XML'."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(buffer, "w") as made:
        for name in package.namelist():
            content = package.read(name)
            for usual, short in _STRICT.items():
                content = content.replace(usual, b"http://purl.oclc.org/ooxml/" + short)
            made.writestr(name, content)
    return buffer.getvalue()


def letter() -> bytes:
    made = docx.Document()
    made.add_heading("The stove", 1)
    made.add_paragraph("It was lit in 1902.")
    table = made.add_table(2, 2)
    for cell, text in zip(table._cells, ("Item", "Price", "Tea", "$ 1"), strict=True):
        cell.text = text
    return saved(made)


def sheet() -> bytes:
    made = openpyxl.Workbook()
    for row in (("Item", "Code", "Kept"), ("Tea", 42, "yes")):
        made.active.append(row)
    made.active["B2"].number_format = "00000"
    return saved(made)


@pytest.mark.parametrize(("data", "name"), [(letter(), "a.docx"), (sheet(), "a.xlsx")], ids=["docx", "xlsx"])
def test_the_strict_form_says_the_same(data: bytes, name: str) -> None:
    assert strict(data) != data
    usual, other = load_bytes(data, name), load_bytes(strict(data), name)
    assert (other.text, other.headings) == (usual.text, usual.headings)


def test_a_chart_says_each_value_with_its_category_and_series() -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Landings"
    data = CategoryChartData()
    data.categories = ["2023", "2024"]
    data.add_series("Cod", (125, 130))
    data.add_series("Herring", (40, 38))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(5), Inches(4), data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Tonnes landed"
    text = load_bytes(saved(made), "a.pptx").text
    assert "Tonnes landed" in text
    assert [line for line in text.split("\n") if "2024" in line] == ["2024 | Cod: 130 | Herring: 38"]


def test_a_diagram_says_who_is_under_whom() -> None:
    points = "".join(
        f'<dgm:pt modelId="{number}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for number, text in ((1, "Head"), (2, "Deputy"), (3, "Clerk"))
    )
    links = "".join(
        f'<dgm:cxn modelId="1{target}" srcId="{source}" destId="{target}" srcOrd="0"/>'
        for source, target in ((0, 1), (1, 2), (2, 3))
    )
    data = (
        '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f'<dgm:ptLst><dgm:pt modelId="0" type="doc"/>{points}</dgm:ptLst><dgm:cxnLst>{links}</dgm:cxnLst>'
        "</dgm:dataModel>"
    )
    assert diagram_text(data.encode()) == "Head\nHead: Deputy\nDeputy: Clerk"


def test_a_comment_in_a_text_is_told_with_its_author() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("The fee is 30 euros.")
    made.add_comment(paragraph.runs, text="Since May.", author="Ada Byron", initials="AB")
    assert (
        load_bytes(saved(made), "a.docx").text == "The fee is 30 euros.\n\nComment by Ada Byron: Since May."
    )
