"""The file that says who may use a library."""

import json
import os
from pathlib import Path

import pytest

from index import LibraryError, SettingError
from qa.access.accounts import FILE, Accounts, User, changing, load

ANN, BOB = User("editor", ("board",), "hash of ann"), User("reader", (), "hash of bob")


def two() -> Accounts:
    return Accounts().with_user("ann", ANN).with_user("bob", BOB)


def test_what_is_kept_is_read_again_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    made = two().with_key("k1", "ann", "laptop", "hash").with_private("board papers", ("@board", "bob"))
    with changing(tmp_path) as kept:
        assert kept == [Accounts()]
        kept.append(made)
    found = load(tmp_path)
    assert (found.users, found.keys, found.private) == (made.users, made.keys, made.private)
    assert len(found.signature) > 20
    if os.name == "posix":
        assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    with changing(tmp_path) as kept:
        kept.append(kept[-1].without_private("board papers"))
    assert load(tmp_path).signature == found.signature


def test_an_error_inside_changes_nothing(tmp_path: Path) -> None:
    with changing(tmp_path) as kept:
        kept.append(two())
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(SettingError, match="There is no user 'eve'"), changing(tmp_path) as kept:
        kept.append(kept[-1].without_user("bob"))
        kept.append(kept[-1].without_user("eve"))
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_private_collection_is_hidden_from_all_who_are_not_named() -> None:
    accounts = two().with_private("board", ("@board",)).with_private("Cafe\u0301", ("bob",))
    assert accounts.hidden_from("ann") == ("Caf\u00e9",)
    assert accounts.hidden_from("bob") == ("board",)
    assert accounts.without_private("Caf\u00e9").hidden_from("ann") == ()


def test_a_removed_user_takes_keys_and_rights_along_and_leaves_the_collection_private() -> None:
    accounts = two().with_key("k1", "bob", "", "hash").with_private("bobs", ("bob",)).without_user("bob")
    assert accounts.keys == {}
    again = accounts.with_user("bob", BOB)
    assert again.hidden_from("bob") == again.hidden_from("ann") == ("bobs",)


@pytest.mark.parametrize("name", ["", "ann|1", "a b", "@ann", "x" * 65, "a;b", "\ud800", "-a"])
def test_a_name_that_could_be_taken_for_something_else_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match="can't be a name here"):
        Accounts().with_user(name, BOB)
    with pytest.raises(SettingError, match="can't be a name here"):
        Accounts().with_user("ann", User("reader", (name,)))


def test_whoever_is_not_there_is_named() -> None:
    with pytest.raises(SettingError, match="There is no user 'eve'"):
        two().with_private("x", ("eve",))
    with pytest.raises(SettingError, match="No user is in the group 'guests'"):
        two().with_private("x", ("@guests",))
    with pytest.raises(SettingError, match="There is no key 'k2'"):
        two().without_key("k2")
    with pytest.raises(SettingError, match="'x' is not private"):
        two().without_private("x")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": 2, "users": {}, "keys": {}, "private": {}, "signature": "s"}',
        '{"format": 1, "users": {}, "keys": {}, "private": {}, "signature": ""}',
        '{"format": 1, "users": {"a": {"role": "king", "groups": [], "password": ""}}, "keys": {}, '
        '"private": {}, "signature": "s"}',
    ],
)
def test_a_damaged_file_is_an_error_and_never_an_open_door(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(LibraryError, match="is damaged"):
        load(tmp_path)


def test_the_file_is_json_that_a_person_can_read(tmp_path: Path) -> None:
    with changing(tmp_path) as kept:
        kept.append(two())
    assert json.loads((tmp_path / FILE).read_text())["users"]["bob"]["role"] == "reader"
