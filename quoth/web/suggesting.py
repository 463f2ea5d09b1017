"""Questions that documents answer, offered on the page: at first sight, and for what was just added."""

from collections.abc import Iterator, Sequence
from html import escape

import gradio as gr

from index import QuothError
from qa.access.view import View
from quoth.web.events import Patch, new, request_of, texts_of

# At first sight: questions in all, those of one document, and documents that are looked at for them.
_MOST, _OF_ONE, _DOCUMENTS = 5, 2, 10
# Of an upload, the documents that are looked at.
MOST_ADDED = 3


class Suggesting:
    """What the page's event does."""

    def __init__(self, service: View) -> None:
        self._service = service

    def suggest(self, event: gr.EventData) -> Iterator[Patch]:
        """Questions about these documents as they are found, or about some of those added last."""
        added = texts_of(request_of(event), "documents")[:MOST_ADDED]
        found: list[tuple[str, str]] = []
        for document, name in self._chosen(added):
            try:
                questions = self._service.suggestions(document)
            except QuothError:
                continue  # gone since, or not to be read now: there is just nothing to offer
            asked = {question for question, _ in found}
            new_ones = [question for question in questions if question not in asked]
            chosen = new_ones if added else new_ones[:_OF_ONE]
            found += [(question, name) for question in chosen][: max(0, _MOST - len(found))]
            yield new({"html": buttons(found), "added": bool(added)})
            if len(found) >= _MOST:
                return
        if not found:
            yield new({"html": "", "added": bool(added)})

    def _chosen(self, added: Sequence[str]) -> list[tuple[str, str]]:
        infos = self._service.documents()
        if added:
            return [(info.id, info.name) for info in infos if info.id in added]
        latest = sorted(infos, key=lambda info: info.added, reverse=True)[:_DOCUMENTS]
        return [(info.id, info.name) for info in latest]


def buttons(found: Sequence[tuple[str, str]]) -> str:
    """The items of a list: each asks its question, and names the document that it was made of."""
    return "".join(
        f'<li><button type="button" data-example="{escape(question)}" title="{escape(name)}" dir="auto">'
        f"{escape(question)}</button></li>"
        for question, name in found
    )
