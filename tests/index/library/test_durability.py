import resource
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from index import Document, Library, LibraryError, check
from index.search.dense.sizes import DenseSizes
from index.search.local_search import LocalSearch
from index.testing.hashed_embedder import HashedEmbedder
from index.testing.kills import kills
from index.testing.library_process import Zygote
from tests.waiting import PATIENCE

KILLS = 8
_ROOM = 400_000


def test_what_was_acknowledged_is_there_after_a_kill_at_any_moment(
    memory_folder: Path, zygote: Zygote
) -> None:
    outcome = kills(memory_folder / "library", zygote, KILLS, seed=1)
    assert outcome["wrong"] == []
    assert outcome["acknowledged_changes"] > KILLS


def opened(folder: Path) -> Library:
    """With an index of every kind for very few passages."""
    sizes = DenseSizes(save_fewest=1, exact_up_to=2, asking_seconds=0.0)
    return Library.open(folder, HashedEmbedder(), make_search=partial(LocalSearch, dense=sizes))


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """The folder of a closed library, with every derived file that there is."""
    folder = tmp_path / "library"
    library = opened(folder)
    for number in range(5):
        library.add([Document(f"{number}", f"This is number{number} of a few documents.")])
    library.wait_until_embedded(PATIENCE)
    library.search("number", 1)
    assert isinstance(library.passage_search, LocalSearch)
    library.passage_search.wait()
    library.close()
    return folder


def derived(folder: Path) -> list[Path]:
    ours = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in ours if path.relative_to(folder).parts[0].startswith(("dense", "lexical"))]


def test_the_library_has_derived_files_of_every_kind(filled: Path) -> None:
    suffixes = {path.suffix for path in derived(filled)}
    assert {
        ".index",
        ".cells",
        ".faiss",
        ".state",
        ".json",
        ".term",
        ".idx",
        ".pos",
        ".fast",
        ".fieldnorm",
        ".store",
    } <= suffixes


@pytest.mark.parametrize("damage", ["flipped", "cut", "emptied", "deleted"])
def test_any_derived_file_may_be_damaged_and_the_answers_are_the_same(
    filled: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    for path in derived(filled):
        if path.name.endswith(".lock"):
            continue
        caplog.clear()
        try:
            content = bytearray(path.read_bytes())
        except FileNotFoundError:
            continue  # a segment that went when the index was made again
        if damage == "deleted":
            path.unlink()
        elif damage == "flipped":
            content[len(content) // 3] ^= 0x20
            path.write_bytes(content)
        else:
            path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
        library = opened(filled)
        for number in range(5):
            hits = library.search(f"number{number}", 1)
            assert [hit.passage.document.name for hit in hits] == [str(number)], path.name
        assert check(library) == [], path.name
        library.close()
        quiet = path.name == ".managed.json" or (damage == "deleted" and path.suffix in (".index", ".cells"))
        assert quiet or "made again" in caplog.text, f"nothing was logged about {path.name}"


def _fill_until_refused(folder: Path) -> None:
    """Adds until the file size limit refuses; exits with how many documents had been acknowledged."""
    library = Library.open(folder, HashedEmbedder())
    library.add([Document("0", "This is number0 of a few documents.")])
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, resource.RLIM_INFINITY))
    number = 0
    try:
        while number < 100:
            text = f"This is number{number + 1} of a few documents. " + f"It says little{number}. " * 3000
            library.add([Document(str(number + 1), text)])
            number += 1
    except LibraryError as error:
        assert "can't be written" in str(error), error
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert library.search("number0", 1)[0].passage.document.name == "0"
        library.add([Document("afterwards", "There is room again afterwards.")])
        assert library.search("afterwards", 1)[0].passage.document.name == "afterwards"
        library.close()
        raise SystemExit(number + 1) from None


def test_a_disk_that_takes_no_more_gives_a_clear_error_and_loses_nothing(tmp_path: Path) -> None:
    process = get_context("spawn").Process(target=_fill_until_refused, args=(tmp_path / "library",))
    process.start()
    process.join()
    acknowledged = process.exitcode or 0
    assert 1 < acknowledged < 100
    library = Library.open(tmp_path / "library", HashedEmbedder())
    for number in range(acknowledged):
        assert library.search(f"number{number}", 1)[0].passage.document.name == str(number)
    assert library.search("afterwards", 1)[0].passage.document.name == "afterwards"
    assert library.wait_until_embedded(PATIENCE)
    assert check(library) == []
    library.close()
