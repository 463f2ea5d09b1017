"""One contract for every door: the same questions get the same Answer, whoever asks."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import openai
import pytest
from mcp import Client, StdioServerParameters

from quoth.cli import main
from tests.quoth.web.live import Live, library, live
from tests.waiting import ran

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

QUESTIONS: tuple[tuple[str, list[str]], ...] = (
    ("When did the Svalbard vault open?", []),
    ("What does it store?", ["What is the Svalbard vault?"]),
    ("What is the boiling point of tungsten?", []),
)
SCHEMA = json.loads((Path(__file__).parents[2] / "qa" / "answer.schema.json").read_text("utf-8"))
Ask = Callable[[Live, str, list[str]], Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with library(tmp_path_factory.mktemp("doors")) as service, live(service) as running:
        yield running


def client(server: Live) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0)


def messages(question: str, history: list[str]) -> list[Any]:
    earlier = [
        {"role": role, "content": content}
        for asked in history
        for role, content in (("user", asked), ("assistant", "An answer."))
    ]
    return [*earlier, {"role": "user", "content": question}]


def by_gradio(server: Live, question: str, history: list[str]) -> Any:
    event, (answer,) = server.call("ask", [question, history])
    assert event == "complete"
    return answer


def by_chat_completions(server: Live, question: str, history: list[str]) -> Any:
    done = client(server).chat.completions.create(model="quoth", messages=messages(question, history))
    return done.model_extra and done.model_extra["answer"]


def by_streamed_chat_completions(server: Live, question: str, history: list[str]) -> Any:
    stream = client(server).chat.completions.create(
        model="quoth", messages=messages(question, history), stream=True
    )
    *_, last = stream
    return last.model_extra and last.model_extra["answer"]


def by_responses(server: Live, question: str, history: list[str]) -> Any:
    done = client(server).responses.create(model="quoth", input=messages(question, history))
    return done.model_extra and done.model_extra["answer"]


def by_mcp(server: Live, question: str, history: list[str]) -> Any:
    return mcp(f"{server.url}/mcp", "ask", question=question, history=history)


def mcp(server: Any, tool: str, **arguments: Any) -> Any:
    """What a tool gives to the real client."""

    async def called() -> Any:
        async with Client(server) as client:
            result = await client.call_tool(tool, arguments)
            assert not result.is_error, result.content
            return result.structured_content

    return ran(called)


DOORS: dict[str, Ask] = {
    "Gradio": by_gradio,
    "chat completions": by_chat_completions,
    "streamed chat completions": by_streamed_chat_completions,
    "responses": by_responses,
    "MCP": by_mcp,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("question", "history"), QUESTIONS)
def test_every_door_gives_the_answer_of_the_service(
    door: str, question: str, history: list[str], server: Live
) -> None:
    answer = DOORS[door](server, question, history)
    jsonschema.validate(answer, SCHEMA)
    expected = server.service.ask(question, history).to_json()
    assert answer | {"milliseconds": 0} == expected | {"milliseconds": 0}


def test_the_shell_gives_the_answer_of_the_service(server: Live, capsys: pytest.CaptureFixture[str]) -> None:
    for question in (question for question, history in QUESTIONS if not history):
        main(["ask", question, "--json", "--library", str(server.service.settings.library)])
        answer = json.loads(capsys.readouterr().out)
        expected = server.service.ask(question).to_json()
        assert answer | {"milliseconds": 0} == expected | {"milliseconds": 0}


def test_the_text_of_a_completion_has_quotes_and_links_that_lead_to_the_document(server: Live) -> None:
    done = client(server).chat.completions.create(model="quoth", messages=messages(QUESTIONS[0][0], []))
    text = done.choices[0].message.content or ""
    (info,) = server.service.documents()
    assert text.startswith("2008 [1]\n\n[1] “The Svalbard vault opened in 2008.” ([vault.txt](")
    link = f"/v1/files/{info.id}/content"
    assert f"({server.url}{link})" in text
    assert server.request("GET", link).body.decode() == server.service.document(info.id).text


def test_a_stream_makes_the_same_text(server: Live) -> None:
    def asked(**how: Any) -> Any:
        return client(server).chat.completions.create(
            model="quoth", messages=messages(QUESTIONS[0][0], []), **how
        )

    parts = [chunk.choices[0].delta.content or "" for chunk in asked(stream=True)]
    assert "".join(parts) == asked().choices[0].message.content
    assert len(parts) > 3


def test_a_refusal_says_so_and_shows_the_nearest_sentences(server: Live) -> None:
    done = client(server).chat.completions.create(model="quoth", messages=messages(QUESTIONS[2][0], []))
    assert (done.choices[0].message.content or "").startswith(
        "No sure answer.\n\nThe nearest sentences:\n[1] “"
    )


def test_a_response_has_file_citations_at_their_places(server: Live) -> None:
    done = client(server).responses.create(model="quoth", input=QUESTIONS[0][0])
    content: Any = done.output[0].content[0]  # type: ignore[union-attr, index]
    (citation,) = content.annotations
    assert (citation.type, citation.filename) == ("file_citation", "vault.txt")
    assert citation.file_id == server.service.documents()[0].id
    assert content.text[citation.index :].startswith("[1] “The Svalbard vault opened in 2008.”")
    assert done.output_text == content.text


def test_a_collection_is_searched_as_a_vector_store(server: Live) -> None:
    page = client(server).vector_stores.search("default", query="seeds", max_num_results=3)
    hits = server.service.search("seeds", 3)
    assert [one.content[0].text for one in page.data] == [hit.passage.text for hit in hits]
    assert [one.file_id for one in page.data] == [hit.passage.document.id for hit in hits]


def test_the_one_model_is_listed(server: Live) -> None:
    assert [model.id for model in client(server).models.list()] == ["quoth"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "messages is None, but must be a list"),
        ({"messages": [7]}, "messages holds 7, but each must be an object"),
        ({"messages": []}, "no message of the user"),
        ({"messages": [{"role": "user", "content": 7}]}, "content is 7, but must be text"),
        ({"messages": [{"role": "user", "content": " "}]}, "The question is empty"),
        (
            {"messages": [{"role": "user", "content": "Why?"}], "metadata": [1]},
            "metadata is [1], but must be",
        ),
        (
            {"messages": [{"role": "user", "content": "Why?"}], "metadata": {"collection": "vautl"}},
            "There is no collection 'vautl'. There are: default.",
        ),
        ([], "The body is no JSON object"),
        (b"{", "The body is no JSON"),
        (b"[" * 100_000, "The body is no JSON"),
        (b"\xff\xfe", "The body is no JSON"),
    ],
)
def test_a_mistake_is_an_error_in_the_shape_that_clients_show(body: Any, words: str, server: Live) -> None:
    reply = server.request("POST", "/v1/chat/completions", body)
    assert reply.status == 400
    assert words in reply.json["error"]["message"]
    assert reply.json["error"]["type"] == "invalid_request_error"


def test_an_unknown_collection_or_document_is_named(server: Live) -> None:
    with pytest.raises(openai.BadRequestError, match="There is no collection 'vautl'"):
        client(server).vector_stores.search("vautl", query="seeds")
    assert server.request("GET", "/v1/files/nothing/content").status == 404


def test_the_tools_say_what_they_take_and_give_and_which_only_read(server: Live) -> None:
    async def listed() -> Any:
        async with Client(f"{server.url}/mcp") as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in ran(listed)}
    assert set(tools) == {"ask", "search", "fetch", "add", "documents"}
    assert [name for name, tool in tools.items() if not tool.annotations.read_only_hint] == ["add"]
    assert all(tool.output_schema["type"] == "object" and tool.description for tool in tools.values())
    assert tools["ask"].output_schema == SCHEMA


def test_a_tool_adds_finds_fetches_and_lists(server: Live) -> None:
    url = f"{server.url}/mcp"
    text = "The Rosetta Stone was found in 1799."
    (added,) = mcp(url, "add", name="stone.txt", text=text, collection="stones")["outcomes"]
    assert (added["status"], added["name"]) == ("added", "stone.txt")
    listed = mcp(url, "documents", collection="stones")["documents"]
    assert [one["id"] for one in listed] == [added["document_id"]]
    found = mcp(url, "search", question="Rosetta Stone", collection="stones")["passages"]
    assert [one["text"] for one in found] == [text]
    fetched = mcp(url, "fetch", document_id=added["document_id"], start=4, limit=7)
    assert (fetched["text"], fetched["end"], fetched["characters"]) == ("Rosetta", 11, len(text))
    server.service.remove("stone.txt", "stones")


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("ask", {"question": " "}, "The question is empty"),
        ("ask", {"question": "Why?", "collection": "vautl"}, "There is no collection 'vautl'"),
        ("search", {"question": "seeds", "limit": 0}, "limit is 0, but must be from 1 to 100"),
        ("fetch", {"document_id": "nothing"}, "nothing"),
        ("add", {"name": "a", "text": "b", "collection": "x" * 201}, "may have 200 at most"),
        ("add", {"name": "a"}, "Give either text or content"),
        ("add", {"name": "a", "text": "b", "content": "Yg=="}, "Give either text or content"),
        ("add", {"name": "a.txt", "content": "b!"}, "The content is no base64"),
        ("add", {"name": "..", "content": "Yg=="}, "name is '..', but must be the name of a file"),
        ("add", {"name": "x" * 300, "content": "Yg=="}, "can't be the name of a file"),
        ("ask", {"question": "Why?", "history": [{"question": " "}]}, "history must hold questions"),
    ],
)
def test_a_mistake_with_a_tool_is_said_in_its_words(
    tool: str, arguments: dict[str, Any], words: str, server: Live
) -> None:
    async def called() -> Any:
        async with Client(f"{server.url}/mcp") as client:
            return await client.call_tool(tool, arguments)

    result = ran(called)
    assert result.is_error
    assert words in result.content[0].text


def test_a_program_that_starts_the_command_gets_the_same_tools(server: Live) -> None:
    folder = str(server.service.settings.library)
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "quoth.cli", "mcp", "--library", folder]
    )
    question, _ = QUESTIONS[0]
    answer = mcp(command, "ask", question=question)
    expected = server.service.ask(question).to_json()
    assert answer | {"milliseconds": 0} == expected | {"milliseconds": 0}


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/mcp"])
def test_a_page_from_elsewhere_gets_nothing_at_the_other_doors_either(path: str, server: Live) -> None:
    headers = {"Origin": "http://evil.example"}
    assert server.request("POST", path, {"messages": []}, headers).status == 403
