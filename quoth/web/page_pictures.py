"""Pages of documents as pictures, for the page alone: no page from elsewhere may show or read one."""

import asyncio
import hashlib

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from index import QuothError
from index.library.page_pictures import WIDTHS
from quoth.serving.views import Views

PATH = "/page-picture"
# Pictures that wait for their turn; one more is told to come again.
_MOST_WAITING = 60
# What browsers say of a request that this very page makes, or that a person typed.
_OWN = ("same-origin", "none")


def picture_url(document_id: str, page: int, width: int) -> str:
    return f"{PATH}/{document_id}/{page}?width={width}"


def routes(views: Views) -> list[BaseRoute]:
    """The one route; pages are made one at a time, and who waits holds no thread."""
    turn, waiting = asyncio.Lock(), 0

    async def picture(request: Request) -> Response:
        nonlocal waiting
        if request.headers.get("sec-fetch-site", "none") not in _OWN:
            return PlainTextResponse("A page from elsewhere may not see this.", 403)
        if waiting >= _MOST_WAITING:
            return PlainTextResponse("Too many pages are asked for. Try again.", 503)
        waiting += 1
        try:
            async with turn:
                if await request.is_disconnected():
                    return Response(status_code=499)
                return await run_in_threadpool(_made, views, request)
        finally:
            waiting -= 1

    return [Route(f"{PATH}/{{document}}/{{page:int}}", picture, methods=["GET"])]


def _made(views: Views, request: Request) -> Response:
    width = request.query_params.get("width", "")
    try:
        service = views.of(request)
        document = service.document(request.path_params["document"])
        size = int(width) if width.isascii() and width.isdecimal() and len(width) < 6 else WIDTHS[1]
        data = service.pictures.picture(document, request.path_params["page"], size)
    except QuothError as error:
        return PlainTextResponse(str(error), 404)
    # The browser keeps it, but asks each time whether the document is still there.
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="image/webp", headers=headers)
