"""What happens in the list of documents: it is looked at, searched, chosen from, and changed."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from index import DEFAULT_COLLECTION, DocumentInfo, Filter, Outcome, QuothError
from qa.access.view import View
from qa.background import Background
from quoth.web import listing
from quoth.web.api import into
from quoth.web.events import Patch, new, request_of, text_of, texts_of, whole_of
from quoth.web.welcome import welcome

# Rows of the list that are sent at a time, and at the most.
ROWS, MOST_ROWS = 100, 5_000
# How often the page looks what has become of vectors and watched folders, as long as there are any: so often
# while something is done, less often when not, and never for more than that part of the time.
_BUSY_SECONDS, _QUIET_SECONDS = 2.0, 5.0
_RESTS = 20


class LibraryEvents:
    """What the events of the list do; each answers with the list as it is then."""

    def __init__(self, service: View) -> None:
        self._service = service

    def look(self, event: gr.EventData) -> Patch:
        """The library as it is now; little if nothing has changed since it was `seen`."""
        request, began = request_of(event), time.monotonic()
        state = self._service.background()
        if request.get("seen") == repr(state):
            return new({"rest": _rest(state, began), "same": True})
        return self._library(request)

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
        """The list with these documents in another collection."""
        request = request_of(event)
        try:
            outcomes = self._service.move(texts_of(request, "ids"), into(text_of(request, "collection")))
            problem = _failed(outcomes)
        except QuothError as error:
            problem = str(error)
        return self._library(request) | {"problem": problem, "changed": "moved"}

    def again(self, event: gr.EventData) -> Patch:
        """Begins again with what waits for its vectors."""
        self._service.go_on_embedding()
        return self._library(request_of(event))

    def _library(self, request: Mapping[str, Any]) -> Patch:
        """What is shown of the library: the rows wanted, the figures, and when to look again."""
        began = time.monotonic()
        # First, so that what changes meanwhile is looked at again.
        state = self._service.background()
        infos = self._service.documents()
        used = {info.collection for info in infos}
        found = self._found(request, infos)
        folded = set(texts_of(request, "folded")) if len(used) > 1 else set[str]()
        unfolded = [info for info in found if info.collection not in folded]
        rows = unfolded[: min(whole_of(request, "rows", ROWS), MOST_ROWS)]
        groups = Counter(info.collection for info in found) if len(used) > 1 else Counter[str]()
        return new(
            {
                "wanted": request.get("wanted", ""),
                "rows": listing.documents(rows, groups, folded),
                "listed": len(rows),
                "unfolded": len(unfolded),
                "found": len(found),
                "total": len(infos),
                "collections": sorted({DEFAULT_COLLECTION, *used}),
                "used": len(used),
                "background": listing.background(state),
                "welcome": welcome(len(infos)),
                "seen": repr(state),
                "rest": _rest(state, began),
            }
        )

    def _found(self, request: Mapping[str, Any], infos: Sequence[DocumentInfo]) -> list[DocumentInfo]:
        """The documents with what was typed in their name and the metadata, collection by collection."""
        wanted = str(request.get("wanted", "")).strip().casefold()
        metadata = request.get("metadata")
        if isinstance(metadata, dict) and metadata:
            pairs = {str(key): str(value) for key, value in metadata.items()}
            infos = self._service.documents(Filter(metadata=pairs))
        found = [info for info in infos if wanted in info.name.casefold()]
        return sorted(found, key=lambda info: info.collection)


def _rest(state: Background, began: float) -> float:
    """Seconds until the next look; 0 when nothing will be different by itself."""
    busy = _BUSY_SECONDS if state.busy else _QUIET_SECONDS
    return 0 if state.idle else max(busy, _RESTS * (time.monotonic() - began))


def _failed(outcomes: Sequence[Outcome]) -> str:
    """Which of the documents stayed as they were, and why."""
    return " ".join(f"{one.name}: {one.reason}." for one in outcomes if one.status == "failed")
