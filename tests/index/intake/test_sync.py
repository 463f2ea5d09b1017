"""What happens in a folder happens in the library."""

import os
import shutil
from pathlib import Path

import pytest

from index import (
    Document,
    Filter,
    Library,
    add_files,
    sync_folder,
)
from index.testing.hashed_embedder import HashedEmbedder
from index.upkeep.check import check
from tests.index.intake.kit import (
    ALPHA,
    BETA,
    GAMMA,
    folder,
    library,
    locked,
    news,
    passages,
    rows,
    texts,
    write,
)

__all__ = ["folder", "library"]


def test_a_folder_goes_in_and_a_second_run_does_nothing(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    assert news(library, folder) == ["added a.txt", "added sub/b.txt"]
    assert texts(library) == {"a.txt": ALPHA, "sub/b.txt": BETA}
    before = (len(embedder.texts), library.store.last_change(), rows(library))
    again = list(sync_folder(library, folder))
    assert [(one.name, one.status) for one in again] == [("a.txt", "unchanged"), ("sub/b.txt", "unchanged")]
    assert (len(embedder.texts), library.store.last_change(), rows(library)) == before


def test_a_second_run_reads_no_file(library: Library, folder: Path) -> None:
    news(library, folder)
    with locked(folder / "a.txt", folder / "sub" / "b.txt"):
        assert news(library, folder) == []


def test_a_changed_file_replaces_and_the_old_text_no_longer_answers(library: Library, folder: Path) -> None:
    news(library, folder)
    write(folder / "a.txt", GAMMA)
    assert news(library, folder) == ["replaced a.txt"]
    assert texts(library) == {"a.txt": GAMMA, "sub/b.txt": BETA}
    assert all("vault" not in hit.passage.text for hit in library.search("vault opened", 10))


def test_a_change_of_the_same_size_at_the_same_time_is_seen(library: Library, folder: Path) -> None:
    news(library, folder)
    status = (folder / "a.txt").stat()
    write(folder / "a.txt", ALPHA.replace("2008", "2009"))
    os.utime(folder / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert news(library, folder) == ["replaced a.txt"]


def test_a_touched_file_is_unchanged_and_not_embedded(
    library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    os.utime(folder / "a.txt", (1, 1))
    before = len(embedder.texts)
    assert news(library, folder) == []
    assert len(embedder.texts) == before


def test_deleted_files_are_gone_from_every_answer(library: Library, folder: Path) -> None:
    news(library, folder)
    (folder / "a.txt").unlink()
    assert news(library, folder) == ["removed a.txt"]
    assert [hit.passage.document.name for hit in library.search("vault opened 2008", 10)] == ["sub/b.txt"]
    assert [path for (path,) in library.store.rows("SELECT path FROM synced_files")] == [
        os.fsencode(folder / "sub" / "b.txt")
    ]


def test_a_moved_file_keeps_passages_and_vectors_and_takes_its_new_name(
    tmp_path: Path, library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    news(library, folder)
    before = (passages(library), len(embedder.texts))
    (folder / "sub").rename(folder / "other")
    (folder / "a.txt").rename(folder / "z.txt")
    assert news(library, folder) == ["moved z.txt: was a.txt", "moved other/b.txt: was sub/b.txt"]
    assert (passages(library), len(embedder.texts)) == before
    assert texts(library) == {"z.txt": ALPHA, "other/b.txt": BETA}
    info = library.find("z.txt", "default")
    assert info
    assert info.metadata["source"] == str(folder / "z.txt")
    assert check(library) == []
    hit = library.search("vault opened", 1)[0]
    assert (hit.passage.document.name, hit.passage.document.id) == ("z.txt", info.id)
    library.remove(info.id)
    assert [hit.passage.document.name for hit in library.search("vault opened", 5)] == ["other/b.txt"]


def test_a_moved_file_is_filtered_by_where_it_is_now(library: Library, folder: Path) -> None:
    news(library, folder)
    (folder / "a.txt").rename(folder / "z.txt")
    news(library, folder)
    for name, found in (("a.txt", []), ("z.txt", ["z.txt"])):
        here = Filter(metadata={"source": str(folder / name)})
        assert [info.name for info in library.documents(here)] == found
        hits = library.search("vault opened 2008", 10, here)
        assert [hit.passage.document.name for hit in hits] == found


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(library: Library, folder: Path) -> None:
    assert news(library, folder, dry_run=True) == ["added a.txt", "added sub/b.txt"]
    assert library.counts() == (0, 0)
    news(library, folder)
    write(folder / "new.txt", GAMMA)
    write(folder / "sub" / "b.txt", "Another text.")
    (folder / "a.txt").rename(folder / "z.txt")
    before = (rows(library), library.store.last_change())
    expected = ["moved z.txt: was a.txt", "added new.txt", "replaced sub/b.txt"]
    assert news(library, folder, dry_run=True) == expected
    assert (rows(library), library.store.last_change()) == before
    assert news(library, folder) == expected


def test_what_was_added_by_hand_is_never_deleted(tmp_path: Path, library: Library, folder: Path) -> None:
    list(add_files(library, [folder / "a.txt"]))
    library.add([Document("by hand", GAMMA)])
    write(folder / "gamma.txt", GAMMA)
    assert news(library, folder) == ["added gamma.txt", "added sub/b.txt"]
    (folder / "a.txt").unlink()
    (folder / "gamma.txt").unlink()
    assert news(library, folder) == [
        "kept a.txt: its document was added by hand, and stays",
        "removed gamma.txt",
    ]
    assert texts(library) == {"a.txt": ALPHA, "by hand": GAMMA, "sub/b.txt": BETA}


def test_a_file_added_by_hand_is_kept_up_to_date(library: Library, folder: Path) -> None:
    list(add_files(library, [folder / "sub" / "b.txt"]))
    assert list(texts(library)) == ["b.txt"]
    news(library, folder)
    write(folder / "sub" / "b.txt", GAMMA)
    assert news(library, folder) == ["replaced sub/b.txt"]
    assert texts(library) == {"a.txt": ALPHA, "b.txt": GAMMA}


def test_a_document_by_hand_of_the_same_name_is_left_alone(library: Library, folder: Path) -> None:
    library.add([Document("a.txt", GAMMA)])
    news(library, folder)
    assert texts(library) == {"a.txt": GAMMA, "notes/a.txt": ALPHA, "sub/b.txt": BETA}
    write(folder / "a.txt", "Changed.")
    news(library, folder)
    assert texts(library) == {"a.txt": GAMMA, "notes/a.txt": "Changed.", "sub/b.txt": BETA}


def test_what_is_removed_by_hand_comes_back_as_long_as_its_file_is_there(
    library: Library, folder: Path
) -> None:
    news(library, folder)
    info = library.find("a.txt", "default")
    assert info
    library.remove(info.id)
    assert news(library, folder) == ["added a.txt"]


def test_two_folders_with_the_same_names_do_not_fight(
    tmp_path: Path, library: Library, folder: Path, embedder: HashedEmbedder
) -> None:
    other = tmp_path / "letters"
    write(other / "a.txt", GAMMA)
    write(other / "sub" / "b.txt", BETA)
    news(library, folder)
    assert news(library, other) == ["added a.txt", "added sub/b.txt"]
    everything = {"a.txt": ALPHA, "letters/a.txt": GAMMA, "sub/b.txt": BETA, "letters/sub/b.txt": BETA}
    for _ in range(2):
        assert news(library, folder) == news(library, other) == []
        assert texts(library) == everything
    shutil.rmtree(folder / "sub")
    news(library, folder)
    del everything["sub/b.txt"]
    assert texts(library) == everything
    assert news(library, other) == []
    assert len(embedder.texts) == 3


def test_a_folder_in_two_collections_is_two_sets_of_documents(library: Library, folder: Path) -> None:
    news(library, folder, "one")
    news(library, folder, "two")
    (folder / "a.txt").rename(folder / "z.txt")
    assert news(library, folder, "one") == ["moved z.txt: was a.txt"]
    assert texts(library, "one") == {"z.txt": ALPHA, "sub/b.txt": BETA}
    assert texts(library, "two") == {"a.txt": ALPHA, "sub/b.txt": BETA}
    assert news(library, folder, "two") == ["moved z.txt: was a.txt"]
    (folder / "z.txt").unlink()
    news(library, folder, "one")
    assert texts(library, "two") == {"z.txt": ALPHA, "sub/b.txt": BETA}


def test_a_folder_within_a_synced_folder_is_the_same_files(library: Library, folder: Path) -> None:
    news(library, folder)
    assert news(library, folder / "sub") == []
    write(folder / "sub" / "b.txt", GAMMA)
    assert news(library, folder / "sub") == ["replaced b.txt"]
    assert news(library, folder) == []
    assert texts(library) == {"a.txt": ALPHA, "sub/b.txt": GAMMA}


def test_a_hidden_folder_synced_by_itself_is_not_deleted_with_the_one_around_it(
    library: Library, folder: Path
) -> None:
    write(folder / ".private" / "c.txt", GAMMA)
    news(library, folder / ".private")
    news(library, folder)
    assert texts(library) == {"a.txt": ALPHA, "c.txt": GAMMA, "sub/b.txt": BETA}


def test_the_library_may_lie_in_the_folder(tmp_path: Path, library: Library, folder: Path) -> None:
    assert news(library, tmp_path) == ["added notes/a.txt", "added notes/sub/b.txt"]


def test_names_that_look_the_same_are_two_documents(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "names"
    write(folder / "caf\u00e9.txt", ALPHA)
    write(folder / "cafe\u0301.txt", BETA)
    write(folder / "x\x01.txt", GAMMA)
    write(folder / "x\x02.txt", "A fourth text.")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("A fifth text.")
    if len(list(folder.iterdir())) < 5:
        pytest.skip("this file system folds such names into one")
    news(library, folder)
    assert sorted(texts(library).values()) == sorted([ALPHA, BETA, GAMMA, "A fourth text.", "A fifth text."])
    assert news(library, folder) == []
    (folder / "x\x02.txt").unlink()
    news(library, folder)
    assert len(texts(library)) == 4
