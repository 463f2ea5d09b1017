"""Excel: each sheet's tables as lines in which every cell stands with its header, as the sheet shows it.

Read from the parts themselves: openpyxl gives a formula or its value but not both, and neither merged cells
nor comments nor raised digits where it reads in passing, which large sheets need.
"""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from index.loaders.builder import Builder, Loaded, one_line
from index.loaders.embedded import Pictures, with_pictures
from index.loaders.formats.office import described, relations
from index.loaders.formats.strict import usual
from index.loaders.formats.xlsx_cells import Cells, WorkbookStyles
from index.loaders.formats.xlsx_drawings import write_comments, write_drawings
from index.loaders.packages import open_package, parsed, part
from index.loaders.sheets import write_sheet

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHEET, _CHART_SHEET = "/worksheet", "/chartsheet"


def load_xlsx(data: bytes) -> Loaded:
    """The sheets in their order, each headed by its name, hidden ones too."""
    return with_pictures(lambda pictures: _load(data, pictures))


def _load(data: bytes, pictures: Pictures) -> Loaded:
    with open_package(data) as original:
        data = usual(original, data)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        builder = Builder()
        book = parsed(part(package, "xl/workbook.xml"))
        properties = book.find(f"{_MAIN}workbookPr")
        from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        styles = WorkbookStyles(package, from_1904)
        for sheet, kind, name in _sheets(package, book):
            _write(builder, package, sheet, kind, name, styles, pictures)
        title, metadata = described(package)
        return builder.build(title=title, metadata=metadata, sheets=True)


def _sheets(package: zipfile.ZipFile, book: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    """Each sheet's entry, the kind of its part and its part's name."""
    targets = relations(package, "xl/workbook.xml")
    for sheet in book.iter(f"{_MAIN}sheet"):
        kind, name = targets.get(sheet.get(_RELATION, ""), ("", ""))
        if kind.endswith((_SHEET, _CHART_SHEET)):
            yield sheet, kind, name


def _write(
    builder: Builder,
    package: zipfile.ZipFile,
    sheet: etree._Element,
    kind: str,
    name: str,
    styles: WorkbookStyles,
    pictures: Pictures,
) -> None:
    title = one_line(sheet.get("name", ""))
    hidden = sheet.get("state", "") in ("hidden", "veryHidden")
    body = Builder()
    if kind.endswith(_SHEET):
        cells = Cells(package, name, title, styles)
        write_sheet(body, cells.grid)
        for remark in cells.remarks():
            body.leave_out(remark)
    targets = relations(package, name)
    write_comments(body, package, targets)
    write_drawings(body, package, targets, pictures, f" on sheet “{title}”")
    content = body.build()
    if content.text or content.unread:
        builder.add(f"{title} (hidden sheet)" if hidden else title, level=1)
        builder.include(content)
