"""How far reading one file has come, for whoever waits for it: loaders report, and need not know to whom."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Report = Callable[[int, int], None]  # pages done, and pages that take a while altogether

_report: ContextVar[Report | None] = ContextVar("report", default=None)


def report(done: int, total: int) -> None:
    """Says that so many of the pages that take a while are done."""
    to = _report.get()
    if to is not None:
        to(done, total)


@contextmanager
def reported(to: Report) -> Iterator[None]:
    """Inside, `to` gets what is reported."""
    token = _report.set(to)
    try:
        yield
    finally:
        _report.reset(token)
