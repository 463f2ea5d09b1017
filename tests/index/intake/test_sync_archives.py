"""Archives in a synced folder: the files in them are followed as if they lay in a folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Filter, Library, add_files, sync_folder
from index.loaders import Limits
from index.loaders.archive_limits import ArchiveLimits
from index.testing.hashed_embedder import HashedEmbedder
from index.upkeep.check import check
from tests.index.intake.kit import ALPHA, BETA, GAMMA, locked, news, one_by_one, passages, rows, texts, write
from tests.index.loaders.test_archive import zipped

__all__ = ["one_by_one"]

DELTA = "The wall was built in 1961."
CONTENTS: dict[str, str | bytes] = {"a.txt": ALPHA, "sub/b.txt": BETA}


@pytest.fixture
def library(tmp_path: Path, embedder: HashedEmbedder) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library", embedder)
    yield opened
    assert check(opened) == []
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "notes"
    write(made / "c.txt", GAMMA)
    pack(made / "x.zip", CONTENTS)
    return made


def pack(path: Path, contents: dict[str, str | bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(contents))


def test_its_files_are_documents_named_as_by_hand_and_a_second_run_reads_nothing(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    added = ["added c.txt", "added x.zip/a.txt", "added x.zip/sub/b.txt"]
    assert news(library, folder, dry_run=True) == added
    assert library.counts() == (0, 0)
    assert news(library, folder) == added
    assert texts(library) == {"c.txt": GAMMA, "x.zip/a.txt": ALPHA, "x.zip/sub/b.txt": BETA}
    source = Filter(metadata={"source": str(folder / "x.zip")})
    assert [info.name for info in library.documents(source)] == ["x.zip/a.txt", "x.zip/sub/b.txt"]
    before = (len(embedder.texts), library.store.last_change(), rows(library))
    with locked(folder / "c.txt", folder / "x.zip"):
        again = list(sync_folder(library, folder))
    assert [(one.name, one.status) for one in again] == [
        ("c.txt", "unchanged"),
        ("x.zip/a.txt", "unchanged"),
        ("x.zip/sub/b.txt", "unchanged"),
    ]
    assert (len(embedder.texts), library.store.last_change(), rows(library)) == before
    list(add_files(library, [folder]))
    assert len(texts(library)) == 3


def test_a_changed_archive_adds_replaces_and_removes_and_keeps_the_rest(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    pack(folder / "x.zip", {**CONTENTS, "old.txt": "An old text."})
    news(library, folder)
    of_a = passages(library)[1]
    embedded = len(embedder.texts)
    pack(folder / "x.zip", {"a.txt": ALPHA, "sub/b.txt": "Another text.", "new.txt": DELTA})
    expected = ["added x.zip/new.txt", "replaced x.zip/sub/b.txt", "removed x.zip/old.txt"]
    assert news(library, folder, dry_run=True) == expected
    assert news(library, folder) == expected
    assert texts(library) == {
        "c.txt": GAMMA,
        "x.zip/a.txt": ALPHA,
        "x.zip/new.txt": DELTA,
        "x.zip/sub/b.txt": "Another text.",
    }
    assert sorted(embedder.texts[embedded:]) == ["Another text.", DELTA]
    assert of_a in passages(library)
    assert news(library, folder) == []


def test_a_touched_archive_is_unchanged(library: Library, folder: Path, embedder: HashedEmbedder) -> None:
    news(library, folder)
    embedded = len(embedder.texts)
    (folder / "x.zip").touch()
    assert news(library, folder) == []
    assert len(embedder.texts) == embedded
    with locked(folder / "x.zip"):
        assert news(library, folder) == []


def test_a_moved_archive_keeps_passages_and_vectors(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    before = (passages(library), len(embedder.texts))
    (folder / "deep").mkdir()
    (folder / "x.zip").rename(folder / "deep" / "y.zip")
    expected = [
        "moved deep/y.zip/a.txt: was x.zip/a.txt",
        "moved deep/y.zip/sub/b.txt: was x.zip/sub/b.txt",
    ]
    assert news(library, folder, dry_run=True) == expected
    assert news(library, folder) == expected
    assert (passages(library), len(embedder.texts)) == before
    assert texts(library) == {"c.txt": GAMMA, "deep/y.zip/a.txt": ALPHA, "deep/y.zip/sub/b.txt": BETA}
    info = library.find("deep/y.zip/a.txt", "default")
    assert info
    assert info.metadata["source"] == str(folder / "deep" / "y.zip")
    assert news(library, folder) == []


def test_a_deleted_archive_takes_its_files_with_it(library: Library, folder: Path) -> None:
    news(library, folder)
    (folder / "x.zip").unlink()
    expected = ["removed x.zip/a.txt", "removed x.zip/sub/b.txt"]
    assert news(library, folder, dry_run=True) == expected
    assert news(library, folder) == expected
    assert texts(library) == {"c.txt": GAMMA}
    assert len(rows(library)) == 1


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b"", b"no archive at all", None])
def test_an_archive_that_can_no_longer_be_read_keeps_its_documents(
    library: Library, folder: Path, content: bytes | None
) -> None:
    news(library, folder)
    before = texts(library)
    (folder / "x.zip").write_bytes(zipped({}) if content is None else content)
    for _ in range(2):
        (line,) = news(library, folder)
        assert line.startswith("failed x.zip: ")
        assert line.endswith("; what it held before stays")
        assert texts(library) == before
    pack(folder / "x.zip", CONTENTS)
    assert news(library, folder) == []
    (folder / "x.zip").write_bytes(b"")
    news(library, folder)
    (folder / "x.zip").unlink()
    assert news(library, folder) == ["removed x.zip/a.txt", "removed x.zip/sub/b.txt"]
    assert len(rows(library)) == 1


def test_an_archive_within_that_can_no_longer_be_read_keeps_its_documents_too(
    library: Library, folder: Path
) -> None:
    pack(folder / "x.zip", {"in.zip": zipped(CONTENTS), "d.txt": DELTA})
    assert news(library, folder) == [
        "added c.txt",
        "added x.zip/in.zip/a.txt",
        "added x.zip/in.zip/sub/b.txt",
        "added x.zip/d.txt",
    ]
    pack(folder / "x.zip", {"in.zip": b"PK\x03\x04", "e.txt": DELTA})
    for _ in range(2):
        found = news(library, folder)
        assert found[-1].startswith("failed x.zip/in.zip: it is damaged")
        assert found[-1].endswith("; what it held before stays")
    assert list(texts(library)) == ["c.txt", "x.zip/e.txt", "x.zip/in.zip/a.txt", "x.zip/in.zip/sub/b.txt"]


def test_a_locked_archive_keeps_its_documents(library: Library, folder: Path) -> None:
    news(library, folder)
    (folder / "x.zip").touch()
    with locked(folder / "x.zip"):
        assert news(library, folder) == ["failed x.zip: it can't be opened: Permission denied"]
    assert len(texts(library)) == 3
    assert news(library, folder) == []


def test_an_archive_that_was_just_written_waits_when_asked_to(library: Library, folder: Path) -> None:
    news(library, folder)
    pack(folder / "x.zip", {"new.txt": DELTA})
    found = [(one.name, one.status) for one in sync_folder(library, folder, settle=60)]
    assert ("x.zip", "waiting") in found
    assert len(texts(library)) == 3


def test_a_member_that_can_not_be_read_is_told_every_time_and_costs_the_others_nothing(
    library: Library, folder: Path
) -> None:
    pack(
        folder / "x.zip",
        {"bad.pdf": b"%PDF-1.7 nothing of a PDF", "d.txt": DELTA, "bomb.txt": bytes(20_000_000)},
    )
    failed = [line for line in news(library, folder) if line.startswith("failed")]
    assert [line.split(":")[0] for line in failed] == ["failed x.zip/bad.pdf", "failed x.zip/bomb.txt"]
    assert texts(library) == {"c.txt": GAMMA, "x.zip/d.txt": DELTA}
    with locked(folder / "x.zip"):
        assert news(library, folder) == failed


def test_the_limits_of_an_archive_hold_and_what_came_before_them_goes_in(
    library: Library, folder: Path
) -> None:
    news(library, folder)
    limits = Limits(archive=ArchiveLimits(files=1))
    pack(folder / "x.zip", {"new.txt": DELTA, **CONTENTS})
    too_many = "failed x.zip: it holds more than 1 files; what it held before stays"
    assert news(library, folder, limits=limits) == [too_many, "added x.zip/new.txt"]
    assert sorted(texts(library)) == ["c.txt", "x.zip/a.txt", "x.zip/new.txt", "x.zip/sub/b.txt"]
    assert news(library, folder, limits=limits) == [too_many]


def test_files_move_out_of_and_into_archives_without_being_embedded_again(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    before = (passages(library), len(embedder.texts))
    (folder / "x.zip").unlink()
    write(folder / "x" / "a.txt", ALPHA)
    write(folder / "x" / "sub" / "b.txt", BETA)
    (folder / "c.txt").unlink()
    pack(folder / "y.zip", {"deep/c.txt": GAMMA})
    assert news(library, folder) == [
        "moved y.zip/deep/c.txt: was c.txt",
        "moved x/a.txt: was x.zip/a.txt",
        "moved x/sub/b.txt: was x.zip/sub/b.txt",
    ]
    assert (passages(library), len(embedder.texts)) == before


def test_a_folder_in_an_archives_place_takes_over_its_files(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    (folder / "x.zip").unlink()
    write(folder / "x.zip" / "a.txt", ALPHA)
    news(library, folder)
    assert texts(library) == {"c.txt": GAMMA, "x.zip/a.txt": ALPHA}
    shutil.rmtree(folder / "x.zip")
    pack(folder / "x.zip", CONTENTS)
    news(library, folder)
    assert texts(library) == {"c.txt": GAMMA, "x.zip/a.txt": ALPHA, "x.zip/sub/b.txt": BETA}
    assert news(library, folder) == []


def test_a_document_in_an_archives_place_takes_its_files_away(library: Library, folder: Path) -> None:
    news(library, folder)
    write(folder / "x.zip", f"<html><body><p>{DELTA}</p></body></html>")
    assert news(library, folder) == ["added x.zip", "removed x.zip/a.txt", "removed x.zip/sub/b.txt"]
    assert texts(library) == {"c.txt": GAMMA, "x.zip": DELTA}
    pack(folder / "x.zip", CONTENTS)
    news(library, folder)
    assert texts(library) == {"c.txt": GAMMA, "x.zip/a.txt": ALPHA, "x.zip/sub/b.txt": BETA}
    assert news(library, folder) == []


def test_members_of_one_text_are_documents_of_their_own_and_embedded_once(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    pack(folder / "x.zip", {"a.txt": ALPHA, "copy.txt": f"{ALPHA} \n", "c.txt": GAMMA})
    assert news(library, folder) == [
        "added c.txt",
        "added x.zip/a.txt",
        "added x.zip/copy.txt",
        "added x.zip/c.txt",
    ]
    assert news(library, folder) == []
    pack(folder / "x.zip", {"copy.txt": f"{ALPHA} \n", "c.txt": GAMMA})
    (folder / "c.txt").unlink()
    assert news(library, folder) == ["removed c.txt", "removed x.zip/a.txt"]
    assert texts(library) == {"x.zip/c.txt": GAMMA, "x.zip/copy.txt": ALPHA}
    assert len(embedder.texts) == 2
    assert news(library, folder) == []


def test_what_is_removed_by_hand_comes_back(library: Library, folder: Path) -> None:
    news(library, folder)
    info = library.find("x.zip/a.txt", "default")
    assert info
    library.remove(info.id)
    assert news(library, folder) == ["added x.zip/a.txt"]
    assert news(library, folder) == []


def test_what_was_added_by_hand_is_kept_up_to_date_and_never_deleted(library: Library, folder: Path) -> None:
    list(add_files(library, [folder / "x.zip"]))
    assert news(library, folder) == ["added c.txt"]
    pack(folder / "x.zip", {"a.txt": DELTA})
    assert news(library, folder) == [
        "replaced x.zip/a.txt",
        "kept x.zip/sub/b.txt: its document was added by hand, and stays",
    ]
    assert texts(library) == {"c.txt": GAMMA, "x.zip/a.txt": DELTA, "x.zip/sub/b.txt": BETA}


def test_names_that_look_the_same_are_two_documents(library: Library, folder: Path) -> None:
    pack(folder / "x.zip", {"x\x01.txt": ALPHA, "x\x02.txt": BETA})
    news(library, folder)
    assert sorted(texts(library).values()) == sorted([ALPHA, BETA, GAMMA])
    assert news(library, folder) == []


def test_a_sync_that_was_broken_off_within_an_archive_goes_on(
    one_by_one: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    library = one_by_one
    sync = sync_folder(library, folder)
    assert [next(sync).name for _ in range(2)] == ["c.txt", "x.zip/a.txt"]
    del sync
    assert news(library, folder) == ["added x.zip/sub/b.txt"]
    assert len(embedder.texts) == 3
    assert news(library, folder) == []


def test_what_is_removed_by_hand_of_an_archive_that_can_not_be_read_costs_no_second_look(
    library: Library, folder: Path
) -> None:
    news(library, folder)
    (folder / "x.zip").write_bytes(b"PK\x03\x04")
    news(library, folder)
    info = library.find("x.zip/a.txt", "default")
    assert info
    library.remove(info.id)
    with locked(folder / "x.zip"):
        (line,) = news(library, folder)
    assert line.startswith("failed x.zip: it is damaged")
    pack(folder / "x.zip", CONTENTS)
    assert news(library, folder) == ["added x.zip/a.txt"]


def test_an_archive_in_a_hidden_folder_synced_by_itself_stays(library: Library, folder: Path) -> None:
    pack(folder / ".private" / "z.zip", {"d.txt": DELTA})
    news(library, folder / ".private")
    news(library, folder)
    assert "z.zip/d.txt" in texts(library)
