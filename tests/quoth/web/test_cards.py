"""The sources of an answer: each quote marked in its surroundings, and only while its document says it."""

import pytest

from index import Document, UnknownDocument
from quoth.web import cards
from tests.quoth.web.parsed import Parsed, answer_of, citation_of, no_answer


def test_the_quote_is_marked_exactly_among_what_stands_around_it() -> None:
    document = Document("a.txt", "One two three. " * 100 + "The <answer> is here." + " Four five six." * 100)
    parsed = Parsed(cards.cards(1, answer_of(document, "The <answer> is here."), lambda _: document))
    assert parsed.marked == ["The <answer> is here."]
    assert "three. The <answer> is here. Four" in parsed.text
    assert len(parsed.text) < 2 * cards.AROUND + 200


@pytest.mark.parametrize(
    "text", ["quote", "x" * 999 + "quote" + "y" * 999, "a\n\nquote\nb", "quote " + "z" * 999]
)
def test_the_surroundings_are_cut_but_never_the_quote(text: str) -> None:
    document = Document("a.txt", text)
    assert Parsed(cards.cards(1, answer_of(document, "quote"), lambda _: document)).marked == ["quote"]


def test_quotes_that_stand_together_are_one_source_with_each_of_them_marked() -> None:
    document = Document(
        "a.txt", "First thing. Second thing. " + "Other things are far. " * 99 + "Last thing."
    )
    answer = answer_of(document, "First thing.", "Second thing.", "Last thing.")
    parsed = Parsed(cards.cards(4, answer, lambda _: document))
    assert parsed.attributes["id"] == ["source-4-1", "source-4-2"]
    assert parsed.marked == ["First thing.", "Second thing.", "Last thing."]


def test_a_deleted_document_is_no_longer_shown() -> None:
    document = Document("secret.txt", "Before. The secret sentence. After.")

    def gone(_: str) -> Document:
        raise UnknownDocument("gone")

    shown = cards.cards(1, answer_of(document, "The secret sentence."), gone)
    assert "secret sentence" not in shown
    assert "deleted or replaced" in shown


def test_a_document_that_says_something_else_by_now_is_not_quoted() -> None:
    document = Document("a.txt", "Before. The secret sentence. After.")
    other = Document("a.txt", "Before. Nothing of the kind here. After.")
    shown = cards.cards(1, answer_of(document, "The secret sentence."), lambda _: other)
    assert "deleted or replaced" in shown
    assert "Nothing of the kind" not in shown


def test_without_an_answer_the_sources_are_called_the_nearest_passages() -> None:
    document = Document("a.txt", "Nothing of the kind.")
    answer = no_answer(citation_of(document, document.text))
    assert "The nearest passages" in Parsed(cards.cards(1, answer, lambda _: document)).text
    assert cards.cards(1, no_answer(), lambda _: document) == ""
