"""A conversation goes on at every door as on the page: with what was answered, not the questions alone."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from qa import Answer, Service, Turn
from quoth.openai_api.text import text_of, turn_of
from tests.quoth.test_doors import SCHEMA, client, mcp
from tests.quoth.web.live import Live, live
from tests.waiting import PATIENCE

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
STONE = (
    "The Rosetta Stone was found by Pierre Bouchard in 1799.\n\n"
    "The museums that lent stones are the Louvre, the Prado and the Uffizi."
)
PEOPLE = "Pierre Bouchard was born in 1771.\n\nAnn Carter was born in 1780.\n\nKarl Benz was born in 1844."
FIRST, SECOND = "Who found the Rosetta Stone?", "When was he born?"
MANY = "Which museums lent stones?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with Service.open(tmp_path_factory.mktemp("talk") / "library") as service:
        service.add_documents([("stone [2].txt", STONE), ("people.txt", PEOPLE)])
        assert service.wait_until_embedded(PATIENCE)
        with live(service) as running:
            yield running


@pytest.fixture(scope="module")
def expected(server: Live) -> dict[str, Any]:
    """What the service says with the whole turn, which the question alone would not bring about."""
    first = server.service.ask(FIRST)
    turn = Turn(FIRST, first.text, first.citations[0].name)
    answer = server.service.ask(SECOND, [turn])
    assert answer.question != server.service.ask(SECOND, [FIRST]).question
    return same(answer.to_json())


def same(answer: Any) -> dict[str, Any]:
    return {**answer, "milliseconds": 0}


def test_chat_completions_go_on(server: Live, expected: dict[str, Any]) -> None:
    said: list[Any] = [{"role": "user", "content": FIRST}]
    first = client(server).chat.completions.create(model="quoth", messages=said)
    said += [
        {"role": "assistant", "content": first.choices[0].message.content},
        {"role": "user", "content": SECOND},
    ]
    second = client(server).chat.completions.create(model="quoth", messages=said)
    assert same((second.model_extra or {})["answer"]) == expected


def test_responses_go_on(server: Live, expected: dict[str, Any]) -> None:
    first = client(server).responses.create(model="quoth", input=FIRST)
    said: list[Any] = [
        {"role": "user", "content": FIRST},
        *(item.model_dump() for item in first.output),
        {"role": "user", "content": SECOND},
    ]
    second = client(server).responses.create(model="quoth", input=said)
    assert same((second.model_extra or {})["answer"]) == expected


def test_mcp_goes_on(server: Live, expected: dict[str, Any]) -> None:
    first = mcp(f"{server.url}/mcp", "ask", question=FIRST)
    turn = {"question": FIRST, "answer": first["text"], "title": first["citations"][0]["name"]}
    assert same(mcp(f"{server.url}/mcp", "ask", question=SECOND, history=[turn])) == expected


@pytest.mark.parametrize("question", [FIRST, MANY, "How much does the Rosetta Stone weigh?"])
def test_the_text_of_a_message_gives_its_turn_back(question: str, server: Live) -> None:
    answer = server.service.ask(question)
    turn = turn_of(question, text_of(answer, "http://x/{id}"))
    name = answer.citations[0].name.replace("[", "(").replace("]", ")") if answer.answered else ""
    assert turn == Turn(question, answer.text if answer.answered else "", name)


def test_the_name_of_a_scanned_page_s_document_is_told_from_where_it_was_read(server: Live) -> None:
    answer = server.service.ask(FIRST)
    scanned = tuple(replace(one, page=3, scanned=True) for one in answer.citations)
    text = text_of(replace(answer, citations=scanned), "http://x/{id}")
    assert "page 3, read from a picture" in text
    assert turn_of(FIRST, text).title == "stone (2).txt"


@pytest.mark.parametrize("text", ["", "I don't know.", "A\n\nB", "[1] “x” ([n](u))", "\n\n[1] “x” (n)"])
def test_another_text_is_no_answer_of_quoths(text: str) -> None:
    assert turn_of(FIRST, text) == Turn(FIRST)


def test_a_stream_of_responses_makes_the_whole_response(server: Live) -> None:
    events = list(client(server).responses.create(model="quoth", input=MANY, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = [event.type for event in events]
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    whole: Any = events[-1].response  # type: ignore[union-attr]
    assert whole.output_text == text == client(server).responses.create(model="quoth", input=MANY).output_text
    added = [event.annotation for event in events if event.type == "response.output_text.annotation.added"]
    assert len(added) == len(whole.output[0].content[0].annotations) > 0
    assert same(whole.model_extra["answer"]) == same(server.service.ask(MANY).to_json())


def test_the_helper_that_gathers_a_stream_gathers_this_one(server: Live) -> None:
    with client(server).responses.stream(model="quoth", input=FIRST) as stream:
        stream.until_done()
        assert "Pierre Bouchard" in stream.get_final_response().output_text


def test_the_answers_so_far_go_out_before_the_text(server: Live) -> None:
    said: Any = [{"role": "user", "content": MANY}]
    chunks = list(client(server).chat.completions.create(model="quoth", messages=said, stream=True))
    so_far = [(chunk.model_extra or {}).get("answer") for chunk in chunks]
    first_text = next(n for n, chunk in enumerate(chunks) if chunk.choices[0].delta.content)
    grown = list(server.service.stream(MANY))
    assert [same(answer) for answer in so_far[:first_text]] == [same(one.to_json()) for one in grown]
    for answer in filter(None, so_far):
        jsonschema.validate(answer, SCHEMA)
        assert Answer.from_json(answer)


def test_a_question_that_can_not_be_asked_is_an_error_and_no_stream(server: Live) -> None:
    for path, body in (("chat/completions", {"messages": said(" ")}), ("responses", {"input": " "})):
        reply = server.request("POST", f"/v1/{path}", {**body, "stream": True})
        assert reply.status == 400
        assert "The question is empty" in reply.json["error"]["message"]


def said(question: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": question}]


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_a_tool_adds_a_file_by_its_content(server: Live) -> None:
    url = f"{server.url}/mcp"
    html = b"<html><body><h1>Towers</h1><p>The tower of Pisa leans.</p></body></html>"
    (added,) = mcp(url, "add", name="a/../../towers.html", content=base64_of(html), collection="t")[
        "outcomes"
    ]
    assert (added["name"], added["status"]) == ("towers.html", "added")
    assert "<p>" not in mcp(url, "fetch", document_id=added["document_id"])["text"]
    (again,) = mcp(url, "add", name="towers.html", content=base64_of(html), collection="t")["outcomes"]
    assert again["status"] == "unchanged"
    (failed,) = mcp(url, "add", name="towers.pdf", content=base64_of(b"no pdf"), collection="t")["outcomes"]
    assert failed["status"] == "failed"
    assert str(server.uploads) not in json.dumps(failed)
    server.service.remove(added["document_id"])
    assert list(server.uploads.rglob("*towers*")) == []


def test_an_archive_gives_a_document_for_each_file(server: Live) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "One line.")
        archive.writestr("b.txt", "Another line.")
    outcomes = mcp(
        f"{server.url}/mcp", "add", name="two.zip", content=base64_of(packed.getvalue()), collection="z"
    )["outcomes"]
    assert [one["name"] for one in outcomes] == ["two.zip/a.txt", "two.zip/b.txt"]
    for one in outcomes:
        server.service.remove(one["document_id"])
