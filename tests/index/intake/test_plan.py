"""What a sync plans to do with each file, for whatever was known and whatever is there."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import FolderError
from index.intake.folder import Contents, FoundFile, Scan
from index.intake.plan import Plan, check_same_folder, compare, suspects
from index.store.stamp import Stamp
from index.store.synced_files import SyncedFile

FOLDER = "/notes"
PATHS = tuple(f"{FOLDER}/{name}" for name in ("a.txt", "b.txt", "c.md", "sub/a.txt", "sub/d.txt"))


def known_file(path: str, content: int, document: bool = True, synced: bool = True) -> SyncedFile:
    return SyncedFile(
        path,
        FOLDER,
        stamp(content),
        str(content),
        document_id=path if document else "",
        synced=document and synced,
    )


def stamp(content: int, touched: bool = False) -> Stamp:
    """Contents of two sizes, so that equal sizes say little."""
    return Stamp(content % 2, content, int(touched))


def planned(known: Mapping[str, SyncedFile], there: Mapping[str, tuple[int, bool]]) -> tuple[Plan, list[str]]:
    """The plan, and the files that were read for it."""
    read: list[str] = []

    def contents_of(found: FoundFile) -> Contents:
        read.append(found.path)
        content, touched = there[found.path]
        return Contents(b"", str(content), stamp(content, touched))

    files = {path: FoundFile(path, path, stamp(*one)) for path, one in there.items()}
    suspected = suspects(known, Scan(files, {}), FOLDER)
    return compare(known, suspected, suspected.found, [], contents_of, FOLDER), read


contents = st.integers(0, 3)
known_files = st.dictionaries(st.sampled_from(PATHS), st.tuples(contents, st.booleans(), st.booleans()))
files_there = st.dictionaries(st.sampled_from(PATHS), st.tuples(contents, st.booleans()))


@given(known_files, files_there)
def test_a_plan_makes_what_is_known_equal_to_what_is_there(
    stored: dict[str, tuple[int, bool, bool]], there: dict[str, tuple[int, bool]]
) -> None:
    known = {path: known_file(path, *one) for path, one in stored.items()}
    plan, read = planned(known, there)
    after = {file.path: file.sha256 for file in (*plan.unchanged, *plan.touched)}
    after |= {move.found.path: move.was.sha256 for move in plan.moved}
    after |= {found.path: str(there[found.path][0]) for found in (*plan.new, *plan.changed)}
    assert after == {path: str(content) for path, (content, _) in there.items()}
    standing = len(plan.unchanged) + len(plan.touched) + len(plan.moved)
    assert standing + len(plan.new) + len(plan.changed) == len(there), "each file stands in one place"
    leaving = [file.path for file in (*plan.gone, *(move.was for move in plan.moved))]
    assert sorted(leaving) == sorted(known.keys() - there.keys())
    assert plan.displaced == []
    assert all(known[found.path].document_id for found in plan.changed)
    assert not any(known[found.path].document_id for found in plan.new if found.path in known)
    assert all(move.was.synced for move in plan.moved), "what was added by hand stays where it was"
    assert all(file.document_id for file in plan.unchanged), "what lost its document is read again"
    sizes = {file.stamp.size for path, file in known.items() if path not in there}
    for path in read:
        same_size = path in known and known[path].stamp.size == there[path][0] % 2
        assert same_size or there[path][0] % 2 in sizes, "read without need"


def test_of_several_that_are_gone_the_one_of_the_same_name_has_moved() -> None:
    known = {path: known_file(path, 1) for path in PATHS[:2]}
    plan, _ = planned(known, {f"{FOLDER}/sub/b.txt": (1, True)})
    assert [(move.was.path, move.found.path) for move in plan.moved] == [(PATHS[1], f"{FOLDER}/sub/b.txt")]
    assert [file.path for file in plan.gone] == [PATHS[0]]


def test_a_file_of_another_suffix_has_not_moved() -> None:
    plan, _ = planned({PATHS[0]: known_file(PATHS[0], 1)}, {PATHS[2]: (1, True)})
    assert ([found.path for found in plan.new], [file.path for file in plan.gone]) == ([PATHS[2]], [PATHS[0]])


@pytest.mark.parametrize(("number", "refused"), [(10, False), (11, True)])
def test_another_disk_in_the_folders_place_is_refused(number: int, refused: bool) -> None:
    known = {one.path: one for one in (known_file(f"{FOLDER}/{name}.txt", 1) for name in range(number))}
    plan, _ = planned(known, {f"{FOLDER}/else.txt": (2, True)})
    if refused:
        with pytest.raises(FolderError, match="Is another disk in its place"):
            check_same_folder(plan, known, FOLDER)
    else:
        check_same_folder(plan, known, FOLDER)
