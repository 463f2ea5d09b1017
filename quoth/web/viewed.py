"""Functions for Gradio that act for whoever made the request."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import gradio as gr

from qa.access.view import View
from quoth.serving.views import Views


def viewed(views: Views, door: Callable[[View], Any], method: Callable[..., Any]) -> Callable[..., Any]:
    """The method of a `door` made for the request's view, with the request before its own parameters.

    Gradio takes types and names of the parameters, and whether values come one by one, from what it is given.
    """
    name = method.__name__

    def called(request: gr.Request, *values: Any) -> Any:
        return getattr(door(views.of(request.request)), name)(*values)

    def generated(request: gr.Request, *values: Any) -> Iterator[Any]:
        with views.sessions.asker(request.session_hash) as asker:
            yield from getattr(door(views.of(request.request, asker)), name)(*values)

    made: Any = generated if inspect.isgeneratorfunction(method) else called
    signature = inspect.signature(method)
    first = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request)
    own = [parameter for parameter in signature.parameters.values() if parameter.name != "self"]
    made.__signature__ = signature.replace(parameters=[first, *own])
    made.__annotations__ = {"request": gr.Request, **get_type_hints(method)}
    made.__name__, made.__doc__ = name, method.__doc__
    return made  # type: ignore[no-any-return]
