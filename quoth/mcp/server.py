"""The MCP door: the service as tools for programs that speak the Model Context Protocol."""

import inspect
import json
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import files
from typing import Any, NotRequired, get_type_hints

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import ToolAnnotations
from starlette.requests import Request
from typing_extensions import TypedDict

from index import DEFAULT_COLLECTION, Filter, QuothError, SettingError
from qa import Turn
from qa.access.view import View
from quoth.serving.given_files import UPLOADED, as_file, decoded

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
_ADDED = _list(
    "outcomes",
    name=_TEXT, status=_TEXT, document_id={"type": ["string", "null"]}, passages=_NUMBER, reason=_TEXT,
)  # fmt: skip
_DOCUMENTS = _list("documents", id=_TEXT, name=_TEXT, collection=_TEXT, passages=_NUMBER)


class EarlierTurn(TypedDict):
    """A question asked before, what was answered, and the name of the document cited for it."""

    question: str
    answer: NotRequired[str]
    title: NotRequired[str]


class Tools:
    """What the tools do; their docstrings are what a model reads of them."""

    def __init__(self, view: View) -> None:
        self._view = view

    def ask(
        self, question: str, history: list[str | EarlierTurn] | None = None, collection: str | None = None
    ) -> dict[str, Any]:
        """Answers a question from the documents, with quotes and their places.

        `history` holds the conversation before it, oldest first: earlier questions, best with their answer's
        `text` and the `name` of its first citation as `title`. `collection` limits what is searched.
        `answered` is false where the documents don't say; `closest` then has the nearest passages.
        """
        turns = [Turn.of(turn) for turn in history or []]
        return self._view.ask(question, turns, _within(collection)).to_json()

    def search(self, question: str, limit: int = 10, collection: str | None = None) -> dict[str, Any]:
        """Finds the passages that fit a question or words best, best first, without reading them."""
        if not 1 <= limit <= MOST_HITS:
            raise SettingError(f"limit is {limit}, but must be from 1 to {MOST_HITS}.")
        hits = self._view.search(question, limit, _within(collection))
        return {"passages": [hit.to_json() for hit in hits]}

    def fetch(self, document_id: str, start: int = 0, limit: int = MOST_FETCHED) -> dict[str, Any]:
        """Gives a document's text from the character `start` on, `limit` characters at most."""
        if start < 0 or not 1 <= limit <= MOST_FETCHED:
            raise SettingError(f"start must be 0 or more, and limit from 1 to {MOST_FETCHED:,}.")
        document, (start,) = self._view.document_at(document_id, [start])
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

    def add(
        self,
        name: str,
        text: str | None = None,
        content: str | None = None,
        collection: str = DEFAULT_COLLECTION,
    ) -> dict[str, Any]:
        """Adds a document: a `text`, or as `content` the bytes of a file (PDF, Word, …) in base64.

        A file is read as its name says, and an archive gives a document for each file in it. What has the
        same name in the collection is replaced. A file that can't be read has the status `failed`.
        """
        if (text is None) == (content is None):
            raise SettingError("Give either text or content.")
        if text is not None:
            outcomes = self._view.add_texts([(name, text)], collection)
        else:
            with as_file(name, decoded(content or "")) as path:
                outcomes = list(self._view.adding([path], collection, UPLOADED))
        return {"outcomes": [asdict(outcome) for outcome in outcomes]}

    def documents(self, collection: str | None = None) -> dict[str, Any]:
        """Lists the documents in the library, in the order of their names."""
        infos = self._view.documents(_within(collection))
        return {"documents": [{**asdict(info), "metadata": dict(info.metadata)} for info in infos]}


def mcp_server(view_of: Callable[[Request | None], View]) -> MCPServer:
    """A server with the tools `ask`, `search`, `fetch`, `add` and `documents`.

    `view_of` gives the view of whoever made a request; over standard input and output there is none.
    """
    schema = json.loads(files("qa").joinpath("answer.schema.json").read_text("utf-8"))
    return MCPServer(
        "Quoth",
        instructions=_INSTRUCTIONS,
        log_level="WARNING",
        tools=[
            _tool(view_of, Tools.ask, schema),
            _tool(view_of, Tools.search, _PASSAGES),
            _tool(view_of, Tools.fetch, _DOCUMENT),
            _tool(view_of, Tools.add, _ADDED, reads=False),
            _tool(view_of, Tools.documents, _DOCUMENTS),
        ],
    )


def _tool(
    view_of: Callable[[Request | None], View],
    method: Callable[..., dict[str, Any]],
    schema: dict[str, Any],
    reads: bool = True,
) -> Tool:
    hints = ToolAnnotations(
        read_only_hint=reads, destructive_hint=not reads, idempotent_hint=True, open_world_hint=False
    )

    def called(context: Context, **arguments: Any) -> dict[str, Any]:
        try:
            tools = Tools(view_of(context.request_context.request))
            return method(tools, **arguments)
        except QuothError as error:
            raise ToolError(str(error)) from error

    # What the tool takes is read from the method; the context is not for the client.
    own = inspect.signature(method)
    first = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Context)
    parameters = [first, *list(own.parameters.values())[1:]]
    shown: Any = called
    shown.__signature__ = own.replace(parameters=parameters)
    shown.__annotations__ = {"context": Context, **get_type_hints(method)}
    tool = Tool.from_function(shown, method.__name__, description=method.__doc__, annotations=hints)
    tool.fn_metadata.output_schema = schema
    return tool


def _within(collection: str | None) -> Filter:
    return Filter(collections=(collection,) if collection else ())
