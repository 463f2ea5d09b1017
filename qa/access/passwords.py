"""Passwords and keys are kept as hashes of argon2, which take long enough that nobody can try many."""

import secrets
import threading
from functools import cache
from typing import TYPE_CHECKING

from index import SettingError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 8, 1_000
PREFIX = "quoth"
# Each check takes 64 MB for its time: no more at once.
_AT_ONCE = threading.BoundedSemaphore(2)


@cache
def _hasher() -> "PasswordHasher":
    # Most commands need none of it.
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))


def hashed(password: str) -> str:
    """The hash of a new password; SettingError when it is too short or far too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise SettingError(
            f"The password has {len(password):,} characters, but must have {SHORTEST} to {LONGEST:,}."
        )
    return _hasher().hash(password)


def is_right(password: str, known: str) -> bool:
    """Whether it is the password of that hash; of none it never is, which takes as long to say."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    with _AT_ONCE:
        try:
            return _hasher().verify(known or _of_nobody(), password) and bool(known)
        except (VerificationError, InvalidHashError, UnicodeError):
            return False


def new_key() -> tuple[str, str, str]:
    """A new key: its id, its secret part, and the whole as a program sends it."""
    id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return id, secret, f"{PREFIX}_{id}_{secret}"


def parts_of(key: str) -> tuple[str, str]:
    """The id and the secret part of a key; both empty for what is none."""
    prefix, _, rest = key.partition("_")
    id, _, secret = rest.partition("_")
    return (id, secret) if prefix == PREFIX and id and secret else ("", "")
