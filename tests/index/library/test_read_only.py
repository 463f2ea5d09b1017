"""A library whose files may only be read can be asked, by a process that has no right to write them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index import Document, Library

ASK = """
import sys
from index import Document, Filter, Library, QuothError
with Library.open(sys.argv[1]) as library:
    (hit, *_) = library.search("When did the vault open?", 5)
    print(hit.passage.text)
    print(len(library.documents()), library.counts(Filter(collections=("default",))))
    for change in (
        lambda: library.add([Document("b", "Bees dance.")]),
        lambda: library.remove(library.documents()[0].id),
        lambda: library.wait_until_embedded(30),
    ):
        try:
            print(change())
        except QuothError as error:
            print(type(error).__name__, "can't be changed" in str(error))
"""


def as_reader(*command: str) -> str:
    """What the command prints, run without the right of an administrator to write everywhere."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    done = subprocess.run([*drop, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def read_only(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)


@pytest.mark.skipif(sys.platform != "linux", reason="rights are dropped with a tool of Linux")
def test_a_library_that_may_only_be_read_is_searched_and_says_why_it_can_not_be_changed(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        library.add([Document("vault", "The vault opened in 2008."), Document("bees", "Bees dance.")])
        assert library.wait_until_embedded(60)
    read_only(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    printed = as_reader(sys.executable, "-c", ASK, str(folder)).splitlines()
    assert printed == [
        "The vault opened in 2008.",
        "2 (2, 2)",
        "LibraryError True",
        "LibraryError True",
        "True",
    ]
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.skipif(sys.platform != "linux", reason="rights are dropped with a tool of Linux")
def test_passages_without_vectors_are_found_by_their_words(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        library.add([Document("vault", "The vault opened in 2008.")])
        assert library.wait_until_embedded(60)
        library.store.embed_again(library.documents()[0].id)
    read_only(folder)
    printed = as_reader(sys.executable, "-c", ASK, str(folder)).splitlines()
    assert printed[0] == "The vault opened in 2008."
    assert printed[-1] == "LibraryError True"
