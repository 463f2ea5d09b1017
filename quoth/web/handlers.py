"""What happens on the page: each handler takes an event and returns a patch, from which the page's script
changes what is shown. Nothing of a conversation is kept here; the browser sends what a handler needs.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import gradio as gr

from index import Document, QuothError
from index.errors import BROKEN
from qa.access.view import View
from qa.answering.question import checked
from qa.answering.turn import Turn
from quoth.web.answers import article, spoken
from quoth.web.api import into
from quoth.web.cards import cards
from quoth.web.events import Patch, file, logger, new, request_of, text_of, whole_of
from quoth.web.exporting import as_markdown
from quoth.web.marked import Place
from quoth.web.opening import document_of, opened
from quoth.web.suggesting import MOST_ADDED
from quoth.web.turn import Scope, ShownTurn
from quoth.web.upload_progress import upload_progress
from quoth.web.uploads import Upload, adding

# Older turns of one conversation are not shown again, so that a page does not grow without end.
MOST_TURNS = 50
_FRESH = ("added", "replaced")


class Handlers:
    """What the page's events do."""

    def __init__(self, service: View) -> None:
        self._service = service

    def ask(self, event: gr.EventData) -> Iterator[Patch]:
        """The turn as it grows; a question that can't be asked is a problem of the box, and no turn."""
        request = request_of(event)
        number = whole_of(request, "number")
        try:
            question = checked(text_of(request, "question"))
            turn = ShownTurn(number, question, Scope.from_json(request["scope"]))
            history = [Turn.of(one) for one in request["history"][-MOST_TURNS:]]
        except QuothError as error:
            yield new({"refused": str(error), "number": number})
            return
        yield self._patch(turn)
        for grown in self._turns(turn, history):
            yield self._patch(grown)

    def stop(self) -> Patch:
        """Says that the answer stays as far as it came."""
        return new({"stopped": True})

    def restore(self, event: gr.EventData) -> Patch:
        """The turns of a conversation that the browser kept."""
        turns = _turns(request_of(event))
        shown = [self._patch(turn) for turn in turns]
        return new({"restored": shown, "conversation": request_of(event).get("id")})

    def export(self, event: gr.EventData) -> Patch:
        """A conversation as Markdown."""
        request = request_of(event)
        try:
            return file("conversation.md", as_markdown(text_of(request, "title"), _turns(request)))
        except (KeyError, TypeError, ValueError, QuothError):
            logger.warning("A conversation could not be exported.", exc_info=True)
            return new({"failed": "This can't be exported: it was kept by another version of Quoth."})

    def open(self, event: gr.EventData) -> Patch:
        """A document at a place, with what is quoted from it marked."""
        request = request_of(event)
        try:
            document, request = document_of(self._service, request)
            places = _places(text_of(request, "places"), document)
            html = opened(self._service, document, request, places)
        except (QuothError, KeyError, TypeError, ValueError) as error:
            return new({"failed": str(error), "asked": request})
        return new({"html": html, "asked": request})

    def add(self, uploads: list[Upload], collection: str) -> Iterator[Patch]:
        """How far the files have come, and in the end what became of them."""
        try:
            so_far = []
            for so_far in adding(self._service, uploads, into(collection)):
                yield new({"html": upload_progress(so_far), "done": False})
            fresh = [one.added.document_id for one in so_far if one.added and one.added.status in _FRESH]
            yield new({"html": upload_progress(so_far), "done": True, "fresh": fresh[:MOST_ADDED]})
        except QuothError as error:
            raise gr.Error(str(error), print_exception=False) from None
        except Exception:
            logger.exception("Files could not be added.")
            raise gr.Error(BROKEN, print_exception=False) from None

    def _turns(self, turn: ShownTurn, history: list[Turn]) -> Iterator[ShownTurn]:
        """The turn after each step of the answer; the last one is finished."""
        number, question, scope, answer = turn.number, turn.question, turn.scope, None
        try:
            for answer in self._service.stream(question, history, scope.filter):
                yield ShownTurn(number, question, scope, answer)
            yield ShownTurn(number, question, scope, answer, running=False)
        except QuothError as error:
            yield ShownTurn(number, question, scope, answer, running=False, problem=str(error))
        except Exception:
            logger.exception("A question could not be answered.")
            yield ShownTurn(number, question, scope, answer, running=False, problem=BROKEN)

    def _patch(self, turn: ShownTurn) -> Patch:
        find = _once(self._service.document)
        return new(
            {
                "number": turn.number,
                "article": article(turn, find),
                "cards": cards(turn.number, turn.answer, find) if turn.answer else "",
                "record": turn.to_json(),
                "running": turn.running,
                "spoken": "" if turn.running else spoken(turn),
            }
        )


def _turns(request: Mapping[str, Any]) -> list[ShownTurn]:
    """The latest turns that the browser sent; what is no turn at all is left out."""
    turns = []
    for record in list(request.get("turns", []))[-MOST_TURNS:]:
        try:
            turns.append(ShownTurn.from_json(record))
        except (KeyError, TypeError, ValueError, AttributeError):
            logger.warning("A turn that the browser kept can't be read.")
    return turns


def _places(written: str, document: Document) -> list[Place]:
    """`12-20,40-55` as places of the document; what is none is left out."""
    pairs = [tuple(map(int, pair.split("-"))) for pair in written.split(",") if pair]
    return [pair for pair in pairs if len(pair) == 2 and pair[0] < pair[1] <= len(document.text)]


def _once(find: Callable[[str], Document]) -> Callable[[str], Document]:
    """Reads each document only once."""
    found: dict[str, Document] = {}

    def kept(document_id: str) -> Document:
        if document_id not in found:
            found[document_id] = find(document_id)
        return found[document_id]

    return kept
