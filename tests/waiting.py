"""Waiting for what happens in another thread or process."""

import time
from collections.abc import Callable

# Seconds: what takes milliseconds may take minutes on a machine that has much else to do.
PATIENCE = 240


def until(condition: Callable[[], object], told: Callable[[], object] = lambda: "") -> None:
    """Returns when the condition holds; fails with what is `told` when it does not come to hold."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, told()
        time.sleep(0.02)
