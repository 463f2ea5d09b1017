import argparse
import json
from pathlib import Path

import pytest

from index import Document, Library, QuothError
from qa import Service, Settings
from quoth.commands.evaluate import register, run

VAULT = "The Svalbard seed vault opened in 2008. It lies on the island of Spitsbergen, in Norway."
BEES = "Karl von Frisch decoded the waggle dance. Honeybees tell one another where nectar is."
STONE = "The Rosetta Stone was found in 1799. It shows one text in three scripts."
FACES = "IBM left the business. Amazon paused sales, and Microsoft waits for a law."
# id, title, question, context, golds, whether for several things
ROWS: tuple[tuple[str, str, str, str, list[str], bool], ...] = (
    ("vault", "Svalbard", "When did the vault open?", VAULT, ["2008"], False),
    ("where", "Svalbard", "On which island is the vault?", VAULT, ["Spitsbergen"], False),
    ("dance", "Bees", "Who decoded the waggle dance?", BEES, ["Karl von Frisch"], False),
    ("queen", "Bees", "How long does a queen live?", BEES, [], False),
    ("stone", "Stone", "When was the Rosetta Stone found?", STONE, ["1799"], False),
    ("weight", "Stone", "How heavy is the Rosetta Stone?", STONE, [], False),
    ("faces", "Faces", "Which companies acted?", FACES, ["IBM", "Amazon", "Microsoft"], True),
)


def command(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    return run(parser.parse_args(["evaluate", *map(str, arguments)]))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ours.jsonl"
    rows = [
        {
            "id": id,
            "title": title,
            "question": question,
            "context": context,
            "answers": [{"text": gold, "start": context.index(gold)} for gold in golds],
            "multi": multi,
        }
        for id, title, question, context, golds, multi in ROWS
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("way", [[], ["--given-passage"], ["--without-own-article"]])
def test_the_command_with_the_bundled_models(
    way: list[str], file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    predictions, report = tmp_path / "out.jsonl", tmp_path / "deep" / "report"
    assert command(file, *way, "--json", "--predictions", predictions, "--report", report) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["questions"] == 7
    assert figures["answerable"] == (0 if way == ["--without-own-article"] else 5)
    assert (figures["recall"] is None) == bool(way)
    lines = [json.loads(line) for line in predictions.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == [id for id, *_ in ROWS]
    for line, (_, _, _, context, _, _) in zip(lines, ROWS, strict=True):
        assert bool(line["answers"]) == bool(line["citations"])
        if way == ["--given-passage"]:
            for citation in line["citations"]:
                assert context[citation["start"] : citation["end"]] == citation["quote"]
    assert (report / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_table_is_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(file, "--given-passage", "--limit", "3", "--threshold", "0") == 0
    printed = capsys.readouterr().out
    assert "At the threshold 0.00" in printed
    assert "100.0 %" in next(line for line in printed.splitlines() if line.startswith("Answered"))
    assert all(len(line) <= 110 for line in printed.splitlines())


def test_ones_own_library_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(library=tmp_path / "library")
    with Service.open(settings=settings) as service:
        service.library.add([Document("vault.txt", VAULT), Document("bees.txt", BEES)])
    path = tmp_path / "mine.jsonl"
    path.write_text('{"question": "When did the vault open?", "answers": ["2008"]}\n', encoding="utf-8")
    assert command(path, "--json", "--library", settings.library) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["way"] == "library"
    assert figures["recall"]["after"]["1"] == 1.0
    assert [info.name for info in Library.open(settings.library).documents()] == ["bees.txt", "vault.txt"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--limit", "0"], "limit is 0"),
        (["--threshold", "2"], "threshold is 2"),
        (["--predictions", "no/such/folder/out.jsonl"], "can't be written"),
    ],
)
def test_a_mistake_is_a_clear_error(file: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(QuothError, match=message):
        command(file, *arguments)


def test_a_report_that_can_not_be_written_is_a_clear_error(file: Path, tmp_path: Path) -> None:
    with pytest.raises(QuothError, match="can't be made"):
        command(file, "--given-passage", "--limit", "1", "--report", file / "inside")


def test_a_library_that_is_not_there_is_not_made(file: Path, tmp_path: Path) -> None:
    missing = tmp_path / "mistyped"
    with pytest.raises(QuothError, match="There is no library in"):
        command(file, "--library", missing)
    assert not missing.exists()
