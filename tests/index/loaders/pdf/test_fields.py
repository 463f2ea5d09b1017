"""What is filled in, written on a page and struck out, with the places where a person sees it."""

from collections.abc import Sequence

from index.loaders import load_bytes
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, Words, pdf_of


def widget(kind: str, left: int, bottom: int, more: str, width: int = 150) -> str:
    box = f"{left} {bottom} {left + width} {bottom + 16}"
    return f"/Subtype /Widget /FT /{kind} /T (f{left}x{bottom}) /Rect [{box}] /F 4 {more}"


def text_of(words: Sequence[Words], *annotations: str) -> str:
    return load_bytes(pdf_of(words, annotations=annotations), "form.pdf").text


def test_values_stand_behind_their_labels() -> None:
    words = [(50, 700, "Name of the applicant:"), (50, 670, "Monthly rent"), (50, 640, "Left empty:")]
    text = text_of(
        words,
        widget("Tx", 200, 696, "/V (Odile Brandvik)"),
        widget("Tx", 200, 666, "/V (845)"),
        widget("Tx", 200, 636, ""),
    )
    assert text.split() == ("Name of the applicant: Odile Brandvik Monthly rent: 845 Left empty:".split())
    assert "Monthly rent: 845" in text.split("\n")


def test_a_value_under_its_label_stands_behind_it() -> None:
    text = text_of([(50, 700, "First name")], widget("Tx", 50, 680, "/V (Odile)"))
    assert text.split("\n")[-1] == "First name: Odile"


def test_a_value_in_the_blank_of_a_sentence_fills_it() -> None:
    words = [(50, 700, "I, _______________, rent the flat.")]
    text = text_of(words, widget("Tx", 60, 696, "/V (Odile)", width=70))
    assert text == "I, Odile, rent the flat."


def test_a_choice_gives_its_shown_name() -> None:
    choice = "/V (m) /Opt [[(y) (each year)] [(m) (each month)]] /Ff 131072"
    assert text_of([(50, 700, "Paid:")], widget("Ch", 100, 696, choice)) == "Paid: each month"


def test_ticked_and_empty_boxes_stand_before_their_words() -> None:
    ticked = "/V /Yes /AS /Yes /AP << /N << /Yes null /Off null >> >>"
    words = [(70, 700, "a dog"), (70, 680, "a cat")]
    text = text_of(words, widget("Btn", 54, 698, ticked, width=12), widget("Btn", 54, 678, "", width=12))
    assert text.split("\n") == ["☒ a dog", "☐ a cat"]


def test_texts_and_notes_on_the_page_are_read() -> None:
    free = "/Subtype /FreeText /Rect [50 640 300 655] /Contents (Paid in cash.) /DA (/R 10 Tf) /F 4"
    note = "/Subtype /Text /Rect [500 700 520 720] /Contents (Ask again.) /T (Ada) /F 4"
    assert text_of(PARAGRAPH, free, note) == f"{PARAGRAPH_TEXT}\n\nPaid in cash.\n\nNote (Ada): Ask again."


def test_hidden_fields_are_not_read() -> None:
    hidden = widget("Tx", 200, 696, "/V (secret)").replace("/F 4", "/F 2")
    assert text_of([(50, 700, "Name:")], hidden) == "Name:"


def test_what_is_struck_out_is_told_of_and_not_read() -> None:
    struck = "/Subtype /StrikeOut /Rect [83 696 120 712] /QuadPoints [83 711 120 711 83 697 120 697] /F 4"
    words: list[Words] = [(50, 700, "It costs"), (90, 700, "25 euros"), (132, 700, "30 euros.")]
    document = load_bytes(pdf_of(words, annotations=[struck.replace("120", "131")]), "struck.pdf")
    assert document.text == "It costs 30 euros."
    assert document.unread == ("page 1: struck out: 25 euros",)
