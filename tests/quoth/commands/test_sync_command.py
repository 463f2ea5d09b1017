import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from quoth.cli import main
from quoth.commands.options import FAILED, FOUND, NOT_FOUND
from tests.quoth.web.browser import running
from tests.waiting import PATIENCE, until

VAULT = "The Svalbard vault opened in 2008. It stores the seeds of food crops.\n"
BEES = "Bees dance to tell where food is.\n"


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUOTH_LIBRARY", str(tmp_path / "library"))
    return tmp_path / "library"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "notes"
    (made / "sub").mkdir(parents=True)
    (made / "vault.txt").write_text(VAULT, encoding="utf-8")
    (made / "sub" / "bees.txt").write_text(BEES, encoding="utf-8")
    return made


def test_each_change_has_its_line_and_a_summary(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def lines(*options: str) -> list[str]:
        assert main(["sync", str(folder), *options]) == FOUND
        return capsys.readouterr().out.splitlines()

    assert lines("--dry-run") == [
        "added     vault.txt",
        "added     sub/bees.txt",
        "2 added (dry run: nothing was changed)",
    ]
    assert lines() == ["added     vault.txt, 1 passage", "added     sub/bees.txt, 1 passage", "2 added"]
    assert lines() == ["2 unchanged"]
    (folder / "vault.txt").rename(folder / "safe.txt")
    assert lines() == ["moved     safe.txt: was vault.txt", "1 unchanged, 1 moved"]
    (folder / "safe.txt").unlink()
    assert lines() == ["removed   safe.txt", "1 unchanged, 1 removed"]
    assert main(["ask", "When did the Svalbard vault open?"]) == NOT_FOUND


def test_it_ends_when_all_can_be_found_by_its_meaning(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def documents() -> list[tuple[str, int, int]]:
        capsys.readouterr()
        assert main(["documents", "--json"]) == FOUND
        found = json.loads(capsys.readouterr().out)
        return [(one["name"], one["passages"], one["embedded"]) for one in found]

    main(["sync", str(folder), "--dry-run"])
    assert documents() == []
    main(["sync", str(folder)])
    assert documents() == [("sub/bees.txt", 1, 1), ("vault.txt", 1, 1)]


def test_a_file_that_can_not_be_read_is_told_on_the_error_output(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty.txt").touch()
    for _ in range(2):
        assert main(["sync", str(folder)]) == NOT_FOUND
        assert capsys.readouterr().err == "failed    empty.txt: it is empty\n"


def test_a_folder_that_is_gone_is_a_mistake_unless_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["sync", str(folder), "--collection", "mine"])
    folder.rename(folder.with_name("away"))
    capsys.readouterr()
    assert main(["sync", str(folder), "--collection", "mine"]) == FAILED
    assert "run quoth sync with --delete-all on it" in capsys.readouterr().err
    assert main(["sync", str(folder), "--collection", "mine", "--delete-all"]) == FOUND
    assert capsys.readouterr().out.splitlines()[-1] == "2 removed"
    assert main(["sync", str(folder)]) == FAILED
    assert "can't be opened: No such file or directory" in capsys.readouterr().err


def test_an_empty_folder_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["sync", str(tmp_path / "empty")]) == FOUND
    assert capsys.readouterr().out == "No files found.\n"


# What a shell starts in the background ignores interrupts, and so would its children.
_INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from quoth.cli import main
sys.exit(main(sys.argv[1:]))
"""


@contextmanager
def command(log: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _INTERRUPTIBLE, *arguments], stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until_said(log: Path, words: str) -> None:
    until(lambda: words in log.read_text(), log.read_text)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_watched_folder_is_followed_until_it_is_stopped(
    folder: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    log = tmp_path / "log.txt"
    with command(log, "sync", str(folder), "--watch") as process:
        until_said(log, f"watching  {folder}: 2 files")
        (folder / "new.txt").write_text("A new text.")
        until_said(log, f"watching  {folder}: 3 files")
        (folder / "vault.txt").rename(folder / "safe.txt")
        until_said(log, "moved     safe.txt: was vault.txt")
        os.kill(process.pid, sign)
        assert process.wait(PATIENCE) == FOUND
    assert "Traceback" not in log.read_text()
    assert "added     new.txt, 1 passage" in log.read_text()


def test_the_chat_watches_folders(folder: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--watch", str(folder), "--collection", "mine") as server:
        until_said(server.log, f"watching  {folder}: 2 files")
        (folder / "vault.txt").unlink()
        until_said(server.log, "removed   vault.txt")
    assert "Traceback" not in server.log.read_text()
