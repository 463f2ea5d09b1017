"""The OpenAI-compatible door: chat completions, responses, search in a collection, and the one model."""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from index import QuothError, UnknownDocument
from qa import Answer, Service
from quoth.openai_api import messages, shapes

_logger = logging.getLogger(__name__)
_BROKEN = "Something went wrong here. The server's log says what."
_Work = Callable[[Mapping[str, Any], Request], Response]


class OpenAI:
    """What each address does with the body of a request."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def chat(self, body: Mapping[str, Any], request: Request) -> Response:
        """`POST /v1/chat/completions`."""
        question, history = messages.conversation(body.get("messages"))
        answer, text = self._answer(question, history, body, request)
        created = int(time.time())
        if not body.get("stream"):
            return JSONResponse(shapes.completion(answer, text, created))
        return StreamingResponse(
            _events(shapes.chunks(answer, text, created)), media_type="text/event-stream"
        )

    def responses(self, body: Mapping[str, Any], request: Request) -> Response:
        """`POST /v1/responses`."""
        if body.get("stream"):
            return _problem("stream is not offered here; /v1/chat/completions has it.", 400)
        question, history = messages.input_of(body)
        answer, text = self._answer(question, history, body, request)
        return JSONResponse(shapes.response(answer, text, int(time.time())))

    def search(self, body: Mapping[str, Any], request: Request) -> Response:
        """`POST /v1/vector_stores/{collection}/search`."""
        query, limit = messages.query_of(body)
        filter = messages.in_collection(request.path_params["collection"])
        return JSONResponse(shapes.search_page(query, self._service.search(query, limit, filter)))

    def models(self, body: Mapping[str, Any], request: Request) -> Response:
        """`GET /v1/models`."""
        return JSONResponse(shapes.models())

    def content(self, body: Mapping[str, Any], request: Request) -> Response:
        """`GET /v1/files/{file}/content`: the text of a document, to which the answers link."""
        return PlainTextResponse(self._service.document(request.path_params["file"]).text)

    def _answer(
        self, question: str, history: list[str], body: Mapping[str, Any], request: Request
    ) -> tuple[Answer, str]:
        answer = self._service.ask(question, history, messages.filter_of(body))
        return answer, shapes.text_of(answer, f"{request.base_url}v1/files/{{id}}/content")


def routes(service: Service) -> list[Route]:
    """The addresses under `/v1`."""
    door = OpenAI(service)
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
        except UnknownDocument as error:
            return _problem(str(error), 404)
        except (QuothError, _NoJson) as error:
            return _problem(str(error), 400)
        except Exception as error:
            if hasattr(error, "status_code"):
                raise
            _logger.exception("A request to %s could not be answered.", path)
            return _problem(_BROKEN, 500)

    return Route(path, handled, methods=[method])


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
    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": words, "type": kind, "param": None, "code": None}
    return JSONResponse({"error": error}, status)


def _events(values: Iterator[dict[str, Any]]) -> Iterator[str]:
    for value in values:
        yield f"data: {json.dumps(value, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"
