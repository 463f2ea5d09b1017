import itertools
from pathlib import Path

import pytest

from index.testing.library_process import LOCAL_SEARCH, LibraryProcess, Zygote
from index.testing.store_machine import run_store_machine

EXACT_SEARCH = "index.testing.exact_search:ExactSearch"


@pytest.mark.parametrize(
    ("search", "steps"), [(LOCAL_SEARCH, 2000), (EXACT_SEARCH, 500)], ids=["local", "exact"]
)
def test_a_library_does_what_a_dictionary_does_whatever_happens_to_it(
    memory_folder: Path, search: str, steps: int
) -> None:
    folders = (memory_folder / str(number) for number in itertools.count())
    with Zygote(search) as zygote:
        ran = run_store_machine(lambda: LibraryProcess(next(folders), zygote), steps)
    assert ran.failures == []
    assert ran.steps >= steps / 2


class Forgetful(LibraryProcess):
    """A store that acknowledges the removal of a document and keeps it."""

    def remove(self, name: str, collection: str) -> None:
        pass


def test_the_machine_notices_a_document_that_was_not_removed(memory_folder: Path, zygote: Zygote) -> None:
    folders = (memory_folder / str(number) for number in itertools.count())
    ran = run_store_machine(lambda: Forgetful(next(folders), zygote), 500)
    assert "AssertionError" in ran.failures[0]
