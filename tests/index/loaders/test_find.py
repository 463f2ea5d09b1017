"""Files, folders and patterns become the files to load."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from index.errors import DocumentError
from index.loaders import find


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files at two depths, hidden ones, and links into and out of it."""
    root = tmp_path / "docs"
    for name in ("b.txt", "a.md", "sub/c.md", "sub/deep/d.pdf", ".hidden.txt", ".git/e.txt", "sub/.f.md"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (root / "sub" / "link.md").symlink_to(outside / "secret.md")
    (root / "linked").symlink_to(outside)
    (root / "loop").symlink_to(root)
    return root


def names(paths: Iterable[Path | str]) -> list[str]:
    return [str(item) if isinstance(item, DocumentError) else item.name for item in find(paths)]


def test_a_folder_gives_its_visible_files_sorted_by_their_relative_paths(folder: Path) -> None:
    assert names([folder]) == ["a.md", "b.txt", "sub/c.md", "sub/deep/d.pdf"]


def test_found_paths_can_be_opened(folder: Path) -> None:
    found = [item for item in find([folder]) if not isinstance(item, DocumentError)]
    assert all(path.read_text() == "words" for path, _ in found)


def test_a_file_is_named_by_itself_and_comes_once(folder: Path) -> None:
    assert names([folder / "sub" / "c.md", folder / "sub", str(folder / "b.txt")]) == [
        "c.md",
        "deep/d.pdf",
        "b.txt",
    ]


def test_a_hidden_file_that_is_named_is_meant(folder: Path) -> None:
    assert names([folder / ".hidden.txt"]) == [".hidden.txt"]


def test_a_pattern_gives_what_it_matches_named_from_its_fixed_part(folder: Path) -> None:
    assert names([f"{folder}/**/*.md"]) == ["a.md", "sub/c.md"]
    assert names([f"{folder}/sub/*.md"]) == ["c.md"]
    assert names([f"{folder}/s*/**"]) == ["sub/c.md", "sub/deep/d.pdf"]
    assert names([f"{folder}/.git/*"]) == ["e.txt"]
    assert names([f"{folder}/.h*"]) == [".hidden.txt"]


def test_a_relative_pattern_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert names(["*.md", "sub/**/*"]) == ["a.md", "c.md", "deep/d.pdf"]


def test_what_does_not_exist_is_reported_in_its_place(folder: Path) -> None:
    missing = str(folder / "none.txt")
    assert names([missing, folder / "a.md", f"{folder}/*.docx", "a\0b"]) == [
        f"{missing}: no such file or folder",
        "a.md",
        f"{folder}/*.docx: no file matches this pattern",
        "a\ufffdb: no such file or folder",
    ]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("words")
    assert names([tmp_path / "a[1].txt"]) == ["a[1].txt"]


def test_a_name_that_is_no_text_is_made_one(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.txt")).write_text("words")
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    assert names([tmp_path]) == ["a\\xff.txt"]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert names([tmp_path]) == []


def test_what_programs_keep_for_a_moment_is_not_found_unless_it_is_named(tmp_path: Path) -> None:
    for name in ("~$a.docx", "b.txt~", "c.tmp", "d.txt"):
        (tmp_path / name).write_text("words")
    assert names([tmp_path]) == names([f"{tmp_path}/*"]) == ["d.txt"]
    assert names([tmp_path / "c.tmp", f"{tmp_path}/*.txt~"]) == ["c.tmp", "b.txt~"]


def test_what_is_left_out_is_not_found(tmp_path: Path) -> None:
    for name in ("a.txt", "library/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("words")
    found = find([tmp_path], tmp_path / "library")
    assert [item.name for item in found] == ["a.txt"]
