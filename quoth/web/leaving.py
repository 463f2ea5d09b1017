"""Clients that leave before they have their answer: whoever answers learns of it."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.service.queueing import Asker
from quoth.serving.views import ASKER_KEY

# Gradio's queue answers when the request that asked is over: its sessions are in `quoth/serving/sessions.py`.
_DOORS = ("/v1/", "/mcp")


class Leaving:
    """ASGI middleware: an Asker in the scope of every request that waits for its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_DOORS):
            await self._app(scope, receive, send)
            return
        asker = scope[ASKER_KEY] = Asker()
        messages: asyncio.Queue[Message] = asyncio.Queue(1)
        watch = asyncio.create_task(_pass_on(receive, messages, asker))

        async def received() -> Message:
            message = await messages.get()
            if message["type"] == "http.disconnect":  # whoever listens again hears it again
                messages.put_nowait(message)
            return message

        try:
            await self._app(scope, received, send)
        finally:
            watch.cancel()


async def _pass_on(receive: Receive, messages: "asyncio.Queue[Message]", asker: Asker) -> None:
    """Receives ahead of the application, which does not listen while it works."""
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()
        if message["type"] == "http.disconnect":
            asker.leave()
        await messages.put(message)
