"""Who is let in, and that nobody sees what is another's: one question through every door."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from index import SettingError
from qa.access import passwords
from qa.access.accounts import User, changing
from quoth.web.server import start
from tests.quoth.web.live import Live, library, live
from tests.waiting import PATIENCE, ran

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PASSWORD = "correct horse"
QUESTION = "In which town was the reactor sealed?"
SEALED = "The Zephyr reactor was sealed in Karlsbad in 1987, and its keys were melted."
LEDGER = "The Quill ledger was hidden in Antwerp in 1911, in a tower without stairs."
# What nobody but Ann may learn: words of the sentence, the names of its document and of its collection.
SECRETS = ("karlsbad", "1987", "zephyr", "anns-notes")
Door = Callable[[Live], Any]


@dataclass(frozen=True)
class Users:
    """A server as each of its users sees it, and the id of Ann's document."""

    anonymous: Live
    ann: Live
    bob: Live
    cara: Live
    probe: Live
    secret_id: str


def add_users(folder: Path) -> dict[str, str]:
    """Ann and Bob, who edit, Cara, who reads, and a monitor; a key of each."""
    keys = {}
    with changing(folder) as kept:
        for name, role in (("ann", "editor"), ("bob", "editor"), ("cara", "reader"), ("probe", "monitor")):
            kept.append(kept[-1].with_user(name, User(role, (), passwords.hashed(PASSWORD))))  # type: ignore[arg-type]
            id, secret, keys[name] = passwords.new_key()
            kept.append(kept[-1].with_key(id, name, "", passwords.hashed(secret)))
        kept.append(kept[-1].with_private("anns-notes", ("ann",)))
        kept.append(kept[-1].with_private("bobs-notes", ("bob",)))
    return keys


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Users]:
    with library(tmp_path_factory.mktemp("access")) as service:
        (added,) = service.add_documents([("zephyr.txt", SEALED)], "anns-notes")
        service.add_documents([("quill.txt", LEDGER)], "bobs-notes")
        assert service.wait_until_embedded(PATIENCE)
        keys = add_users(service.library.folder)
        with live(service) as server:
            views = {name: server.with_key(key) for name, key in keys.items()}
            yield Users(anonymous=server, secret_id=str(added.document_id), **views)


def mcp(server: Live, tool: str, **arguments: Any) -> Any:
    async def called() -> Any:
        async with (
            httpx2.AsyncClient(headers=dict(server.headers)) as http,
            Client(streamable_http_client(f"{server.url}/mcp", http_client=http)) as client,
        ):
            return await client.call_tool(tool, arguments)

    result = ran(called)
    return result.structured_content or [part.text for part in result.content]


def openai_client(server: Live) -> openai.OpenAI:
    key = server.headers["Authorization"].removeprefix("Bearer ")
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0)


def completion(server: Live, **beside: Any) -> bytes:
    body = {"messages": [{"role": "user", "content": QUESTION}], **beside}
    return server.request("POST", "/v1/chat/completions", body).body


def page_ask(server: Live, **scope: Any) -> Any:
    request = {"question": QUESTION, "number": 1, "history": []}
    return server.page("ask", {**request, "scope": {"collection": "", "documents": [], **scope}})


ANYTHING: dict[str, Door] = {
    "Gradio ask": lambda server: server.call("ask", [QUESTION]),
    "Gradio search": lambda server: server.call("search", [QUESTION, 100]),
    "Gradio documents": lambda server: server.call("documents", []),
    "chat completions": completion,
    "streamed chat completions": lambda server: completion(server, stream=True),
    "responses": lambda server: server.request("POST", "/v1/responses", {"input": QUESTION}).body,
    "streamed responses": lambda server: (
        server.request("POST", "/v1/responses", {"input": QUESTION, "stream": True}).body
    ),
    "MCP ask": lambda server: mcp(server, "ask", question=QUESTION),
    "MCP search": lambda server: mcp(server, "search", question=QUESTION, limit=100),
    "MCP documents": lambda server: mcp(server, "documents"),
    "page ask": page_ask,
    "page list": lambda server: server.page("look", {"wanted": "", "rows": 100, "seen": ""}),
    "page before it asks": lambda server: server.request("GET", "/").body,
}


@pytest.mark.parametrize("door", ANYTHING)
def test_nobody_learns_of_what_is_anothers(door: str, users: Users) -> None:
    for other in (users.bob, users.cara):
        shown = ANYTHING[door](other)
        text = (shown.decode() if isinstance(shown, bytes) else str(shown)).lower()
        assert "svalbard" in text or "vault.txt" in text, "the door shows nothing at all"
        for secret in (*SECRETS, users.secret_id):
            assert secret not in text, f"{door} lets {secret} out"
    text = str(ANYTHING[door](users.ann)).lower()
    assert users.secret_id in text
    assert "quill" not in text


NAMED: dict[str, Callable[[Live, str], Any]] = {
    "Gradio ask": lambda server, name: server.call("ask", [QUESTION, [], name]),
    "Gradio search": lambda server, name: server.call("search", [QUESTION, 10, name]),
    "Gradio documents": lambda server, name: server.call("documents", [name]),
    "Gradio remove": lambda server, name: server.call("remove", ["zephyr.txt", name]),
    "chat completions": lambda server, name: completion(server, metadata={"collection": name}),
    "vector store": lambda server, name: (
        server.request("POST", f"/v1/vector_stores/{name}/search", {"query": QUESTION}).body
    ),
    "MCP ask": lambda server, name: mcp(server, "ask", question=QUESTION, collection=name),
    "MCP search": lambda server, name: mcp(server, "search", question=QUESTION, collection=name),
    "MCP documents": lambda server, name: mcp(server, "documents", collection=name),
    "page ask": lambda server, name: page_ask(server, collection=name),
}


@pytest.mark.parametrize("door", NAMED)
def test_a_hidden_collection_is_like_one_that_is_not_there(door: str, users: Users) -> None:
    hidden, missing = (neutral(NAMED[door](users.bob, name), name) for name in ("anns-notes", "no-notes"))
    assert hidden == missing


BY_ID: dict[str, Callable[[Live, str], Any]] = {
    "Gradio remove": lambda server, one: server.call("remove", [one]),
    "file": lambda server, one: server.request("GET", f"/v1/files/{one}/content").body,
    "MCP fetch": lambda server, one: mcp(server, "fetch", document_id=one),
    "page ask": lambda server, one: page_ask(server, documents=[one]),
    "page open": lambda server, one: server.page(
        "open", {"document": one, "start": "0", "end": "9", "places": "0-9"}
    ),
    "page remove": lambda server, one: server.page(
        "remove", {"ids": [one], "wanted": "", "rows": 9, "seen": ""}
    ),
    "page restore": lambda server, one: server.page("restore", {"id": "c", "turns": [turn_on(one)]}),
    "page export": lambda server, one: server.page(
        "export", {"kind": "markdown", "title": "t", "turns": [turn_on(one)]}
    ),
}


@pytest.mark.parametrize("door", BY_ID)
def test_a_hidden_document_is_like_one_that_is_not_there(door: str, users: Users) -> None:
    there = users.ann.service.library.counts()
    hidden, missing = (neutral(BY_ID[door](users.bob, id), id) for id in (users.secret_id, "0" * 16))
    assert hidden == missing
    assert "karlsbad" not in hidden.lower()
    assert users.ann.service.library.counts() == there


def neutral(shown: Any, name: str) -> str:
    """What came back, without the name that was asked for and what differs from call to call."""
    text = shown.decode() if isinstance(shown, bytes) else json.dumps(shown)
    text = text.replace(name, "NAME")
    varies = r'"(?:milliseconds|sent|created|created_at|duration|average_duration|id|rest|seen)": [^,}]+'
    for pattern in (varies, r"(?:chatcmpl|resp|msg)-[0-9a-f]+", r'\["sent"\], \d+', r" in [\d.,]+ s<"):
        text = re.sub(pattern, "", text)
    return text


def turn_on(document: str) -> dict[str, Any]:
    """A turn as a browser might make it up, whose citation points into that document."""
    citation = {
        "number": 1, "document_id": document, "name": "n", "collection": "default", "page": None, "start": 32,
        "end": 40, "quote": "q", "sentence_start": 0, "sentence_end": 60, "sentence": "s", "also": [],
    }  # fmt: skip
    answer = {
        "asked": "a", "question": "a", "form": "phrase", "items": [{"text": "t", "citations": [1]}],
        "found": 1, "alternatives": [], "citations": [citation], "confidence": 0.9, "closest": [],
        "milliseconds": 1.0, "searched": {"documents": 1, "passages": 1, "passages_read": 1},
    }  # fmt: skip
    scope = {"collection": "", "documents": []}
    return {"number": 1, "question": "a", "scope": scope, "answer": answer, "problem": ""}


def test_counts_are_those_of_what_one_may_see(users: Users) -> None:
    for user, documents in ((users.ann, 2), (users.bob, 2), (users.cara, 1)):
        (answer,) = user.call("ask", [QUESTION])[1]
        assert answer["searched"]["documents"] == answer["searched"]["passages"] == documents
        assert len(user.call("documents", [])[1][0]) == documents
        assert user.page("look", {"wanted": "", "rows": 100, "seen": ""})[-1]["data"][0]["total"] == documents


def test_nothing_is_added_to_anothers_collection(users: Users) -> None:
    before = users.ann.service.documents()
    assert "not one that you may add to" in str(
        mcp(users.bob, "add", name="a", text="b", collection="anns-notes")
    )
    body, headers = users.bob.multipart(b"text")
    (path,) = users.bob.request("POST", "/gradio_api/upload", body, headers).json
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    assert "not one that you may add to" in users.bob.call("add", [[file], "anns-notes"])[1]["error"]
    assert users.ann.service.documents() == before


def test_a_reader_changes_nothing(users: Users) -> None:
    before = users.ann.service.documents()
    body, headers = users.cara.multipart(b"text")
    assert users.cara.request("POST", "/gradio_api/upload", body, headers).status == 403
    assert "You may read here" in users.cara.call("remove", ["vault.txt"])[1]["error"]
    assert "You may read here" in str(mcp(users.cara, "add", name="a", text="b"))
    request = {"ids": [before[0].id], "wanted": "", "rows": 9, "seen": ""}
    assert "You may read here" in str(users.cara.page("remove", request))
    assert users.ann.service.documents() == before


def test_figures_are_for_the_monitor_who_sees_nothing_else(users: Users) -> None:
    assert b"quoth_documents 3.0" in users.probe.request("GET", "/metrics").body
    assert users.bob.request("GET", "/metrics").status == 403
    for path in ("/", "/config", "/v1/models", "/openapi"):
        assert users.probe.request("GET", path).status == 403
    assert users.probe.request("POST", "/gradio_api/call/ask", {"data": [QUESTION]}).status == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("GET", "/config"), ("GET", "/gradio_api/info"), ("GET", "/gradio_api/file=x"),
        ("GET", "/gradio_api/queue/data?session_hash=x"), ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/call/ask"), ("POST", "/gradio_api/upload"), ("GET", "/v1/models"),
        ("POST", "/v1/chat/completions"), ("POST", "/mcp"), ("GET", "/metrics"), ("GET", "/openapi.json"),
        ("GET", "/sign-in/../config"), ("GET", "//config"), ("HEAD", "/config"), ("GET", "/health/../config"),
    ],
)  # fmt: skip
def test_without_a_name_nothing_is_to_be_had(method: str, path: str, users: Users) -> None:
    reply = users.anonymous.request(method, path, {} if method == "POST" else None)
    assert reply.status == 401
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("way_in", ["/health", "/sign-in", "/gradio_api/startup-events", "/metrics"])
def test_no_host_or_sign_in_the_path_makes_one_address_look_like_another(way_in: str, users: Users) -> None:
    own = f"127.0.0.1:{users.anonymous.port}"
    for host in (f"{own}{way_in}?", f"{own}{way_in}#", f"127.0.0.1{way_in}?"):
        assert users.anonymous.request("GET", "/config", headers={"Host": host}).status == 400
    for sign in ("%3f", "%23", ";", "%2f..%2fconfig", "/../config"):
        assert users.anonymous.request("GET", f"{way_in}{sign}").status == 401


def test_a_wrong_key_is_refused_in_the_shape_of_the_door(users: Users) -> None:
    wrong = users.anonymous.with_key("quoth_0_0")
    assert "That key is not known here" in wrong.request("GET", "/config").json["error"]
    with pytest.raises(openai.AuthenticationError, match="That key is not known here"):
        openai_client(wrong).models.list()
    assert [model.id for model in openai_client(users.bob).models.list()] == ["quoth"]


def sign_in(server: Live, name: str, password: str) -> Any:
    form = f"name={name}&password={password.replace(' ', '+')}".encode()
    return server.request("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})


def test_a_browser_is_led_to_the_page_for_signing_in_and_then_to_the_chat(users: Users) -> None:
    led = users.anonymous.request("GET", "/", headers={"Accept": "text/html"})
    assert (led.status, led.headers["location"]) == (303, "/sign-in")
    page = users.anonymous.request("GET", "/sign-in")
    assert b'name="password" type="password"' in page.body
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    done = sign_in(users.anonymous, "bob", PASSWORD)
    assert (done.status, done.headers["location"]) == (303, "/")
    signed = {"Cookie": session_cookie(users.anonymous, "bob").partition(";")[0]}
    assert users.anonymous.request("GET", "/config", headers=signed).status == 200
    reply = users.anonymous.request("POST", "/gradio_api/call/documents", {"data": []}, signed)
    assert reply.status == 200
    assert users.anonymous.request("POST", "/sign-out", headers=signed).headers["location"] == "/sign-in"


def test_the_cookie_can_not_be_read_by_scripts_or_sent_from_elsewhere(users: Users) -> None:
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(session_cookie(users.anonymous, "ann").split("; "))


def session_cookie(server: Live, name: str) -> str:
    """The cookie that says who has signed in, as the server sets it."""
    form = {"name": name, "password": PASSWORD}
    with httpx2.Client() as client:
        cookies = client.post(f"{server.url}/sign-in", data=form).headers.get_list("set-cookie")
    return next(one for one in cookies if one.startswith("quoth-session="))


def test_wrong_passwords_are_refused_and_then_slowed_down(users: Users) -> None:
    for _ in range(5):
        wrong = sign_in(users.anonymous, "eve", "wrong horse")
        assert wrong.status == 401
        assert b"That name and password don" in wrong.body
    slow = sign_in(users.anonymous, "eve", "wrong horse")
    assert (slow.status, int(slow.headers["retry-after"])) == (429, 1)
    assert b"Too many wrong tries" in slow.body
    assert sign_in(users.anonymous, "ann", PASSWORD).status == 303


def test_a_name_is_shown_as_text_and_a_long_form_is_cut(users: Users) -> None:
    reply = sign_in(users.anonymous, "<script>", "x" * 50_000)
    assert reply.status == 401
    assert b"<script>" not in reply.body


def test_other_machines_are_let_in_only_once_there_are_users(tmp_path: Path) -> None:
    with library(tmp_path) as service:
        with pytest.raises(
            SettingError, match=r"could read the library, which has no users yet.*quoth users add"
        ):
            start(service, "0.0.0.0", 0)
        keys = add_users(service.library.folder)
        with live(service, "0.0.0.0") as server:
            assert server.request("GET", "/config").status == 401
            assert server.with_key(keys["bob"]).request("GET", "/config").status == 200
            assert server.request("GET", "/health").json == {"status": "ok"}
