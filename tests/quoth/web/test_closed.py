"""The server is closed to everyone who is not meant: requests as an attacker would make them."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio import processing_utils

from benchmarks.attacks import traversals
from benchmarks.clients import resident
from benchmarks.closed import refuse
from index import SettingError
from qa import Service
from qa.access.accounts import User, changing
from quoth.web.guard import Sizes
from quoth.web.server import start
from tests.quoth.web.live import QUESTION, Live, library, live
from tests.waiting import PATIENCE

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
FILE = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with library(tmp_path_factory.mktemp("closed")) as service, live(service) as running:
        yield running


@pytest.mark.parametrize(
    "address",
    [
        "https://huggingface.co/x/resolve/main/a.txt",
        "https://cdn-lfs.huggingface.co/a.txt",
        "https://hf.space/a.txt",
        "http://example.com/a.txt",
        "http://127.0.0.1:1/a.txt",
        "HTTPS://huggingface.co/a.txt",
    ],
)
def test_a_file_with_a_remote_address_is_never_fetched(
    address: str, server: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[object] = []
    real = socket.getaddrinfo

    def noted(host: Any, *rest: Any, **named: Any) -> Any:
        looked_up.append(host)
        return real(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    event, error = server.call("add", [[{"path": address, "meta": FILE}], None])
    assert event == "error"
    assert "Quoth fetches nothing from other machines" in error["error"] or "uploaded" in error["error"]
    assert {host for host in looked_up if host not in ("127.0.0.1", b"127.0.0.1")} == set()
    assert server.request("GET", f"/gradio_api/file={address}").status in (403, 404)


def test_every_function_that_would_fetch_refuses(server: Live) -> None:
    for name in ("save_url_to_cache", "ssrf_protected_download", "unsafe_download"):
        with pytest.raises(Exception, match="fetches nothing"):
            getattr(processing_utils, name)("https://huggingface.co/a.txt", str(server.uploads))


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost:1", "null", "http://127.0.0.1.evil.example", "file://"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/gradio_api/upload"), ("POST", "/gradio_api/call/ask"), ("GET", "/config"), ("OPTIONS", "/")],
)
def test_a_page_from_elsewhere_gets_nothing(origin: str, method: str, path: str, server: Live) -> None:
    before = set(server.uploads.rglob("*"))
    body, headers = server.multipart(b"text") if path.endswith("upload") else (None, {})
    reply = server.request(method, path, body, {**headers, "Origin": origin})
    assert reply.status == 403
    assert not any(name.startswith("access-control-") for name in reply.headers)
    assert set(server.uploads.rglob("*")) == before


def test_the_page_itself_may_use_the_server(server: Live) -> None:
    for name in ("127.0.0.1", "localhost"):
        host = f"{name}:{server.port}"
        reply = server.request("GET", "/config", headers={"Host": host, "Origin": f"http://{host}"})
        assert reply.status == 200
        assert not any(header.startswith("access-control-") for header in reply.headers)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[", "127.0.0.1/health?",
        "127.0.0.1#", "127.0.0.1@evil.example", "evil.example@127.0.0.1", "127.0.0.1\\evil",
    ],
)  # fmt: skip
def test_a_name_that_someone_else_points_here_is_turned_away(host: str, server: Live) -> None:
    assert server.request("GET", "/config", headers={"Host": host}).status == 400


def test_on_ipv6_loopback_the_same_holds(server: Live) -> None:
    with live(server.service, "::1") as six:
        own = f"[::1]:{six.port}"
        assert six.request("GET", "/config", headers={"Host": own, "Origin": f"http://{own}"}).status == 200
        assert six.request("GET", "/config", headers={"Host": own, "Origin": "http://[::2]"}).status == 403
        assert six.request("GET", "/config", headers={"Host": "evil.example"}).status == 400


def test_on_every_other_address_pages_from_elsewhere_get_nothing(tmp_path: Path) -> None:
    with library(tmp_path) as service, changing(service.library.folder) as kept:
        kept.append(kept[-1].with_user("ann", User()))
    with Service.open(tmp_path / "library") as service, live(service, "0.0.0.0") as open_to_all:
        own = f"127.0.0.1:{open_to_all.port}"
        headers = {"Host": own, "Origin": "http://evil.example"}
        assert open_to_all.request("POST", "/gradio_api/call/ask", {"data": []}, headers).status == 403


def test_the_page_can_not_be_framed_and_loads_from_here_alone(server: Live) -> None:
    headers = server.request("GET", "/").headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy
    assert not any(scheme in policy for scheme in ("http:", "https:", "*"))
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("way", ["run/ask", "api/ask", "run/ask/", "api/predict", "run/predict"])
def test_nothing_passes_the_queue(way: str, server: Live) -> None:
    reply = server.request("POST", f"/gradio_api/{way}", {"data": [QUESTION, [], None, None], "fn_index": 0})
    assert reply.status == 404


def test_private_endpoints_can_not_be_called_by_name(server: Live) -> None:
    private = {
        fn.api_name for fn in server.server.blocks.fns.values() if fn.api_visibility == "private"
    }  # fmt: skip
    assert len(private) > 3
    for name in (*private, "remove_1", "no-such", "__class__"):
        for way in (f"call/{name}", f"call/v2/{name}"):
            reply = server.request("POST", f"/gradio_api/{way}", {"data": []})
            assert reply.status == 404
            assert reply.json["error"].startswith("There is no such endpoint. There are: add, ask,")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=https://huggingface.co/a",
        "/gradio_api/dev/reload",
        "/gradio_api/vibe-code",
        "/gradio_api/custom_component/x/client/component/index.js",
        "/monitoring",
        "/monitoring/summary",
    ],
)
def test_what_gradio_has_for_others_is_closed(path: str, server: Live) -> None:
    assert server.request("GET", path).status == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (["a.txt", None], "files"),
        ([["a.txt"], None], "files"),
        ([[{"path": 7}], None], "files"),
        ([[{}], None], "files"),
        ([[None], None], "files"),
        ([{"path": "/etc/passwd", "meta": FILE}, None], "files"),
        ([[{"path": "/etc/passwd", "meta": FILE}], None], "files"),
        ([[], {"a": 1}], "collection is {'a': 1}, but must be"),
        ([[], "x" * 201], "has 201 characters, but may have 200 at most"),
        ([[], "a\x00b"], "control characters"),
        ([[], "\ud800"], "control characters"),
        ([1, 2, 3, 4, 5, 6, 7], "files"),
    ],
)
def test_bad_input_to_add_says_what_is_wrong(data: Any, words: str, server: Live) -> None:
    event, error = server.call("add", data)
    assert event == "error"
    assert words in error["error"]
    assert "/" not in error["error"].replace("/gradio_api/upload", "")


@pytest.mark.parametrize(
    ("endpoint", "data", "words"),
    [
        ("ask", [None], "question is None, but must be text"),
        ("ask", [{"a": []}], "question is {'a': []}, but must be text"),
        ("ask", [QUESTION, "x"], "history is 'x', but must be a list"),
        ("ask", [QUESTION, [{"question": 7}]], "history must hold questions"),
        ("ask", [QUESTION, [], 7], "collection is 7, but must be a name"),
        ("ask", [QUESTION, [], "vautl"], "There is no collection 'vautl'. There are: default."),
        ("ask", [QUESTION, [], None, []], "metadata is [], but must be an object of texts"),
        ("ask", [QUESTION, [], None, {str(n): "" for n in range(1_000)}], "metadata has 1,000 keys"),
        ("ask", [QUESTION, [], None, {"a": {"b": {}}}], "metadata a is {'b': {}}, but must be text"),
        ("ask", [QUESTION, [], None, {"a": "\ud800"}], "metadata a is '\\ud800'"),
        ("ask", [QUESTION, [], None, {"\ud800": "a"}], "metadata has the key '\\ud800'"),
        ("ask", [1, 2, 3, 4, 5], "The values of /ask can't be used"),
        ("ask", ["x" * 5_000_000], "5,000,000 characters; at most 2,000"),
        ("search", [QUESTION, True], "limit is True"),
        ("search", [QUESTION, "3"], "limit is '3'"),
        ("search", [QUESTION, 10**30], "limit is 1000000"),
        ("documents", ["\ud800"], "control characters"),
        ("remove", ["\ud800"], "There is no document '\\ud800'"),
        ("remove", [["a"]], "document is ['a'], but must be text"),
    ],
)
def test_every_bad_value_says_what_is_wrong(endpoint: str, data: Any, words: str, server: Live) -> None:
    event, error = server.call(endpoint, data)
    assert event == "error"
    assert words in error["error"]


def test_a_lone_surrogate_in_a_question_is_no_reason_to_fail(server: Live) -> None:
    event, (answer,) = server.call("ask", [f"\ud800{QUESTION}"])
    assert event == "complete"
    assert answer["answered"]


def test_a_history_as_long_as_a_book_costs_nothing(server: Live) -> None:
    event, (answer,) = server.call("ask", [QUESTION, ["word " * 150_000] * 8])
    assert event == "complete"
    assert answer["question"] == QUESTION


def test_a_request_that_is_too_large_is_refused_unread(server: Live) -> None:
    with live(server.service, sizes=Sizes(upload=20_000, other=10_000)) as small:
        reply = small.request("POST", "/gradio_api/call/ask", {"data": ["x" * 20_000]})
        assert reply.status == 413
        assert "The request is too large" in reply.json["error"]
        body, headers = small.multipart(b"x" * 15_000)
        assert small.request("POST", "/gradio_api/upload", body, headers).status == 200
        body, headers = small.multipart(b"x" * 25_000)
        assert small.request("POST", "/gradio_api/upload", body, headers).status == 413


def test_a_size_that_is_not_announced_is_counted(server: Live) -> None:
    with live(server.service, sizes=Sizes(upload=20_000, other=10_000)) as small:
        chunks = b"".join(b"3e8\r\n" + b"x" * 1_000 + b"\r\n" for _ in range(50)) + b"0\r\n\r\n"
        head = (
            f"POST /gradio_api/call/ask HTTP/1.1\r\nHost: 127.0.0.1:{small.port}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", small.port), timeout=PATIENCE) as connection:
            connection.sendall(head.encode() + chunks)
            assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_no_path_leads_out_of_the_server(server: Live) -> None:
    secret = Path("/etc/passwd").read_bytes()[:20]
    # Every eleventh, which meets each start, step, depth and target; `benchmarks.closed` asks for all.
    paths = list(traversals())[::11]
    assert len(paths) > 700
    for path in paths:
        reply = server.request("GET", path)
        assert secret not in reply.body, path
        assert reply.status >= 400 or reply.headers["content-type"].startswith("text/html"), path


def test_a_file_whose_name_leads_out_of_the_uploads_stays_inside(server: Live) -> None:
    places = (*server.uploads.resolve().parents, Path("/etc"))
    for name in ("../../out.txt", "..\\out.txt", "/etc/out.txt", "a/../../out.txt", "%2e%2e%2fout.txt", ".."):
        body, headers = server.multipart(b"A line.", name)
        reply = server.request("POST", "/gradio_api/upload", body, headers)
        if reply.status != 200:  # no name is left of it
            assert 400 <= reply.status < 500
            continue
        (path,) = reply.json
        assert Path(path).resolve().is_relative_to(server.uploads.resolve()), name
        file = {"path": path, "orig_name": name, "meta": FILE}
        event, (outcomes,) = server.call("add", [[file], "names"])
        assert event == "complete"
        for outcome in outcomes:
            assert "/" not in outcome["name"]
            if outcome["document_id"]:
                server.service.remove(outcome["document_id"])
    assert not any((place / "out.txt").exists() for place in places)


def test_refused_calls_leave_the_memory_as_it_was(server: Live) -> None:
    refuse(server.port, 300)
    before = resident(os.getpid())
    refuse(server.port, 1_000)
    assert resident(os.getpid()) < 1.05 * before


def test_an_occupied_port_is_named_in_words(server: Live) -> None:
    with pytest.raises(
        SettingError, match=rf"Port {server.port} of 127\.0\.0\.1 is taken by another program"
    ):
        start(server.service, "127.0.0.1", server.port)


def test_an_address_of_another_machine_is_named_in_words(server: Live) -> None:
    with pytest.raises(SettingError, match=r"can't listen on 192\.0\.2\.1: it is no address of this machine"):
        start(server.service, "192.0.2.1", 0)
