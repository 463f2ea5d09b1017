"""What connects the page with the server: Gradio carries its events out, and patches back."""

from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from index import DEFAULT_COLLECTION
from qa.evaluate.running import EvaluationRuns
from quoth.serving.views import Views
from quoth.web.api import add_endpoints
from quoth.web.evaluating import Evaluating
from quoth.web.handlers import Handlers
from quoth.web.judging import Judging
from quoth.web.library_events import LibraryEvents
from quoth.web.searching import Searching
from quoth.web.suggesting import Suggesting
from quoth.web.viewed import viewed

# Intake keeps a processor busy by itself; more at a time would only wait for each other.
PARALLEL_UPLOADS = 4
_WITH_COLLECTION = "(files, _) => [files, document.querySelector('#into').value]"


def build(views: Views) -> None:
    """The API's endpoints, and what connects the page with the server, inside the Blocks being built."""
    # First, since Gradio gives a name to whoever asks first: "/ask" is the API's, not the page's.
    add_endpoints(views)
    upload = gr.UploadButton("Add files", file_count="multiple")
    # The script sends what stands in its own box for this one.
    collection = gr.Textbox(DEFAULT_COLLECTION, visible="hidden", label="Collection", show_label=False)
    _connect(views, upload, collection)


def _connect(views: Views, upload: gr.UploadButton, collection: gr.Textbox) -> None:
    """Each channel carries the events of one part of the page out, and its patches back."""

    def on(name: str, door: Any = Handlers, **parts: Any) -> Callable[..., Any]:
        return viewed(views, partial(door, **parts), getattr(door, name))

    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    repeatable = {**private, "trigger_mode": "multiple"}
    chat = _channel("chat", "ask", "stop")
    chat.stop(on("stop"), None, chat, cancels=[chat.ask(on("ask"), None, chat, **repeatable)], **private)
    kept = _channel("kept", "restore", "export", "judge", "judged", "export_judged")
    for name in ("restore", "export"):
        getattr(kept, name)(on(name), None, kept, **repeatable)
    for name in ("judge", "judged", "export_judged"):
        getattr(kept, name)(on(name, Judging), None, kept, **repeatable)
    viewer = _channel("viewer", "open")
    # Not "always_last", which repeats the first event that waited; the script passes over late replies.
    viewer.open(on("open"), None, viewer, **repeatable)
    names = ("look", "remove", "undo", "move", "again")
    library = _channel("library", *names)
    for name in names:
        getattr(library, name)(on(name, LibraryEvents), None, library, **repeatable)
    found = _channel("found", "search")
    found.search(on("search", Searching), None, found, **repeatable)
    runs, asked = EvaluationRuns(), ("evaluate", "evaluation", "halt", "report")
    evaluation = _channel("evaluation", *asked)
    for name in asked:
        handler = viewed(views, partial(Evaluating, runs=runs), getattr(Evaluating, name))
        getattr(evaluation, name)(handler, None, evaluation, **repeatable)
    suggested = _channel("suggested", "suggest")
    # One at a time, since each asks questions of its own.
    suggested.suggest(on("suggest", Suggesting), None, suggested, concurrency_limit=1, **repeatable)
    uploads = _channel("uploads")
    upload.upload(
        on("add"), [upload, collection], uploads,
        preprocess=False, concurrency_limit=PARALLEL_UPLOADS, js=_WITH_COLLECTION, **private,
    )  # fmt: skip


def _channel(name: str, *events: str) -> Any:
    """Carries patches to the script and events from it; Any, since the events have names of our own."""
    # Gradio finds a component's events by their names in this script.
    names = ", ".join(f"'{event}'" for event in events)
    connect = f"""
const connect = () => window.quoth
  ? window.quoth.connect('{name}', [{names}], {{ trigger, watch, props }})
  : setTimeout(connect, 20);
connect();
"""
    return gr.HTML(None, html_template="", js_on_load=connect, visible="hidden", elem_id=f"channel-{name}")
