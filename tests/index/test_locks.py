import threading
from pathlib import Path

import pytest

from index import LibraryBusy
from index.locks import SharedLock, WriteLock


@pytest.mark.parametrize("inner", ["shared", "alone"])
@pytest.mark.parametrize("outer", ["shared", "alone"])
def test_a_thread_that_holds_the_lock_may_not_take_it_again(outer: str, inner: str) -> None:
    lock = SharedLock()
    nested = pytest.raises(RuntimeError, match="holds the lock already")
    with getattr(lock, outer)(), nested, getattr(lock, inner)():
        pass
    with getattr(lock, inner)():  # and it is free afterwards
        pass


def test_a_nested_reader_is_refused_while_a_writer_waits_and_the_writer_goes_on() -> None:
    lock, written = SharedLock(), threading.Event()

    def write() -> None:
        with lock.alone():
            written.set()

    writer = threading.Thread(target=write)
    with lock.shared():
        writer.start()
        while not lock._waiting:
            threading.Event().wait(0.001)
        with pytest.raises(RuntimeError), lock.shared():
            pass
        assert not written.is_set()
    writer.join(60)
    assert written.is_set()


def test_readers_share_and_a_writer_is_alone() -> None:
    lock, together = SharedLock(), threading.Barrier(3)

    def read() -> None:
        with lock.shared():
            together.wait(60)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    together.wait(60)  # both are inside at once
    with lock.alone():
        assert not lock._readers
    for reader in readers:
        reader.join(60)


def test_the_write_lock_may_be_nested_and_others_find_it_taken(tmp_path: Path) -> None:
    ours, theirs = WriteLock(tmp_path), WriteLock(tmp_path, seconds=0.01)
    with ours.held(), ours.held(), ours.if_free() as free:
        assert free
        with theirs.if_free() as their_turn:
            assert not their_turn
        with pytest.raises(LibraryBusy, match="Another program has held the library"), theirs.held():
            pass
    with theirs.if_free() as their_turn:
        assert their_turn
