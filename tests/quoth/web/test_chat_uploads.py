"""Uploads: under the names their owners gave them, wherever those names point."""

import zipfile
from pathlib import Path

import pytest

from index import LibraryBusy
from qa import Service
from qa.access.view import View
from quoth.web.uploads import Upload, UploadingFile, adding, under_own_names


def upload(folder: Path, name: str | None, text: str = "The wombat of Io eats sulphur.\n") -> Upload:
    stored = folder / "stored.txt"
    stored.write_text(text)
    return {"path": str(stored), "orig_name": name}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("report.txt", "report.txt"),
        ("Größe (1) [neu] ?.txt", "Größe (1) [neu] ?.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\notes.txt", "notes.txt"),
        ("..", "stored.txt"),
        ("", "stored.txt"),
        (None, "stored.txt"),
        ("nul\0byte.txt", "stored.txt"),
        ("lone \ud800 surrogate.txt", "stored.txt"),
        ("x" * 300 + ".txt", "stored.txt"),
    ],
)
def test_a_file_gets_its_own_name_or_a_safe_one_and_never_leaves_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, name: str
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with under_own_names([upload(tmp_path, given)]) as (path,):
        assert path.name == name
        assert path.resolve().is_relative_to(tmp_path.resolve())
        assert path.read_text() == "The wombat of Io eats sulphur.\n"
    assert [one.name for one in tmp_path.iterdir()] == ["stored.txt"]


def test_progress_ends_with_what_became_of_each_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    uploads = [upload(tmp_path / "a", "good.txt"), upload(tmp_path / "b", "empty.txt", "")]
    with Service.open(tmp_path / "library") as service:
        first, *_, last = adding(View(service), uploads, "default")
        assert first == [UploadingFile("good.txt"), UploadingFile("empty.txt")]
        assert [(one.name, one.added and one.added.status) for one in last] == [
            ("good.txt", "added"),
            ("empty.txt", "failed"),
        ]
        again = list(adding(View(service), uploads[:1], "default"))[-1]
        assert [one.added and one.added.status for one in again] == ["unchanged"]


def test_an_upload_takes_the_place_of_an_earlier_one_but_of_no_file_from_elsewhere(tmp_path: Path) -> None:
    local = tmp_path / "notes.txt"
    local.write_text("Notes from the disk.\n")
    with Service.open(tmp_path / "library") as service:
        service.add([local])
        for text in ("First upload.\n", "Second upload.\n"):
            last = list(adding(View(service), [upload(tmp_path, "notes.txt", text)], "default"))[-1]
            assert len(last) == 1
        texts = {info.name: service.document(info.id).text for info in service.documents()}
    assert texts == {"notes.txt": "Notes from the disk.", "notes.txt (2)": "Second upload."}


def test_an_error_of_the_library_becomes_the_reason_of_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise LibraryBusy("Another program is writing.")

    with Service.open(tmp_path / "library") as service:
        monkeypatch.setattr(service.library, "adding", busy)
        (one,) = list(adding(View(service), [upload(tmp_path, "a.txt")], "default"))[-1]
    assert one.added is not None
    assert (one.added.status, one.added.reason) == ("failed", "Another program is writing.")


def test_each_file_of_an_archive_comes_by_itself_and_is_not_taken_for_another(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    archive = upload(tmp_path / "a", "all.zip")
    with zipfile.ZipFile(archive["path"], "w") as file:
        file.writestr("good.txt", "The vault opened in 2008.")
        file.writestr("bad.xyz", "?")
    with Service.open(tmp_path / "library") as service:
        *_, last = adding(View(service), [archive, upload(tmp_path / "b", "good.txt")], "default")
    assert {one.name: one.added and one.added.status for one in last} == {
        "all.zip/good.txt": "added",
        "all.zip/bad.xyz": "failed",
        "good.txt": "added",
    }
