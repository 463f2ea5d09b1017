"""Small files to be mutated, of kinds that the data has none of: old Excel, rich text, pictures of text."""

import io
import zipfile
from email.message import EmailMessage
from typing import Any

import docx
import xlwt
from docx.shared import Inches
from PIL import Image, ImageDraw
from pptx import Presentation
from pptx.util import Inches as SlideInches

TEXT = "The kiosk is closed on Mondays"
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"))
)


def made() -> list[tuple[str, bytes]]:
    """The files by name."""
    picture = Image.new("L", (420, 60), 255)
    ImageDraw.Draw(picture).text((10, 15), TEXT, fill=0, font_size=24)
    png = _saved(picture, "PNG")
    return [
        ("note.png", png),
        ("note.jpg", _saved(picture, "JPEG")),
        ("note.tif", _saved(picture, "TIFF", save_all=True, append_images=[picture.rotate(180)])),
        ("scan.pdf", _saved(picture, "PDF", resolution=100.0)),
        ("sheet.xls", _xls()),
        ("note.rtf", _rtf(png)),
        ("picture.docx", _docx(png)),
        ("picture.pptx", _pptx(png)),
        ("picture.odt", _odt(png)),
        ("picture.eml", _eml(png)),
    ]


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _xls() -> bytes:
    book = xlwt.Workbook()
    for number in range(3):
        sheet = book.add_sheet(f"Year {number}")
        for row in range(40):
            sheet.write(row, 0, f"Item {row}")
            sheet.write(row, 1, row * 1.5)
        sheet.write_merge(41, 41, 0, 1, "Together")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _rtf(png: bytes) -> bytes:
    picture = rf"{{\*\shppict{{\pict\picwgoal6300\pichgoal3000\pngblip {png.hex()}}}}}"
    row = r"\trowd\cellx1000\cellx2000 Fee\cell {\strike 10} 12\cell\row "
    note = r"{\footnote \pard\plain {\super\chftn} Without tax.}"
    body = rf"10{{\super 6}} a year.{note}\par {row * 3}\pard {picture}\par"
    return rf"{{\rtf1\ansi{{\info{{\title A}}}}{body}}}".encode()


def _docx(png: bytes) -> bytes:
    document = docx.Document()
    document.add_paragraph("Before the picture.")
    document.add_picture(io.BytesIO(png), width=Inches(6))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pptx(png: bytes) -> bytes:
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_picture(io.BytesIO(png), 0, 0, SlideInches(9))
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _odt(png: bytes) -> bytes:
    frame = '<draw:frame><draw:image xlink:href="Pictures/a.png"/></draw:frame>'
    names = f'{_NAMES} xmlns:xlink="http://www.w3.org/1999/xlink"'
    body = f"<office:body><office:text><text:p>Before.{frame}</text:p></office:text></office:body>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
        package.writestr("Pictures/a.png", png)
    return buffer.getvalue()


def _eml(png: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "The notice"
    message.set_content("<p>See below.</p><img src='cid:a@b'>", subtype="html")
    message.add_related(png, "image", "png", cid="<a@b>")
    message.add_attachment(png, "image", "png", filename="notice.png")
    return message.as_bytes()
