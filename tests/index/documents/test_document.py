from hypothesis import given
from hypothesis import strategies as st

from index import Document, Heading, normalise


@given(st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet=st.characters(codec="utf-16", categories=None)))  # lone surrogates too
def test_normalised_text_can_be_stored_as_utf_8(text: str) -> None:
    assert normalise(text).encode("utf-8").decode("utf-8") == normalise(text)


def test_normalise_unifies_line_ends_and_drops_what_cannot_be_seen() -> None:
    assert (
        normalise("\ufeffone \r\ntwo\rthree\x00\u2028four\n\n\n\nfive\t\n") == "one\ntwo\nthree\nfour\n\nfive"
    )


def test_normalise_composes_characters() -> None:
    assert normalise("e\u0301") == "\u00e9"


def test_the_page_is_the_last_one_that_starts_at_or_before_the_offset() -> None:
    document = Document("a.pdf", "one two three", pages=(0, 4, 8))
    assert [document.page_at(offset) for offset in (0, 3, 4, 7, 8, 12)] == [1, 1, 2, 2, 3, 3]


def test_a_document_without_pages_has_no_page() -> None:
    assert Document("a.txt", "text").page_at(0) is None


def test_the_heading_is_the_nearest_that_ends_before_the_offset() -> None:
    document = Document("a.md", "One\ntext\nTwo\ntext", headings=(Heading(0, 3, 1), Heading(9, 12, 1)))
    assert [document.heading_at(offset) for offset in (0, 4, 9, 13)] == ["", "One", "One", "Two"]


def test_the_id_tells_name_collection_and_text_apart() -> None:
    documents = [
        Document("a", "text"),
        Document("b", "text"),
        Document("a", "other"),
        Document("a", "text", collection="c"),
    ]
    assert len({document.id for document in documents}) == 4
    assert Document("a", "text").id == documents[0].id
