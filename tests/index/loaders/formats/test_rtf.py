"""Rich text: what is struck out, raised, hidden or set aside; and as the body of an Outlook message."""

import pytest
from compressed_rtf import compress

from index.documents.places import Places
from index.loaders import load_bytes
from index.loaders.formats.rtf_marks import MARK, marked
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


def test_a_file_can_t_write_marks_of_its_own() -> None:
    assert MARK.search(marked("{\\rtf1 \U000f0001 text}")[0]) is None


@pytest.mark.parametrize("packed", [True, False])
def test_a_message_without_another_body_is_read_from_its_rich_text(packed: bool) -> None:
    body = compress(f"{HEAD}The fee is {{\\strike 10}} 12 crowns.\\par}}".encode(), compressed=packed)
    document = load_bytes(message({0x0037: "The fee", 0x1009: body}), "a.msg")
    assert document.text == "The fee\n\nThe fee is 12 crowns."


def test_a_message_s_plain_text_goes_before_its_rich_text() -> None:
    rich = compress(rf"{HEAD}Rich.\par}}".encode())
    assert "Rich" not in load_bytes(message({0x1000: "Plain.", 0x1009: rich}), "a.msg").text
