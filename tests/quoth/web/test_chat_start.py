"""What happens before the page is there: seeds for a new library, errors for what can't be served."""

import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.testing.hashed_embedder import HashedEmbedder
from qa import Hit, Library, Reading, Service, Settings, Span
from quoth.web.chat import _warm, open_service
from quoth.web.seed_documents import seed_paths
from tests.quoth.web.browser import APP
from tests.waiting import PATIENCE


@pytest.mark.parametrize("made_before", [False, True])
def test_a_new_library_gets_the_seeds_and_a_known_one_never_again(tmp_path: Path, made_before: bool) -> None:
    library = tmp_path / "library"
    if made_before:
        library.mkdir()
    with open_service(Settings(library=library)) as service:
        infos = service.documents()
        assert [info.name for info in infos] == [path.name for path in seed_paths()]
        for info in infos:
            service.remove(info.id)
    with open_service(Settings(library=library)) as service:
        assert service.documents() == []


class Ending:
    """A reader in a process that ends, where no thread can begin anything any more."""

    threshold = 0.5

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        raise RuntimeError("cannot schedule new futures after interpreter shutdown")

    def judge(self, reading: Reading) -> Reading:
        return reading

    def select_items(self, items: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(items)


def test_a_server_that_ends_while_it_warms_up_says_nothing(tmp_path: Path) -> None:
    over = threading.Event()
    with Service(Library.open(tmp_path, HashedEmbedder()), Ending()) as service:
        service.add_documents([("a.txt", "Everything is ready.")])
        with pytest.raises(RuntimeError):
            _warm(service, over)
        over.set()
        _warm(service, over)


def test_a_port_that_is_taken_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, str(APP), "--port", str(port), "--library", str(tmp_path / "library")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode != 0
    assert f"Port {port} of 127.0.0.1 is taken by another program" in done.stderr
    assert "Traceback" not in done.stderr
