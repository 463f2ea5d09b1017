"""The MCP door: the service as tools for programs that speak the Model Context Protocol."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.resources import files
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import ToolAnnotations

from index import DEFAULT_COLLECTION, Filter, QuothError, SettingError
from qa import Service

_INSTRUCTIONS = (
    "Quoth answers questions from the user's own documents. Every answer is quoted: show its citations, and "
    "say so when `answered` is false or `confidence` is low."
)
# Characters of a document that one `fetch` gives at most.
MOST_FETCHED = 50_000
MOST_HITS = 100
_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
_PAGE = {"type": ["integer", "null"]}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(name: str, /, **properties: dict[str, Any]) -> dict[str, Any]:
    return _object(**{name: {"type": "array", "items": _object(**properties)}})


_PASSAGES = _list(
    "passages",
    score={"type": "number"}, document_id=_TEXT, name=_TEXT, collection=_TEXT, page=_PAGE, start=_NUMBER,
    end=_NUMBER, text=_TEXT,
)  # fmt: skip
_DOCUMENT = _object(
    document_id=_TEXT, name=_TEXT, collection=_TEXT, start=_NUMBER, end=_NUMBER, characters=_NUMBER,
    text=_TEXT, metadata={"type": "object", "additionalProperties": _TEXT},
)  # fmt: skip
_ADDED = _object(
    name=_TEXT, status=_TEXT, document_id={"type": ["string", "null"]}, passages=_NUMBER, reason=_TEXT
)
_DOCUMENTS = _list("documents", id=_TEXT, name=_TEXT, collection=_TEXT, passages=_NUMBER)


class Tools:
    """What the tools do; their docstrings are what a model reads of them."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def ask(
        self, question: str, history: list[str] | None = None, collection: str | None = None
    ) -> dict[str, Any]:
        """Answers a question from the documents, with quotes and their places.

        `history` holds the earlier questions of the conversation, oldest first. `collection` limits what is
        searched. `answered` is false where the documents don't say; `closest` then has the nearest passages.
        """
        with _clear_errors():
            return self._service.ask(question, history or [], _within(collection)).to_json()

    def search(self, question: str, limit: int = 10, collection: str | None = None) -> dict[str, Any]:
        """Finds the passages that fit a question or words best, best first, without reading them."""
        with _clear_errors():
            if not 1 <= limit <= MOST_HITS:
                raise SettingError(f"limit is {limit}, but must be from 1 to {MOST_HITS}.")
            hits = self._service.search(question, limit, _within(collection))
            return {"passages": [hit.to_json() for hit in hits]}

    def fetch(self, document_id: str, start: int = 0, limit: int = MOST_FETCHED) -> dict[str, Any]:
        """Gives a document's text from the character `start` on, `limit` characters at most."""
        with _clear_errors():
            if start < 0 or not 1 <= limit <= MOST_FETCHED:
                raise SettingError(f"start must be 0 or more, and limit from 1 to {MOST_FETCHED:,}.")
            document = self._service.document(document_id)
            text = document.text[start : start + limit]
            return {
                "document_id": document.id,
                "name": document.name,
                "collection": document.collection,
                "start": start,
                "end": start + len(text),
                "characters": len(document.text),
                "text": text,
                "metadata": dict(document.metadata),
            }

    def add(self, name: str, text: str, collection: str = DEFAULT_COLLECTION) -> dict[str, Any]:
        """Adds a text as a document; one of the same name in the collection is replaced."""
        with _clear_errors():
            (added,) = self._service.add_documents([(name, text)], collection)
            return asdict(added)

    def documents(self, collection: str | None = None) -> dict[str, Any]:
        """Lists the documents in the library, in the order of their names."""
        with _clear_errors():
            infos = self._service.documents(_within(collection))
            return {"documents": [{**asdict(info), "metadata": dict(info.metadata)} for info in infos]}


def mcp_server(service: Service) -> MCPServer:
    """A server with the tools `ask`, `search`, `fetch`, `add` and `documents` over the service."""
    tools = Tools(service)
    schema = json.loads(files("qa").joinpath("answer.schema.json").read_text("utf-8"))
    return MCPServer(
        "Quoth",
        instructions=_INSTRUCTIONS,
        log_level="WARNING",
        tools=[
            _tool(tools.ask, schema),
            _tool(tools.search, _PASSAGES),
            _tool(tools.fetch, _DOCUMENT),
            _tool(tools.add, _ADDED, reads=False),
            _tool(tools.documents, _DOCUMENTS),
        ],
    )


def _tool(function: Callable[..., dict[str, Any]], schema: dict[str, Any], reads: bool = True) -> Tool:
    hints = ToolAnnotations(
        read_only_hint=reads, destructive_hint=not reads, idempotent_hint=True, open_world_hint=False
    )
    tool = Tool.from_function(function, annotations=hints)
    tool.fn_metadata.output_schema = schema
    return tool


def _within(collection: str | None) -> Filter:
    return Filter(collections=(collection,) if collection else ())


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except QuothError as error:
        raise ToolError(str(error)) from error
