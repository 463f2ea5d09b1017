import hashlib
import os
import threading
from pathlib import Path

import pytest

from index import FolderError
from index.documents.names import document_name, shown
from index.intake.folder import FoundFile, Unsettled, read, scan
from index.store.stamp import Stamp

NOWHERE = Path("/nowhere")


def write(path: Path, text: str = "Text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(folder: Path, leave_out: Path = NOWHERE) -> list[str]:
    return [found.name for found in scan(str(folder), leave_out).files.values()]


def found(path: Path) -> FoundFile:
    return FoundFile(str(path), path.name, Stamp.of(path.stat()))


def test_visible_files_are_found_with_their_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/deep/c.md", ".hidden", ".git/x.txt"):
        write(tmp_path / name)
    assert names(tmp_path) == ["a.txt", "b.txt", "sub/deep/c.md"]


@pytest.mark.parametrize(
    "name", ["~$report.docx", "big.iso.part", "film.crdownload", "x.TMP", "notes.txt~", ".a.swp"]
)
def test_what_programs_keep_for_a_moment_is_no_file(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    assert names(tmp_path) == []


def test_links_that_lead_out_and_linked_folders_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.txt")
    folder = tmp_path / "folder"
    write(folder / "a.txt")
    (folder / "out.txt").symlink_to(outside)
    (folder / "in.txt").symlink_to(folder / "a.txt")
    (folder / "broken.txt").symlink_to(folder / "nothing")
    (folder / "round").symlink_to(folder)
    assert names(folder) == ["a.txt", "in.txt"]


def test_the_library_in_the_folder_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "library" / "lexical" / "x.json")
    write(tmp_path / "a.txt")
    assert names(tmp_path, tmp_path / "library") == ["a.txt"]


def test_a_folder_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"The folder .*gone can't be opened: No such file"):
        scan(str(tmp_path / "gone"), NOWHERE)


def test_nothing_is_known_of_files_below_what_can_not_be_opened(tmp_path: Path) -> None:
    seen = scan(str(tmp_path), NOWHERE)
    seen.unreadable["/x/y"] = "Permission denied"
    assert not seen.shows("/x/y/a.txt")
    assert not seen.shows("/x/y")
    assert seen.shows("/x/yz")


def test_a_name_that_is_no_text_can_be_shown_and_stored(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9\n.txt"
    try:
        Path(os.fsdecode(raw)).write_text("Text.")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    (one,) = scan(str(tmp_path), NOWHERE).files.values()
    assert one.name == "caf\\xe9\ufffd.txt"
    one.name.encode()
    shown(one.path).encode()
    assert document_name("e\u0301.txt") == "\u00e9.txt"


def test_reading_gives_the_bytes_and_their_hash(tmp_path: Path) -> None:
    contents = read(found(write(tmp_path / "a.txt", "abc")))
    assert contents.data == b"abc"
    assert contents.sha256 == hashlib.sha256(b"abc").hexdigest()


def test_a_file_that_is_being_written_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 30_000_000)
    stop = threading.Event()

    def append() -> None:
        with path.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"y" * 100)

    thread = threading.Thread(target=append)
    thread.start()
    try:
        with pytest.raises(Unsettled):
            for _ in range(100):
                read(found(path))
    finally:
        stop.set()
        thread.join()


def test_a_stamp_is_not_kept_while_a_change_might_go_unseen() -> None:
    second = 10**9
    fine = Stamp(1, 5 * second + 1, 5 * second + 1)
    assert fine.kept(5 * second + 2) == fine
    assert fine.seconds_to_settle(5 * second + 10**7 + 1) == pytest.approx(0.01)
    assert fine.seconds_to_settle(6 * second) == 0
    coarse = Stamp(1, 5 * second, 5 * second)
    assert coarse.kept(6 * second) != coarse
    assert coarse.kept(8 * second) == coarse


def test_two_changes_in_a_row_never_leave_the_same_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for number in range(100):
        path.write_text(f"{number:03}")
        before = read(found(path))
        path.write_text(f"{number + 1:03}")
        assert before.stamp != Stamp.of(path.stat())
