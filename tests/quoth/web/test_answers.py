"""A turn of the conversation: the answer in its sentences, how sure it is, and what it stands on."""

from dataclasses import replace

import pytest

from index import Document, UnknownDocument
from qa import Answer, Item
from quoth.web.answers import article, spoken
from quoth.web.turn import Scope, ShownTurn
from tests.quoth.web.parsed import Parsed, answer_of, citation_of, no_answer

VAULT = Document("vault.txt", "The vault opened in 2008. It stores seeds. It is kept at -18 °C.")


def shown(answer: Answer, document: Document = VAULT) -> Parsed:
    return Parsed(article(ShownTurn(1, answer.asked, answer=answer, running=False), lambda _: document))


def test_a_phrase_is_shown_above_its_sentence_in_which_it_is_marked() -> None:
    parsed = shown(answer_of(VAULT, "2008"))
    assert parsed.marked == ["2008"]
    assert "The vault opened in 2008." in parsed.text
    assert "It stores seeds" not in parsed.text
    assert parsed.attributes["href"] == ["#source-1-1"]
    assert parsed.text.count("2008") == 2


def test_an_answer_in_whole_sentences_is_shown_once_and_unmarked() -> None:
    parsed = shown(replace(answer_of(VAULT, "It stores seeds."), form="passage"))
    assert parsed.text.count("It stores seeds.") == 1
    assert parsed.marked == []


def test_an_answer_of_several_items_is_a_table_with_a_chip_in_each_row() -> None:
    document = Document("a.txt", "First thing. " + "Others are far. " * 99 + "Second thing.")
    parsed = shown(answer_of(document, "First thing.", "Second thing."), document)
    assert "table" in parsed.tags and "2 items" in parsed.text
    assert parsed.attributes["href"] == ["#source-1-1", "#source-1-2"]


def test_a_list_that_was_cut_says_how_many_there_are() -> None:
    answer = replace(answer_of(VAULT, "2008", "seeds"), found=1_200)
    assert "2 of 1,200" in shown(answer).text


@pytest.mark.parametrize(
    ("confidence", "words", "unsure"),
    [(0.95, "Almost certain", False), (0.8, "Likely", False), (0.6, "More likely than not", True)],
)
def test_what_is_unsure_looks_unsure(confidence: float, words: str, unsure: bool) -> None:
    answer = answer_of(VAULT, "2008", confidence=confidence)
    assert words in shown(answer).text
    assert ("check this" in shown(answer).text) == unsure
    assert ("check this" in spoken(ShownTurn(1, "What?", answer=answer, running=False))) == unsure


def test_other_passages_that_disagree_are_named() -> None:
    answer = answer_of(VAULT, "2008", "seeds")
    answer = replace(answer, form="phrase", items=answer.items[:1], alternatives=(Item("seeds", (2,)),))
    assert "Other passages say" in shown(answer).text


def test_a_sentence_beside_an_unsure_answer_is_shown_once() -> None:
    sentence = "The vault opened in 2008."
    answer = answer_of(VAULT, "seeds", sentence, confidence=0.6)
    assert sentence in VAULT.text
    answer = replace(answer, form="phrase", items=answer.items[:1], alternatives=(Item(sentence, (2,)),))
    text = shown(answer).text
    assert "This may answer too" in text
    assert text.count(sentence) == 1


def test_what_is_not_found_says_so_and_shows_the_closest_passages() -> None:
    answer = no_answer(citation_of(VAULT, VAULT.text))
    parsed = shown(answer)
    assert "No sure answer" in parsed.text and "Perhaps" in parsed.text
    assert parsed.attributes["href"] == ["#source-1-1"]
    assert (
        spoken(ShownTurn(1, "What?", answer=answer, running=False)) == "No sure answer; 1 near passage shown."
    )


def test_nothing_near_is_said_to_be_nothing() -> None:
    assert "Nothing near your question was found" in shown(no_answer()).text


def test_a_question_understood_otherwise_than_typed_says_so() -> None:
    answer = replace(answer_of(VAULT, "2008"), question="When did the vault open?")
    assert "Understood as When did the vault open?" in shown(answer).text
    assert "Understood as" not in shown(answer_of(VAULT, "2008")).text


def test_the_quotes_of_a_deleted_document_are_shown_no_longer() -> None:
    def gone(_: str) -> Document:
        raise UnknownDocument("gone")

    for answer in (answer_of(VAULT, "seeds"), answer_of(VAULT, "2008", "seeds")):
        html = article(ShownTurn(1, "What?", answer=answer, running=False), gone)
        assert "seeds" not in html and "deleted or replaced" in html


def test_what_was_asked_of_a_part_of_the_library_says_which() -> None:
    for scope, words in (
        (Scope("animals"), "Asked of the collection animals"),
        (Scope("", ("1",)), "Asked of 1 selected document"),
        (Scope("", ("1", "2")), "Asked of 2 selected documents"),
    ):
        assert words in Parsed(article(ShownTurn(1, "What?", scope), lambda _: VAULT)).text
