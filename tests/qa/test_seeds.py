"""The documents that the chat opens with, asked: what each answer shows, its sentences included, is held."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from qa import Service
from tests.waiting import PATIENCE

SEEDS = Path(__file__).parents[2] / "seeds"
QUESTIONS = json.loads(Path(__file__).with_name("seeds_questions.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with Service.open(tmp_path_factory.mktemp("seeds")) as service:
        assert {synced.status for synced in service.sync(SEEDS)} == {"added"}
        assert service.wait_until_embedded(PATIENCE)
        yield service


def asked(one: dict[str, Any]) -> Any:
    """A question for the test below; one that is `missed` must fail until the reader gets it right."""
    missed = pytest.mark.xfail(strict=True, reason=one.get("missed", ""))
    return pytest.param(one["question"], one["answer_contains"], marks=[missed] if "missed" in one else [])


@pytest.mark.parametrize(("question", "contains"), [asked(one) for one in QUESTIONS])
def test_the_seeds_answer(seeds: Service, question: str, contains: Sequence[str]) -> None:
    """A question whose `answer_contains` is empty is not answered by the seeds."""
    answer = seeds.ask(question)
    shown = " ".join([answer.text, *(citation.sentence for citation in answer.citations)])
    assert answer.answered is bool(contains)
    assert all(part in shown for part in contains), shown
