"""Passages that fit some words, without reading them: what the answers are looked for in.

Whatever comes from a document or a person is escaped here.
"""

from collections.abc import Sequence
from html import escape

import gradio as gr

from index import DEFAULT_COLLECTION, Hit, QuothError
from qa.access.view import View
from quoth.counted import counted
from quoth.web.events import Patch, new, request_of, text_of
from quoth.web.turn import Scope

MOST = 20


class Searching:
    """What the page's event does."""

    def __init__(self, service: View) -> None:
        self._service = service

    def search(self, event: gr.EventData) -> Patch:
        """The passages that fit best, best first, with the words they were asked for by."""
        request = request_of(event)
        words = request.get("words")
        try:
            filter = Scope.from_json(request["scope"]).filter
            hits = self._service.search(text_of(request, "words"), MOST, filter)
        except (QuothError, KeyError, TypeError, ValueError, AttributeError) as error:
            status = str(error) if isinstance(error, QuothError) else "This can't be searched for."
            return new({"words": words, "html": "", "status": status})
        status = f"{counted(len(hits), 'passage')}, best first" if hits else "No passage fits."
        return new({"words": words, "html": passages(hits), "status": status})


def passages(hits: Sequence[Hit]) -> str:
    """An item of a list for each passage, with the way to its place."""
    return "".join(map(_passage, hits))


def _passage(hit: Hit) -> str:
    passage, document = hit.passage, hit.passage.document
    page = document.page_at(passage.start)
    facts = [f"page {page}"] if page else []
    facts += [document.collection] if document.collection != DEFAULT_COLLECTION else []
    name, text = escape(document.name), escape(passage.text.strip())
    where = f' <span class="page">{escape(" · ".join(facts))}</span>' if facts else ""
    return (
        f'<li><p class="cite"><button type="button" class="cited plain" data-document="{escape(document.id)}"'
        f' data-start="{passage.start}" data-end="{passage.end}" data-places="{passage.start}-{passage.end}">'
        f'<span class="file" dir="auto">{name}</span>{where}</button></p>'
        f'<p class="passage" dir="auto">{text}</p></li>'
    )
