"""What happens in the list of documents: it is looked at, searched, chosen from, and changed."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from index import DEFAULT_COLLECTION, Filter, Outcome, QuothError
from qa.access.view import View
from qa.service.background import Background
from quoth.web import listing
from quoth.web.api import into
from quoth.web.events import Patch, new, request_of, text_of, texts_of
from quoth.web.welcome import welcome
from quoth.web.window import ListWindow, wanted_of


class LibraryEvents:
    """What the events of the list do; each answers with the list as it is then."""

    def __init__(self, service: View) -> None:
        self._service = service

    def look(self, event: gr.EventData) -> Patch:
        """The library as it is now."""
        return self._library(request_of(event))

    def remove(self, event: gr.EventData) -> Patch:
        """The list without these documents, and the key with which that can be undone."""
        request = request_of(event)
        try:
            undo, problem = self._service.remove_many(texts_of(request, "ids")), ""
        except QuothError as error:
            undo, problem = "", str(error)
        return self._library(request) | {"problem": problem, "changed": "removed", "undo": undo}

    def undo(self, event: gr.EventData) -> Patch:
        """The list with the documents back that were deleted."""
        request = request_of(event)
        try:
            outcomes = self._service.undo_removal(text_of(request, "key"))
            problem = _failed(outcomes) if outcomes else "That was too long ago to be undone."
        except QuothError as error:
            problem = str(error)
        return self._library(request) | {"problem": problem, "changed": "undone"}

    def move(self, event: gr.EventData) -> Patch:
        """The list with these documents in another collection, and where those that were moved came from."""
        request = request_of(event)
        ids, back = texts_of(request, "ids"), dict[str, list[str]]()
        try:
            before = {one.id: one.collection for one in self._service.names(Filter(documents=tuple(ids)))}
            outcomes = self._service.move(ids, into(text_of(request, "collection")))
            problem = _failed(outcomes)
            for document_id, outcome in zip(ids, outcomes, strict=True):
                if outcome.status == "moved" and outcome.document_id:
                    back.setdefault(before[document_id], []).append(outcome.document_id)
        except QuothError as error:
            problem = str(error)
        return self._library(request) | {"problem": problem, "changed": "moved", "back": list(back.items())}

    def again(self, event: gr.EventData) -> Patch:
        """Begins again with what waits for its vectors."""
        self._service.go_on_embedding()
        return self._library(request_of(event))

    def first(self) -> Patch:
        """The library as a page that has just been opened shows it."""
        return self._library({})

    def _library(self, request: Mapping[str, Any]) -> Patch:
        """What is shown of the library: the rows in sight, the figures, and what it is known again by."""
        # First, so that what changes meanwhile is looked at again.
        state = self._service.background()
        window = ListWindow.of(self._service, wanted_of(request))
        return new(
            {
                "wanted": window.wanted.words,
                "asked": window.wanted.start,
                "start": window.start,
                "rows": listing.rows(window.rows, reads=not state.pictures_failure),
                "length": window.length,
                "found": window.found,
                "total": window.total,
                "collections": sorted({DEFAULT_COLLECTION, *window.collections}),
                "used": len(window.collections),
                "background": listing.background(state),
                "welcome": welcome(window.total),
                "seen": seen_of(state),
            }
        )


def seen_of(state: Background) -> str:
    """What a page has seen, in short: another text as soon as the library or the work on it has changed."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


def _failed(outcomes: Sequence[Outcome]) -> str:
    """Which of the documents stayed as they were, and why."""
    return " ".join(f"{one.name}: {one.reason}." for one in outcomes if one.status == "failed")
