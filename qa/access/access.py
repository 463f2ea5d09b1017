"""The one place that decides who may use a library: from a password, a key or a cookie to a Viewer."""

import hashlib
import hmac
import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from index import LibraryError, QuothError
from qa.access import passwords
from qa.access.accounts import FILE, Accounts, load
from qa.access.attempts import Attempts
from qa.access.viewer import EVERYONE, Viewer

# How long one stays signed in.
SESSION_SECONDS = 7 * 24 * 3600
_KEYS_KNOWN = 1_000
_WRONG = "That name and password don't belong together."
_WRONG_KEY = "That key is not known here. quoth keys add makes one."

_logger = logging.getLogger(__name__)


class SignInFailed(QuothError):
    """A wrong password or key; `wait` are the seconds until the next try, 0 when it may be now."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class Access:
    """Who may use the library in `folder`; every method may be called from any thread.

    As long as the library has no user and no private collection, everyone may do everything, unless `closed`.
    Once it has had one, it stays closed, also when the last user goes. Changes of the file count from the
    next request on.

    LibraryError when the file can't be read; later, a file that can't be read lets nobody in.
    """

    def __init__(
        self,
        folder: Path,
        closed: bool = False,
        attempts: Attempts | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = folder / FILE
        self._clock = clock
        self._attempts = attempts or Attempts()
        self._lock = threading.Lock()
        self._state: object = None
        self._accounts = Accounts()
        # Keys that were right, by their digest: argon2 would take its time for each request.
        self._known_keys: OrderedDict[bytes, str] = OrderedDict()
        self._closed = closed
        self._state = self._look()
        self._take(load(folder))

    @property
    def users(self) -> bool:
        """Whether there is any user."""
        return bool(self._now().users)

    @property
    def closed(self) -> bool:
        """Whether one has to sign in."""
        self._now()
        return self._closed

    def everyone(self) -> Viewer | None:
        """Who asks without signing in; None where one has to."""
        return None if self.closed else EVERYONE

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The cookie for a user; SignInFailed when the password is wrong, or was so too often just now."""
        who = (address, name)
        self._must_not_wait(who)
        accounts = self._now()
        user = accounts.users.get(name)
        if not passwords.is_right(password, user.password if user else "") or user is None:
            self._attempts.failed(who)
            raise SignInFailed(_WRONG)
        self._attempts.succeeded(who)
        until = int(self._clock()) + SESSION_SECONDS
        return f"{name}|{until}|{_signed(accounts, name, until)}"

    def by_cookie(self, cookie: str) -> Viewer | None:
        """Who signed in with it; None when it is not one of ours, or no longer holds."""
        name, _, rest = cookie.partition("|")
        until, _, signature = rest.partition("|")
        accounts = self._now()
        if name not in accounts.users or not until.isdecimal() or int(until) < self._clock():
            return None
        # Compared as bytes, since a cookie may hold any character.
        right = hmac.compare_digest(_signed(accounts, name, int(until)).encode(), signature.encode())
        return _viewer(accounts, name) if right else None

    def by_key(self, key: str, address: str) -> Viewer:
        """Whose key it is; SignInFailed when it is nobody's, or too many wrong ones came just now."""
        accounts = self._now()
        id, secret = passwords.parts_of(key)
        known = accounts.keys.get(id)
        digest = hashlib.sha256(f"{key}\0{known.secret if known else ''}".encode("utf-8", "replace")).digest()
        with self._lock:
            seen = self._known_keys.get(digest) == id
        if not seen:
            self._must_not_wait(address)
            if not passwords.is_right(secret, known.secret if known else "") or known is None:
                self._attempts.failed(address)
                raise SignInFailed(_WRONG_KEY)
            self._attempts.succeeded(address)
            with self._lock:
                self._known_keys[digest] = id
                while len(self._known_keys) > _KEYS_KNOWN:
                    self._known_keys.popitem(last=False)
        if known is None or known.user not in accounts.users:
            raise SignInFailed(_WRONG_KEY)
        return _viewer(accounts, known.user)

    def _must_not_wait(self, who: object) -> None:
        if wait := self._attempts.wait(who):
            raise SignInFailed(f"Too many wrong tries. Wait {math.ceil(wait)} s, then try again.", wait)

    def _now(self) -> Accounts:
        """The accounts as the file says now."""
        state = self._look()
        with self._lock:
            if state != self._state:
                try:
                    self._take(load(self._path.parent))
                except LibraryError:
                    _logger.exception("Nobody is let in.")
                    self._accounts, self._closed = Accounts(), True
                self._state = state
            return self._accounts

    def _take(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._closed |= bool(accounts.users or accounts.private)

    def _look(self) -> object:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def _viewer(accounts: Accounts, name: str) -> Viewer:
    return Viewer(name, accounts.users[name].role, accounts.hidden_from(name))


def _signed(accounts: Accounts, name: str, until: int) -> str:
    """The password's hash is part of it, so that a new password ends what was begun with the old one."""
    text = f"{name}|{until}|{accounts.users[name].password}"
    return hmac.digest(accounts.signature.encode(), text.encode(), "sha256").hex()
