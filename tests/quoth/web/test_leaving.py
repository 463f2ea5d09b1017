"""Clients that wait: those who leave free their work, and nobody waits behind them for what is quick."""

import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index import Hit, Library
from index.testing.hashed_embedder import HashedEmbedder
from qa import Reading, Service, Settings, Span
from tests.quoth.web.live import Live, live
from tests.waiting import PATIENCE, until

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
FIRST, SECOND = "Where is the meadow?", "Who owns the meadow?"
MCP = {"Accept": "application/json, text/event-stream"}


class Held:
    """A reader that begins to read and goes on when it is let."""

    threshold = 0.5

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.through = threading.Event()
        self.read_for: list[str] = []

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        self.read_for.append(question)
        self.begun.set()
        assert self.through.wait(PATIENCE)
        return Reading(
            tuple(Span(hit.passage, hit.passage.start, hit.passage.start + 5, 0.9) for hit in hits)
        )

    def judge(self, reading: Reading) -> Reading:
        return reading

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(items)


@pytest.fixture
def reader() -> Held:
    return Held()


@pytest.fixture
def server(tmp_path: Path, reader: Held) -> Iterator[Live]:
    with Service(Library.open(tmp_path, HashedEmbedder()), reader, Settings(threads=1)) as service:
        service.add_documents([("meadow.txt", "Alice owns the meadow by the river.")])
        service.wait_until_embedded(PATIENCE)
        with live(service) as running:
            yield running
            reader.through.set()


def asks(server: Live, path: str, body: Any) -> http.client.HTTPConnection:
    """A connection that has asked and waits for its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **MCP})
    return connection


def completion(question: str, stream: bool = False) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}], "stream": stream}


@contextmanager
def nothing_read_for_who_leaves(server: Live, reader: Held) -> Iterator[list[http.client.HTTPConnection]]:
    """While another question is read, inside a connection asks the second one; then it leaves."""
    first = asks(server, "/v1/chat/completions", completion(FIRST))
    assert reader.begun.wait(PATIENCE)
    leaving: list[http.client.HTTPConnection] = []
    yield leaving
    until(lambda: server.service.queue.questions == 2)
    leaving[0].close()
    until(lambda: server.service.queue.questions == 1)
    reader.through.set()
    assert json.loads(first.getresponse().read())["answer"]["answered"]
    first.close()
    assert set(reader.read_for) == {FIRST}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", completion(SECOND)),
        ("/v1/chat/completions", completion(SECOND, stream=True)),
        ("/v1/responses", {"input": SECOND}),
        (
            "/mcp",
            {
                "jsonrpc": "2.0",
                "id": 1,
                "method": "tools/call",
                "params": {"name": "ask", "arguments": {"question": SECOND}},
            },
        ),
    ],
    ids=["completion", "stream", "response", "mcp"],
)
def test_nothing_is_read_for_a_client_that_left(server: Live, reader: Held, path: str, body: Any) -> None:
    with nothing_read_for_who_leaves(server, reader) as leaving:
        leaving.append(asks(server, path, body))


@pytest.mark.parametrize("page", [False, True], ids=["api", "page"])
def test_nothing_is_read_for_a_session_that_left(server: Live, reader: Held, page: bool) -> None:
    with nothing_read_for_who_leaves(server, reader) as leaving:
        path = joined(server) if page else called(server)
        leaving.append(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE))
        leaving[0].request("GET", path)
        leaving[0].getresponse().fp.readline()  # it listens


def called(server: Live) -> str:
    """Where the answer to a call of the Gradio API is to be had."""
    begun = server.request("POST", "/gradio_api/call/ask", {"data": [SECOND]})
    return f"/gradio_api/call/ask/{begun.json['event_id']}"


def joined(server: Live) -> str:
    """Where the page listens for the answer to its question."""
    scope = {"collection": "", "documents": [], "metadata": {}}
    return server.join("ask", {"question": SECOND, "number": 1, "history": [], "scope": scope})


def test_what_is_quick_does_not_wait_behind_those_who_wait_for_answers(server: Live, reader: Held) -> None:
    waiting = [asks(server, "/v1/chat/completions", completion(f"{FIRST} {number}")) for number in range(60)]
    until(lambda: server.service.queue.questions == len(waiting))
    assert server.request("GET", "/health").json == {"status": "ok"}
    found = server.request("POST", "/v1/vector_stores/default/search", {"query": SECOND})
    assert found.json["data"][0]["filename"] == "meadow.txt"
    reader.through.set()
    for connection in waiting:
        assert json.loads(connection.getresponse().read())["answer"]["answered"]
        connection.close()
