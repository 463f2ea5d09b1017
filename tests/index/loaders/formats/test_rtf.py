"""Rich text: what is struck out, raised, hidden or set aside; and as the body of an Outlook message."""

import pytest
from compressed_rtf import compress

from index.documents.places import Places
from index.loaders import load_bytes
from tests.index.loaders.formats.outlook import message
from tests.index.loaders.formats.test_image import PAGE, saved
from tests.index.loaders.pdf.test_pdf import PARAGRAPH_TEXT

HEAD = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\stylesheet{\s1\strike Old;}}"


def text_of(body: str) -> str:
    return load_bytes(f"{HEAD}{body}}}".encode("latin-1"), "a.rtf").text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"The fee is \strike 10\strike0  12 crowns.\par", "The fee is 12 crowns."),
        (r"Due {\strike on Monday }{\striked1 in May }today.\par", "Due today."),
        (r"It is {\strike not }\plain due.\par", "It is due."),
        (r"10{\super 6} a year, $320{\super 1}\par", "10⁶ a year, $320 ¹"),
        (r"10\up6 6\up0  and 4\super 2\nosupersub  metres\par", "10⁶ and 4² metres"),
        (r"{\deleted Gone. }{\v hidden}Kept.\par", "Kept."),
        (r"\'c4rger \u8364? 5\par", "Ärger € 5"),
        (
            r"One.{\footnote \pard\plain {\super\chftn} Without tax.}\par Two.\par",
            "One.\n\nWithout tax.\n\nTwo.",
        ),
        (r"A{\footnote One.}, b{\footnote Two.}.\par", "A, b.\n\nOne.\n\nTwo."),
        (r"One{\*\atnid A}\chatn{\*\annotation{\pard Check}} here.\par", "One here.\n\nComment: Check"),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv 5}}{\shptxt In a box.\par}}{\shprslt x}}\par", "In a box."),
        (
            r"{\header Harbour\par}{\headerr Harbour\par}{\footer 3\par}Text.\par",
            "Text.\n\nPage margins: Harbour",
        ),
        (r"{\*\unknown\strike left out}Text.\par", "Text."),
        (r"{\pntext 1.\tab}Rope\par{\listtext 2.\tab}Light\par", "1. Rope\n2. Light"),
        (r"A \u-10179?\u-8704? smile, \u-3844?\u8217\'92\par", "A 😀 smile, ✓’"),
        (r"{\fonttbl{\f1\fcharset204 Arial;}}{\f1\'cf\'e8\'f0\'f1} pier\par", "Пирс pier"),
        (r"{\fonttbl{\f1\fcharset128 Gothic;}}{\f1\'83e\'83X\'83g}\par", "テスト"),
        (r'See {\field{\*\fldinst HYPERLINK "http://x.org"}{\fldrslt our page}}.\par', "See our page."),
        (r"Quay 4\line 2109 Porto\par", "Quay 4\n2109 Porto"),
        (r"One{\footnote A\cell B\row}.\par", "One.\n\nA | B"),
    ],
)
def test_what_is_shown_is_read_as_it_stands(body: str, text: str) -> None:
    assert text_of(body) == text


def test_cells_stay_in_their_columns_though_one_is_struck_out() -> None:
    rows = (
        r"\trowd Year\cell Fee\cell\row"
        r"\trowd 2021\cell{\strike 10\cell}\row"
        r"\trowd 2022\cell{\strike 11} 12\cell\row"
    )
    assert text_of(rows) == "Year | Fee\nYear: 2021\nYear: 2022 | Fee: 12"


def test_struck_out_text_is_noted() -> None:
    document = load_bytes(rf"{HEAD}Fee: {{\strike 10 crowns}} 12 {{\strike a day}}\par}}".encode(), "a.rtf")
    assert document.unread == ("struck-out text: “10 crowns a day”",)


def test_a_picture_is_read_in_its_place() -> None:
    picture = saved(PAGE, "PNG").hex()
    group = rf"{{\*\shppict{{\pict{{\*\picprop}}\picwgoal9000\pichgoal11000\pngblip {picture}}}}}"
    body = rf"Before.\par{group}\par After.\par"
    document = load_bytes(f"{HEAD}{body}}}".encode(), "a.rtf")
    assert document.text == f"Before.\n\n{PARAGRAPH_TEXT}\n\nAfter."
    places = Places(document.places)
    assert [places.scanned(at, at + 3) for at in (0, 15, len(document.text) - 4)] == [False, True, False]


def test_headings_are_those_that_the_file_marks_and_short_lines_in_bold_type() -> None:
    body = (
        r"\pard\plain\s15\b Harbour rules\par\pard\plain\outlinelevel1\b Fees\par"
        r"\pard\plain Ten crowns.\par{\b Boats}\par A boat needs a light.\par"
        r"{\b Bring your own rope, and tie it twice.}\par Thank you.\par"
    )
    styles = r"{\rtf1\ansi{\stylesheet{\ql Normal;}{\s15\b\fs32\sbasedon0 heading 1;}}"
    document = load_bytes(f"{styles}{body}}}".encode(), "a.rtf")
    headings = [(document.text[one.start : one.end], one.level) for one in document.headings]
    assert headings == [("Harbour rules", 1), ("Fees", 2), ("Boats", 3)]
    assert document.title == "Harbour rules"


def row(cells: str, definition: str = r"\cellx2000\cellx4000\cellx6000") -> str:
    return rf"\trowd {definition}\pard\intbl {cells}\row"


def test_merged_cells_fill_what_they_span() -> None:
    down, goes_on = (rf"\clvm{one}\cellx2000\cellx4000\cellx6000" for one in ("gf", "rg"))
    table = (
        row(r"Depot\cell Vehicle\cell Price\cell")
        + row(r"Porto\cell Truck\cell 61900\cell", down)
        + row(r"\cell Trailer\cell 3000\cell", goes_on)
        + row(r"All depots\cell 64900\cell", r"\cellx4000\cellx6010")
    )
    assert text_of(table).split("\n") == [
        "Depot | Vehicle | Price",
        "Depot: Porto | Vehicle: Truck | Price: 61900",
        "Depot: Porto | Vehicle: Trailer | Price: 3000",
        "All depots | Price: 64900",
    ]


def test_a_header_is_what_the_file_marks_or_sets_in_bold_type() -> None:
    rows = row(r"Anna\cell Porto\cell Pilot\cell") + row(r"Bo\cell Lisbon\cell Cook\cell")
    marked = row(r"Name\cell Harbour\cell Work\cell", r"\trhdr\cellx2000\cellx4000\cellx6000")
    bold = row(r"{\b Name}\cell{\b Harbour}\cell{\b Work}\cell")
    for header in (marked, bold):
        assert text_of(header + rows).split("\n")[1] == "Name: Anna | Harbour: Porto | Work: Pilot"


def test_the_paragraphs_of_a_cell_stay_in_it() -> None:
    rows = row(r"Name\par (full)\cell Age\cell Fee\cell") + row(r"Ann\cell 3\cell 4\par a day\cell")
    assert text_of(rf"Before |\par {rows}\pard After.\par") == (
        "Before |\n\nName (full) | Age | Fee\nName (full): Ann | Age: 3 | Fee: 4 a day\n\nAfter."
    )


def test_it_says_who_wrote_it_and_when() -> None:
    body = r"{\info{\title Pier \'e9tude}{\author Ann}{\creatim\yr2024\mo3\dy5\hr9}}Text.\par"
    document = load_bytes(f"{HEAD}{body}}}".encode(), "a.rtf")
    assert document.title == "Pier étude"
    assert dict(document.metadata) == {"author": "Ann", "created": "2024-03-05"}


@pytest.mark.parametrize("packed", [True, False])
def test_a_message_without_another_body_is_read_from_its_rich_text(packed: bool) -> None:
    body = compress(f"{HEAD}The fee is {{\\strike 10}} 12 crowns.\\par}}".encode(), compressed=packed)
    document = load_bytes(message({0x0037: "The fee", 0x1009: body}), "a.msg")
    assert document.text == "The fee\n\nThe fee is 12 crowns."


def test_a_message_s_plain_text_goes_before_its_rich_text() -> None:
    rich = compress(rf"{HEAD}Rich.\par}}".encode())
    assert "Rich" not in load_bytes(message({0x1000: "Plain.", 0x1009: rich}), "a.msg").text
