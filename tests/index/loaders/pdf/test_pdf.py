"""PDFs made here, character by character, so that every place on the page is known."""

import io
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pypdfium2 as pdfium
import pytest

from index.documents.document import Document, normalise
from index.errors import DocumentError
from index.loaders import load, load_bytes

FILES = Path(__file__).parents[3] / "files"

# x, y and text in Helvetica 10; after '=' it is bold, after '#' larger too, after '^' small, after '>' it
# runs upwards.
Words = tuple[float, float, str]
STYLES = {"#": ("B", 16), "=": ("B", 10), "^": ("R", 6), ">": ("R", 10)}


def pdf_of(
    *pages: Sequence[Words],
    title: str = "",
    rotate: int = 0,
    annotations: Sequence[str] = (),
    drawing: str = "",
) -> bytes:
    """A PDF that draws each piece of text of each page at its place, with annotations on every page.

    `drawing` are further operators of the content of each page.
    """
    objects: list[bytes] = []

    def add(content: str | bytes) -> int:
        objects.append(content.encode("latin-1") if isinstance(content, str) else content)
        return len(objects)

    add("")  # the catalog and the page tree, filled in below
    add("")
    regular = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    bold = add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
    information = add(f"<< /Title ({title}) /Author (Ada Byron) /CreationDate (D:20230405120000Z) >>")
    fonts = f"<< /R {regular} 0 R /B {bold} 0 R >>"
    shape = f"/MediaBox [0 0 600 800] /Rotate {rotate} /Resources << /Font {fonts} >>"
    notes = [add(f"<< /Type /Annot {annotation} >>") for annotation in annotations]
    listed = " ".join(f"{note} 0 R" for note in notes)
    shape += f" /Annots [{listed}]"
    kids = []
    for words in pages:
        stream = b"".join(_drawn(*piece) for piece in words) + drawing.encode()
        content = add(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream))
        kids.append(add(f"<< /Type /Page /Parent 2 0 R {shape} /Contents {content} 0 R >>"))
    form = f"/AcroForm << /Fields [{listed}] >>" if "/Widget" in "".join(annotations) else ""
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {form} >>".encode()
    references = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{references}] >>".encode()
    return _file(objects, information)


def _drawn(x: float, y: float, text: str) -> bytes:
    matrix = "0 1 -1 0" if text.startswith(">") else "1 0 0 1"
    font, size = STYLES.get(text[0], ("R", 10))
    text = text[1:] if text[0] in STYLES else text
    escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    place = f"BT /{font} {size} Tf {matrix} {x:.1f} {y:.1f} Tm (".encode()
    return place + escaped + b") Tj ET\n"


def _file(objects: Sequence[bytes], information: int) -> bytes:
    data = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (size, information)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return data + head + table + trailer + b"startxref\n%d\n%%%%EOF" % len(data)


def prose(top: float, *lines: str, left: float = 50) -> list[Words]:
    """Lines of one paragraph, 12 points apart."""
    return [(left, top - 12 * index, line) for index, line in enumerate(lines)]


def load_pages(*pages: Sequence[Words], title: str = "", rotate: int = 0) -> Document:
    return load_bytes(pdf_of(*pages, title=title, rotate=rotate), "made.pdf")


PARAGRAPH = prose(
    700,
    "The station on the northern ridge was built in 1902 by a small crew of eleven men who stayed there all",
    "through the winter. They measured the wind every morning and wrote what they found into a thick grey",
    "book.",
)
PARAGRAPH_TEXT = (
    "The station on the northern ridge was built in 1902 by a small crew of eleven men who stayed there all "
    "through the winter. They measured the wind every morning and wrote what they found into a thick grey "
    "book."
)


def test_lines_of_a_paragraph_are_joined() -> None:
    assert load_pages(PARAGRAPH).text == PARAGRAPH_TEXT


def test_paragraphs_headings_and_list_items_stay_apart() -> None:
    document = load_pages(
        [
            (50, 740, "#The northern ridge"),
            *PARAGRAPH,
            *prose(640, "The men had brought three things:"),
            *prose(628, "• a barometer", "• a chronometer", "• a stove"),
        ]
    )
    assert document.text == (
        "The northern ridge\n\n" + PARAGRAPH_TEXT + "\n\nThe men had brought three things:\n"
        "a barometer\na chronometer\na stove"
    )
    assert [document.text[h.start : h.end] for h in document.headings] == ["The northern ridge"]
    assert document.title == "The northern ridge"


def test_a_word_broken_at_the_line_end_is_joined_as_the_document_writes_it() -> None:
    lines = prose(
        700,
        "Every morning the measurements were copied, and a well-known observatory in the far south compared",
        "them. Later measurements agreed with what the first men had found in that long and bitter and well-",
        "known winter, and the observatory printed them in its yearbook, which was read and made the sta-",
        "tion famous for a while.",
    )
    text = load_pages(lines).text
    assert "that long and bitter and well-known winter" in text
    assert "made the station famous for a while." in text


def test_table_rows_keep_their_cells_on_one_line() -> None:
    document = load_pages(
        [
            (50, 700, "Net sales"),
            (300, 700, "$"),
            (340, 700, "82,959"),
            (400, 700, "$"),
            (440, 700, "81,434"),
            (50, 688, "Cost of sales"),
            (340, 688, "47,074"),
            (440, 688, "46,179"),
            (50, 676, "Total change in unrealized"),
            (50, 664, "gains"),
            (340, 664, "(3,055)"),
            (440, 664, "163"),
        ]
    )
    assert document.text.split("\n") == [
        "Net sales | $ 82,959 | $ 81,434",
        "Cost of sales | 47,074 | 46,179",
        "Total change in unrealized gains | (3,055) | 163",
    ]


def test_a_label_stays_with_its_value_and_a_wrapped_cell_with_its_row() -> None:
    document = load_pages(
        [
            (50, 700, "Registration:"),
            (150, 700, "N6135M"),
            (300, 700, "Certificate:"),
            (400, 700, "Class 3 Without"),
            (400, 688, "limits"),
            (50, 670, "Aircraft:"),
            (150, 670, "Cessna 152"),
            (300, 670, "Engines:"),
            (400, 670, "1"),
        ]
    )
    assert document.text.split("\n") == [
        "Registration: N6135M | Certificate: Class 3 Without limits",
        "Aircraft: Cessna 152 | Engines: 1",
    ]


def test_column_headers_of_two_lines_become_one_cell_each() -> None:
    document = load_pages(
        [
            (300, 700, "June 25,"),
            (305, 690, "2022"),
            (400, 700, "June 26,"),
            (405, 690, "2021"),
            (50, 670, "Sales:"),
        ]
    )
    assert document.text.split("\n")[0] == "June 25, 2022 | June 26, 2021"


def test_pages_start_where_their_text_starts() -> None:
    document = load_pages(PARAGRAPH, [], prose(700, "A page of its own."))
    second = document.text.index("A page of its own.")
    assert document.pages == (0, second, second)
    assert document.page_at(0) == 1
    assert document.page_at(second) == 3
    assert normalise(document.text) == document.text


def test_a_sentence_runs_on_over_the_end_of_a_page() -> None:
    first = prose(700, *(line for _, _, line in PARAGRAPH[:2]))
    document = load_pages(first, prose(700, "book that lay on the table."))
    assert "a thick grey book that lay on the table." in document.text
    assert document.pages == (0, document.text.index("book that"))


def test_a_page_without_text_does_not_stop_the_sentence() -> None:
    first = prose(700, *(line for _, _, line in PARAGRAPH[:2]))
    document = load_pages([], first, [], prose(700, "book that lay on the table."), [])
    second = document.text.index("book that")
    assert "a thick grey book that lay on the table." in document.text
    assert document.pages == (0, 0, second, second, len(document.text))


def test_running_headers_stay_once_and_page_numbers_go() -> None:
    pages = [
        [
            (50, 770, "Protocol AFL19006"),
            *prose(700, f"Chapter {word} has its own words."),
            (290, 30, f"Page {n}"),
        ]
        for n, word in enumerate(("one", "two", "three", "four"), 1)
    ]
    text = load_pages(*pages).text
    assert text.count("Protocol AFL19006") == 1
    assert "Page" not in text
    assert text.count("has its own words.") == 4


def test_what_stands_on_two_pages_alone_is_kept() -> None:
    text = load_pages(*[[(50, 770, "Total"), *prose(700, f"It is {n}.")] for n in "ab"]).text
    assert text.count("Total") == 2


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(rotate: int) -> None:
    data = pdf_of([(100, 400, "One line of text on a turned page.")], rotate=rotate)
    assert load_bytes(data, "turned.pdf").text == "One line of text on a turned page."


def test_title_author_and_date_come_from_the_file() -> None:
    document = load_pages(PARAGRAPH, title="Winter on the ridge")
    assert document.title == "Winter on the ridge"
    assert document.metadata == {"author": "Ada Byron", "date": "2023-04-05"}


@pytest.mark.parametrize("title", ["report_final.docx", "Untitled", "0000320193-22-000070"])
def test_what_programs_write_for_a_title_is_none(title: str) -> None:
    assert load_pages(PARAGRAPH, title=title).title == ""


def test_a_pdf_of_blank_pages_says_so() -> None:
    with pytest.raises(DocumentError, match="no text on any page"):
        load_pages([], [])


def test_text_outside_the_page_is_not_its_text() -> None:
    assert load_pages([*PARAGRAPH, (50, 900, "Hidden above the page.")]).text == PARAGRAPH_TEXT


def test_an_encrypted_pdf_says_so() -> None:
    with pytest.raises(DocumentError, match=r"encrypted\.pdf: it is encrypted"):
        load(FILES / "encrypted.pdf")


def test_a_damaged_pdf_says_so() -> None:
    with pytest.raises(DocumentError, match=r"half\.pdf: it is damaged"):
        load_bytes(pdf_of(PARAGRAPH)[:200], "half.pdf")


def test_several_threads_may_load_at_once() -> None:
    data = pdf_of(*[PARAGRAPH] * 5)
    texts: list[str] = []
    threads = [Thread(target=lambda: texts.append(load_bytes(data, "a.pdf").text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 8
    assert len(set(texts)) == 1


def with_picture_pages(data: bytes, count: int) -> bytes:
    """The PDF with that many pages at its end that hold a picture and no text, as a scanner makes them."""
    document = pdfium.PdfDocument(data)
    for _ in range(count):
        page = document.new_page(600, 800)
        image = pdfium.PdfImage.new(document)
        image.set_bitmap(pdfium.PdfBitmap.new_native(10, 10, 4))
        image.set_matrix(pdfium.PdfMatrix().scale(500, 700))
        page.insert_obj(image)
        page.gen_content()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def test_scanned_pages_are_told_of_and_the_others_are_read() -> None:
    document = load_bytes(with_picture_pages(pdf_of(PARAGRAPH, []), 3), "partly.pdf")
    assert document.text == PARAGRAPH_TEXT
    assert len(document.pages) == 5
    assert document.unread == ("no text could be read on 3 of 5 pages, which seem to be scanned: 3-5",)
    assert "unread" not in document.metadata


def test_the_name_of_a_company_may_be_a_heading_though_it_ends_in_a_full_stop() -> None:
    document = load_pages([(50, 740, "#Ridge Stores Inc."), (50, 715, "#That is all."), *PARAGRAPH])
    assert [document.text[h.start : h.end] for h in document.headings] == ["Ridge Stores Inc."]


def test_text_that_is_drawn_as_a_form_of_its_own_is_read() -> None:
    source, made = pdfium.PdfDocument(pdf_of(PARAGRAPH)), pdfium.PdfDocument.new()
    page = made.new_page(600, 800)
    form = source.page_as_xobject(0, made)
    page.insert_obj(form.as_pageobject())
    page.gen_content()
    buffer = io.BytesIO()
    made.save(buffer)
    assert load_bytes(buffer.getvalue(), "a.pdf").text == PARAGRAPH_TEXT
