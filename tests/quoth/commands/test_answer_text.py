"""What a person reads of an Answer in a terminal."""

from dataclasses import replace

from index import Document
from qa import Answer, Citation, Item, Searched
from quoth.commands.answer_text import bold, shown

TEXT = "The vault opened in 2008. It keeps the seeds of wheat, rice and maize for the world."
DOCUMENT = Document("vault.pdf", TEXT, pages=(0,))


def cited(number: int, quote: str, also: tuple[str, ...] = ()) -> Citation:
    start = TEXT.index(quote)
    return Citation.of(number, DOCUMENT, start, start + len(quote), also=also)


def answer(quote: str = "2008", confidence: float = 0.97) -> Answer:
    return Answer(
        asked="When?",
        question="When?",
        form="phrase",
        items=(Item(quote, (1,)),),
        found=1,
        alternatives=(),
        citations=(cited(1, quote),),
        confidence=confidence,
        closest=(),
        searched=Searched(1, 2, 2),
        milliseconds=5,
    )


def test_a_phrase_stands_above_its_sentence_with_file_and_page() -> None:
    assert shown(answer()).splitlines() == [
        "2008 [1]",
        "",
        "[1] vault.pdf, page 1",
        "    The vault opened in 2008.",
        "almost certain (0.97)",
        "1 document searched, 2 of 2 passages read, 5 ms",
    ]


def test_on_a_terminal_the_quote_is_bold_in_its_sentence() -> None:
    assert "The vault opened in \033[1m2008\033[0m." in shown(answer(), bold)


def test_every_word_of_a_quote_is_marked_so_that_folding_breaks_none() -> None:
    assert "\033[1mrice\033[0m \033[1mand\033[0m \033[1mmaize\033[0m" in shown(answer("rice and maize"), bold)


def test_an_answer_below_likely_asks_to_be_checked() -> None:
    assert "likely (0.75)" in shown(answer(confidence=0.75))
    assert "Unsure: check this (0.74)" in shown(answer(confidence=0.74))


def test_whole_sentences_are_shown_as_quotes_and_once() -> None:
    sentence = "The vault opened in 2008."
    text = shown(replace(answer(sentence), form="passage"))
    assert text.startswith("“The vault opened in 2008.” [1]\n")
    assert text.count(sentence) == 1


def test_a_list_says_how_many_of_those_found_it_shows() -> None:
    items = (Item("wheat", (1,)), Item("rice", (2,)))
    listed = replace(
        answer(), form="list", items=items, citations=(cited(1, "wheat"), cited(2, "rice")), found=31
    )
    assert shown(listed).startswith("wheat [1]\nrice [2]\n2 of 31\n")
    assert "of 2\n" not in shown(replace(listed, found=2))


def test_what_may_answer_too_stands_below_an_unsure_answer_once() -> None:
    other = "It keeps the seeds of wheat, rice and maize for the world."
    both = (cited(1, "2008"), cited(2, other))
    text = shown(replace(answer(confidence=0.6), citations=both, alternatives=(Item(other, (2,)),)))
    assert text.splitlines()[4:7] == ["This may answer too:", f"“{other}” [2]", "[2] vault.pdf, page 1"]
    assert text.count("wheat") == 1


def test_other_documents_with_the_same_passage_are_named() -> None:
    copied = replace(answer(), citations=(cited(1, "2008", also=("copy.pdf", "mail.eml")),))
    assert "[1] vault.pdf, page 1 (also in copy.pdf, mail.eml)" in shown(copied)


def test_a_refusal_shows_the_nearest_sentences() -> None:
    whole = Citation.of(1, DOCUMENT, 0, len(TEXT), sentence=(0, len("The vault opened in 2008.")))
    refused = replace(answer(), form="none", items=(), found=0, citations=(), closest=(whole,))
    assert shown(refused).splitlines()[:5] == [
        "No sure answer.",
        "",
        "The nearest sentences:",
        "[1] vault.pdf, page 1",
        "    The vault opened in 2008.",
    ]
