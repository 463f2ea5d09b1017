"""From a request to the service as whoever made it may see it."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from qa import Answer, Service
from qa.access.view import View
from qa.access.viewer import NotAllowed, Viewer
from qa.service.queueing import Asker
from quoth.serving.sessions import Sessions

# Where the entrance leaves the Viewer in a request's ASGI scope, and `quoth.web.leaving` the Asker.
SCOPE_KEY = "quoth.viewer"
ASKER_KEY = "quoth.asker"


class _Request(Protocol):
    """Starlette's Request, and whatever is made of it."""

    @property
    def scope(self) -> Any: ...


class Views:
    """What doors are given in place of the service; `note` hears of every whole answer."""

    def __init__(self, service: Service, note: Callable[[Answer], None] | None = None) -> None:
        self._service = service
        self._note = note
        self.sessions = Sessions()

    def of(self, request: _Request | None, asker: Asker | None = None) -> View:
        """The view of whoever made the request; NotAllowed when it came in past the entrance.

        `asker` is given where the request is over before it is answered.
        """
        scope: Mapping[str, Any] = request.scope if request else {}
        viewer = scope.get(SCOPE_KEY)
        if not isinstance(viewer, Viewer):
            raise NotAllowed("Sign in first.")
        return View(self._service, viewer, self._note, asker or scope.get(ASKER_KEY))
