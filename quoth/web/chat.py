"""The web door: opens the library, starts the server and says where the chat is."""

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from index import Library, QuothError, SettingError
from qa import Service, Settings
from quoth.logs import log_as
from quoth.serving.ending import ends_at_once
from quoth.web.seed_documents import seed_paths

_LAST_PORT = 65535


def serve(settings: Settings, host: str, port: int, on_start: Callable[[Service], None]) -> None:
    """Serves the chat and the API until interrupted; SettingError when the port is taken.

    `on_start` is called when the page can be opened.
    """
    if not 0 <= port <= _LAST_PORT:
        raise SettingError(f"port is {port}, but must be from 0 to {_LAST_PORT}.")
    log_as(settings.log_format)
    signal.signal(signal.SIGTERM, _interrupt)
    with (
        ends_at_once(),
        suppress(KeyboardInterrupt),
        open_service(settings) as service,
        serving(service, host, port) as url,
    ):
        print(f"Quoth is at {url} with the library {settings.library}. Ctrl+C stops it.", flush=True)  # noqa: T201
        if following := service.next_embedder()[0]:
            print(f"The embedder is being changed to {following}; quoth documents shows how far.", flush=True)  # noqa: T201
        on_start(service)
        threading.Event().wait()


def open_service(settings: Settings) -> Service:
    """The service over the library; a new one gets the seed documents."""
    _keep_to_this_machine()
    new = not Library.exists(settings.library)
    service = Service.open(settings.library, settings)
    if new:
        service.add(seed_paths())
    return service


@contextmanager
def serving(service: Service, host: str, port: int) -> Iterator[str]:
    """The address of the chat, which is served from another thread until the end of the `with`.

    Uploads lie in a folder of their own, which goes with the server.
    """
    with _folder_for_uploads():
        _keep_to_this_machine()
        from quoth.web.server import start

        server = start(service, host, port)
        over = threading.Event()
        threading.Thread(target=_warm, args=(service, over), daemon=True).start()
        try:
            yield server.url
        finally:
            over.set()
            server.close()


@contextmanager
def _folder_for_uploads() -> Iterator[None]:
    """Inside, Gradio keeps uploads in a folder that is gone afterwards."""
    before = os.environ.get("GRADIO_TEMP_DIR")
    with tempfile.TemporaryDirectory(prefix="quoth-", ignore_cleanup_errors=True) as folder:
        os.environ["GRADIO_TEMP_DIR"] = folder
        try:
            yield
        finally:
            os.environ.pop("GRADIO_TEMP_DIR")
            if before is not None:
                os.environ["GRADIO_TEMP_DIR"] = before


def _keep_to_this_machine() -> None:
    """Stops libraries from reporting on their use; they look when they are imported.

    ONNX Runtime (1.32 does) would call a host of Microsoft's, and keep a file in the user's cache.
    """
    os.environ.update(
        GRADIO_ANALYTICS_ENABLED="False", HF_HUB_DISABLE_TELEMETRY="1", ORT_DISABLE_TELEMETRY="1"
    )


def _warm(service: Service, over: threading.Event) -> None:
    """Loads models and indexes, so that the first question does not wait for them."""
    try:
        service.ask("Is everything ready?")
    except QuothError:
        pass  # whoever asks next is told
    except RuntimeError:
        # While the process ends, no thread can begin anything any more.
        if not over.is_set():
            raise


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
