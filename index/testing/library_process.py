"""A library in a process of its own, which can be killed at any moment, as if the power went off.

    python -m index.testing.library_process [MODULE:NAME]

reads lines, each with a socket and a library's folder, and forks a process for each that serves the library
on the socket. Forking takes milliseconds where a new interpreter takes a second. MODULE:NAME is the
`SearchFactory` that the libraries are searched with, `LocalSearch` unless given.
"""

import importlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.documents.document import Document
from index.intake.sync import sync_folder
from index.library.library import Library
from index.search.dense.sizes import DenseSizes
from index.search.local_search import LocalSearch
from index.search.passage_search import SearchFactory
from index.store.records import Filter
from index.testing.hashed_embedder import HashedEmbedder
from index.testing.store_machine import FoundText
from index.upkeep.check import check

# What a call may take, on a busy machine too.
_SECONDS = 60
_NOT_IN = ("failed", "waiting", "kept")

# Its dense index is written all the time, the inverted file included, so that a kill finds it half written.
local_search = partial(
    LocalSearch, dense=DenseSizes(save_fewest=1, exact_up_to=100, fresh_up_to=100, asking_seconds=0.0)
)
LOCAL_SEARCH = f"{__spec__.name}:local_search"


class Killed(Exception):
    """The process ended before it answered."""


class LibraryProcess:
    """The library in `folder`, in a process that `zygote` forked; see `store_machine.DocumentStore`."""

    def __init__(self, folder: Path, zygote: "Zygote") -> None:
        self._folder = folder
        self._zygote = zygote
        self._pid, self._connection = zygote.fork(folder)

    def add(self, name: str, text: str, collection: str, metadata: Mapping[str, str]) -> None:
        """Adds a document or replaces the one of that name in that collection."""
        self._call("add", name, text, collection, dict(metadata))

    def remove(self, name: str, collection: str) -> None:
        """Removes the document of that name in that collection."""
        self._call("remove", name, collection)

    def sync(self, folder: Path, collection: str) -> list[str]:
        """Makes the collection equal to the folder; what went wrong, a line for each file."""
        return list(self._call("sync", str(folder), collection))

    def search(
        self, question: str, limit: int, collection: str = "", metadata: Mapping[str, str] = {}
    ) -> list[FoundText]:
        """The best places for a question, best first, among the documents that pass the filter."""
        return [FoundText(*one) for one in self._call("search", question, limit, collection, dict(metadata))]

    def documents(self, collection: str = "", metadata: Mapping[str, str] = {}) -> list[FoundText]:
        """The whole documents that pass the filter."""
        return [FoundText(*one) for one in self._call("documents", collection, dict(metadata))]

    def problems(self) -> list[str]:
        """What is wrong with the library, once all vectors are in."""
        return list(self._call("problems"))

    def restart(self) -> None:
        """Closes the library properly, and opens it in a new process."""
        self._call("close")
        self._end()
        self._pid, self._connection = self._zygote.fork(self._folder)

    def kill(self) -> None:
        """Kills the process, whatever it is doing, and opens the library in a new one."""
        self._end()
        self._pid, self._connection = self._zygote.fork(self._folder)

    def killed_during(self, work: Callable[[Self], None], after: float) -> bool:
        """Begins `work`, kills the process after that many seconds, and opens the library again.

        Whether the work had been acknowledged by then.
        """
        timer = threading.Timer(after, os.kill, (self._pid, signal.SIGKILL))
        timer.start()
        try:
            work(self)
            acknowledged = True
        except Killed:
            acknowledged = False
        timer.join()
        self.kill()
        return acknowledged

    def close(self) -> None:
        """Ends the process."""
        self._end()

    def _call(self, method: str, *arguments: object) -> Any:
        try:
            self._connection.send((method, arguments))
            if not self._connection.poll(_SECONDS):
                raise TimeoutError(f"{method} took longer than {_SECONDS} s")
            worked, result = self._connection.recv()
        except (EOFError, ConnectionError) as error:
            raise Killed from error
        if not worked:
            raise RuntimeError(result)
        return result

    def _end(self) -> None:
        self._connection.close()
        try:
            os.kill(self._pid, signal.SIGKILL)
            while True:  # its locks are free once it has ended
                os.kill(self._pid, 0)
                time.sleep(0.001)
        except ProcessLookupError:
            pass


class Zygote:
    """A process that has imported everything and forks one process for each library.

    `search`: what searches the libraries, a `SearchFactory` as `module:name`.
    """

    def __init__(self, search: str = LOCAL_SEARCH) -> None:
        self._search = search

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="sockets-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, self._search], stdin=subprocess.PIPE, text=True
        )
        self._forked = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()

    def fork(self, folder: Path) -> tuple[int, "Connection[Any, Any]"]:
        """The process number and the connection of a new process with the library in `folder`."""
        assert self._process.stdin
        self._forked += 1
        address = str(Path(self._folder.name, str(self._forked)))
        with Listener(address, "AF_UNIX") as listener:
            self._process.stdin.write(f"{address}\t{folder}\n")
            self._process.stdin.flush()
            connection = listener.accept()
        return connection.recv(), connection


class _Served:
    """What the forked process does with its library."""

    def __init__(self, folder: Path, make_search: SearchFactory) -> None:
        self._library = Library.open(folder, HashedEmbedder(), make_search=make_search)

    def add(self, name: str, text: str, collection: str, metadata: dict[str, str]) -> None:
        self._library.add([Document(name, text, collection=collection, metadata=metadata)])

    def remove(self, name: str, collection: str) -> None:
        found = self._library.find(name, collection)
        assert found
        self._library.remove(found.id)

    def sync(self, folder: str, collection: str) -> list[str]:
        synced = sync_folder(self._library, folder, collection)
        return [f"{one.name} {one.status}: {one.reason}" for one in synced if one.status in _NOT_IN]

    def search(self, question: str, limit: int, collection: str, metadata: dict[str, str]) -> list[object]:
        hits = self._library.search(question, limit, _filter(collection, metadata))
        return [
            (hit.passage.document.name, hit.passage.document.collection, hit.passage.text) for hit in hits
        ]

    def documents(self, collection: str, metadata: dict[str, str]) -> list[object]:
        infos = self._library.documents(_filter(collection, metadata))
        return [(info.name, info.collection, self._library.document(info.id).text) for info in infos]

    def problems(self) -> list[str]:
        assert self._library.wait_until_embedded(_SECONDS / 2)
        return [problem.what for problem in check(self._library)]

    def close(self) -> None:
        self._library.close()


def _filter(collection: str, metadata: dict[str, str]) -> Filter:
    return Filter((collection,) if collection else (), metadata=metadata)


def _serve(address: str, folder: str, make_search: SearchFactory) -> None:
    connection = Client(address, "AF_UNIX")
    connection.send(os.getpid())
    served: _Served | None = None
    while True:
        try:
            method, arguments = connection.recv()
        except (EOFError, ConnectionError):
            return
        try:
            served = served or _Served(Path(folder), make_search)
            answer = (True, getattr(served, method)(*arguments))
        except Exception as error:
            answer = (False, f"{type(error).__name__}: {error}")
        connection.send(answer)


def main(search: str = LOCAL_SEARCH) -> None:
    module, name = search.split(":")
    make_search: SearchFactory = getattr(importlib.import_module(module), name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those that have ended go by themselves
    for line in sys.stdin:
        address, folder = line.rstrip("\n").split("\t")
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _serve(address, folder, make_search)
            os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
