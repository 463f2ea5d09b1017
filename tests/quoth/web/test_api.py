"""The API on a live server: gradio_client and plain HTTP against what the Service says itself."""

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from index import Filter
from qa import Answer, Service
from tests.quoth.web.browser import Running
from tests.quoth.web.seed_questions import ALL, COMPANIES, SEEDS, UNANSWERABLE
from tests.waiting import PATIENCE


@pytest.fixture(scope="module")
def server(seeded: Running) -> Running:
    return seeded


@pytest.fixture(scope="module")
def url(server: Running) -> str:
    return server.url


@pytest.fixture(scope="module")
def service(seeds: Service) -> Service:
    return seeds


@pytest.fixture(scope="module")
def client(url: str) -> Client:
    return Client(url, verbose=False, analytics_enabled=False)


def same(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without what differs from one time to the next."""
    return {key: value for key, value in answer.items() if key != "milliseconds"}


def post(address: str, body: object) -> dict[str, Any]:
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        value: dict[str, Any] = json.load(response)
        return value


def events(address: str) -> list[tuple[str, Any]]:
    """The server-sent events at that address, to the end."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as response:
        blocks = response.read().decode().strip().split("\n\n")
    pairs = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
    return [(pair["event"], json.loads(pair["data"])) for pair in pairs if pair["event"] != "heartbeat"]


def call(url: str, endpoint: str, data: list[Any]) -> list[tuple[str, Any]]:
    """What plain HTTP gets for a call with these arguments."""
    event = post(f"{url}gradio_api/call/{endpoint}", {"data": data})["event_id"]
    return events(f"{url}gradio_api/call/{endpoint}/{event}")


def test_five_documented_endpoints_are_public_and_nothing_else(client: Client) -> None:
    described = client.view_api(return_format="dict", print_info=False)
    assert sorted(described["named_endpoints"]) == ["/add", "/ask", "/documents", "/remove", "/search"]
    assert described["unnamed_endpoints"] == {}
    parameters = {
        name: [parameter["parameter_name"] for parameter in endpoint["parameters"]]
        for name, endpoint in described["named_endpoints"].items()
    }
    assert parameters["/ask"] == ["question", "history", "collection", "metadata"]
    assert parameters["/search"] == ["question", "limit", "collection", "metadata"]
    assert parameters["/add"] == ["files", "collection"]
    assert parameters["/documents"] == ["collection", "metadata"]
    assert parameters["/remove"] == ["document", "collection"]
    for endpoint in described["named_endpoints"].values():
        assert endpoint["description"]
        assert all(len(parameter["label"]) > 5 for parameter in endpoint["parameters"])


def test_ask_gives_the_answer_of_the_service(client: Client, service: Service) -> None:
    answer = client.predict(SEEDS, api_name="/ask")
    assert same(answer) == same(service.ask(SEEDS).to_json())
    assert answer["answered"]
    for citation in answer["citations"]:
        text = service.document(citation["document_id"]).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_streams_growing_answers(client: Client, service: Service) -> None:
    outputs = list(client.submit(COMPANIES, api_name="/ask"))
    expected = [answer.to_json() for answer in service.stream(COMPANIES)]
    assert len(outputs) >= len(expected)
    assert same(outputs[-1]) == same(expected[-1])
    assert all(Answer.from_json(output).question == COMPANIES for output in outputs)


def test_ask_resolves_a_question_by_the_earlier_ones(client: Client, service: Service) -> None:
    history = ["How long did Amazon stop police use of Rekognition?"]
    answer = client.predict("Why did it do that?", history, api_name="/ask")
    assert answer["question"] == service.ask("Why did it do that?", history).question
    assert "Rekognition" in answer["question"]


def test_a_question_without_an_answer_is_no_error(client: Client) -> None:
    answer = client.predict(UNANSWERABLE, api_name="/ask")
    assert not answer["answered"]
    assert answer["citations"] == [] and answer["closest"]


def test_metadata_limit_what_is_looked_in(client: Client, service: Service) -> None:
    stone = next(info for info in service.documents() if info.name == "rosetta-stone.md")
    having = {"source": stone.metadata["source"]}
    listed = client.predict(metadata=having, api_name="/documents")
    assert [one["id"] for one in listed] == [stone.id]
    found = client.predict("seed vault", metadata=having, api_name="/search")
    assert {one["name"] for one in found} == {"rosetta-stone.md"}
    assert not client.predict(SEEDS, metadata={"source": "nowhere"}, api_name="/ask")["answered"]
    with pytest.raises(AppError, match="metadata source is 7, but must be text"):
        client.predict(metadata={"source": 7}, api_name="/documents")


def test_search_gives_the_passages_of_the_service(client: Client, service: Service) -> None:
    found = client.predict("seed vault", 3, api_name="/search")
    hits = service.search("seed vault", 3)
    assert [one["text"] for one in found] == [hit.passage.text for hit in hits]
    assert [one["score"] for one in found] == [pytest.approx(hit.score, abs=1e-4) for hit in hits]
    assert found == [hit.to_json() for hit in hits]


def test_added_files_answer_until_they_are_removed(client: Client, tmp_path: Path) -> None:
    good, empty = tmp_path / "wombats (1) [x].txt", tmp_path / "empty.txt"
    good.write_text("The purple wombat of Ganymede eats only basalt and sleeps for nine days.\n")
    empty.write_text("")
    added, failed = client.predict([handle_file(good), handle_file(empty)], "animals", api_name="/add")
    assert (added["name"], added["status"]) == (good.name, "added")
    assert (failed["name"], failed["status"]) == ("empty.txt", "failed")
    assert "empty" in failed["reason"]
    question = "What does the purple wombat of Ganymede eat?"
    answer = client.predict(question, None, "animals", api_name="/ask")
    # Whether the reader is sure enough is not the API's business; where it looked is.
    assert {citation["name"] for citation in answer["citations"] + answer["closest"]} == {good.name}
    assert answer["searched"]["documents"] == 1
    good.write_text("The purple wombat of Ganymede eats nothing but wet gravel.\n")
    (replaced,) = client.predict([handle_file(good)], "animals", api_name="/add")
    assert (replaced["name"], replaced["status"]) == (good.name, "replaced")
    assert [info["name"] for info in client.predict("animals", api_name="/documents")] == [good.name]
    removed = client.predict(good.name, "animals", api_name="/remove")
    assert removed["id"] == replaced["document_id"]
    assert client.predict("animals", api_name="/documents") == []
    with pytest.raises(AppError, match="There is no collection 'animals'"):
        client.predict(question, None, "animals", api_name="/ask")


def test_documents_lists_what_the_service_lists(client: Client, service: Service) -> None:
    listed = client.predict("default", api_name="/documents")
    assert [(one["id"], one["name"], one["passages"], one["embedded"]) for one in listed] == [
        (info.id, info.name, info.passages, info.passages)
        for info in service.documents(Filter(collections=("default",)))
    ]


@pytest.mark.parametrize(
    ("endpoint", "arguments", "message"),
    [
        ("/ask", (" ? ",), "The question is empty"),
        ("/ask", ("x " * 2000,), "at most 2,000"),
        ("/ask", (5,), "question is 5, but must be text"),
        ("/ask", ("Why?", [5]), "history must hold questions"),
        ("/search", ("seeds", 0), "limit is 0, but must be a whole number from 1 to 100"),
        ("/remove", ("no such.txt",), "There is no document 'no such.txt'"),
    ],
)
def test_a_mistake_gets_the_message_of_the_error(
    client: Client, endpoint: str, arguments: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(AppError, match=message.replace("?", r"\?")):
        client.predict(*arguments, api_name=endpoint)


def test_questions_at_the_same_time_are_all_answered(client: Client, service: Service) -> None:
    questions = [*ALL] * 4
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda question: client.predict(question, api_name="/ask"), questions))
    expected = {question: same(service.ask(question).to_json()) for question in set(questions)}
    assert [same(answer) for answer in answers] == [expected[question] for question in questions]


def test_plain_http_asks_in_two_steps(url: str, service: Service) -> None:
    *_, (event, (answer,)) = call(url, "ask", [SEEDS, [], None])
    assert event == "complete"
    assert same(answer) == same(service.ask(SEEDS).to_json())


def test_plain_http_takes_arguments_by_name(url: str, service: Service) -> None:
    begun = post(f"{url}gradio_api/call/v2/ask", {"question": SEEDS})
    *_, (event, (answer,)) = events(f"{url}gradio_api/call/v2/ask/{begun['event_id']}")
    assert event == "complete"
    assert same(answer) == same(service.ask(SEEDS).to_json())


def test_plain_http_gets_the_message_of_an_error_and_no_traceback(url: str) -> None:
    ((event, error),) = call(url, "ask", ["", [], None])
    assert event == "error"
    assert error["error"] == "The question is empty. Type a few words."
    assert "Traceback" not in json.dumps(error)


def test_a_request_cannot_make_the_server_read_its_own_files(
    url: str, service: Service, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The password of the server is swordfish.\n")
    before = service.documents()
    meta = {"_type": "gradio.FileData"}
    for file in (str(secret), {"path": str(secret)}, {"path": str(secret), "meta": meta}):
        ((event, _),) = call(url, "add", [[file], None])
        assert event == "error"
    assert service.documents() == before
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{url}gradio_api/file={secret}", timeout=PATIENCE)


def test_a_request_cannot_make_the_server_fetch_an_address(server: Running) -> None:
    address = {"path": "http://example.com/x.txt", "meta": {"_type": "gradio.FileData"}}
    ((event, error),) = call(server.url, "add", [[address], None])
    assert event == "error"
    assert "Quoth fetches nothing from other machines" in error["error"] or "uploaded" in error["error"]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{server.url}gradio_api/file=http://example.com/x.txt", timeout=PATIENCE)


def test_no_library_keeps_a_record_to_report(server: Running, client: Client) -> None:
    client.predict(SEEDS, api_name="/ask")
    assert list((server.log.parent / "cache").rglob("*onnxruntime*")) == []


def test_a_page_from_elsewhere_that_names_itself_to_this_server_is_turned_away(url: str) -> None:
    request = urllib.request.Request(f"{url}gradio_api/info", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request, timeout=PATIENCE)
