"""The Gradio API: five endpoints with fixed names, and nothing of their own behind them."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import gradio as gr
from gradio.events import api

from index import DEFAULT_COLLECTION, DocumentInfo, Filter, QuothError, SettingError
from index.errors import BROKEN
from qa import Turn
from qa.access.view import View
from qa.limits import check_collection, check_metadata, shortened
from quoth.serving.given_files import UPLOADED
from quoth.serving.views import Views
from quoth.web.uploads import Upload, under_own_names
from quoth.web.viewed import viewed

MOST_HITS = 100
_HITS = 10
# Whatever else the page has is its own.
ENDPOINTS = ("add", "ask", "documents", "remove", "search")
_EXAMPLE = {"path": "report.pdf", "orig_name": "report.pdf", "meta": {"_type": "gradio.FileData"}}

_logger = logging.getLogger(__name__)


class Endpoints:
    """What the endpoints do; the API page shows the docstrings."""

    def __init__(self, service: View) -> None:
        self._service = service

    def ask(
        self,
        question: str,
        history: list[Any] | None = None,
        collection: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The answer to a question, quoted from the documents; it grows while more passages are read."""
        with _clear_errors():
            earlier = [Turn.of(value) for value in _list("history", history or [])]
            filter = within(collection, metadata)
            for answer in self._service.stream(_text("question", question), earlier, filter):
                yield answer.to_json()

    def search(
        self,
        question: str,
        limit: int | None = 10,
        collection: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """The passages that fit a question best, best first."""
        with _clear_errors():
            limit = _HITS if limit is None else limit
            if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_HITS:
                raise SettingError(
                    f"limit is {shortened(limit)}, but must be a whole number from 1 to {MOST_HITS}."
                )
            hits = self._service.search(_text("question", question), limit, within(collection, metadata))
            return [hit.to_json() for hit in hits]

    def add(self, files: list[Upload] | None, collection: str | None = None) -> list[dict[str, Any]]:
        """Adds uploaded files; a file that can't be read says why and costs nothing else."""
        with _clear_errors(), under_own_names(_uploads(files)) as paths:
            return [asdict(added) for added in self._service.adding(paths, into(collection), UPLOADED)]

    def documents(
        self, collection: str | None = None, metadata: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The documents in the library, in the order of their names."""
        with _clear_errors():
            return [_info(info) for info in self._service.documents(within(collection, metadata))]

    def remove(self, document: str, collection: str | None = None) -> dict[str, Any]:
        """Removes a document from the disk and from every answer."""
        with _clear_errors():
            return _info(self._service.remove(_text("document", document), into(collection)))


def add_endpoints(views: Views) -> None:
    """Puts the endpoints into the Blocks that are being built."""

    def endpoint(method: Callable[..., Any]) -> Callable[..., Any]:
        return viewed(views, Endpoints, method)

    within = "the collection to look in; null for all documents"
    having = 'what the documents\' metadata must say, such as {"author": "Ann"}; null for all documents'
    _publish(
        endpoint(Endpoints.ask),
        "the Answer, in the form of qa/answer.schema.json",
        question="the question",
        history="the turns before, oldest first: questions, or objects with question, answer and title",
        collection=within,
        metadata=having,
    )
    _publish(
        endpoint(Endpoints.search),
        "the passages, each with its score, its document and its place there",
        question="the question, or just words",
        limit=f"how many passages at the most, from 1 to {MOST_HITS}",
        collection=within,
        metadata=having,
    )
    _publish(endpoint(Endpoints.documents), "the documents", collection=within, metadata=having)
    _publish(
        endpoint(Endpoints.remove),
        "the document that was removed",
        document="the document's id, or its name in the collection",
        collection="the collection that the name stands in; null for the default one",
    )
    # Only a File component tells a client to upload what it is given, and refuses what was not uploaded.
    with gr.Row(visible=False):
        uploads = gr.File(file_count="multiple", label="the files")
        # Gradio's own example is an address, and Quoth fetches none.
        uploads.example_payload = lambda: [_EXAMPLE]  # type: ignore[method-assign]
        collection = gr.Textbox(DEFAULT_COLLECTION, label="the collection to add them to")
        results = gr.JSON(label="what became of each file")
        trigger = gr.Button()
    trigger.click(endpoint(Endpoints.add), [uploads, collection], results, api_name="add", preprocess=False)


def within(collection: str | None, metadata: object = None) -> Filter:
    """All documents, or those of one collection, or those whose metadata say this."""
    if collection:
        check_collection(collection)
    return Filter(
        collections=(collection,) if collection else (),
        metadata=check_metadata({} if metadata is None else metadata),
    )


def into(collection: str | None) -> str:
    """The collection that is meant when one is named, or none."""
    return _text("collection", collection or "").strip() or DEFAULT_COLLECTION


def _publish(function: Any, returned: str, **parameters: str) -> None:
    """An endpoint of the function's name, its parameters described where Gradio has only "1st" and "2nd"."""
    blocks = gr.context.Context.root_block
    assert blocks is not None
    endpoint = blocks.fns[api(function, api_name=function.__name__)["id"]]
    described: Sequence[Any] = [*endpoint.inputs, *endpoint.outputs]
    for component, words in zip(described, [*parameters.values(), returned], strict=True):
        component.label = words


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except QuothError as error:
        raise gr.Error(str(error), print_exception=False) from error
    except Exception as error:
        _logger.exception("A call of the API could not be answered.")
        raise gr.Error(BROKEN, print_exception=False) from error


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise SettingError(f"{name} is {shortened(value)}, but must be text.")
    return value


def _list(name: str, value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise SettingError(f"{name} is {shortened(value)}, but must be a list of texts.")
    return value


def _uploads(files: object) -> list[Upload]:
    uploads = _list("files", files or [])
    for upload in uploads:
        if not isinstance(upload, Mapping) or not isinstance(upload.get("path"), str):
            raise SettingError(f"files holds {shortened(upload)}, but each must be an uploaded file.")
    return list(uploads)  # type: ignore[arg-type]


def _info(info: DocumentInfo) -> dict[str, Any]:
    return {**asdict(info), "metadata": dict(info.metadata)}
