"""Waiting for what happens in another thread or process, or in a loop of events."""

import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio

# Seconds: what takes milliseconds may take minutes on a machine that has much else to do.
PATIENCE = 240


def until(condition: Callable[[], object], told: Callable[[], object] = lambda: "") -> None:
    """Returns when the condition holds; fails with what is `told` when it does not come to hold."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, told()
        time.sleep(0.02)


def ran(called: Callable[[], Awaitable[Any]]) -> Any:
    """What an asynchronous function returns.

    In a thread of its own, since a browser that other tests opened keeps a loop running in this one.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, called).result()
