"""What an operator sees, and that no text, name or question is in it."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.index.library.test_picture_worker import SCAN
from tests.quoth.web.live import QUESTION, Live, library, live
from tests.waiting import PATIENCE, until

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
UNANSWERED = "What is the boiling point of tungsten?"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with library(tmp_path_factory.mktemp("monitored")) as service, live(service) as running:
        yield running


def figures(server: Live) -> dict[str, float]:
    reply = server.request("GET", "/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    lines = reply.body.decode().splitlines()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines) if name[0] != "#"
    }


def test_answers_are_counted_by_form_at_every_door(server: Live) -> None:
    before = figures(server)
    assert before['quoth_answers_total{form="none"}'] == before["quoth_answer_seconds_count"] == 0
    server.call("ask", [QUESTION])
    server.call("ask", [UNANSWERED])
    server.request("POST", "/v1/responses", {"input": QUESTION})
    server.request("POST", "/v1/responses", {"input": " "})
    scope = {"collection": "", "documents": []}
    server.page("ask", {"question": QUESTION, "number": 1, "history": [], "scope": scope})
    after = figures(server)
    assert after['quoth_answers_total{form="phrase"}'] == 3
    assert after['quoth_answers_total{form="none"}'] == 1
    assert after["quoth_answer_seconds_count"] == after['quoth_answer_seconds_bucket{le="+Inf"}'] == 4
    assert 0 < after["quoth_answer_seconds_sum"] < 60
    assert after['quoth_requests_total{door="openai",status="200"}'] == 1
    assert after['quoth_requests_total{door="openai",status="400"}'] == 1
    assert after['quoth_requests_total{door="gradio",status="200"}'] == 4


def test_the_library_is_counted_as_it_is_now(server: Live) -> None:
    found = figures(server)
    assert (found["quoth_documents"], found["quoth_passages"], found["quoth_waiting_passages"]) == (1, 1, 0)
    server.service.add_documents([("two.txt", "Two towers stand in Bologna.")])
    assert figures(server)["quoth_documents"] == 2


def test_no_text_question_or_name_is_among_the_figures(server: Live) -> None:
    server.call("ask", [QUESTION, [], "hidden-collection"])
    server.request("POST", "/v1/vector_stores/hidden-collection/search", {"query": QUESTION})
    server.request("GET", "/v1/files/hidden-document/content")
    text = server.request("GET", "/metrics").body.decode().lower()
    assert not re.search("svalbard|vault|hidden|seeds", text)


def test_health_says_whether_questions_can_be_answered(server: Live) -> None:
    assert server.request("GET", "/health").json == {"status": "ok"}
    folder = server.service.library.folder
    folder.rename(folder.with_name("moved"))
    reply = server.request("GET", "/health")
    assert (reply.status, reply.json["status"]) == (503, "failing")
    assert str(folder) not in str(reply.json)
    folder.with_name("moved").rename(folder)
    assert server.request("GET", "/health").status == 200


def test_work_in_the_background_that_has_failed_is_named(server: Live, tmp_path: Path) -> None:
    lock = server.service.library.folder / "pictures.lock"
    lock.mkdir()
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    server.service.add([tmp_path / "scan.pdf"])
    failing = {"status": "ok", "failing": ["pictures"]}
    until(lambda: server.request("GET", "/health").json == failing)
    found, works = figures(server), ("pictures", "vectors", "embedder")
    assert [found[f'quoth_failing{{work="{work}"}}'] for work in works] == [1, 0, 0]
    lock.rmdir()
    server.service.go_on_embedding()
    assert server.service.wait_until_embedded(PATIENCE)
    assert server.request("GET", "/health").json == {"status": "ok"}
    assert figures(server)['quoth_failing{work="pictures"}'] == 0


def test_what_open_pages_ask_for_by_themselves_is_not_logged(
    server: Live, caplog: pytest.LogCaptureFixture
) -> None:
    def doors() -> list[str]:
        return [vars(one)["facts"]["door"] for one in caplog.records if one.name == "quoth.requests"]

    with caplog.at_level(logging.INFO, "quoth.requests"):
        assert server.request("GET", "/library-state").status == 200
        assert server.request("GET", "/health").status == 200
        until(lambda: "health" in doors())  # it is logged once the answer is sent
    assert doors() == ["health"]
