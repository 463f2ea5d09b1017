"""Right, wrong, incomplete: on the disk before it is said to be, and a file that `quoth evaluate` reads."""

from pathlib import Path
from typing import Any

import pytest

from index import Document, LibraryError, export_library, import_library
from index.store import judgements
from index.store.judgements import Judgements
from qa import Service
from qa.access.view import View
from qa.evaluate import read_questions
from quoth.web.judging import Judging
from quoth.web.turn import ShownTurn
from tests.quoth.web.parsed import answer_of

VAULT = Document("vault.txt", "The vault opened in 2008. It is in Svalbard.")


class Event:
    """An event as Gradio hands it on."""

    def __init__(self, **request: Any) -> None:
        self.request = request


def turn(number: int = 1) -> dict[str, Any]:
    answer = answer_of(VAULT, "2008", asked="When did the vault open?")
    return ShownTurn(number, answer.asked, answer=answer, running=False).to_json()


def judge(judging: Judging, **request: Any) -> dict[str, Any]:
    return judging.judge(Event(**request))  # type: ignore[arg-type]


def test_judged_answers_outlive_the_server_and_become_questions(tmp_path: Path) -> None:
    with Service.open(tmp_path / "library") as service:
        judging = Judging(View(service))
        assert judge(judging, id="a-1", verdict="right", right=None, turn=turn())["judged"] == 1
        judge(judging, id="a-2", verdict="wrong", right="In 2009\n", turn=turn(2))
        judge(judging, id="a-3", verdict="wrong", right=None, turn=turn(3))
        assert judge(judging, id="a-3", verdict=None, turn=turn(3))["judged"] == 2
        export_library(service.library, tmp_path / "export.zip")
    import_library(tmp_path / "export.zip", tmp_path / "new")
    with Service.open(tmp_path / "new") as service:
        judging = Judging(View(service))
        assert judging.judged()["judged"] == 2
        (tmp_path / "questions.jsonl").write_text(judging.export_judged()["file"]["text"], encoding="utf-8")
        kept = Judgements(service.library.store).all()
    asked = read_questions(tmp_path / "questions.jsonl")
    assert [(one.id, one.question, one.golds) for one in asked] == [
        ("a-1", "When did the vault open?", ("2008",)),
        ("a-2", "When did the vault open?", ("In 2009",)),
    ]
    assert kept[1]["turn"]["answer"]["citations"][0]["sentence"] == "The vault opened in 2008."


@pytest.mark.parametrize(
    "request_",
    [
        {"id": "", "verdict": "right", "turn": turn()},
        {"id": "a" * 101, "verdict": "right", "turn": turn()},
        {"id": "a", "verdict": "splendid", "turn": turn()},
        {"id": "a", "verdict": ["right"], "turn": turn()},
        {"id": "a", "verdict": "wrong", "right": "x" * 20_001, "turn": turn()},
        {"id": "a", "verdict": "right", "turn": {"number": "one"}},
        {"id": 7, "verdict": "right", "turn": turn()},
        {"verdict": "right"},
    ],
)
def test_what_is_no_judgement_is_refused_and_nothing_is_kept(
    tmp_path: Path, request_: dict[str, Any]
) -> None:
    with Service.open(tmp_path / "library") as service:
        judging = Judging(View(service))
        assert judge(judging, **request_)["failed"].startswith("This was not kept.")
        assert judging.judged()["judged"] == 0


def test_there_is_a_limit_to_how_much_is_kept(tmp_path: Path) -> None:
    with Service.open(tmp_path / "library") as service:
        kept = Judgements(service.library.store, most=1)
        kept.put("a", {"id": "a"})
        kept.put("a", {"id": "a", "again": True})
        with pytest.raises(LibraryError, match="which is the limit"):
            kept.put("b", {})
        with pytest.raises(LibraryError, match="characters; the limit"):
            kept.put("a", {"text": "x" * judgements.LARGEST})
        assert kept.all() == [{"id": "a", "again": True}]
