import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Document, Hit, LibraryError, Passage
from index.documents.places import PagePlace, packed
from qa import Answer, Citation, Reading, Searched, Span
from qa.answering.compose import compose

DOCUMENT = Document("a.pdf", "IBM stopped. The IBM said so. Amazon paused.", pages=(0, 13))


def schema() -> dict[str, Any]:
    text = (files("qa") / "answer.schema.json").read_text("utf-8")
    value: dict[str, Any] = json.loads(text)
    return value


def span(start: int, end: int, probability: float, document: Document = DOCUMENT, passage: int = 1) -> Span:
    return Span(Passage(passage, document, 0, len(document.text)), start, end, probability)


def answer(*spans: Span, as_list: bool = False, threshold: float = 0.5) -> Answer:
    return compose(
        "who?",
        "Who?",
        Reading(spans, (), spans if as_list else ()),
        [Hit(Passage(1, DOCUMENT, 0, 12), 0.9)],
        threshold=threshold,
        as_list=as_list,
        searched=Searched(1, 1, 1),
        milliseconds=1.23,
    )


@given(st.text(min_size=1), st.data())
def test_a_quote_is_always_the_documents(text: str, data: st.DataObject) -> None:
    document = Document("a", text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert Citation.of(1, document, start, end).quote == text[start:end]


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 4), (0, 10_000)])
def test_a_citation_of_no_place_is_refused(start: int, end: int) -> None:
    with pytest.raises(LibraryError, match=r"a\.pdf"):
        Citation.of(1, DOCUMENT, start, end)


def test_a_citation_says_when_its_sentence_was_read_from_a_picture() -> None:
    places = packed([PagePlace(0, 1, 0, 0, 1, 0.1), PagePlace(13, 2, 0, 0, 1, 0.1, scanned=True)])
    document = replace(DOCUMENT, places=places)
    assert [Citation.of(1, document, *place).place for place in ((0, 3), (17, 20))] == [
        "page 1",
        "page 2, read from a picture",
    ]


def test_a_single_answer_is_the_best_span_with_those_that_agree() -> None:
    found = answer(span(0, 3, 0.9), span(30, 36, 0.8), span(13, 20, 0.7))
    assert found.text == "IBM"
    assert [item.citations for item in found.items] == [(1, 2)]
    assert [(citation.quote, citation.page) for citation in found.citations] == [("IBM", 1), ("The IBM", 2)]
    assert (found.confidence, found.certainty, found.closest) == (0.9, "almost certain", ())


def test_what_another_passage_says_instead_is_an_alternative() -> None:
    found = answer(span(0, 3, 0.9), span(30, 36, 0.8, passage=2), span(13, 20, 0.4, passage=3))
    assert found.text == "IBM"
    assert [(item.text, item.citations) for item in found.alternatives] == [("Amazon", (2,))]
    assert [citation.quote for citation in found.citations] == ["IBM", "Amazon"]


def test_documents_that_agree_are_counted() -> None:
    other = Document("b.txt", "IBM stopped.")
    assert answer(span(0, 3, 0.9), span(0, 3, 0.8, other, passage=2)).agreeing == 2
    assert answer(span(0, 3, 0.9), span(13, 20, 0.8)).agreeing == 1
    assert answer(span(0, 3, 0.1)).agreeing == 0


def test_a_list_holds_every_item_once() -> None:
    found = answer(span(0, 3, 0.9), span(30, 36, 0.8), span(13, 20, 0.4), as_list=True)
    assert [(item.text, item.citations) for item in found.items] == [("IBM", (1, 2)), ("Amazon", (3,))]
    assert found.text == "IBM; Amazon"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("IBM", "the IBM Corp.", True),
        ("Amazon's", "Amazon", True),
        ("Apple Inc.", "apple", True),
        ("red cars", "Red car", True),
        ("gas", "ga", False),
        ("status", "statu", False),
        ("IBM", "IBM software", False),
        ("2.4", "24", False),
        ("日本", "日本", True),
        ("!!", "??", False),
    ],
)
def test_items_are_merged_when_they_are_the_same_thing(one: str, other: str, same: bool) -> None:
    document = Document("a", f"{one} | {other}")
    spans = [span(0, len(one), 0.9, document), span(len(one) + 3, len(document.text), 0.8, document)]
    assert len(answer(*spans, as_list=True).items) == (1 if same else 2)


def test_nothing_over_the_threshold_is_no_answer_but_shows_the_closest() -> None:
    found = answer(span(0, 3, 0.4))
    assert not found.answered
    assert (found.items, found.citations, found.confidence) == ((), (), 0.4)
    assert [citation.quote for citation in found.closest] == ["IBM stopped."]
    assert found.text == "Not found in your documents."


@pytest.mark.parametrize("spans", [(), (span(0, 3, 0.9),), (span(0, 3, 0.9), span(30, 36, 0.8))])
def test_the_json_keeps_the_schema_and_comes_back(spans: tuple[Span, ...]) -> None:
    found = answer(*spans, as_list=True)
    value = json.loads(json.dumps(found.to_json()))
    jsonschema.validate(value, schema(), cls=jsonschema.Draft202012Validator)
    assert Answer.from_json(value).to_json() == value


def test_the_schema_refuses_an_answer_without_citations() -> None:
    value = answer(span(0, 3, 0.9)).to_json() | {"citations": []}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, schema(), cls=jsonschema.Draft202012Validator)
