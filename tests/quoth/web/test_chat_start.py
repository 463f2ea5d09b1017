"""What happens before the page is there: seeds for a new library, errors for what can't be served."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Settings
from quoth.web.chat import open_service
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
