"""The doors for programs that stand beside Gradio's in the same server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.routing import BaseRoute

from qa.service.queueing import MOST_ASKERS
from quoth.openai_api.routes import routes as openai_routes
from quoth.serving.views import Views
from quoth.web.first_look import routes as first_look_routes
from quoth.web.monitoring import Monitoring
from quoth.web.openapi import routes as openapi_routes
from quoth.web.page_pictures import routes as picture_routes

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


def doors(views: Views, monitoring: Monitoring) -> dict[str, Any]:
    """The routes, and what must run while they are served: arguments of the ASGI application."""
    routes: list[BaseRoute] = [
        *openai_routes(views),
        *monitoring.routes(),
        *openapi_routes(),
        *picture_routes(views),
        *first_look_routes(views),
    ]
    mcp = _mcp(views)
    if mcp:
        routes += mcp[0]

    @asynccontextmanager
    async def running(_app: object) -> AsyncIterator[None]:
        # Whoever waits for an answer holds a thread, and what is quick must find one beside them.
        to_thread.current_default_thread_limiter().total_tokens += MOST_ASKERS
        async with mcp[1].run() if mcp else nullcontext():
            yield

    return {"routes": routes, "lifespan": running}


def _mcp(views: Views) -> "tuple[Sequence[BaseRoute], StreamableHTTPSessionManager] | None":
    """The routes of the MCP door and what runs it; None when the extra `quoth[mcp]` is not installed."""
    try:
        from mcp.server.transport_security import TransportSecuritySettings

        from quoth.mcp.server import mcp_server
    except ModuleNotFoundError:
        return None
    server = mcp_server(views.of)
    # Without sessions nothing is kept of a client. Host and Origin have been checked by the guard.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(stateless_http=True, json_response=True, transport_security=security)
    return app.routes, server.session_manager
