"""What the tests of more than one file need."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.library_process import Zygote


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    with Zygote() as running:
        yield running


@pytest.fixture
def memory_folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: a kill, unlike a power cut, takes nothing from a file system."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)
