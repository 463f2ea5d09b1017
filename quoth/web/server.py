"""The web server: the page and the API in one process, which fetches nothing from anywhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import gradio as gr
import safehttpx
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from index import SettingError
from qa import Service
from quoth.web.page import CSS, SCRIPT, build
from quoth.web.theme import THEME

# Questions are quick and uploads are long: many of the one kind must not wait for the other.
PARALLEL = 16
# Requests that wait for their turn; one more is told that the server is busy.
MOST_WAITING = 200
# More than a document may have, so that the library says so itself, and for that file alone.
LARGEST_UPLOAD = "500mb"
# Seconds between two looks for uploads to delete, and the age at which they are.
_UPLOADS_LIVE = (300, 600)
_LOOPBACK = ("127.0.0.1", "localhost")
_ICON = Path(__file__).parent / "icon.svg"


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    blocks: gr.Blocks

    def close(self) -> None:
        self.blocks.close(verbose=False)


class _Blocks(gr.Blocks):
    """Blocks whose endpoints take fewer values than they have parameters, as a call over plain HTTP may
    have that was written before the last parameter came.
    """

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        inputs += [None] * (len(block_fn.inputs) - len(inputs))
        super().validate_inputs(block_fn, inputs)


def start(service: Service, host: str, port: int) -> Server:
    """Serves the page and the API from another thread; SettingError when the port can't be had."""
    safehttpx.async_validate_url = _refuse
    with _Blocks(
        title="Quoth", analytics_enabled=False, fill_width=True, delete_cache=_UPLOADS_LIVE
    ) as blocks:
        build(service)
    blocks.queue(default_concurrency_limit=PARALLEL, max_size=MOST_WAITING)
    try:
        _, url, _ = blocks.launch(
            server_name=host,
            server_port=port,
            prevent_thread_lock=True,
            quiet=True,
            inline=False,
            share=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            run_history=False,
            footer_links=["api"],
            max_file_size=LARGEST_UPLOAD,
            favicon_path=_ICON,
            theme=THEME,
            css=CSS,
            js=SCRIPT,
            app_kwargs={"middleware": _middleware(host)},
        )
    except OSError as error:
        raise SettingError(f"The chat can't listen on {host}, port {port}: {error}") from error
    return Server(url, blocks)


def _middleware(host: str) -> list[Middleware]:
    """On this machine only, a page from elsewhere that points its own name here is turned away."""
    if host not in _LOOPBACK:
        return []
    return [Middleware(TrustedHostMiddleware, allowed_hosts=list(_LOOPBACK))]


async def _refuse(hostname: str) -> NoReturn:
    """Stands where Gradio would look up a foreign host: a request may name an address instead of a file."""
    raise ValueError(f"Quoth fetches nothing from other machines, and so nothing from {hostname}.")
