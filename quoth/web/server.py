"""The web server: the page and the APIs in one process, which fetches nothing from anywhere."""

import errno
import logging
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from filelock import BaseFileLock
from starlette.middleware import Middleware

from index import SettingError
from qa import Service
from qa.access.access import Access
from quoth.serving.views import Views
from quoth.web import hardening, leftovers
from quoth.web.api import ENDPOINTS
from quoth.web.doors import doors
from quoth.web.entrance import Entrance
from quoth.web.guard import LOOPBACK, Guard, Sizes
from quoth.web.hardening import KeptCalls
from quoth.web.leaving import Leaving
from quoth.web.monitoring import Counted, Monitoring
from quoth.web.page import build
from quoth.web.shell import Shell
from quoth.web.theme import THEME

# Questions are quick and uploads are long: many of the one kind must not wait for the other.
PARALLEL = 16
# Requests that wait for their turn; one more is told that the server is busy.
MOST_WAITING = 200
# Pages that are open at the same time; the one used least recently begins anew when there are more.
MOST_SESSIONS = 200
# More than a document may have, so that the library says so itself, and for that file alone.
LARGEST_UPLOAD = "500mb"
# Seconds between two looks for uploads to delete, and the age at which they are.
_UPLOADS_LIVE = (300, 600)
_ICON = Path(__file__).parent / "icon.svg"

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    blocks: gr.Blocks
    uploads: BaseFileLock | None

    def close(self) -> None:
        self.blocks.close(verbose=False)
        if self.uploads:
            self.uploads.release()


class _Blocks(gr.Blocks):
    """Blocks that say what is wrong with the values of a call, and take fewer than there are parameters.

    A call over plain HTTP may have been written before the last parameter came.
    """

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        inputs += [None] * (len(block_fn.inputs) - len(inputs))
        super().validate_inputs(block_fn, inputs)

    async def preprocess_data(
        self, block_fn: Any, inputs: Any, state: Any, explicit_call: bool = False
    ) -> Any:
        try:
            if not isinstance(inputs, list) or len(inputs) > len(block_fn.inputs):
                raise TypeError
            return await super().preprocess_data(block_fn, inputs, state, explicit_call)
        except gr.Error:
            raise
        except Exception as error:
            # Gradio's components raise whatever they meet; the values themselves are not for the log.
            _logger.warning("The values of a call could not be used: %s.", type(error).__name__)
            raise gr.Error(_what_is_wrong(block_fn), print_exception=False) from error


def _what_is_wrong(block_fn: Any) -> str:
    if block_fn.api_name == "add":
        return (
            "files can't be used: each must be an uploaded file. Send it to /gradio_api/upload, and give "
            'the path that comes back as {"path": "…", "meta": {"_type": "gradio.FileData"}}.'
        )
    names = ", ".join(str(component.label) for component in block_fn.inputs)
    return f"The values of /{block_fn.api_name} can't be used. It takes a list of: {names}."


def start(
    service: Service, host: str, port: int, sizes: Sizes = Sizes(), kept: KeptCalls = KeptCalls()
) -> Server:
    """Serves the page and the APIs from another thread.

    SettingError when the port can't be had, or when the library would be open to other machines.
    """
    _check_free(host, port)
    access = _access(service, host)
    monitoring = Monitoring(service)
    views = Views(service, monitoring.answered)
    leftovers.clear()
    hardening.fetch_nothing()
    hardening.delete_broken_uploads()
    hardening.allow_no_other_origin()
    with _Blocks(
        title="Quoth", analytics_enabled=False, fill_width=True, delete_cache=_UPLOADS_LIVE
    ) as blocks:
        build(views)
    blocks.queue(default_concurrency_limit=PARALLEL, max_size=MOST_WAITING, api_open=False)
    hardening.limit_memory(blocks, kept)
    hardening.leave_with_session(blocks, views.sessions.leave)
    counted = Middleware(Counted, monitoring=monitoring)
    entrance = Middleware(Entrance, access=access)
    shell = Middleware(Shell, views=views)
    guard = Middleware(
        Guard,
        host=host,
        endpoints=ENDPOINTS,
        sizes=sizes,
        afterwards=lambda: hardening.forget_finished(blocks, kept),
    )
    middleware = [counted, Middleware(Leaving), guard, entrance, shell]
    try:
        _, url, _ = blocks.launch(
            server_name=f"[{host}]" if ":" in host and not host.startswith("[") else host,
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
            state_session_capacity=MOST_SESSIONS,
            favicon_path=_ICON,
            theme=THEME,
            app_kwargs={"middleware": middleware, **doors(views, monitoring)},
        )
    except OSError as error:
        raise SettingError(f"The chat can't listen on {host}, port {port}: {error}") from error
    return Server(url, blocks, _take_uploads())


def _access(service: Service, host: str) -> Access:
    """Who may come in; SettingError when nobody has to sign in and other machines could ask."""
    folder = service.library.folder
    local = host.strip("[]") in LOOPBACK
    access = Access(folder, closed=not local)
    if not local and not access.users:
        raise SettingError(
            f"At {host} whoever reaches this machine could read the library, which has no users yet. Add one "
            f"first: quoth users add NAME --library {folder}. For this machine alone, leave --host out."
        )
    return access


def _take_uploads() -> BaseFileLock | None:
    """Marks this server's folder of uploads, so that the next one deletes it if this one is killed."""
    folder = os.environ.get("GRADIO_TEMP_DIR")
    return leftovers.take(Path(folder)) if folder and Path(folder).is_dir() else None


def _check_free(host: str, port: int) -> None:
    """SettingError when nothing can listen there: Gradio looks at one address alone."""
    address = host.strip("[]")
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except (OSError, UnicodeError) as error:
        raise SettingError(_taken(host, port, error)) from error


def _taken(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is taken by another program, perhaps by another Quoth. "
            "Name another one with --port."
        )
    if isinstance(error, PermissionError):
        return (
            f"Port {port} of {host} needs rights that Quoth does not have. Name one above 1023 with --port."
        )
    return f"Quoth can't listen on {host}: it is no address of this machine."
