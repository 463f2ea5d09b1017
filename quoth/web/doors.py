"""The doors for programs that stand beside Gradio's in the same server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.routing import BaseRoute

from quoth.openai_api.routes import routes as openai_routes
from quoth.views import Views
from quoth.web.first_look import routes as first_look_routes
from quoth.web.monitoring import Monitoring
from quoth.web.openapi import routes as openapi_routes
from quoth.web.page_pictures import routes as picture_routes


def doors(views: Views, monitoring: Monitoring) -> dict[str, Any]:
    """The routes, and what must run while they are served: arguments of the ASGI application."""
    routes: list[BaseRoute] = [
        *openai_routes(views),
        *monitoring.routes(),
        *openapi_routes(),
        *picture_routes(views),
        *first_look_routes(views),
    ]
    try:
        from mcp.server.transport_security import TransportSecuritySettings

        from quoth.mcp_server import mcp_server
    except ModuleNotFoundError:  # the extra `quoth[mcp]` is not installed
        return {"routes": routes}
    server = mcp_server(views.of)
    # Without sessions nothing is kept of a client. Host and Origin have been checked by the guard.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app = server.streamable_http_app(stateless_http=True, json_response=True, transport_security=security)

    @asynccontextmanager
    async def running(_app: object) -> AsyncIterator[None]:
        async with server.session_manager.run():
            yield

    return {"routes": [*routes, *app.routes], "lifespan": running}
