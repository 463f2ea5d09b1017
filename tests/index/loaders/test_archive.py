"""ZIP archives: a document for each file in them, and none for what only looks like one."""

import hashlib
import io
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from index import Document, Library, add_files, sync_folder
from index.errors import DocumentError
from index.loaders import Digest, extract, load, load_all, look_into
from index.loaders import archive as archives
from index.loaders.archive_limits import ArchiveLimits
from tests.waiting import PATIENCE


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def contents(path: Path, limits: ArchiveLimits = ArchiveLimits()) -> dict[str, str]:
    """What comes of an archive: by name, the text or the reason."""
    return {
        item.name: item.text if isinstance(item, Document) else f"! {item.reason}"
        for item in load_all(path, archive_limits=limits)
    }


@pytest.fixture
def made(tmp_path: Path) -> Path:
    path = tmp_path / "all.zip"
    inner = zipped({"deep.md": "# Deep\n\nDown here.", "x.bin": b"\x00"})
    path.write_bytes(zipped({"a.txt": "First.", "sub/b.html": "<p>Second.</p>", "inner.zip": inner}))
    return path


def test_each_member_is_a_document_of_its_own(made: Path) -> None:
    found = contents(made)
    assert found.pop("all.zip/inner.zip/x.bin").startswith("! unknown kind .bin")
    assert found == {
        "all.zip/a.txt": "First.",
        "all.zip/sub/b.html": "Second.",
        "all.zip/inner.zip/deep.md": "Deep\n\nDown here.",
    }


def test_one_document_can_t_be_had_of_an_archive(made: Path) -> None:
    with pytest.raises(DocumentError, match="an archive of documents, not a document"):
        load(made)


def test_a_file_gives_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    assert contents(tmp_path / "a.txt") == {"a.txt": "Words."}
    assert contents(tmp_path / "none.txt") == {"none.txt": "! no such file"}


def test_what_its_owner_does_not_see_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("__MACOSX/a.txt", ".hidden.txt", "sub/.DS_Store", "empty/", "Thumbs.db"):
            archive.writestr(name, "no")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert contents(path) == {"a.zip": "! no files in it"}


def test_no_name_leads_out_of_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    names = ("../../up.txt", "/root.txt", "C:\\win\\file.txt", "a/./b/../c.txt", "bell\x07.txt")
    path.write_bytes(zipped(dict.fromkeys(names, "Words.")))
    assert list(contents(path)) == [
        "a.zip/up.txt",
        "a.zip/root.txt",
        "a.zip/C:/win/file.txt",
        "a.zip/a/c.txt",
        "a.zip/bell\ufffd.txt",
    ]


def test_names_in_utf_8_without_the_mark_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = zipped({"Kaelte_.txt": "Words."})
    path.write_bytes(data.replace(b"Kaelte_", "Kälte_".encode()))
    assert list(contents(path)) == ["a.zip/Kälte_.txt"]


def test_archives_in_archives_end_at_some_depth(tmp_path: Path) -> None:
    data = zipped({"a.txt": "Words."})
    for _ in range(archives.MAX_DEPTH):
        data = zipped({"in.zip": data, "a.txt": "Words."})
    (tmp_path / "a.zip").write_bytes(data)
    found = contents(tmp_path / "a.zip")
    assert list(found.values()).count("Words.") == archives.MAX_DEPTH
    assert found["a.zip/in.zip/in.zip/in.zip"] == "! archives are inside each other more than 3 deep"


def test_a_bomb_is_refused_by_what_it_would_unpack_to(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"bomb.txt": bytes(50_000_000), "good.txt": "Words."}))
    found = contents(path)
    assert found["a.zip/bomb.txt"].startswith("! it unpacks to 50,000,000 bytes, 200 times more")
    assert found["a.zip/good.txt"] == "Words."


def test_the_members_share_one_limit(tmp_path: Path) -> None:
    limits = ArchiveLimits(files=3, unpacked_bytes=2_000)
    path = tmp_path / "a.zip"
    inner = zipped({"x.txt": "y" * 900, "z.txt": "y" * 900})
    path.write_bytes(zipped({"a.txt": "y" * 900, "in.zip": inner}))
    assert contents(path, limits)["a.zip"] == "! it unpacks to more than 2,000 bytes"
    path.write_bytes(zipped({f"{n}.txt": "y" for n in range(5)}))
    assert contents(path, limits)["a.zip"] == "! it holds more than 3 files"


def test_encrypted_and_damaged_members_cost_themselves_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = bytearray(zipped({"a.txt": "Words. " * 50, "b.txt": "Others."}))
    data[data.index(b"a.txt") + 8] ^= 0xFF
    path.write_bytes(data)
    assert contents(path) == {
        "a.zip/a.txt": "! it is damaged: the archive does not give it back whole",
        "a.zip/b.txt": "Others.",
    }
    data = bytearray(zipped({"a.txt": "Words."}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert contents(path)["a.zip/a.txt"] == "! it is encrypted; remove its password first"


def test_half_an_archive_says_so(tmp_path: Path, made: Path) -> None:
    path = tmp_path / "half.zip"
    path.write_bytes(made.read_bytes()[:200])
    assert contents(path)["half.zip"].startswith("! it is damaged: a ZIP archive")


def test_the_first_can_be_skipped_and_each_is_told_of_before(made: Path) -> None:
    begun: list[str] = []
    names = [item.name for item in load_all(made, skip=1, began=begun.append)]
    assert begun == names
    assert names[0] == "all.zip/sub/b.html"


def test_some_can_be_read_alone(made: Path) -> None:
    for read in (load_all, extract):
        names = [item.name for item in read(made, only=[0, 2])]
        assert names == ["all.zip/a.txt", "all.zip/inner.zip/deep.md"]


def test_what_is_in_each_file_can_be_told_without_reading_any(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    inner = zipped({"deep.md": "# Deep"})
    parts: dict[str, str | bytes] = {
        "a.txt": "First.",
        "in.zip": inner,
        "bomb.txt": bytes(50_000_000),
        "bad.zip": b"PK\x03\x04",
    }
    path.write_bytes(zipped(parts))
    found = {item.name: item for item in look_into(path, "a.zip")}
    for name, text in (("a.zip/a.txt", b"First."), ("a.zip/in.zip/deep.md", b"# Deep")):
        assert found.pop(name) == Digest(name, len(text), hashlib.sha256(text).hexdigest())
    assert [(name, type(item)) for name, item in found.items()] == [
        ("a.zip/bomb.txt", DocumentError),
        ("a.zip/bad.zip", DocumentError),
    ]
    path.write_bytes(b"PK\x03\x04")
    (error,) = look_into(path, "a.zip")
    assert isinstance(error, DocumentError)
    assert error.name == "a.zip"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "library")
    yield opened
    opened.close()


def test_an_archive_goes_in_member_by_member(made: Path, library: Library) -> None:
    results = [(added.name, added.status) for added in add_files(library, [made])]
    assert results == [
        ("all.zip/a.txt", "added"),
        ("all.zip/sub/b.html", "added"),
        ("all.zip/inner.zip/deep.md", "added"),
        ("all.zip/inner.zip/x.bin", "failed"),
    ]
    assert {added.status for added in add_files(library, [made])} == {"unchanged", "failed"}
    found = library.find("all.zip/a.txt", "default")
    assert found is not None
    assert found.metadata["source"] == str(made.resolve())


def test_two_archives_of_one_name_are_told_apart(tmp_path: Path, library: Library) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.zip").write_bytes(zipped({"n.txt": f"Text of {folder}."}))
    paths = [tmp_path / "x" / "a.zip", tmp_path / "y" / "a.zip"]
    for statuses in ({"added"}, {"unchanged"}):
        results = list(add_files(library, paths))
        assert [added.name for added in results] == ["a.zip/n.txt", "y/a.zip/n.txt"]
        assert {added.status for added in results} == statuses


def outcome(library: Library, path: Path, **metadata: str) -> list[str]:
    return [
        f"{one.status} {one.name}" + (f": {one.reason}" if one.status == "unchanged" and one.reason else "")
        for one in add_files(library, [path], metadata=metadata)
    ]


def names(library: Library) -> list[str]:
    return [info.name for info in library.documents()]


def test_an_archive_added_again_takes_away_what_it_no_longer_holds(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(
        zipped({"old.txt": "Old text.", "same.txt": "Same text.", "in.zip": zipped({"x.md": "X."})})
    )
    outcome(library, path)
    library.add([Document("a.zip/by hand.txt", "Added otherwise.")])
    path.write_bytes(zipped({"same.txt": "Same text.", "new.txt": "New text."}))
    assert outcome(library, path) == [
        "unchanged a.zip/same.txt",
        "added a.zip/new.txt",
        "removed a.zip/in.zip/x.md",
        "removed a.zip/old.txt",
    ]
    assert names(library) == ["a.zip/by hand.txt", "a.zip/new.txt", "a.zip/same.txt"]
    assert library.search("old text", 10)[0].passage.document.name != "a.zip/old.txt"


def test_a_file_renamed_in_an_archive_has_a_new_document_with_the_same_vectors(
    tmp_path: Path, library: Library
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"old.txt": "One text."}))
    outcome(library, path)
    assert library.wait_until_embedded(PATIENCE)
    path.write_bytes(zipped({"new.txt": "One text.", "twin.txt": "One text."}))
    assert outcome(library, path) == ["added a.zip/new.txt", "added a.zip/twin.txt", "removed a.zip/old.txt"]
    assert names(library) == ["a.zip/new.txt", "a.zip/twin.txt"]
    assert library.store.waiting() == 0


def test_what_can_not_be_read_of_an_archive_takes_nothing_away(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": "Words.", "in.zip": zipped({"b.txt": "Others."})}))
    outcome(library, path)
    path.write_bytes(zipped({"a.txt": "", "in.zip": b"PK\x03\x04"}))
    assert outcome(library, path) == ["failed a.zip/a.txt", "failed a.zip/in.zip"]
    path.write_bytes(zipped({}))
    assert outcome(library, path) == ["failed a.zip"]
    assert names(library) == ["a.zip/a.txt", "a.zip/in.zip/b.txt"]


def test_an_uploaded_archive_takes_the_place_of_the_one_of_its_name_alone(
    tmp_path: Path, library: Library
) -> None:
    for name, text in (("a.zip", "Words of a."), ("b.zip", "Words of b.")):
        (tmp_path / name).write_bytes(zipped({"n.txt": text, "a.zip/n.txt": f"{text} Inside."}))
        outcome(library, tmp_path / name, source="uploaded")
    (tmp_path / "a.zip").write_bytes(zipped({"m.txt": "Other words."}))
    outcome(library, tmp_path / "a.zip", source="uploaded")
    assert names(library) == ["a.zip/m.txt", "b.zip/a.zip/n.txt", "b.zip/n.txt"]


def test_what_a_sync_made_of_an_archive_is_left_to_the_sync(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "notes" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(zipped({"a.txt": "Words.", "b.txt": "Others."}))
    list(sync_folder(library, path.parent))
    path.write_bytes(zipped({"b.txt": "Others."}))
    assert outcome(library, path) == ["unchanged a.zip/b.txt"]
    assert names(library) == ["a.zip/a.txt", "a.zip/b.txt"]
    assert [one.status for one in sync_folder(library, path.parent)] == ["unchanged", "removed"]
