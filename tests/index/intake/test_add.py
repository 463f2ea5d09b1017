from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library, add_files, sync_folder
from index.loaders import NamedFile
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of, with_picture_pages
from tests.waiting import PATIENCE

GOOD = "The vault opened in 2008."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library")
    yield opened
    opened.close()


def write(path: Path, text: str = GOOD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def statuses(library: Library, *paths: Path | str | NamedFile, **metadata: str) -> list[tuple[str, str]]:
    return [(added.name, added.status) for added in add_files(library, paths, metadata=metadata)]


def test_files_folders_and_globs_go_in_together(tmp_path: Path, library: Library) -> None:
    write(tmp_path / "one.txt")
    write(tmp_path / "folder" / "deep" / "two.md", "# Two\n\nMore text.")
    write(tmp_path / "globbed" / "three.csv", "a,b\n1,2\n")
    found = statuses(library, tmp_path / "one.txt", tmp_path / "folder", str(tmp_path / "globbed" / "*.csv"))
    assert found == [("one.txt", "added"), ("deep/two.md", "added"), ("three.csv", "added")]


def test_what_can_not_be_read_is_named_with_the_reason_and_the_rest_goes_in(
    tmp_path: Path, library: Library
) -> None:
    write(tmp_path / "batch" / "good.txt")
    write(tmp_path / "batch" / "empty.txt", "")
    (tmp_path / "batch" / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "batch" / "damaged.pdf").write_bytes(b"%PDF-1.7 nothing of a PDF")
    (tmp_path / "batch" / "unknown.xyz").write_bytes(b"\x00\x01\x02")
    paths = [tmp_path / "batch", tmp_path / "missing.txt"]
    results = {added.name: added for added in add_files(library, paths)}
    assert results["good.txt"].status == "added"
    for name in ("empty.txt", "binary.txt", "damaged.pdf", "unknown.xyz", "missing.txt"):
        failed = next(added for key, added in results.items() if key.endswith(name))
        assert failed.status == "failed"
        assert failed.reason
    assert [info.name for info in library.documents()] == ["good.txt"]


def test_a_second_run_changes_nothing_and_a_changed_file_replaces(tmp_path: Path, library: Library) -> None:
    path = write(tmp_path / "a.txt")
    assert statuses(library, path) == [("a.txt", "added")]
    assert statuses(library, path) == [("a.txt", "unchanged")]
    write(path, "The vault was extended in 2019.")
    assert statuses(library, path) == [("a.txt", "replaced")]
    assert library.counts() == (1, 1)


def test_two_files_of_one_name_are_two_documents(tmp_path: Path, library: Library) -> None:
    first = write(tmp_path / "x" / "readme.md", "First text.")
    second = write(tmp_path / "y" / "readme.md", "Second text.")
    third = write(tmp_path / "z" / "readme.md", "Third text.")
    assert statuses(library, first, second) == [("readme.md", "added"), ("y/readme.md", "added")]
    assert statuses(library, third) == [("z/readme.md", "added")]
    assert statuses(library, first, second, third) == [
        ("readme.md", "unchanged"),
        ("y/readme.md", "unchanged"),
        ("z/readme.md", "unchanged"),
    ]


def test_metadata_given_goes_to_every_document(tmp_path: Path, library: Library) -> None:
    path = write(tmp_path / "a.txt")
    statuses(library, path, year="2020")
    metadata = library.documents()[0].metadata
    assert metadata["year"] == "2020"
    assert metadata["source"] == str(path.resolve())


def test_what_a_document_lacks_is_said_when_it_goes_in(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "partly.pdf"
    path.write_bytes(with_picture_pages(pdf_of(PARAGRAPH), 1))
    [added] = add_files(library, [path])
    assert (added.status, added.unread) == ("added", ("page 2: being read from pictures",))
    assert library.wait_until_embedded(PATIENCE)
    missing = "no text could be read on 1 of 2 pages, which seem to be scanned: 2"
    assert library.documents()[0].unread == (missing,)


def test_a_name_with_control_characters_and_a_link_out_of_the_folder(
    tmp_path: Path, library: Library
) -> None:
    folder = tmp_path / "folder"
    write(folder / "bell\x07\n.txt")
    write(tmp_path / "secret.txt")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert statuses(library, folder) == [("bell\ufffd\ufffd.txt", "added")]


def test_files_of_one_text_are_two_documents(tmp_path: Path, library: Library) -> None:
    paths = [write(tmp_path / "a.txt"), write(tmp_path / "b.txt")]
    assert statuses(library, *paths) == [("a.txt", "added"), ("b.txt", "added")]
    assert [info.source for info in library.documents()] == [str(path) for path in paths]


def test_two_uploads_of_one_name_in_one_call_stay_two(tmp_path: Path, library: Library) -> None:
    paths = [write(tmp_path / name / "notes.txt", f"Notes of {name}.") for name in "xy"]
    expected = ["notes.txt", "notes.txt (2)"]
    for status in ("added", "unchanged"):
        found = statuses(library, *paths, source="uploaded")
        assert found == [(name, status) for name in expected]
    assert statuses(library, paths[1], source="uploaded") == [("notes.txt", "replaced")]


def test_long_names_that_differ_at_their_ends_stay_two(tmp_path: Path, library: Library) -> None:
    path = write(tmp_path / "upload")
    long = [NamedFile(path, f"{'n' * 220}{end}.txt") for end in "ab"]
    for one in long:
        assert statuses(library, one, source="uploaded") == [(one.name, "added")]


def test_a_file_that_a_sync_made_a_document_of_is_that_document(tmp_path: Path, library: Library) -> None:
    path = write(tmp_path / "notes" / "sub" / "a.txt")
    list(sync_folder(library, tmp_path / "notes"))
    assert statuses(library, path) == [("sub/a.txt", "unchanged")]
    write(path, "Other words.")
    assert statuses(library, path) == [("sub/a.txt", "replaced")]
    assert [one.status for one in sync_folder(library, tmp_path / "notes")] == ["unchanged"]
    path.unlink()
    write(tmp_path / "notes" / "b.txt")
    assert [one.status for one in sync_folder(library, tmp_path / "notes")] == ["added", "removed"]


def test_a_folder_gives_an_addition_and_a_sync_the_same_files(tmp_path: Path, library: Library) -> None:
    for name in ("~$a.txt", "b.txt~", "c.tmp", ".d.txt", "e.txt", "sub/f.md"):
        write(tmp_path / "notes" / name, f"Text of {name}.")
    added = statuses(library, tmp_path / "notes")
    synced = [(one.name, one.status) for one in sync_folder(library, tmp_path / "notes")]
    assert [name for name, _ in added] == [name for name, _ in synced] == ["e.txt", "sub/f.md"]
    assert {status for _, status in synced} == {"unchanged"}
