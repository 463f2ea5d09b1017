"""What a page is given of the library as it opens, and what it asks later: whether anything has changed."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from index import QuothError
from quoth.serving.views import Views
from quoth.web.library_events import LibraryEvents, seen_of

STATE = "/library-state"
_FRESH = {"cache-control": "no-store"}


def routes(views: Views) -> list[BaseRoute]:
    async def state(request: Request) -> Response:
        return await run_in_threadpool(_state, views, request)

    return [Route(STATE, state, methods=["GET"])]


def first_look(views: Views, request: Request) -> str:
    """The list as JSON that can stand in a page; empty where it can't be had, and the page asks again."""
    try:
        patch = LibraryEvents(views.of(request)).first()
    except QuothError:
        return ""
    # No tag can begin in it.
    return json.dumps(patch, ensure_ascii=False).replace("<", "\\u003c")


def _state(views: Views, request: Request) -> Response:
    """A short text that is another one after each change: no more than that, since open pages ask often."""
    try:
        return PlainTextResponse(seen_of(views.of(request).background()), headers=_FRESH)
    except QuothError as error:
        return PlainTextResponse(str(error), 409)
