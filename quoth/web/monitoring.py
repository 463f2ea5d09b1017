"""What an operator sees: /health, /metrics, and a line in the log for each request.

Neither holds a question, a text, or a name of a document or collection.
"""

import logging
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index import QuothError
from qa import Answer, Service
from qa.answering.answer import FORMS
from quoth.web.entrance import HEALTH, METRICS
from quoth.web.first_look import STATE

if TYPE_CHECKING:
    from prometheus_client import Metric

_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_DOORS = {"/v1/": "openai", "/mcp": "mcp", "/gradio_api/call": "gradio", HEALTH: "health", METRICS: "metrics"}

_logger = logging.getLogger("quoth.requests")


def door_of(path: str) -> str:
    """Which door a request goes to; the page is the rest."""
    return next((door for start, door in _DOORS.items() if path.startswith(start)), "page")


class Monitoring:
    """The figures of one server, and the routes that show them."""

    def __init__(self, service: Service) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self._service = service
        self._registry = CollectorRegistry()
        registry = self._registry
        self._requests = Counter(
            "quoth_requests", "Requests by door and status", ["door", "status"], registry=registry
        )
        self._answers = Counter(
            "quoth_answers", "Answers by form; none is a refusal", ["form"], registry=registry
        )
        self._seconds = Histogram(
            "quoth_answer_seconds", "Seconds to the whole answer", buckets=_SECONDS, registry=registry
        )
        for form in FORMS:
            self._answers.labels(form)
        self._registry.register(_LibraryMetrics(service))

    def answered(self, answer: Answer) -> None:
        """Counts a whole answer."""
        self._answers.labels(answer.form).inc()
        self._seconds.observe(answer.milliseconds / 1000)

    def request(self, door: str, status: int) -> None:
        """Counts a request."""
        self._requests.labels(door, str(status)).inc()

    def routes(self) -> list[Route]:
        return [Route(HEALTH, self._health), Route(METRICS, self._metrics)]

    async def _health(self, _request: Request) -> Response:
        """That questions can be answered, or why not; and what has failed in the background."""
        try:
            await run_in_threadpool(self._service.check)
            failures = await run_in_threadpool(_failures, self._service)
        except QuothError as error:
            return JSONResponse({"status": "failing", "problem": type(error).__name__}, 503)
        failing = [work for work, why in failures.items() if why]
        return JSONResponse({"status": "ok"} | ({"failing": failing} if failing else {}))

    async def _metrics(self, _request: Request) -> Response:
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        text = await run_in_threadpool(generate_latest, self._registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _failures(service: Service) -> dict[str, str]:
    """What is done in the background, and the error that ended it, if one did."""
    state = service.background()
    changing = state.embedder_change.failure if state.embedder_change else ""
    return {"vectors": state.failure, "pictures": state.pictures_failure, "embedder": changing}


class _LibraryMetrics:
    """How much the library holds, looked up when it is asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily

        documents, passages = self._service.library.counts()
        waiting = self._service.library.store.waiting()
        pictures = self._service.library.pictures_left()
        for name, words, value in (
            ("quoth_documents", "Documents in the library", documents),
            ("quoth_passages", "Passages in the library", passages),
            ("quoth_waiting_passages", "Passages that have no vector yet", waiting),
            ("quoth_waiting_pictures", "Pictures whose text is still to be read", pictures),
        ):
            yield GaugeMetricFamily(name, words, value=value)
        words = "Whether this work in the background has ended with an error"
        failing = GaugeMetricFamily("quoth_failing", words, labels=["work"])
        for work, why in _failures(self._service).items():
            failing.add_metric([work], float(bool(why)))
        yield failing

    def describe(self) -> Iterator["Metric"]:
        """Nothing: what is registered need not be looked up."""
        return iter(())


class Counted:
    """ASGI middleware around everything: counts each request, and logs most without their path."""

    def __init__(self, app: ASGIApp, *, monitoring: Monitoring) -> None:
        self._app = app
        self._monitoring = monitoring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        door = door_of(scope["path"])
        try:
            await self._app(scope, receive, sending)
        finally:
            self._monitoring.request(door, status)
            milliseconds = round(1000 * (time.perf_counter() - began), 1)
            facts = {"door": door, "method": scope["method"], "status": status, "milliseconds": milliseconds}
            # Open pages ask for it every two seconds: that would be most of the log.
            if scope["path"] != STATE or status != 200:
                _logger.info("request", extra={"facts": facts})
