"""Where Gradio would do what Quoth must not: fetch from other machines, and keep what is no longer needed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import gradio as gr
import safehttpx
from gradio import processing_utils, route_utils, routes
from starlette.datastructures import FormData
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True)
class KeptCalls:
    """How much is kept of calls that are over: their sessions, and what no client has come for."""

    sessions: int = 64
    unread: int = 256


def fetch_nothing() -> None:
    """Refuses every download that a request could ask for by naming an address instead of a file."""
    for name in ("save_url_to_cache", "ssrf_protected_download", "unsafe_download"):
        setattr(processing_utils, name, _refuse)
    for name in ("async_ssrf_protected_get", "async_ssrf_protected_download"):
        setattr(processing_utils, name, _refuse_later)
    safehttpx.get = _refuse_later
    safehttpx.async_validate_url = _refuse_later


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    raise gr.Error(
        f"Quoth fetches nothing from other machines, and so not {url[:200]}. Upload the file.",
        print_exception=False,
    )


async def _refuse_later(url: str, *_: object, **__: object) -> NoReturn:
    _refuse(url)


class _NoCors:
    """Stands where Gradio would let pages from elsewhere in, with the credentials of whoever opens them."""

    def __init__(self, app: ASGIApp, **_: object) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def allow_no_other_origin() -> None:
    """Takes the headers away that Gradio sends to pages from elsewhere."""
    routes.CustomCORSMiddleware = _NoCors  # type: ignore[attr-defined, assignment]


class _Parser(route_utils.GradioMultiPartParser):
    """Leaves no part of an upload behind that was broken off, or for which there was no room."""

    async def parse(self) -> FormData:
        try:
            return await super().parse()
        except BaseException:
            for file in self._files_to_close_on_error:
                with suppress(OSError):
                    file.close()
                with suppress(OSError):
                    Path(file.name).unlink()
            raise


def delete_broken_uploads() -> None:
    """Has uploads that end with an error deleted."""
    route_utils.GradioMultiPartParser = _Parser  # type: ignore[misc]


def limit_memory(blocks: gr.Blocks, kept: KeptCalls) -> None:
    """Keeps fewer answers for clients that don't come for them than Gradio does, and no statistics of calls.

    Gradio would make a table of them after each call, which nobody sees.
    """
    blocks._queue.pending_messages_per_session.max_size = kept.unread
    blocks._queue.compute_analytics_summary = lambda *_, **__: {"functions": {}}  # type: ignore[method-assign]


def leave_with_session(blocks: gr.Blocks, leave: Callable[[str], None]) -> None:
    """Has `leave` called with every session to which nobody listens any more.

    Gradio takes what waits in its own queue out of that, and lets what has begun go on to its next result.
    """
    queue = blocks._queue
    clean = queue.clean_events

    async def cleaned(*, session_hash: str | None = None, event_id: str | None = None) -> None:
        await clean(session_hash=session_hash, event_id=event_id)
        if session_hash:
            leave(session_hash)

    queue.clean_events = cleaned  # type: ignore[method-assign]


def forget_finished(blocks: gr.Blocks, kept: KeptCalls) -> None:
    """Forgets what Gradio keeps of calls that are over.

    A session that holds no state is made again when it is used, so that nothing is lost with it.
    """
    queue, holder = blocks._queue, blocks.state_holder
    if len(holder.session_data) > kept.sessions:
        for session in [one for one, state in holder.session_data.items() if not state.state_data]:
            if not _running(queue, session):
                holder.session_data.pop(session, None)
                holder.time_last_used.pop(session, None)
    if len(queue.pending_event_ids_session) > kept.unread:
        _forget_unread(queue, kept.unread)


def _forget_unread(queue: Any, most: int) -> None:
    for session in list(queue.pending_event_ids_session)[:-most]:
        if not _running(queue, session):
            queue.pending_event_ids_session.pop(session, None)
            queue.pending_messages_per_session.pop(session, None)


def _running(queue: Any, session: str) -> bool:
    events = queue.pending_event_ids_session.get(session, ())
    return any(event in queue.event_ids_to_events for event in events)
