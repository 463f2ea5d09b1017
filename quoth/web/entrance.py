"""Whoever comes in is known from here on: signing in and out, keys, and the viewer that doors are given."""

import math
from html import escape
from importlib.resources import files
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from index import QuothError
from qa.access.access import SESSION_SECONDS, Access, SignInFailed
from qa.access.viewer import NotAllowed, Viewer
from quoth.serving.views import SCOPE_KEY

SIGN_IN, SIGN_OUT, HEALTH, METRICS = "/sign-in", "/sign-out", "/health", "/metrics"
# The first says who has signed in; the second, which the page's script may read, how to greet them.
SESSION, GREETING = "quoth-session", "quoth-user"
_UPLOAD = "/gradio_api/upload"
# Without a viewer nothing of the library is to be had there; the second is asked by Gradio as it starts.
_OPEN = (HEALTH, "/gradio_api/startup-events")
_LONGEST_FORM = 10_000
_UNKNOWN = (
    "Sign in first: on the page, or with the header Authorization: Bearer and a key from quoth keys add."
)


class Entrance:
    """ASGI middleware: leaves a Viewer in the scope of every request that may come in, and answers others."""

    def __init__(self, app: ASGIApp, *, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        response = await self._stopped(request)
        await (response or self._app)(scope, receive, send)

    async def _stopped(self, request: Request) -> Response | None:
        """What is answered here; None for a request that goes on to the doors."""
        # Not that of `request.url`, which is put together with the Host header and read anew.
        path = str(request.scope["path"])
        if path in _OPEN:
            return None
        if path == SIGN_IN and self._access.closed:
            return await self._sign_in(request) if request.method == "POST" else _page()
        if path == SIGN_OUT and request.method == "POST":
            return _signed_out()
        try:
            viewer = await self._viewer(request)
        except QuothError as error:
            return _refusal(request, 401, str(error), error.wait if isinstance(error, SignInFailed) else 0)
        if viewer is None:
            wants_page = "text/html" in request.headers.get("accept", "")
            if request.method == "GET" and wants_page:
                return RedirectResponse(SIGN_IN, 303)
            return _refusal(request, 401, _UNKNOWN)
        try:
            _must_be_for(viewer, path)
        except NotAllowed as error:
            return _refusal(request, 403, str(error))
        request.scope[SCOPE_KEY] = viewer
        return None

    async def _viewer(self, request: Request) -> Viewer | None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        everyone = self._access.everyone()
        if everyone:
            return everyone
        if scheme.lower() == "bearer":
            return await run_in_threadpool(self._access.by_key, key.strip(), _address(request))
        return self._access.by_cookie(request.cookies.get(SESSION, ""))

    async def _sign_in(self, request: Request) -> Response:
        body = await request.body()
        form = parse_qs(body[:_LONGEST_FORM].decode("utf-8", "replace"), keep_blank_values=True)
        name, password = form.get("name", [""])[0], form.get("password", [""])[0]
        try:
            session = await run_in_threadpool(self._access.sign_in, name, password, _address(request))
        except SignInFailed as error:
            return _page(str(error), error.wait)
        role = self._access.by_cookie(session)
        response = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        response.set_cookie(SESSION, session, SESSION_SECONDS, httponly=True, samesite="lax", secure=secure)
        greeting = f"{name}:{role.role if role else ''}"
        response.set_cookie(GREETING, greeting, SESSION_SECONDS, samesite="lax", secure=secure)
        return response


def _must_be_for(viewer: Viewer, path: str) -> None:
    """NotAllowed where nothing behind the path is for that viewer."""
    if path == METRICS and not viewer.monitors:
        raise NotAllowed("The figures count all documents, and are for users with the role monitor alone.")
    if path != METRICS and not viewer.reads:
        raise NotAllowed(f"The role monitor sees {METRICS} alone.")
    if path.startswith(_UPLOAD) and not viewer.edits:
        raise NotAllowed("You may read here, but not add anything. An editor can.")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _page(problem: str = "", wait: float = 0.0) -> Response:
    html = files("quoth.web").joinpath("parts", "sign-in.html").read_text(encoding="utf-8")
    shown = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    status = 200 if not problem else 429 if wait else 401
    return HTMLResponse(html.replace("<!-- problem -->", shown), status, _headers(wait))


def _signed_out() -> Response:
    response = RedirectResponse(SIGN_IN, 303)
    for name in (SESSION, GREETING):
        response.delete_cookie(name)
    return response


def _refusal(request: Request, status: int, words: str, wait: float = 0.0) -> Response:
    """An error in the shape that the door's clients show."""
    body: dict[str, object] = {"error": words, "detail": words}
    if str(request.scope["path"]).startswith("/v1/"):
        body = {"error": {"message": words, "type": "authentication_error", "param": None, "code": None}}
    headers = _headers(wait) | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})
    return JSONResponse(body, 429 if wait else status, headers)


def _headers(wait: float) -> dict[str, str]:
    return {"Cache-Control": "no-store"} | ({"Retry-After": str(math.ceil(wait))} if wait else {})
