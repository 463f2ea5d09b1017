"""Lines that run from right to left come in the order in which they are read, their numbers as they are."""

from collections.abc import Sequence

from index.loaders import load_bytes
from index.loaders.pdf.bidi import with_letters_in_order
from tests.index.loaders.pdf.test_ruled import ruled

# As a font's ToUnicode says: the letters of a Hebrew and an Arabic sentence for those of Helvetica.
LETTERS = dict(zip("abcdefgh", "שלוםמחיר", strict=True)) | {"A": "ب", "B": "ر", "L": "لا", "T": "ت"}


def pdf_from_right(*pieces: tuple[float, float, str], drawing: str = "") -> bytes:
    """A PDF that draws the pieces, letter after letter from the left as they are seen."""
    lines = "".join(f"<{ord(one):02x}> <{text.encode('utf-16-be').hex()}>\n" for one, text in LETTERS.items())
    plain = "".join(f"<{code:02x}> <{code:04x}>\n" for code in (*range(0x20, 0x41),))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(LETTERS)} beginbfchar\n{lines}endbfchar\n33 beginbfchar\n{plain}endbfchar\nendcmap end end"
    )
    texts = (
        f"BT /R 10 Tf {x} {y} Td ({text.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj ET\n"
        for x, y, text in pieces
    )
    content = "".join(texts) + drawing
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        "/Resources << /Font << /R 5 0 R >> >> >>",
        f"<< /Length {len(content)} >> stream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        f"<< /Length {len(cmap)} >> stream\n{cmap}\nendstream",
    )
    return pdf_file(objects)


def pdf_file(objects: Sequence[str]) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\n"
    return data + f"{end}startxref\n{len(data)}\n%%EOF".encode()


def text_of(*pieces: tuple[float, float, str], drawing: str = "") -> str:
    return load_bytes(pdf_from_right(*pieces, drawing=drawing), "made.pdf").text


def test_words_come_in_reading_order_and_a_number_as_it_is() -> None:
    assert text_of((50, 700, "125 hgfe dcba")) == "שלום מחיר 125"


def test_a_small_number_is_no_raised_mark() -> None:
    assert text_of((50, 700, "hgfe dcba"), (50, 640, "2.50 hgfe dcba")).split("\n")[-1] == "שלום מחיר 2.50"


def test_letters_that_share_a_sign_keep_their_order() -> None:
    assert text_of((50, 700, "TLAB")) == "رب" + "لا" + "ت"


def test_letters_that_come_from_the_left_are_turned_round() -> None:
    word = "רמעב 12"  # as some programs draw it, with a number that runs from the left anyhow

    def box(at: int) -> tuple[float, float, float, float]:
        return (10.0 * at, 0.0, 10.0 * at + 9, 10.0)

    assert with_letters_in_order(word, 0, box) == "בעמר 12"
    assert with_letters_in_order(word, 3, lambda at: (-10.0 * at, 0.0, 9.0 - 10 * at, 10.0)) == word


def test_a_shared_sign_is_turned_round_with_its_word() -> None:
    lefts = {0: 0.0, 1: 10.0, 2: 10.0, 3: 20.0}
    turned = with_letters_in_order("ت" + "لا" + "ب", 0, lambda at: (lefts[at], 0.0, lefts[at] + 9, 10.0))
    assert turned == "ب" + "لا" + "ت"


def test_a_table_is_read_from_its_right_column() -> None:
    pieces = [(55, 685, "436"), (205, 685, "dcba hgfe"), (55, 660, "57"), (205, 660, "hgfe dcba")]
    drawing = ruled((50, 200, 550), (700, 680, 650))
    assert text_of(*pieces, drawing=drawing).split("\n") == ["מחיר שלום: 436", "שלום מחיר: 57"]
