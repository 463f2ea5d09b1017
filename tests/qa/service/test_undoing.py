"""What was deleted is gone at once, and back as it was when the deletion is undone in time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library, UnknownDocument, check, sync_folder
from index.testing.hashed_embedder import HashedEmbedder
from qa.service.undoing import Undoing
from tests.index.library.test_originals import copies, upload
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of
from tests.waiting import PATIENCE


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", HashedEmbedder()) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    (made / "vault.txt").write_text("The vault opened in 2008.")
    return made


@pytest.fixture
def report(library: Library, tmp_path: Path) -> str:
    (tmp_path / "report.pdf").write_bytes(pdf_of(PARAGRAPH))
    (outcome,) = upload(library, tmp_path / "report.pdf")
    return outcome.document_id or ""


def test_it_is_gone_at_once_and_back_as_it_was(library: Library, folder: Path, report: str) -> None:
    (synced,) = sync_folder(library, folder)
    before = [library.document(info.id) for info in library.documents()]
    undoing = Undoing(library)
    key = undoing.remove([report, synced.document_id or "", report])
    assert library.documents() == []
    assert library.search("vault") == []
    assert [one.status for one in undoing.put_back(key)] == ["added", "added"]
    assert [library.document(info.id) for info in library.documents()] == before
    assert library.store.synced(synced.document_id or "")
    assert library.originals.known(report)
    library.wait_until_embedded(PATIENCE)
    assert check(library) == []
    assert [hit.passage.document.name for hit in library.search("vault", 1)] == ["vault.txt"]
    assert undoing.put_back(key) == [], "once"
    undoing.close()


def test_when_it_was_too_long_ago_the_copy_goes_too(library: Library, report: str) -> None:
    undoing = Undoing(library)
    key = undoing.remove([report])
    assert len(copies(library)) == 1
    undoing.close()
    assert copies(library) == []
    assert undoing.put_back(key) == []


def test_what_is_too_much_to_keep_is_removed_for_good(library: Library, report: str) -> None:
    undoing = Undoing(library, room=10)
    assert undoing.remove([report]) == ""
    assert (library.counts(), copies(library)) == ((0, 0), [])


def test_one_that_is_not_there_keeps_all(library: Library, report: str) -> None:
    with pytest.raises(UnknownDocument):
        Undoing(library).remove([report, "0" * 16])
    assert library.counts()[0] == 1


def test_a_newer_version_is_not_replaced_by_the_old_one(
    library: Library, report: str, tmp_path: Path
) -> None:
    undoing = Undoing(library)
    key = undoing.remove([report])
    (tmp_path / "report.pdf").write_bytes(pdf_of(PARAGRAPH, PARAGRAPH))
    (newer,) = upload(library, tmp_path / "report.pdf")
    (outcome,) = undoing.put_back(key)
    assert (outcome.status, outcome.reason) == ("failed", "it has been added again since")
    assert [info.id for info in library.documents()] == [newer.document_id]
    undoing.close()
