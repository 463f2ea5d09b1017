"""The files that PDFs were read from: copies of uploads live as long as a document does, others stay where
they are, and a page is shown only of the very file that was added.
"""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import DocumentError, Library, Limits, Outcome, add_files, check, sync_folder
from index.library.page_pictures import PagePictures
from index.testing.hashed_embedder import HashedEmbedder
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of, prose
from tests.index.loaders.test_embedded import PICTURE, pptx_of
from tests.waiting import PATIENCE, until

UPLOADED = {"source": "uploaded"}
OTHER = prose(700, "Another text of another file, which has nothing to do with the first.")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", HashedEmbedder()) as opened:
        yield opened


@pytest.fixture
def pictures(library: Library) -> PagePictures:
    return PagePictures(library, Limits())


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(PARAGRAPH, OTHER))
    return path


def upload(library: Library, *paths: Path, collection: str = "default", keep: bool = True) -> list[Outcome]:
    return list(add_files(library, paths, collection, UPLOADED, keep_originals=keep))


def copies(library: Library) -> list[bytes]:
    folder = library.originals.folder
    return [path.read_bytes() for path in sorted(folder.iterdir())] if folder.is_dir() else []


def pages(library: Library, pictures: PagePictures, outcome: Outcome) -> int:
    return len(pictures.shapes(library.document(outcome.document_id or "")))


def test_an_upload_is_kept_once_until_its_last_document_goes(
    library: Library, pictures: PagePictures, report: Path
) -> None:
    content = report.read_bytes()
    (one,) = upload(library, report)
    (two,) = upload(library, report, collection="other")
    report.unlink()
    assert copies(library) == [content]
    assert pages(library, pictures, one) == pages(library, pictures, two) == 2
    library.remove(one.document_id or "")
    assert copies(library) == [content]
    library.remove(two.document_id or "")
    assert copies(library) == []


def test_a_replaced_upload_takes_its_copy_along(library: Library, report: Path) -> None:
    upload(library, report)
    report.write_bytes(pdf_of(OTHER))
    assert [one.status for one in upload(library, report)] == ["replaced"]
    assert copies(library) == [report.read_bytes()]


def test_no_copy_is_kept_where_the_setting_says_so_nor_of_other_kinds_of_file(
    library: Library, pictures: PagePictures, report: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("The vault opened in 2008.")
    (one,) = upload(library, report, keep=False)
    upload(library, tmp_path / "notes.txt")
    assert copies(library) == []
    assert not pictures.possible(library.document(one.document_id or ""))


def test_what_was_uploaded_in_an_archive_is_shown_from_it(
    library: Library, pictures: PagePictures, report: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(report, "inner/one.pdf")
        archive.writestr("two.pdf", pdf_of(OTHER))
    one, two = upload(library, tmp_path / "all.zip")
    assert (pages(library, pictures, one), pages(library, pictures, two)) == (2, 1)
    assert copies(library) == [(tmp_path / "all.zip").read_bytes()]


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("synced", [False, True])
def test_a_file_that_lasts_is_shown_where_it_is_until_it_changes(
    library: Library, pictures: PagePictures, report: Path, tmp_path: Path, archived: bool, synced: bool
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    place = folder / ("all.zip" if archived else "report.pdf")
    if archived:
        with zipfile.ZipFile(place, "w") as archive:
            archive.write(report, "report.pdf")
    else:
        report.rename(place)
    (outcome,) = sync_folder(library, folder) if synced else add_files(library, [folder])
    assert pages(library, pictures, outcome) == 2
    assert copies(library) == []
    place.write_bytes(pdf_of(OTHER))
    with pytest.raises(DocumentError, match="has changed since it was added"):
        pages(library, pictures, outcome)
    place.unlink()
    with pytest.raises(DocumentError, match="is gone"):
        pages(library, pictures, outcome)


def test_a_copy_that_cannot_be_kept_is_an_error_of_that_file(library: Library, report: Path) -> None:
    library.originals.folder.write_text("in the way")
    (outcome,) = upload(library, report)
    assert (outcome.status, library.counts()[0]) == ("failed", 0)
    assert outcome.reason.startswith("its original can't be kept with the library")


def test_a_missing_copy_is_found_by_a_check(library: Library, report: Path) -> None:
    upload(library, report)
    library.wait_until_embedded(PATIENCE)
    assert check(library) == []
    next(library.originals.folder.iterdir()).unlink()
    (problem,) = check(library)
    assert "an uploaded file is missing" in problem.what


def test_a_picture_is_kept_in_memory_up_to_the_room_there_is(library: Library, report: Path) -> None:
    (outcome,) = upload(library, report)
    document = library.document(outcome.document_id or "")
    roomy, narrow = PagePictures(library, Limits()), PagePictures(library, Limits(), room=0)
    first = roomy.picture(document, 1)
    assert roomy.picture(document, 1) is first
    assert narrow.picture(document, 1) == first
    assert narrow.picture(document, 1) is not first


KILLED = """
import os, sys
from pathlib import Path
from index import Library, add_files
from index.testing.hashed_embedder import HashedEmbedder
library = Library.open(Path(sys.argv[1]), HashedEmbedder())
for outcome in add_files(library, [Path(sys.argv[2])], "default", {"source": "uploaded"}):
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a kill that nothing survives")
def test_a_copy_is_there_once_its_document_is_acknowledged(tmp_path: Path, report: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "library"), str(report)], check=False)
    with Library.open(tmp_path / "library", HashedEmbedder()) as library:
        assert library.counts()[0] == 1
        assert copies(library) == [report.read_bytes()]


def test_slides_with_a_picture_of_text_have_no_pages_to_show_even_if_a_sync_knows_their_file(
    library: Library, pictures: PagePictures, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.pptx").write_bytes(pptx_of(PICTURE))
    list(sync_folder(library, folder))
    assert library.wait_until_embedded(PATIENCE)
    document = library.document(library.documents()[0].id)
    assert document.pages and document.places and not pictures.possible(document)
    (uploaded,) = upload(library, folder / "a.pptx", collection="other")
    assert uploaded.status == "added"
    assert library.wait_until_embedded(PATIENCE)
    until(lambda: not copies(library))  # the copy goes after its document has changed
