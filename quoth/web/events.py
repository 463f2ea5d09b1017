"""Events of the page as handlers take them, and patches as they return them."""

import itertools
import logging
from collections.abc import Mapping
from typing import Any

import gradio as gr

from index import SettingError

Patch = dict[str, Any]

# The script hears of changes alone, so no two patches may be the same.
_SENT = itertools.count()

logger = logging.getLogger("quoth.web")


def request_of(event: gr.EventData) -> Mapping[str, Any]:
    """What the page's script sent; it may be anything, since anybody can send an event."""
    request = event.request
    if not isinstance(request, dict):
        raise gr.Error("The event has no request.", print_exception=False)
    return request


def text_of(request: Mapping[str, Any], name: str) -> str:
    """A text of the request; SettingError when it is none."""
    value = request.get(name)
    if not isinstance(value, str):
        raise SettingError(f"{name} is {value!r:.80}, but must be text.")
    return value


def whole_of(request: Mapping[str, Any], name: str, otherwise: int = 1) -> int:
    """A whole number above 0 of the request, or the other one."""
    value = request.get(name, otherwise)
    return value if isinstance(value, int) and value > 0 else otherwise


def texts_of(request: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts of the request; what is none is left out."""
    value = request.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def new(patch: Patch) -> Patch:
    return {**patch, "sent": next(_SENT)}


def file(name: str, text: str) -> Patch:
    """A file for the person to keep."""
    return new({"file": {"name": name, "text": text}})
