"""What every request passes first: who may ask from where, how much it may send, and which ways are open."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEGABYTE = 1024 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Gradio's own ways around the queue, to other machines, and to tools for those who write apps.
_CLOSED = re.compile(
    r"/gradio_api/(?:run|api|proxy=|stream|process_recording|vibe|undo-vibe|dev|runs|run-history|profiling"
    r"|deep_link|custom_component)|/monitoring|/login|/logout"
)
_CALL = re.compile(r"/gradio_api/call/(?:v2/)?(?P<name>[^/]*)")
_UPLOAD = "/gradio_api/upload"
# With these an address that is put together with the Host header would be another one when it is read.
_NO_HOST = re.compile(r"[/?#@\\\s]")
# Gradio's page makes functions of text, and has style and scripts in its page; nothing comes from elsewhere.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True)
class Sizes:
    """Bytes that the body of a request may have: of an upload, and of any other."""

    upload: int = 2048 * MEGABYTE
    other: int = 8 * MEGABYTE


class Guard:
    """ASGI middleware around everything that the server serves."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        endpoints: Iterable[str],
        sizes: Sizes = Sizes(),
        afterwards: Callable[[], None] = lambda: None,
    ) -> None:
        self._app = app
        self._local = host.strip("[]") in LOOPBACK
        self._endpoints = frozenset(endpoints)
        self._sizes = sizes
        self._afterwards = afterwards

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        largest = self._sizes.upload if scope["path"].startswith(_UPLOAD) else self._sizes.other
        problem = self._problem(scope["path"], headers, largest)
        if problem:
            status, words = problem
            response = JSONResponse({"error": words, "detail": words}, status)
            await response(scope, receive, _with_headers(send))
            return
        try:
            await self._app(scope, _limited(receive, largest), _with_headers(send))
        finally:
            self._afterwards()

    def _problem(self, path: str, headers: Headers, largest: int) -> tuple[int, str] | None:
        """The status and the words with which a request is refused, or None."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if _NO_HOST.search(host):
            return 400, "The Host header is no name of a machine."
        if self._local and _name_in(f"//{host}")[0] not in LOOPBACK:
            return 400, "Quoth listens on this machine only, and that is not its name."
        if origin is not None and (not host or _name_in(origin)[1] != host.lower()):
            return 403, "A page from elsewhere may not use this server."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > largest:
            return 413, _too_large(largest)
        call = _CALL.match(path)
        if _CLOSED.match(path) or (call and call["name"] not in self._endpoints):
            return 404, f"There is no such endpoint. There are: {', '.join(sorted(self._endpoints))}."
        return None


def _name_in(address: str) -> tuple[str | None, str]:
    """The host's name in an address, and the name with its port; both empty where there is none."""
    try:
        parts = urlsplit(address)
        return parts.hostname, parts.netloc.lower()
    except ValueError:
        return None, ""


def _limited(receive: Receive, largest: int) -> Receive:
    """Receives no more than that, also where the size was not announced."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > largest:
            raise HTTPException(413, _too_large(largest))
        return message

    return limited


def _too_large(largest: int) -> str:
    return f"The request is too large: it may have {largest / MEGABYTE:,.0f} MB at most."


def _with_headers(send: Send) -> Send:
    """Sends the headers that keep pages from elsewhere out, and none that would let them in."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
        await send(message)

    return sending
