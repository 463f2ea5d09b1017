"""A live server in this process, and raw requests to it as no well-behaved client would make them."""

import gc
import http.client
import json
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qa import Service
from quoth.web.guard import Sizes
from quoth.web.hardening import KeptCalls
from quoth.web.leftovers import PREFIX
from quoth.web.server import Server, start
from tests.waiting import PATIENCE

VAULT = "The Svalbard vault opened in 2008. It stores the seeds of food crops."
QUESTION = "When did the Svalbard vault open?"


@dataclass(frozen=True)
class Reply:
    """What a server sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Live:
    """A running server, its service, and its folder of uploads; `headers` go with every request."""

    server: Server
    service: Service
    uploads: Path
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_key(self, key: str) -> "Live":
        """The same server, asked by whoever has the key."""
        return replace(self, headers={"Authorization": f"Bearer {key}"})

    @property
    def port(self) -> int:
        port = urlsplit(self.server.url).port
        assert port
        return port

    @property
    def url(self) -> str:
        return self.server.url.rstrip("/")

    def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """A request with these headers besides Host and its own; a body that is no bytes is sent as JSON."""
        sent = {**self.headers, **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(
            urlsplit(self.server.url).hostname or "", self.port, timeout=PATIENCE
        )
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, names, response.read())
        finally:
            connection.close()

    def call(self, endpoint: str, data: Any) -> tuple[str, Any]:
        """The last event of a call of the Gradio API, and what it holds."""
        begun = self.request("POST", f"/gradio_api/call/{endpoint}", {"data": data})
        assert begun.status == 200, begun.body
        reply = self.request("GET", f"/gradio_api/call/{endpoint}/{begun.json['event_id']}")
        *_, last = reply.body.decode().strip().split("\n\n")
        event, _, value = last.partition("\n")
        return event.removeprefix("event: "), json.loads(value.removeprefix("data: "))

    def page(self, name: str, request: Any, data: Any = ()) -> Any:
        """What the page's own handler of that name sends back, for an event as its script sends it."""
        reply = self.request("GET", self.join(name, request, data))
        messages = [
            json.loads(line.removeprefix("data: ")) for line in reply.body.decode().split("\n\n") if line
        ]
        return [
            one["output"] for one in messages if one["msg"] in ("process_generating", "process_completed")
        ]

    def join(self, name: str, request: Any, data: Any = ()) -> str:
        """Calls the page's own handler of that name; where it is listened for what comes back."""
        function = next(
            fn
            for fn in self.server.blocks.fns.values()
            if fn.api_visibility == "private" and str(fn.api_name).partition("_")[0] == name
        )
        session = secrets.token_hex(8)
        body = {
            "data": list(data),
            "fn_index": function._id,
            "session_hash": session,
            "event_data": {"request": request},
            "trigger_id": function.targets[0][0],
        }
        joined = self.request("POST", "/gradio_api/queue/join", body)
        assert joined.status == 200, joined.body
        return f"/gradio_api/queue/data?session_hash={session}"

    def multipart(self, content: bytes, name: str = "a.txt") -> tuple[bytes, dict[str, str]]:
        """The body and the headers of an upload of one file."""
        head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        return head.encode() + content + b"\r\n--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}


def free_port(host: str = "127.0.0.1") -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as free:
        free.bind((host, 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def live(
    service: Service, host: str = "127.0.0.1", sizes: Sizes = Sizes(), kept: KeptCalls = KeptCalls()
) -> Iterator[Live]:
    """The service behind a server of its own."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as uploads:
        before = os.environ.get("GRADIO_TEMP_DIR")
        os.environ["GRADIO_TEMP_DIR"] = uploads
        server = start(service, host, free_port(host), sizes, kept)
        try:
            yield Live(server, service, Path(uploads))
        finally:
            server.close()
            gc.collect()  # Gradio leaves sockets open; here the tests' filter of the warning still holds
            os.environ.pop("GRADIO_TEMP_DIR")
            if before is not None:
                os.environ["GRADIO_TEMP_DIR"] = before


@contextmanager
def library(folder: Path) -> Iterator[Service]:
    """A service over a new library with one document, whose vectors are all there."""
    with Service.open(folder / "library") as service:
        service.add_documents([("vault.txt", VAULT)])
        assert service.wait_until_embedded(PATIENCE)
        yield service
