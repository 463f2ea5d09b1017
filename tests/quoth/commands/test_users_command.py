"""`quoth users`, `quoth keys` and `quoth private`, as typed."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.access.access import Access
from qa.access.accounts import load
from quoth.cli import main

PASSWORD = "correct horse"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def quoth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on one library; its status, and what it printed."""

    def run(*arguments: str, typed: str = f"{PASSWORD}\n") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        status = main([*arguments, "--library", str(tmp_path)])
        printed = capsys.readouterr()
        return status, (printed.out + printed.err).strip()

    return run


def test_a_user_is_added_changed_listed_and_removed(quoth: Run, tmp_path: Path) -> None:
    assert quoth("users", "list") == (0, "There are no users: quoth users add NAME adds one.")
    added = quoth("users", "add", "ann", "--role", "editor", "--group", "board")
    assert added == (0, "added     ann, editor")
    assert quoth("users", "add", "bot", "--no-password", typed="") == (0, "added     bot, reader")
    assert quoth("users", "list") == (0, "ann: editor, in board\nbot: reader, keys alone")
    assert Access(tmp_path).sign_in("ann", PASSWORD, "")
    assert quoth("users", "change", "ann", "--role", "reader") == (0, "changed   ann, reader")
    assert load(tmp_path).users["ann"].groups == ("board",)
    assert quoth("users", "change", "ann", "--password", typed="another horse\n")[0] == 0
    assert Access(tmp_path).sign_in("ann", "another horse", "")
    assert quoth("users", "remove", "ann") == (0, "removed   ann")
    assert quoth("users", "list") == (0, "bot: reader, keys alone")


def test_mistakes_are_said_in_one_line(quoth: Run) -> None:
    assert quoth("users", "add", "ann", typed="short\n") == (
        2,
        "quoth: The password has 5 characters, but must have 8 to 1,000.",
    )
    assert quoth("users", "add", "ann")[0] == 0
    assert quoth("users", "add", "ann") == (
        2,
        "quoth: There is a user ann already. quoth users change changes it.",
    )
    for command in (("users", "remove", "eve"), ("users", "change", "eve"), ("keys", "add", "eve")):
        assert quoth(*command) == (2, "quoth: There is no user 'eve'. quoth users list shows all.")
    assert quoth("keys", "remove", "x") == (2, "quoth: There is no key 'x'. quoth keys list shows all.")


def test_a_key_is_shown_once_and_works_until_it_is_withdrawn(quoth: Run, tmp_path: Path) -> None:
    quoth("users", "add", "ann")
    status, key = quoth("keys", "add", "ann", "--label", "laptop")
    assert status == 0
    assert Access(tmp_path).by_key(key, "").name == "ann"
    status, listed = quoth("keys", "list")
    (id,) = load(tmp_path).keys
    assert listed.startswith(f"{id}: ann, laptop, made ")
    assert key.rpartition("_")[2] not in listed
    assert quoth("keys", "remove", id) == (0, f"removed   {id}")
    assert quoth("keys", "list") == (0, "There are no keys: quoth keys add USER makes one.")


def test_a_collection_is_made_private_and_public_again(quoth: Run, tmp_path: Path) -> None:
    quoth("users", "add", "ann")
    quoth("users", "add", "bob", "--group", "board")
    assert quoth("private", "papers", "ann", "@board") == (0, "ann, @board")
    assert quoth("private") == (0, "papers: ann, @board")
    assert quoth("private", "papers", "ann") == (0, "ann")
    assert load(tmp_path).hidden_from("bob") == ("papers",)
    assert quoth("private", "papers", "--everyone") == (0, "everyone")
    assert quoth("private") == (0, "")
