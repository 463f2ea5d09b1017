"""`quoth embedder`, and what the other doors say of a library whose embedder is, or is to be, another one."""

import os
import shutil
from pathlib import Path

import pytest

from index.embedders.sentence_transformers import SentenceTransformersEmbedder
from index.library.timing import Timing
from qa import Library, Service
from qa.reading.span_reader import SpanReader
from quoth.cli import main
from quoth.commands.options import FAILED, FOUND
from tests.waiting import PATIENCE

BUNDLED = "all-MiniLM-L6-v2-int8"
TEXT = "The company bakes bread. Who calls the police? The bread is short."


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """One document, with the bundled embedder."""
    monkeypatch.setenv("QUOTH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("QUOTH_EMBEDDER", raising=False)
    (tmp_path / "bread.txt").write_text(TEXT, encoding="utf-8")
    assert main(["add", str(tmp_path / "bread.txt")]) == FOUND
    capsys.readouterr()
    return tmp_path / "library"


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == FOUND
    return capsys.readouterr().out


def test_the_embedder_is_shown_changed_and_changed_back(
    library: Path, tiny: SentenceTransformersEmbedder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert out(capsys, "embedder") == f"{BUNDLED}\n"
    assert out(capsys, "embedder", BUNDLED) == f"{library} has the embedder {BUNDLED} already.\n"
    assert (
        out(capsys, "embedder", tiny.name)
        == f"changed   {library} has the embedder {tiny.name} now, 1 passage\n"
    )
    assert out(capsys, "embedder") == f"{tiny.name}\n"
    assert out(capsys, "search", "bread").startswith("1. bread.txt")
    assert out(capsys, "check") == f"{library} is whole: 1 document, 1 passage.\n"
    assert out(capsys, "rebuild") == f"{library} is whole.\n"
    out(capsys, "embedder", BUNDLED)
    assert out(capsys, "check", "--embedder", BUNDLED).startswith(f"{library} is whole")


def test_a_folder_is_remembered_by_its_whole_path(
    library: Path,
    tiny: SentenceTransformersEmbedder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    shutil.copytree(tiny.name, tmp_path / "model")
    monkeypatch.chdir(tmp_path)
    out(capsys, "embedder", "model")
    monkeypatch.chdir(os.sep)
    assert out(capsys, "embedder") == f"{tmp_path / 'model'}\n"
    assert out(capsys, "search", "bread").startswith("1. bread.txt")


@pytest.mark.parametrize("command", ["ask bread", "search bread", "documents", "check", "rebuild", "sync ."])
def test_other_commands_say_how_to_change_it_and_change_nothing(
    command: str,
    tiny: SentenceTransformersEmbedder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*command.split(), "--embedder", tiny.name]) == FAILED
    printed = capsys.readouterr().err
    assert f"made with embedder '{BUNDLED}', but '{tiny.name}' was asked for" in printed
    assert f"quoth embedder {tiny.name} changes it" in printed
    assert out(capsys, "embedder") == f"{BUNDLED}\n"


def test_a_folder_without_a_model_is_one_line_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, library: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["embedder", str(tmp_path / "empty")]) == FAILED
    printed = capsys.readouterr().err
    assert caplog.messages == [], "the error is not said twice"
    assert f"The embedder {tmp_path / 'empty'} can't be loaded" in printed
    assert "Traceback" not in printed
    assert out(capsys, "check") == f"{library} is whole: 1 document, 1 passage.\n"


def test_a_service_with_another_embedder_changes_it_while_others_ask(
    library: Path,
    tiny: SentenceTransformersEmbedder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = Library.open(library, tiny, timing=Timing(left_over_seconds=3600.0))
    with Service(opened, SpanReader()) as service:
        assert service.search("bread")[0].passage.document.name == "bread.txt"
        assert service.library.embedder.name == BUNDLED
        assert service.next_embedder() == (tiny.name, 0.0)
        service.library.store.embed_again(service.documents()[0].id)
        service.library._embedding.change.begin()
        shown = f"The embedder is being changed to {tiny.name}: 0% of the passages have its vectors."
        assert shown in out(capsys, "documents")
        assert f"changed to the embedder {tiny.name}: 0% done." in out(capsys, "embedder")
        assert f"changed to the embedder {tiny.name}: 0% done." in out(capsys, "check")
        assert out(capsys, "search", "bread", "--embedder", tiny.name).startswith("1. bread.txt")
        assert service.wait_until_changed(PATIENCE)
        assert service.library.embedder.name == tiny.name
        assert service.search("bread")[0].passage.document.name == "bread.txt"
    assert out(capsys, "embedder") == f"{tiny.name}\n"
