"""The page as it comes from the server, with the documents in sight: drawn before Gradio has begun.

Gradio's own page needs some sixty more files until it shows anything. Ours can be read and typed in as soon
as it is here; Gradio's components connect it with the server when they are there.
"""

from importlib.resources import files

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quoth.serving.views import Views
from quoth.web.first_look import first_look

# The script's files share one scope and are read in this order.
_SCRIPTS = (
    "core",
    "account",
    "conversations",
    "composer",
    "chat",
    "actions",
    "sources",
    "searching",
    "evaluating",
    "viewer",
    "rows",
    "library",
    "suggestions",
    "uploads",
    "gradio",
    "start",
)
_STYLES = ("base", "layout", "chat", "sources", "evaluation", "viewer", "library")
# Until Gradio begins, nobody else says what the page is called and whether it is dark.
_THEME = """
const asked = new URLSearchParams(location.search).get("__theme");
const dark = asked ? asked === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
document.body.classList.toggle("dark", dark);
document.title = "Quoth";
"""
_BEFORE, _LOOK = b"<gradio-app", b"<!-- first look -->"
# A style sheet that is on its way holds back all that is drawn; Gradio's is not needed for ours.
_STYLE = b'<link rel="stylesheet"'
_STYLE_LATER = _STYLE + b""" media="print" onload="this.media = 'all'\""""


def _joined(folder: str, names: tuple[str, ...], ending: str) -> str:
    place = files("quoth.web").joinpath(folder)
    return "\n".join(place.joinpath(f"{name}.{ending}").read_text(encoding="utf-8") for name in names)


def _page() -> bytes:
    parts = (
        f"<style>\n{_joined('styles', _STYLES, 'css')}</style>",
        f"<script>{{{_THEME}}}</script>",
        _joined("parts", ("page",), "html"),
        f'<script type="application/json" id="first-look">{_LOOK.decode()}</script>',
        f"<script>(() => {{\n{_joined('scripts', _SCRIPTS, 'js')}\n}})();</script>\n",
    )
    return "\n".join(parts).encode()


class Shell:
    """ASGI middleware: puts our page before the element in which Gradio builds its own."""

    def __init__(self, app: ASGIApp, *, views: Views) -> None:
        self._app = app
        self._views = views
        self._page = _page()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def sending(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            if _BEFORE in body:
                look = await run_in_threadpool(first_look, self._views, Request(scope))
                page = self._page.replace(_LOOK, look.encode())
                body = body.replace(_STYLE, _STYLE_LATER).replace(_BEFORE, page + _BEFORE, 1)
                headers = MutableHeaders(scope=start)
                headers["content-length"] = str(len(body))
                # It holds the list of documents, which is to be seen by nobody after signing out.
                headers["cache-control"] = "no-store"
            await send(start)
            await send({**message, "body": body})

        await self._app(scope, receive, sending)
