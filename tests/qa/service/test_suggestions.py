"""Suggested questions come from headings, tables and defined terms; those answered surely are kept."""

from pathlib import Path

import pytest

from index import Document, UnknownDocument
from index.loaders import load_bytes
from qa import Service
from qa.answering.answerer import SURE
from qa.service.suggestions import MOST, Suggestions
from qa.wording import candidates

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

INVOICE = """Item: Mini excavator | Unit price: £184.00
Item: Garden roller | Unit price: £12.50
Item: Cement mixer | Unit price: £48.00

The deposit is £95.
"""


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


def test_the_same_is_not_offered_of_each_row(tmp_path: Path) -> None:
    rows = [one.question for one in candidates(Document("a.txt", INVOICE)) if "unit price" in one.question]
    assert len(rows) == 3
    with Service.open(tmp_path / "library") as service:
        (outcome,) = service.add_documents([("a.txt", INVOICE)])
        found = Suggestions(service).of(outcome.document_id or "")
    assert sum("unit price" in question for question in found) == 1
    assert "How much is the deposit?" in found


# Of kinds that people have, under names that say nothing.
ORDINARY = {
    "scan0012.txt": "INVOICE\n\nMill Plumbing Ltd\nInvoice number: MP-2291\nDue date: 3 April 2026\n"
    "Customer: Mrs H. Okafor\n\nReplaced the mixer tap\nTotal due: £322.20\n",
    "Re.eml": "From: Tom <tom@example.org>\nSubject: Re: boiler\n\nHi Priya,\n\nThe engineer will come on "
    "Thursday 19 February. If nobody is in, we charge a missed visit fee of £60.\n\nTom\n",
    "doc.md": "# Home working policy\n\nIt applies to all employees.\n\n## Working abroad\n\nWorking from "
    "another country is allowed for at most 20 days a year.\n",
    "final.txt": "Ada Lovelace\nLeeds\n\nExperience\nClerk, Northgate Foods, Leeds (since 2019)\n\n"
    "Languages\nEnglish, Welsh\n",
    "notes.txt": "Minutes of the garden committee meeting\n\nPresent: Olga Brandt, Sam Iyer\n\n"
    "1. The pond\nThe pond will be cleaned in May.\n",
}


def test_ordinary_documents_give_questions_whatever_their_names(tmp_path: Path) -> None:
    with Service.open(tmp_path / "library") as service:
        outcomes = service.add_documents([load_bytes(text.encode(), name) for name, text in ORDINARY.items()])
        found = {one.name: service.suggestions.of(one.document_id or "") for one in outcomes}
    assert not [name for name, questions in found.items() if not 1 <= len(questions) <= MOST], found
