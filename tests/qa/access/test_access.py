"""Who is let in, with the real hashes."""

import itertools
from pathlib import Path

import pytest

from index import LibraryError, SettingError
from qa.access import passwords
from qa.access.access import SESSION_SECONDS, Access, SignInFailed
from qa.access.accounts import FILE, User, changing
from qa.access.attempts import Attempts
from qa.access.viewer import EVERYONE, Viewer

PASSWORD = "correct horse"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with changing(tmp_path) as kept:
        kept.append(kept[-1].with_user("ann", User("editor", (), passwords.hashed(PASSWORD))))
        kept.append(kept[-1].with_user("bot", User("reader")))
        kept.append(kept[-1].with_private("anns", ("ann",)))
    return tmp_path


def key_of(folder: Path, user: str) -> str:
    id, secret, key = passwords.new_key()
    with changing(folder) as kept:
        kept.append(kept[-1].with_key(id, user, "", passwords.hashed(secret)))
    return key


def test_without_users_everyone_may_do_everything_until_there_is_one(tmp_path: Path) -> None:
    access = Access(tmp_path)
    assert access.everyone() == EVERYONE
    assert not access.closed
    assert Access(tmp_path, closed=True).everyone() is None
    with changing(tmp_path) as kept:
        kept.append(kept[-1].with_user("ann", User()))
    assert access.everyone() is None
    (tmp_path / FILE).unlink()
    assert access.everyone() is None


def test_the_right_password_gives_a_cookie_that_says_who_it_is(folder: Path) -> None:
    access = Access(folder)
    cookie = access.sign_in("ann", PASSWORD, "1.2.3.4")
    assert access.by_cookie(cookie) == Viewer("ann", "editor", ())
    assert Access(folder).by_cookie(cookie) == Viewer("ann", "editor", ())


@pytest.mark.parametrize(
    ("name", "password"),
    [("ann", "wrong horse"), ("ann", ""), ("eve", PASSWORD), ("bot", ""), ("", ""), ("ann", "x" * 100_000)],
)
def test_everything_else_is_refused_in_the_same_words(name: str, password: str, folder: Path) -> None:
    with pytest.raises(SignInFailed, match="don't belong together"):
        Access(folder).sign_in(name, password, "1.2.3.4")


def test_a_forged_changed_or_old_cookie_is_nobodys(folder: Path) -> None:
    now = itertools.count(1_000_000)
    access = Access(folder, clock=lambda: next(now))
    cookie = access.sign_in("ann", PASSWORD, "")
    name, until, signature = cookie.split("|")
    for forged in (
        "", "|", "||", f"bot|{until}|{signature}", f"{name}|{int(until) + 1}|{signature}", f"{name}|{until}|",
        f"{name}|{until}|{signature[:-1]}", f"{name}|{until}|\u00e9", f"{name}|-1|{signature}",
    ):  # fmt: skip
        assert access.by_cookie(forged) is None, forged
    assert access.by_cookie(cookie)
    now = itertools.count(1_000_000 + SESSION_SECONDS + 100)
    assert access.by_cookie(cookie) is None


def test_a_new_password_and_a_removed_user_end_what_was_begun(folder: Path) -> None:
    access = Access(folder)
    cookie = access.sign_in("ann", PASSWORD, "")
    with changing(folder) as kept:
        kept.append(kept[-1].with_user("ann", User("reader", (), passwords.hashed("another horse"))))
    assert access.by_cookie(cookie) is None
    cookie = access.sign_in("ann", "another horse", "")
    assert access.by_cookie(cookie) == Viewer("ann", "reader", ())
    with changing(folder) as kept:
        kept.append(kept[-1].without_user("ann"))
    assert access.by_cookie(cookie) is None


def test_a_key_acts_for_its_user_until_it_is_withdrawn(folder: Path) -> None:
    access = Access(folder)
    key = key_of(folder, "bot")
    for _ in range(2):
        assert access.by_key(key, "") == Viewer("bot", "reader", ("anns",))
    id, secret = passwords.parts_of(key)
    for wrong in ("", "quoth", key + "x", key[:-1], f"quoth_{id}_", f"quoth__{secret}", f"quoth_x_{secret}"):
        with pytest.raises(SignInFailed, match="not known here"):
            Access(folder).by_key(wrong, "")
    with changing(folder) as kept:
        kept.append(kept[-1].without_key(id))
    with pytest.raises(SignInFailed, match="not known here"):
        access.by_key(key, "")


def test_too_many_wrong_tries_have_to_wait_and_those_who_are_in_stay_in(folder: Path) -> None:
    access = Access(folder, attempts=Attempts(free=1, clock=lambda: 0.0))
    key = key_of(folder, "bot")
    access.by_key(key, "1.2.3.4")
    for wrong in ("wrong", PASSWORD):
        with pytest.raises(SignInFailed) as failed:
            access.sign_in("ann", wrong, "1.2.3.4")
    assert str(failed.value) == "Too many wrong tries. Wait 1 s, then try again."
    assert failed.value.wait == 1
    for _ in range(2):
        with pytest.raises(SignInFailed):
            access.by_key("quoth_a_b", "1.2.3.4")
    assert access.by_key(key, "1.2.3.4").name == "bot"
    assert access.by_cookie(access.sign_in("ann", PASSWORD, "5.6.7.8"))


def test_a_file_that_can_not_be_read_lets_nobody_in(folder: Path) -> None:
    access = Access(folder)
    cookie, key = access.sign_in("ann", PASSWORD, ""), key_of(folder, "ann")
    (folder / FILE).write_text("{")
    assert access.everyone() is None
    assert access.by_cookie(cookie) is None
    with pytest.raises(SignInFailed):
        access.by_key(key, "")
    with pytest.raises(LibraryError, match="is damaged"):
        Access(folder)


def test_a_short_password_is_refused_and_a_hash_is_of_argon2() -> None:
    with pytest.raises(SettingError, match="has 5 characters, but must have 8"):
        passwords.hashed("short")
    known = passwords.hashed(PASSWORD)
    assert known.startswith("$argon2id$")
    assert passwords.is_right(PASSWORD, known)
    assert not passwords.is_right(PASSWORD, "no hash")
