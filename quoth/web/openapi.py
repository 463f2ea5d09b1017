"""What plain HTTP can ask for, as an OpenAPI description and as a page made from it."""

import json
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from quoth.web.api import ENDPOINTS

DESCRIPTION, PAGE = "/openapi.json", "/openapi"
_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer"}
_OBJECT: dict[str, Any] = {"type": "object"}
_METADATA = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "description": "What the documents' metadata must say; `collection` names a collection.",
}
_MESSAGES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"role": _TEXT, "content": {}},
        "required": ["role"],
    },
    "description": "The conversation; the user's last message is the question.",
}
_STREAM = {"type": "boolean", "description": "Server-sent events instead of one JSON object."}


def routes() -> list[Route]:
    return [Route(DESCRIPTION, _description), Route(PAGE, _page)]


def _body(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _gives(words: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    error = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    return {
        "200": {"description": words, "content": {kind: {"schema": schema}}},
        "default": {"description": "What is wrong, in words", **error},
    }


def _at(name: str, words: str, schema: dict[str, Any] = _TEXT) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": words, "schema": schema}


def _with_answer(**properties: Any) -> dict[str, Any]:
    known = {**properties, "answer": {"$ref": "#/components/schemas/Answer"}}
    return {"type": "object", "properties": known, "required": list(known)}


@cache
def description() -> dict[str, Any]:
    """The description, in the form of OpenAPI 3.1."""
    answer = json.loads(files("qa").joinpath("answer.schema.json").read_text("utf-8"))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Quoth",
            "version": version("quoth"),
            "summary": "Answers quoted from your own documents.",
            "description": "Where users have been added, every request needs the header `Authorization: "
            "Bearer` and a key from `quoth keys add`.",
        },
        "paths": _openai_paths() | _gradio_paths() | _operator_paths(),
        "components": {
            "schemas": {"Answer": _inside(answer, "#/components/schemas/Answer"), "Error": _error()},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"key": []}],
    }


def _openai_paths() -> dict[str, Any]:
    listed = {"type": "object", "properties": {"data": {"type": "array"}}, "required": ["data"]}
    return {
        "/v1/chat/completions": {
            "post": {
                "summary": "Answers the last question of a conversation",
                "requestBody": _body(("messages",), messages=_MESSAGES, stream=_STREAM, metadata=_METADATA),
                "responses": _gives(
                    "The answer as a chat completion", _with_answer(choices={"type": "array"})
                ),
            }
        },
        "/v1/responses": {
            "post": {
                "summary": "The same in the form of the Responses API",
                "requestBody": _body(
                    ("input",), input={"anyOf": [_TEXT, _MESSAGES]}, stream=_STREAM, metadata=_METADATA
                ),
                "responses": _gives("The answer as a response", _with_answer(output={"type": "array"})),
            }
        },
        "/v1/vector_stores/{collection}/search": {
            "post": {
                "summary": "Finds passages in a collection",
                "parameters": [_at("collection", "The collection")],
                "requestBody": _body(("query",), query=_TEXT, max_num_results=_NUMBER),
                "responses": _gives("The passages, best first", listed),
            }
        },
        "/v1/models": {"get": {"summary": "The one model", "responses": _gives("A list of one", listed)}},
        "/v1/files/{file}/content": {
            "get": {
                "summary": "The text of a document",
                "parameters": [_at("file", "The document's id")],
                "responses": _gives("The text", _TEXT, "text/plain"),
            }
        },
    }


def _gradio_paths() -> dict[str, Any]:
    endpoint = _at("endpoint", "What is asked for", {"type": "string", "enum": list(ENDPOINTS)})
    begun = {"type": "object", "properties": {"event_id": _TEXT}, "required": ["event_id"]}
    return {
        "/gradio_api/call/v2/{endpoint}": {
            "post": {
                "summary": "Begins a call, with its arguments by name",
                "parameters": [endpoint],
                "requestBody": {"required": True, "content": {"application/json": {"schema": _OBJECT}}},
                "responses": _gives("The call's id", begun),
            }
        },
        "/gradio_api/call/v2/{endpoint}/{event_id}": {
            "get": {
                "summary": "What the call gives, as server-sent events, at last `complete` or `error`",
                "parameters": [endpoint, _at("event_id", "The call's id")],
                "responses": _gives("The events", _TEXT, "text/event-stream"),
            }
        },
    }


def _operator_paths() -> dict[str, Any]:
    failing = {"type": "array", "items": {"type": "string", "enum": ["vectors", "pictures", "embedder"]}}
    health = {
        "type": "object",
        "properties": {"status": _TEXT, "failing": failing},
        "required": ["status"],
    }
    return {
        "/health": {
            "get": {
                "summary": "Whether questions can be answered",
                "security": [],
                "responses": _gives("They can", health),
            }
        },
        "/metrics": {
            "get": {
                "summary": "Figures for Prometheus; where there are users, for the role monitor alone",
                "responses": _gives("The figures", _TEXT, "text/plain"),
            }
        },
    }


def _error() -> dict[str, Any]:
    full = {"type": "object", "properties": {"message": _TEXT}, "required": ["message"]}
    return {"type": "object", "properties": {"error": {"anyOf": [_TEXT, full]}}, "required": ["error"]}


def _inside(schema: Any, place: str) -> Any:
    """The schema with its references leading to where it stands now."""
    if isinstance(schema, dict):
        return {
            key: value.replace("#", place, 1) if key == "$ref" else _inside(value, place)
            for key, value in schema.items()
            if key not in ("$schema", "$id")
        }
    return [_inside(one, place) for one in schema] if isinstance(schema, list) else schema


async def _description(_request: Request) -> Response:
    return JSONResponse(description())


async def _page(_request: Request) -> Response:
    """The description for people; made here, since a ready-made page would come from elsewhere."""
    parts = []
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            parts.append(f"<h2><code>{method.upper()} {escape(path)}</code></h2>{_shown(operation)}")
    html = files("quoth.web").joinpath("parts", "openapi.html").read_text(encoding="utf-8")
    info = description()["info"]["description"]
    return HTMLResponse(
        html.replace("<!-- about -->", _prose(info)).replace("<!-- paths -->", "".join(parts))
    )


def _shown(operation: dict[str, Any]) -> str:
    rows = [(one["name"], "in the path", one["description"]) for one in operation.get("parameters", ())]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for name, schema in body.get("properties", {}).items():
        need = "in the body, required" if name in body.get("required", ()) else "in the body"
        rows.append((name, need, schema.get("description", "")))
    kind, given = next(iter(operation["responses"]["200"]["content"])), operation["responses"]["200"]
    cells = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{where}</td><td>{_prose(words)}</td></tr>"
        for name, where, words in rows
    )
    table = f"<table><tr><th>Name</th><th>Where</th><th>What</th></tr>{cells}</table>" if rows else ""
    back = f"<p>Gives <code>{kind}</code>: {_prose(given['description'])}.</p>"
    return f"<p>{_prose(operation['summary'])}.</p>{table}{back}"


def _prose(words: str) -> str:
    """Text in which what stands between backticks is code."""
    pieces = escape(words).split("`")
    return "".join(f"<code>{one}</code>" if place % 2 else one for place, one in enumerate(pieces))
