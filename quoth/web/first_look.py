"""What a page fetches of the library by itself: the list as it opens, and later whether anything has changed.

A browser reads the header `Link` before the page itself, and begins to fetch what the page is made of.
"""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index import QuothError
from quoth.views import Views
from quoth.web.library_events import LibraryEvents, seen_of

PATH, STATE = "/first-look", "/library-state"
_LINK = f"<{PATH}>; rel=preload; as=fetch; crossorigin"
_FRESH = {"cache-control": "no-store"}


def routes(views: Views) -> list[BaseRoute]:
    async def look(request: Request) -> Response:
        return await run_in_threadpool(_looked, views, request)

    async def state(request: Request) -> Response:
        return await run_in_threadpool(_state, views, request)

    return [Route(PATH, look, methods=["GET"]), Route(STATE, state, methods=["GET"])]


def _looked(views: Views, request: Request) -> Response:
    try:
        patch = LibraryEvents(views.of(request)).first()
    except QuothError as error:
        return PlainTextResponse(str(error), 409)
    return JSONResponse(patch, headers=_FRESH)


def _state(views: Views, request: Request) -> Response:
    """A short text that is another one after each change: no more than that, since open pages ask often."""
    try:
        return PlainTextResponse(seen_of(views.of(request).background()), headers=_FRESH)
    except QuothError as error:
        return PlainTextResponse(str(error), 409)


class Announced:
    """ASGI middleware: the page says with its first line that the list will be needed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).append("link", _LINK)
            await send(message)

        page = scope["type"] == "http" and scope["path"] == "/"
        await self._app(scope, receive, sending if page else send)
