"""Pictures that are read later: what is text goes in at once, and the pictures that are left are counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

BEING_READ = "being read from pictures"


@dataclass(slots=True)
class PutOff:
    """How many pictures of one file are left to be read."""

    pictures: int = 0


_left: ContextVar[PutOff | None] = ContextVar("left", default=None)


@contextmanager
def allowed(later: bool) -> Iterator[PutOff]:
    """Inside, loaders may leave pictures for later, or must read them."""
    left = PutOff()
    token = _left.set(left if later else None)
    try:
        yield left
    finally:
        _left.reset(token)


def put_off(pictures: int) -> bool:
    """Leaves so many pictures for later; False where they must be read now."""
    left = _left.get()
    if left is None:
        return False
    left.pictures += pictures
    return True


def count() -> int:
    """How many have been left by now."""
    left = _left.get()
    return left.pictures if left else 0
