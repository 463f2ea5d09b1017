import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from quoth.cli import main
from quoth.cli import parser as whole_parser
from quoth.commands.options import FAILED, FOUND, NOT_FOUND

TEXT = "The Svalbard vault opened in 2008. It stores the seeds of food crops.\n"


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUOTH_LIBRARY", str(tmp_path / "library"))
    return tmp_path / "library"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    path = tmp_path / "vault.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_add_ask_and_remove(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", str(vault)]) == FOUND
    assert capsys.readouterr().out.splitlines() == ["added     vault.txt, 1 passage", "1 added"]
    assert main(["ask", "When", "did", "the", "vault", "open?"]) == FOUND
    shown = capsys.readouterr().out
    assert shown.startswith("2008 [1]")
    assert "[1] vault.txt\n    The Svalbard vault opened in 2008.\n" in shown
    assert main(["remove", "vault.txt"]) == FOUND
    assert main(["documents"]) == FOUND
    assert capsys.readouterr().out.splitlines() == ["removed   vault.txt", "There are no documents."]


def test_add_says_what_of_a_file_was_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fee.html").write_text("<p>The fee is <del>30</del> 40 euros.</p>")
    assert main(["add", "--library", str(tmp_path / "library"), str(tmp_path / "fee.html")]) == 0
    line = capsys.readouterr().out.splitlines()[0]
    assert line == "added     fee.html, 1 passage; not read: struck-out text: “30”"


def test_the_json_of_an_answer_keeps_the_schema(vault: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["add", str(vault)])
    capsys.readouterr()
    assert main(["ask", "--json", "When did the vault open?"]) == FOUND
    answer = json.loads(capsys.readouterr().out)
    schema = json.loads((Path(__file__).parents[3] / "qa" / "answer.schema.json").read_text("utf-8"))
    jsonschema.validate(answer, schema)
    assert answer["citations"][0]["quote"] in TEXT


def test_what_is_not_in_the_documents_has_an_exit_status_of_its_own(
    vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", str(vault)])
    assert main(["ask", "What is the boiling point of tungsten?"]) == NOT_FOUND
    assert "No sure answer.\n\nThe nearest sentences:\n[1] vault.txt\n" in capsys.readouterr().out


def test_search_documents_and_filters(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Seeds are sown in spring.", encoding="utf-8")
    main(["add", str(vault), "--metadata", "year=2008"])
    main(["add", str(other), "--collection", "garden"])
    capsys.readouterr()
    assert main(["search", "seeds", "--json", "--collection", "garden"]) == FOUND
    assert [hit["name"] for hit in json.loads(capsys.readouterr().out)] == ["other.txt"]
    assert main(["documents", "--json", "--metadata", "year=2008"]) == FOUND
    assert [document["name"] for document in json.loads(capsys.readouterr().out)] == ["vault.txt"]
    assert main(["search", "seeds"]) == FOUND
    assert capsys.readouterr().out.startswith("1. ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", "anything"], "There is no library in"),
        (["remove", "nothing.txt"], "There is no library in"),
        (["add", "x", "--metadata", "novalue"], "--metadata takes KEY=VALUE, not 'novalue'."),
        (["documents", "--threads", "-1"], "threads is -1"),
        (["chat", "--port", "99999"], "port is 99999"),
        (["add", "x", "--collection", "a\nb"], "has control characters in its name"),
        (["add", "x", "--embedder", "no/such-model"], "no/such-model"),
    ],
)
def test_a_mistake_is_one_line_without_a_traceback(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert main(arguments) == FAILED
    printed = capsys.readouterr()
    assert message in printed.err
    assert "Traceback" not in printed.err
    assert printed.err.startswith("quoth: ")
    assert printed.out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["remove", "nothing.txt"], "There is no document 'nothing.txt' in the collection 'default'."),
        (["search", "seeds", "--limit", "0"], "limit is 0"),
        (
            ["ask", "Why?", "--collection", "gardne"],
            "There is no collection 'gardne'. There are: default, garden.",
        ),
        (["search", "seeds", "--collection", "gardne"], "There is no collection 'gardne'."),
        (["ask", "Why?", "--metadata", "a=b"], "There are no documents that pass the filter."),
    ],
)
def test_a_mistake_names_what_the_library_lacks(
    arguments: list[str], message: str, vault: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", str(vault)])
    main(["add", str(vault), "--collection", "garden"])
    capsys.readouterr()
    assert main(arguments) == FAILED
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("name", ["QUOTH_THREADS", "QUOTH_LOAD_MEGABYTES"])
@pytest.mark.parametrize("value", ["inf", "nan", "2.5", "many"])
def test_a_variable_that_is_no_whole_number_is_one_line(
    name: str, value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["documents"]) == FAILED
    assert capsys.readouterr().err == f"quoth: {name} is {value!r}, but must be a whole number.\n"


def test_a_file_that_can_not_be_read_is_reported_and_the_rest_goes_in(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", str(vault), str(tmp_path / "missing.pdf")]) == NOT_FOUND
    printed = capsys.readouterr()
    assert "added     vault.txt" in printed.out
    assert "failed" in printed.err
    assert "missing.pdf" in printed.err


def test_a_damaged_library_is_one_line(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library.mkdir()
    (library / "library.sqlite3").write_bytes(b"not a database at all" * 50)
    assert main(["documents"]) == FAILED
    assert "is damaged or is no library" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "ask anything", "search anything", "documents", "remove a.txt", "check", "rebuild", "export x.zip",
        "embedder",
    ],
)  # fmt: skip
def test_where_there_is_no_library_none_is_made(
    command: str, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command.split()) == FAILED
    assert capsys.readouterr().err == f"quoth: There is no library in {library}. quoth add FILE makes one.\n"
    assert not library.exists()


def test_a_library_is_checked_and_mended(
    vault: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", str(vault)])
    capsys.readouterr()
    assert main(["check"]) == FOUND
    assert capsys.readouterr().out == f"{library} is whole: 1 document, 1 passage.\n"
    connection = sqlite3.connect(library / "library.sqlite3")
    connection.execute("DELETE FROM vectors")
    connection.commit()
    connection.close()
    assert main(["check"]) == NOT_FOUND
    assert "1 problems. quoth rebuild mends" in capsys.readouterr().err
    assert main(["rebuild"]) == FOUND
    assert main(["check"]) == FOUND


def test_a_library_moves_as_one_file(vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["add", str(vault), "--metadata", "tags=old, cold"])
    capsys.readouterr()
    assert main(["export", str(tmp_path / "all.zip")]) == FOUND
    assert capsys.readouterr().out.startswith("exported  1 document, 1 passage to ")
    there = ["--library", str(tmp_path / "there")]
    assert main(["import", str(tmp_path / "all.zip"), *there]) == FOUND
    assert main(["documents", "--metadata", "tags=cold", *there]) == FOUND
    assert "vault.txt, 1 passage" in capsys.readouterr().out
    assert main(["import", str(tmp_path / "all.zip"), *there]) == FAILED
    assert "has 1 documents already" in capsys.readouterr().err


COMMANDS = "ask add sync documents remove search chat mcp evaluate check rebuild export import embedder"


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS.split())])
def test_help_fits_a_terminal_and_names_every_option(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as stopped:
        whole_parser().parse_args([*command, "--help"])
    assert stopped.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert command == [] or any("--library PATH" in line for line in lines)


def test_the_installed_command_works_in_a_pipe_that_closes(vault: Path) -> None:
    main(["add", str(vault)])
    command = f"'{sys.executable}' -m quoth.cli documents | true"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, env=os.environ)
    assert result.returncode == 0
    assert "Traceback" not in result.stderr
