"""What the server keeps: nothing of calls that are over, of uploads broken off, of servers killed."""

import gc
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import LibraryError
from qa import Service
from quoth.web import leftovers
from quoth.web.hardening import KeptCalls
from tests.quoth.web.live import QUESTION, Live, library, live
from tests.waiting import until

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

# Less than a server keeps by itself, so that fewer calls are too many.
MOST = KeptCalls(sessions=8, unread=32)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with library(tmp_path_factory.mktemp("kept")) as service, live(service, kept=MOST) as running:
        yield running


def kept(server: Live) -> dict[str, int]:
    """How much Gradio keeps, by where it keeps it."""
    blocks, queue = server.server.blocks, server.server.blocks._queue
    gc.collect()
    return {
        "sessions": len(blocks.state_holder.session_data),
        "times": len(blocks.state_holder.time_last_used),
        "messages": len(queue.pending_messages_per_session),
        "events of sessions": len(queue.pending_event_ids_session),
        "events": len(queue.event_ids_to_events),
        "iterators": len(blocks.app.iterators),
    }


def test_calls_leave_nothing_behind_whether_read_or_not_refused_or_not(server: Live) -> None:
    def four(_: int) -> None:
        server.call("documents", [])
        assert server.call("search", [QUESTION, 0])[0] == "error"
        server.request("POST", "/gradio_api/call/documents", {"data": []})
        server.request("POST", "/gradio_api/call/no-such", {"data": []})

    def many(calls: int) -> dict[str, int]:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(four, range(calls)))
        until(lambda: not kept(server)["events"])
        server.request("GET", "/config")
        return kept(server)

    before = many(40)
    after = many(40)
    for name, number in after.items():
        assert number <= max(before[name], MOST.sessions, MOST.unread) + 5, name
    assert before["messages"] > MOST.sessions, "some were not read"


def test_an_upload_that_is_broken_off_leaves_nothing(server: Live) -> None:
    body, headers = server.multipart(b"x" * 3_000_000)
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Content-Type: {headers['Content-Type']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    before = set(server.uploads.rglob("*"))
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode() + body[: len(body) // 2])
        until(lambda: set(server.uploads.rglob("*")) != before)
    until(lambda: set(server.uploads.rglob("*")) == before)


def test_the_folder_of_a_killed_server_is_cleared_and_that_of_a_running_one_is_not(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from quoth.web import leftovers
lock = leftovers.take(Path(sys.argv[1]))
print("taken", flush=True)
sys.stdin.read()
"""
    folders = [tmp_path / "quoth-killed", tmp_path / "quoth-running"]
    processes = []
    for folder in folders:
        folder.mkdir()
        (folder / "part of an upload").write_text("x")
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdout and process.stdout.readline() == b"taken\n"
        processes.append(process)
    processes[0].kill()
    processes[0].communicate()
    leftovers.clear(tmp_path)
    assert not folders[0].exists()
    assert (folders[1] / "part of an upload").exists()
    processes[1].communicate()
    leftovers.clear(tmp_path)
    assert not folders[1].exists()


def test_a_folder_that_no_server_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "quoth-notes").mkdir()
    leftovers.clear(tmp_path)
    assert (tmp_path / "quoth-notes").exists()


def test_a_library_that_is_deleted_under_a_server_is_an_error_that_says_so(tmp_path: Path) -> None:
    with library(tmp_path) as service, live(service) as running:
        (tmp_path / "library").rename(tmp_path / "elsewhere")
        for endpoint, data in (("ask", [QUESTION]), ("search", [QUESTION]), ("remove", ["vault.txt"])):
            event, error = running.call(endpoint, data)
            assert event == "error"
            assert error["error"].startswith("The library was deleted or moved while Quoth had it open.")
        (tmp_path / "elsewhere").rename(tmp_path / "library")
        assert running.call("ask", [QUESTION])[0] == "complete"


def test_a_library_of_a_newer_format_is_said_to_be_so(tmp_path: Path) -> None:
    import sqlite3

    with library(tmp_path):
        pass
    connection = sqlite3.connect(tmp_path / "library" / "library.sqlite3")
    connection.execute("UPDATE manifest SET value = '99' WHERE key = 'format'")
    connection.commit()
    connection.close()
    shutil.rmtree(tmp_path / "library" / "lexical", ignore_errors=True)
    with pytest.raises(LibraryError, match="was made by a newer Quoth: it has format 99"):
        Service.open(tmp_path / "library")
