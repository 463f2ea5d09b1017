"""Who may use a library, and which of its collections are private: the file `access.json` in its folder."""

import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self, get_args

import filelock

from index import LibraryError, SettingError, normalise
from qa.limits import check_collection, shortened

FILE = "access.json"
FORMAT = 1
# A reader asks, an editor adds and removes documents too, a monitor sees the server's figures alone.
Role = Literal["reader", "editor", "monitor"]
ROLES: tuple[Role, ...] = get_args(Role)
# Stands before a group's name where users and groups are named together.
GROUP = "@"
# Plain, since names stand in cookies and in lists of users and groups.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LOCK_SECONDS = 10


@dataclass(frozen=True, slots=True)
class User:
    """What a user may do. `password` is its hash, empty for one who signs in with keys alone."""

    role: Role = "reader"
    groups: tuple[str, ...] = ()
    password: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A program's key: whose it is, what it is for, when it was made, and the hash of its secret part."""

    user: str
    label: str
    made: str
    secret: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """Users by name, keys by id, and who may see each private collection: names, and groups as `@group`.

    `signature` signs the cookies of those who have signed in.
    """

    users: Mapping[str, User] = field(default_factory=dict)
    keys: Mapping[str, Key] = field(default_factory=dict)
    private: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signature: str = ""

    def hidden_from(self, name: str) -> tuple[str, ...]:
        """The private collections that the user may not see."""
        own = {name, *(GROUP + group for group in self.users[name].groups)}
        return tuple(collection for collection, allowed in self.private.items() if not own & set(allowed))

    def with_user(self, name: str, user: User) -> Self:
        """With a new user, or one changed; SettingError for a name that can't be one."""
        for given in (name, *user.groups):
            if not _NAME.fullmatch(given):
                raise SettingError(
                    f"{shortened(given)} can't be a name here: it has 1 to 64 letters, digits, dots, hyphens "
                    "and underscores, and begins with a letter or digit."
                )
        return replace(self, users={**self.users, name: user})

    def without_user(self, name: str) -> Self:
        """Without the user and all keys of theirs; SettingError when there is none of that name."""
        self.user(name)
        return replace(
            self,
            users={other: user for other, user in self.users.items() if other != name},
            keys={id: key for id, key in self.keys.items() if key.user != name},
            # A collection that nobody is left for stays private; a later user of that name has no part in it.
            private={
                collection: tuple(one for one in allowed if one != name)
                for collection, allowed in self.private.items()
            },
        )

    def user(self, name: str) -> User:
        """The user of that name; SettingError when there is none."""
        if name not in self.users:
            raise SettingError(f"There is no user {shortened(name)}. quoth users list shows all.")
        return self.users[name]

    def with_key(self, id: str, user: str, label: str, secret: str) -> Self:
        """With a new key of that user; SettingError when there is no such user."""
        self.user(user)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        return replace(self, keys={**self.keys, id: Key(user, label, made, secret)})

    def without_key(self, id: str) -> Self:
        """Without that key; SettingError when there is none of that id."""
        if id not in self.keys:
            raise SettingError(f"There is no key {shortened(id)}. quoth keys list shows all.")
        return replace(self, keys={other: key for other, key in self.keys.items() if other != id})

    def with_private(self, collection: str, allowed: tuple[str, ...]) -> Self:
        """With the collection for these users and groups alone; SettingError when there is no such user."""
        check_collection(collection)
        for one in allowed:
            if not one.startswith(GROUP):
                self.user(one)
            elif not any(one[1:] in user.groups for user in self.users.values()):
                raise SettingError(f"No user is in the group {shortened(one[1:])}.")
        return replace(self, private={**self.private, normalise(collection): allowed})

    def without_private(self, collection: str) -> Self:
        """With the collection for all users; SettingError when it was not private."""
        name = normalise(collection)
        if name not in self.private:
            raise SettingError(f"The collection {shortened(name)} is not private.")
        return replace(self, private={other: who for other, who in self.private.items() if other != name})


def load(folder: Path) -> Accounts:
    """The accounts of the library in that folder; none where there is no file. LibraryError if unreadable."""
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Accounts()
    except (OSError, UnicodeError) as error:
        raise LibraryError(f"{path}, which says who may use the library, can't be read: {error}") from error
    try:
        return _read(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LibraryError(f"{path}, which says who may use the library, is damaged.") from error


@contextmanager
def changing(folder: Path) -> Iterator[list[Accounts]]:
    """A list of the accounts, whose last entry is kept when the `with` ends; one program at a time.

    LibraryError when the file can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / f"{FILE}.lock", timeout=_LOCK_SECONDS):
            kept = [load(folder)]
            yield kept
            _save(folder, kept[-1])
    except filelock.Timeout as error:
        raise LibraryError(f"Another program is changing {folder / FILE}. Try again.") from error
    except OSError as error:
        raise LibraryError(f"{folder / FILE} can't be written: {error.strerror}.") from error


def _save(folder: Path, accounts: Accounts) -> None:
    """Whole or not at all, and for the eyes of the owner alone."""
    signed = replace(accounts, signature=accounts.signature or secrets.token_urlsafe(32))
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{FILE}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"format": FORMAT, **asdict(signed)}, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(folder / FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(value: Mapping[str, Any]) -> Accounts:
    if value["format"] != FORMAT or not value["signature"]:
        raise ValueError(f"format {value['format']}")
    return Accounts(
        users={name: _user(user) for name, user in value["users"].items()},
        keys={id: Key(**key) for id, key in value["keys"].items()},
        private={normalise(name): tuple(map(str, who)) for name, who in value["private"].items()},
        signature=str(value["signature"]),
    )


def _user(value: Mapping[str, Any]) -> User:
    if value["role"] not in ROLES:
        raise ValueError(f"role {value['role']}")
    return User(value["role"], tuple(map(str, value["groups"])), str(value["password"]))
