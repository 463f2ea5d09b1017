"""Suggested questions come from headings, tables and defined terms; those answered surely are kept."""

from pathlib import Path

import pytest

from index import Document, UnknownDocument
from index.loaders import load_bytes
from qa import Service
from qa.answerer import SURE
from qa.suggestions import MOST, Suggestions, candidates

MANUAL = """# The Ellery pump

The Ellery pump is a pump for small boats. It is made by the Harbour Trust (HT) in one factory.
The valve at its foot is called the foot valve. In this manual, "operator" means the person at the pump.

## How often is the filter changed?

The filter is changed every 90 days.

## Create Issue

Click the button.

| part | weight |
|---|---|
| filter | 120 g |
| hose | 900 g |
"""


def asked(text: str, name: str = "manual.md") -> list[str]:
    return [one.question for one in candidates(load_bytes(text.encode(), name))]


def test_headings_tables_and_terms_become_questions() -> None:
    questions = asked(MANUAL)
    assert {
        "What is the Ellery pump?",
        "What is the foot valve?",
        "What does “operator” mean?",
        "How often is the filter changed?",
        "What is the weight of filter?",
    } <= set(questions)
    assert not [question for question in questions if "Create" in question], "a command names no thing"


def test_a_short_form_is_asked_for_only_where_it_is_one() -> None:
    right = "We thank the European Space Agency (ESA) for its help."
    wrong = "We thank the European Space Agency (NASA) for its help."
    assert asked(right, "a.txt") == ["What does ESA stand for?"]
    assert asked(wrong, "a.txt") == []


@pytest.mark.parametrize(
    "text",
    [
        "It is a house. This is the rule.",
        "2020 | 2021\n1 | 2",
        "a",
        "# 1.2\n\nText.",
        "# A\n\nB.\n\n## The text\n\nC.",
    ],
)
def test_what_names_nothing_becomes_no_question(text: str) -> None:
    assert asked(text, "a.md") == []


def test_every_candidate_stands_at_a_place_of_its_document() -> None:
    document = load_bytes(MANUAL.encode(), "manual.md")
    for one in candidates(document):
        assert 0 <= one.start < one.end <= len(document.text)


def test_those_answered_surely_from_their_own_place_are_kept_and_known(tmp_path: Path) -> None:
    with Service.open(tmp_path / "library") as service:
        (outcome,) = service.add_documents([load_bytes(MANUAL.encode(), "manual.md")])
        suggestions = Suggestions(service)
        found = suggestions.of(outcome.document_id or "")
        assert 1 <= len(found) <= MOST
        for question in found:
            answer = service.ask(question)
            assert answer.confidence >= SURE
            assert {one.name for one in answer.citations} == {"manual.md"}
        assert suggestions.of(outcome.document_id or "") is found
        service.remove(outcome.document_id or "")
        with pytest.raises(UnknownDocument):
            suggestions.of(outcome.document_id or "")


def test_a_question_that_another_document_answers_is_not_offered(tmp_path: Path) -> None:
    with Service.open(tmp_path / "library") as service:
        service.add_documents([("a.txt", "The foot valve is a valve at the foot of the pump.")])
        heading = Document("b.md", "Title\n\nThe foot valve\n\nSee elsewhere.")
        (outcome,) = service.add_documents([heading])
        assert Suggestions(service).of(outcome.document_id or "") == []
