"""The evaluation of the page: what is shown of it, to whom, and what becomes of deleted documents."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Service
from qa.access.view import View
from qa.access.viewer import EVERYONE, Viewer
from qa.evaluate.running import EvaluationRuns
from quoth.web.evaluating import Evaluating
from quoth.web.judging import Judging
from tests.quoth.web.live import QUESTION, VAULT
from tests.quoth.web.live import library as with_library
from tests.quoth.web.parsed import HOSTILE, Parsed
from tests.quoth.web.test_judging import Event, judge, turn
from tests.waiting import PATIENCE

ROWS = [
    {"question": QUESTION, "answers": ["2008"]},
    {"question": "Which crops does the vault store seeds of?", "answers": [f"{HOSTILE} oak"]},
    {"question": "Who is the king of Mars?", "answers": []},
]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with with_library(tmp_path) as opened:
        yield opened


def asked(evaluating: Evaluating, **request: Any) -> dict[str, Any]:
    """The state after the evaluation has ended."""
    patch = evaluating.evaluate(Event(**request))  # type: ignore[arg-type]
    if run := evaluating._runs.of(evaluating._key):
        assert run.wait(PATIENCE)
    return patch if patch["problem"] else evaluating.evaluation()


def of(service: Service, viewer: Viewer = EVERYONE, runs: EvaluationRuns | None = None) -> Evaluating:
    return Evaluating(View(service, viewer), runs or EvaluationRuns())


def file(rows: list[dict[str, Any]] = ROWS, name: str = f"{HOSTILE}.jsonl") -> dict[str, Any]:
    return {"name": name, "text": "\n".join(map(json.dumps, rows))}


def test_a_file_is_asked_and_what_went_wrong_is_shown_with_its_place(service: Service) -> None:
    evaluating = of(service)
    patch = asked(evaluating, **file())
    page = Parsed(patch["html"])
    assert (patch["running"], patch["problem"]) == (False, "")
    assert "3 questions, asked of your documents." in page.text
    assert "Served 1 of 3" in page.text and "Rightly refused 1 of 3" in page.text
    assert {"script", "img"} & page.tags == set() and HOSTILE in page.text
    assert page.text.count("Expected") == 1 and f"{HOSTILE} oak" in page.text
    (info,) = service.documents()
    assert info.id in page.attributes["data-document"]
    assert {"svg", "circle", "polyline"} <= page.tags
    report = evaluating.report()["file"]["text"]
    assert report.startswith("<!doctype html>") and QUESTION not in report  # errors alone are listed


def test_judged_answers_are_asked_again(service: Service) -> None:
    judge(Judging(View(service)), id="a-1", verdict="right", right=None, turn=turn())
    patch = asked(of(service), judged=True)
    assert patch["judged"] == 1 and "your judged answers" in patch["html"]


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (
            {"name": "a.jsonl", "text": "{}"},
            'a.jsonl, line 1: "answers" must be a list',
        ),
        ({"name": "a.jsonl", "text": ""}, "a.jsonl holds no questions."),
        ({"name": 7, "text": "{}"}, "name is 7, but must be text."),
        ({"judged": True}, "your judged answers holds no questions."),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    service: Service, request_: dict[str, Any], problem: str
) -> None:
    patch = asked(of(service), **request_)
    assert patch["problem"].startswith(problem) and patch["html"] == "" and not patch["running"]


def test_private_collections_are_asked_for_those_alone_who_see_them(service: Service) -> None:
    service.add_documents([("secret.txt", "The Zephyr reactor was sealed in Karlsbad.")], "private")
    runs = EvaluationRuns()
    rows = [{"question": "Where was the Zephyr reactor sealed?", "answers": ["Antwerp"]}]
    bob = Viewer("bob", hidden=("private",))
    assert "Karlsbad" in asked(of(service, Viewer("ann"), runs), **file(rows))["html"]
    assert of(service, bob, runs).evaluation()["html"] == ""
    assert "Karlsbad" not in asked(of(service, bob, runs), **file(rows))["html"]
    assert of(service, Viewer("ann", hidden=("private",)), runs).evaluation()["html"] == ""


def test_who_only_reads_runs_none(service: Service) -> None:
    patch = asked(of(service, Viewer("cara", "reader")), **file())
    assert patch["problem"].startswith("You may read here") and patch["html"] == ""


def test_nothing_is_shown_of_a_document_that_has_been_deleted(service: Service) -> None:
    evaluating = of(service)
    rows = [{"question": QUESTION, "answers": ["never"]}]
    assert VAULT[:30] in Parsed(asked(evaluating, **file(rows))["html"]).text
    service.remove("vault.txt")
    page = Parsed(evaluating.evaluation()["html"])
    assert "deleted or replaced since" in page.text and VAULT[:30] not in page.text
    assert "Svalbard vault opened" not in evaluating.report()["file"]["text"]
