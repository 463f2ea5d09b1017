"""The OpenAI-compatible door: chat completions, responses, search in a collection, and the one model."""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, NoReturn

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from index import QuothError, UnknownDocument
from index.errors import BROKEN
from qa import Answer, Turn
from qa.access.viewer import NotAllowed
from qa.service.queueing import Busy, Left
from quoth.openai_api import messages, shapes, streams
from quoth.openai_api.text import text_of
from quoth.serving.views import Views

_logger = logging.getLogger(__name__)
# 499 is what servers log for a client that has left.
_STATUSES: Mapping[type[Exception], int] = {UnknownDocument: 404, NotAllowed: 403, Busy: 429, Left: 499}
_Work = Callable[[Mapping[str, Any], Request], Response]


class OpenAI:
    """What each address does with the body of a request."""

    def __init__(self, views: Views) -> None:
        self._views = views

    def chat(self, body: Mapping[str, Any], request: Request) -> Response:
        """`POST /v1/chat/completions`."""
        growing = self._answers(messages.conversation(body.get("messages")), body, request)
        text, created = _text(request), int(time.time())
        if body.get("stream"):
            return _stream(_data(streams.chunks(growing, text, created)))
        *_, answer = growing
        return JSONResponse(shapes.completion(answer, text(answer), created))

    def responses(self, body: Mapping[str, Any], request: Request) -> Response:
        """`POST /v1/responses`."""
        growing = self._answers(messages.input_of(body), body, request)
        text, created = _text(request), int(time.time())
        if body.get("stream"):
            return _stream(_named(streams.response_events(growing, text, created)))
        *_, answer = growing
        return JSONResponse(shapes.response(answer, text(answer), created))

    def search(self, body: Mapping[str, Any], request: Request) -> Response:
        """`POST /v1/vector_stores/{collection}/search`."""
        query, limit = messages.query_of(body)
        filter = messages.in_collection(request.path_params["collection"])
        hits = self._views.of(request).search(query, limit, filter)
        return JSONResponse(shapes.search_page(query, hits))

    def models(self, body: Mapping[str, Any], request: Request) -> Response:
        """`GET /v1/models`."""
        return JSONResponse(shapes.models())

    def content(self, body: Mapping[str, Any], request: Request) -> Response:
        """`GET /v1/files/{file}/content`: the text of a document, to which the answers link."""
        document, _ = self._views.of(request).document_at(request.path_params["file"])
        return PlainTextResponse(document.text)

    def _answers(
        self, conversation: tuple[str, list[Turn]], body: Mapping[str, Any], request: Request
    ) -> Iterator[Answer]:
        """The answers so far; a question that can't be asked is an error before the first one is taken."""
        question, history = conversation
        growing = self._views.of(request).stream(question, history, messages.filter_of(body))
        return chain([next(growing)], growing)


def routes(views: Views) -> list[Route]:
    """The addresses under `/v1`."""
    door = OpenAI(views)
    return [
        _route("/v1/chat/completions", door.chat, "POST"),
        _route("/v1/responses", door.responses, "POST"),
        _route("/v1/vector_stores/{collection}/search", door.search, "POST"),
        _route("/v1/models", door.models, "GET"),
        _route("/v1/files/{file}/content", door.content, "GET"),
    ]


def _route(path: str, work: _Work, method: str) -> Route:
    async def handled(request: Request) -> Response:
        try:
            body = await _json(request) if method == "POST" else {}
            return await run_in_threadpool(work, body, request)
        except (QuothError, _NoJson) as error:
            return _problem(str(error), _status(error))
        except Exception as error:
            if hasattr(error, "status_code"):
                raise
            _logger.exception("A request to %s could not be answered.", path)
            return _problem(BROKEN, 500)

    return Route(path, handled, methods=[method])


def _status(error: Exception) -> int:
    return next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 400)


class _NoJson(Exception):
    """The body of a request is no JSON object."""


async def _json(request: Request) -> Mapping[str, Any]:
    try:
        body = json.loads(await request.body(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _NoJson("The body is no JSON.") from error
    if not isinstance(body, dict):
        raise _NoJson("The body is no JSON object.")
    return body


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON.")


def _problem(words: str, status: int) -> Response:
    """An error in the shape that clients show."""
    return JSONResponse(_error(words, status), status)


def _error(words: str, status: int) -> dict[str, Any]:
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": words, "type": kind, "param": None, "code": None}}


def _text(request: Request) -> Callable[[Answer], str]:
    link = f"{request.base_url}v1/files/{{id}}/content"
    return lambda answer: text_of(answer, link)


def _stream(lines: Iterator[str]) -> Response:
    """The lines as they come; an error in the middle is the last of them."""

    def sent() -> Iterator[str]:
        try:
            yield from lines
        except QuothError as error:
            yield f"data: {json.dumps(_error(str(error), 400))}\n\n"
        except Exception:
            _logger.exception("A stream could not be ended.")
            yield f"data: {json.dumps(_error(BROKEN, 500))}\n\n"

    return StreamingResponse(sent(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _data(events: streams.Events) -> Iterator[str]:
    """Events without names, as chat completions have them."""
    for event in events:
        yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"


def _named(events: streams.Events) -> Iterator[str]:
    """Events under their names, as responses have them."""
    for event in events:
        yield f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
