import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import (
    Document,
    Library,
    LibraryError,
    LibraryMismatch,
    add_files,
    check,
    export_library,
    import_library,
)
from index.testing.hashed_embedder import HashedEmbedder
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of
from tests.waiting import PATIENCE


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library", HashedEmbedder())
    opened.add([Document("a", "Zebras graze."), Document("b", "Lions hunt.", metadata={"tags": "wild, cat"})])
    opened.wait_until_embedded(PATIENCE)
    yield opened
    opened.close()


@pytest.fixture
def exported(tmp_path: Path, library: Library) -> Path:
    path = tmp_path / "exported.zip"
    export_library(library, path)
    return path


def rewritten(path: Path, **changes: Any) -> Path:
    """A copy with another manifest."""
    copy = path.with_name("copy.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        manifest = json.loads(old.read("manifest.json")) | changes
        new.writestr("manifest.json", json.dumps(manifest))
        new.writestr("library.sqlite3", old.read("library.sqlite3"))
    return copy


def test_a_library_arrives_as_it_left(tmp_path: Path, library: Library, exported: Path) -> None:
    manifest = import_library(exported, tmp_path / "new" / "library")
    assert (manifest["documents"], manifest["passages"], manifest["embedder"]) == (2, 2, "hashed words")
    arrived = Library.open(tmp_path / "new" / "library", HashedEmbedder())
    assert arrived.documents() == library.documents()
    assert [hit.passage.document.name for hit in arrived.search("zebras", 1)] == ["a"]
    assert check(arrived) == []
    arrived.close()


@pytest.fixture
def with_original(tmp_path: Path, library: Library) -> Path:
    """An export of a library with an uploaded PDF."""
    (tmp_path / "report.pdf").write_bytes(pdf_of(PARAGRAPH))
    list(add_files(library, [tmp_path / "report.pdf"], metadata={"source": "uploaded"}))
    export_library(library, tmp_path / "with original.zip")
    return tmp_path / "with original.zip"


def test_kept_originals_go_along(tmp_path: Path, with_original: Path) -> None:
    import_library(with_original, tmp_path / "new")
    with Library.open(tmp_path / "new", HashedEmbedder()) as arrived:
        arrived.wait_until_embedded(PATIENCE)
        (kept,) = arrived.originals.folder.iterdir()
        assert kept.read_bytes() == (tmp_path / "report.pdf").read_bytes()
        assert check(arrived) == []


@pytest.mark.parametrize("names", [["../../outside"], ["0" * 64], "none"])
def test_an_original_that_is_not_what_its_name_says_makes_no_library(
    tmp_path: Path, with_original: Path, names: Any
) -> None:
    with pytest.raises(LibraryError, match="is damaged"):
        import_library(rewritten(with_original, originals=names), tmp_path / "new")
    assert not (tmp_path / "new" / "library.sqlite3").exists()
    assert not (tmp_path / "outside").exists()


def test_what_is_added_while_it_is_exported_doesn_t_matter(
    tmp_path: Path, library: Library, exported: Path
) -> None:
    library.add([Document("c", "Later.")])
    import_library(exported, tmp_path / "new")
    arrived = Library.open(tmp_path / "new", HashedEmbedder())
    assert [info.name for info in arrived.documents()] == ["a", "b"]
    arrived.close()


def test_a_library_with_documents_is_never_replaced(tmp_path: Path, library: Library, exported: Path) -> None:
    with pytest.raises(LibraryError, match="has 2 documents already"):
        import_library(exported, tmp_path / "library")
    assert library.counts() == (2, 2)


def test_an_empty_library_is_replaced_and_its_indexes_are_not_believed(
    tmp_path: Path, exported: Path
) -> None:
    empty = Library.open(tmp_path / "empty", HashedEmbedder())
    (added,) = empty.add([Document("gone", "It was here before.")])
    empty.remove(added.document_id or "")
    empty.close()
    import_library(exported, tmp_path / "empty")
    arrived = Library.open(tmp_path / "empty", HashedEmbedder())
    assert [hit.passage.document.name for hit in arrived.search("lions", 1)] == ["b"]
    assert check(arrived) == []
    arrived.close()


def test_another_embedder_is_refused_with_both_names(tmp_path: Path, exported: Path) -> None:
    with pytest.raises(
        LibraryMismatch, match="made with embedder 'hashed words', but 'other words' was asked"
    ):
        import_library(exported, tmp_path / "new", "other words")
    assert not (tmp_path / "new").exists()


def test_an_export_doesn_t_replace_a_file(tmp_path: Path, library: Library, exported: Path) -> None:
    before = exported.read_bytes()
    with pytest.raises(LibraryError, match="is there already"):
        export_library(library, exported)
    assert exported.read_bytes() == before
    with pytest.raises(LibraryError, match="can't be written: No such file or directory"):
        export_library(library, tmp_path / "nowhere" / "x.zip")


@pytest.mark.parametrize("damage", ["cut", "flipped", "no zip", "no database", "checksum", "size", "missing"])
def test_a_damaged_file_makes_no_library(tmp_path: Path, exported: Path, damage: str) -> None:
    content = bytearray(exported.read_bytes())
    path = tmp_path / "damaged.zip"
    if damage == "flipped":
        content[len(content) // 2] ^= 0xFF
    shutil.copy(exported, path)
    if damage in ("cut", "flipped"):
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    elif damage == "no zip":
        path.write_text("a text")
    elif damage == "no database":
        with zipfile.ZipFile(exported) as old, zipfile.ZipFile(path, "w") as new:
            new.writestr("manifest.json", old.read("manifest.json"))
    elif damage == "checksum":
        path = rewritten(exported, sha256="0" * 64)
    elif damage == "size":
        path = rewritten(exported, bytes=10)
    else:
        path.unlink()
    with pytest.raises(LibraryError, match=str(path)):
        import_library(path, tmp_path / "new")
    assert not (tmp_path / "new" / "library.sqlite3").exists()
