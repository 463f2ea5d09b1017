"""The page: chat, sources and documents, and what happens when they are used."""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

import gradio as gr

from index import DEFAULT_COLLECTION, DocumentInfo, QuothError
from qa import Answer, Background, Service
from quoth.seed_documents import example_questions
from quoth.web import listing, render
from quoth.web.api import add_endpoints, into, within
from quoth.web.render import Turn
from quoth.web.uploads import Upload, adding

CSS = files("quoth.web").joinpath("page.css").read_text(encoding="utf-8")
SCRIPT = files("quoth.web").joinpath("page.js").read_text(encoding="utf-8")

# Older turns of one conversation are forgotten, so that a page left open does not grow without end.
MOST_TURNS = 50
# Intake keeps a processor busy by itself; more at a time would only wait for each other.
PARALLEL_UPLOADS = 4
# How often the page looks what has become of vectors and watched folders, as long as there are any: so often
# while something is done, less often when not, and never for more than that part of the time.
_BUSY_SECONDS, _QUIET_SECONDS = 2.0, 5.0
_RESTS = 20
_ALL = ""
_BROKEN = "Something went wrong here. The server's log says what."

_CHAT_EVENTS = """
element.addEventListener('click', event => {
  const example = event.target.closest('[data-example]');
  if (example) trigger('example', { question: example.dataset.example });
});
watch('value', () => window.quoth.newAnswer(element));
"""
_SOURCE_EVENTS = """
element.addEventListener('click', event => {
  const opener = event.target.closest('[data-document]');
  if (opener) trigger('opening', { ...opener.dataset });
});
"""
_OPENED_EVENTS = "watch('value', () => window.quoth.opened(element));"
_DOCUMENT_EVENTS = """
element.addEventListener('click', event => {
  const remove = event.target.closest('[data-remove]');
  if (remove) trigger('removal', { id: remove.dataset.remove });
});
watch('value', () => window.quoth.listed(element));
"""
_BACKGROUND_EVENTS = """
element.addEventListener('click', event => {
  if (event.target.closest('[data-again]')) trigger('again');
});
"""

_logger = logging.getLogger(__name__)


class Handlers:
    """What happens on the page; each method returns what changes on it."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def ask(self, question: str, turns: list[Turn], collection: str) -> Iterator[tuple[Any, ...]]:
        """The box is emptied, then the answer grows: box, conversation, sources, turns, Ask and Stop."""
        if not question.strip():
            yield (gr.skip(),) * 6
            return
        history = [turn.question for turn in turns]
        number = turns[-1].number + 1 if turns else 1
        turns = [*turns[1 - MOST_TURNS :], Turn(number, question)]
        yield "", *self._chat(turns)
        try:
            for answer in self._service.stream(question, history, within(collection)):
                turns = self._with_last(turns, answer=answer, cards=self._cards(number, answer))
                yield gr.skip(), *self._chat(turns)
            turns = self._with_last(turns, running=False)
        except QuothError as error:
            turns = self._with_last(turns, running=False, problem=str(error))
        except Exception:
            _logger.exception("A question could not be answered.")
            turns = self._with_last(turns, running=False, problem=_BROKEN)
        yield gr.skip(), *self._chat(turns)

    def ask_example(
        self, event: gr.EventData, turns: list[Turn], collection: str
    ) -> Iterator[tuple[Any, ...]]:
        """Asks the example that was clicked."""
        yield from self.ask(str(event.question), turns, collection)

    def stop(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Leaves the answer as far as it came."""
        if turns and turns[-1].running:
            turns = self._with_last(turns, running=False, problem="Stopped before everything was read.")
        return self._chat(turns)

    def clear(self) -> tuple[Any, ...]:
        """Begins a new conversation."""
        return self._chat([])

    def open(self, event: gr.EventData) -> str:
        """The document that a source stands in, at its place."""
        try:
            document = self._service.document(str(event.document))
            return render.opened(document, int(event.start), int(event.end))
        except QuothError:
            return ""

    def add(self, uploads: list[Upload], collection: str, wanted: str) -> Iterator[tuple[Any, ...]]:
        """Progress of each file, and the documents once they are in."""
        try:
            so_far = []
            for so_far in adding(self._service, uploads, into(collection)):
                yield listing.coming(so_far), *(gr.skip(),) * 6
            yield listing.coming(so_far), *self._documents(wanted)
        except Exception:
            _logger.exception("Files could not be added.")
            raise gr.Error(_BROKEN, print_exception=False) from None

    def remove(self, event: gr.EventData, turns: list[Turn], wanted: str) -> tuple[Any, ...]:
        """Turns, sources and the opened document without the text of the deleted one, and the list."""
        try:
            self._service.remove(str(event.id))
            problem = ""
        except QuothError as error:
            problem = str(error)
        turns = [
            replace(turn, cards=self._cards(turn.number, turn.answer)) if turn.answer else turn
            for turn in turns
        ]
        return turns, render.sources(turns), "", *self._documents(wanted, problem)

    def find(self, wanted: str) -> str:
        """The documents with that in their names."""
        return self._list(self._service.documents(), wanted)

    def look(self, seen: Background | None, wanted: str) -> tuple[Any, ...]:
        """The library as it is now, if anything has changed since it was `seen`."""
        if self._service.background() == seen:
            return (gr.skip(),) * 6
        return self._documents(wanted)

    def again(self, wanted: str) -> tuple[Any, ...]:
        """Begins again with what waits for its vectors."""
        self._service.go_on_embedding()
        return self._documents(wanted)

    def load(self, turns: list[Turn]) -> tuple[Any, ...]:
        """The whole page as of now."""
        return *self._chat(turns)[:2], *self._documents("")

    def _chat(self, turns: list[Turn]) -> tuple[Any, ...]:
        """Conversation, sources, turns, Ask and Stop."""
        running = bool(turns) and turns[-1].running
        shown = render.conversation(turns, [] if turns else self._examples(), 1 if turns else self._total())
        return shown, render.sources(turns), turns, gr.Button(visible=not running), gr.Button(visible=running)

    def _documents(self, wanted: str, problem: str = "") -> tuple[Any, ...]:
        """The list, the two choices of a collection, what goes on by itself, and when to look again."""
        began = time.monotonic()
        state = self._service.background()
        infos = self._service.documents()
        names = sorted({DEFAULT_COLLECTION, *(info.collection for info in infos)})
        choices = [("All documents", _ALL), *((name, name) for name in names)]
        shown = self._list(infos, wanted, problem)
        rest = max(_BUSY_SECONDS if state.busy else _QUIET_SECONDS, _RESTS * (time.monotonic() - began))
        return (
            shown,
            gr.Dropdown(choices=names),
            gr.Dropdown(choices=choices, visible=len({info.collection for info in infos}) > 1),
            listing.background(state),
            state,
            gr.Timer(rest, active=not state.idle),
        )

    def _list(self, infos: Sequence[DocumentInfo], wanted: str, problem: str = "") -> str:
        listed = [info for info in infos if wanted.strip().casefold() in info.name.casefold()]
        return listing.documents(listed, len(infos), problem)

    def _examples(self) -> list[str]:
        """Questions on the seed documents, as long as any of these is there."""
        names = {info.name for info in self._service.documents()}
        examples = example_questions()
        there = any(example.document in names for example in examples)
        return [one.question for one in examples if there and one.document in {None, *names}]

    def _total(self) -> int:
        return len(self._service.documents())

    def _cards(self, number: int, answer: Answer) -> str:
        return render.cards(number, answer, self._service.document)

    @staticmethod
    def _with_last(turns: list[Turn], **changes: Any) -> list[Turn]:
        return [*turns[:-1], replace(turns[-1], **changes)]


def build(service: Service) -> None:
    """Lays the page out and connects it, inside the Blocks that are being built."""
    handlers = Handlers(service)
    # First, since Gradio gives a name to whoever asks first: "/ask" is the API's, not the page's.
    add_endpoints(service)
    turns = gr.State([])
    gr.HTML("<h1>Quoth</h1><p>Answers quoted from your documents</p>", elem_id="top", apply_default_css=False)
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="chat", elem_classes="pane", min_width=0):
            conversation = _html("conversation", _CHAT_EVENTS)
            question, ask, stop, clear, asked_of = _composer()
        with gr.Column(elem_id="beside", elem_classes="pane", min_width=0):
            gr.HTML("<h2>Sources</h2>", apply_default_css=False)
            sources = _html("sources", _SOURCE_EVENTS)
        with gr.Column(elem_id="library", elem_classes="pane", min_width=0):
            gr.HTML("<h2>Documents</h2>", apply_default_css=False)
            upload, collection, coming, background, wanted, documents = _library()
    opened = _html("opened", _OPENED_EVENTS)
    seen = gr.State()
    timer = gr.Timer(_QUIET_SECONDS, active=False)

    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    chat = [conversation, sources, turns, ask, stop]
    library = [documents, collection, asked_of, background, seen, timer]
    answering = [
        gr.on(
            [question.submit, ask.click],
            handlers.ask,
            [question, turns, asked_of],
            [question, *chat],
            **private,
        ),
        conversation.example(handlers.ask_example, [turns, asked_of], [question, *chat], **private),
    ]
    stop.click(handlers.stop, turns, chat, cancels=answering, **private)
    clear.click(handlers.clear, None, chat, cancels=answering, **private)
    sources.opening(handlers.open, None, opened, **private)
    upload.upload(
        handlers.add, [upload, collection, wanted], [coming, *library],
        preprocess=False, concurrency_limit=PARALLEL_UPLOADS, **private,
    )  # fmt: skip
    documents.removal(handlers.remove, [turns, wanted], [turns, sources, opened, *library], **private)
    timer.tick(handlers.look, [seen, wanted], library, **private)
    background.again(handlers.again, wanted, library, **private)
    wanted.input(handlers.find, wanted, documents, trigger_mode="always_last", **private)
    root = gr.context.Context.root_block
    assert root is not None
    root.load(handlers.load, turns, [conversation, sources, *library], **private)


def _html(name: str, events: str) -> Any:
    """A place for what `render` writes; typed as Any since its events have names of our own."""
    return gr.HTML("", elem_id=name, js_on_load=events, apply_default_css=False)


def _composer() -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button, gr.Dropdown]:
    with gr.Column(elem_id="composer", min_width=0):
        question = gr.Textbox(
            label="Your question",
            placeholder="Ask a question",
            show_label=False,
            lines=1,
            max_lines=4,
            autofocus=True,
            elem_id="question",
            html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
        )
        with gr.Row(elem_id="buttons"):
            asked_of = gr.Dropdown([("All documents", _ALL)], value=_ALL, label="Ask within", visible=False)
            clear = gr.Button("Clear", elem_id="clear", min_width=0)
            stop = gr.Button("Stop", visible=False, elem_id="stop", min_width=0)
            ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=0)
    return question, ask, stop, clear, asked_of


def _library() -> tuple[gr.UploadButton, gr.Dropdown, Any, Any, gr.Textbox, Any]:
    upload = gr.UploadButton("Add files", file_count="multiple", elem_id="upload", size="md")
    gr.HTML('<p class="hint">or drop them anywhere on this page</p>', apply_default_css=False)
    collection = gr.Dropdown(
        [DEFAULT_COLLECTION],
        value=DEFAULT_COLLECTION,
        label="Add to collection",
        allow_custom_value=True,
        elem_id="collection",
    )
    coming = gr.HTML("", elem_id="coming", apply_default_css=False)
    background = _html("background", _BACKGROUND_EVENTS)
    wanted = gr.Textbox(
        label="Find a document", show_label=False, placeholder="Find by name", elem_id="wanted"
    )
    documents = _html("documents", _DOCUMENT_EVENTS)
    return upload, collection, coming, background, wanted, documents
