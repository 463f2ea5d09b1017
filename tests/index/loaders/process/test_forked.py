"""Half of the work is done by a copy of the process, and no one can tell but by the clock."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Document
from index.loaders import extract, load
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="copies are made on Linux, of two cores",
)

resource = pytest.importorskip("resource")

MEBIBYTE = 1024 * 1024
SETTING = """
import os, resource, signal, sys, time
from index.loaders.process import forked
forked.allow()
parent = os.getpid()
"""


def run(code: str, limit: int | None = None) -> str:
    """What a process prints that may be copied."""
    set_limit: Callable[[], None] | None = None
    if limit:
        set_limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))  # noqa: E731
    result = subprocess.run(
        [sys.executable, "-c", SETTING + code],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        preexec_fn=set_limit,
    )
    return result.stdout.strip()


def test_the_halves_are_done_by_two_processes_and_come_in_order() -> None:
    assert (
        run(
            "done = forked.in_order(lambda number: (number, os.getpid() == parent), 101)\n"
            "print(done == [(number, number < 50) for number in range(101)])"
        )
        == "True"
    )


def test_little_work_and_a_process_that_must_not_be_copied_have_no_copy() -> None:
    alone = "print({pid for pid in forked.in_order(lambda number: os.getpid(), %d)} == {parent})"
    assert run(alone % 59) == "True"
    assert run("forked._allowed = False\n" + alone % 101) == "True"


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "1 / 0", "os._exit(0)"])
def test_what_a_copy_leaves_undone_is_done_without_it(end: str) -> None:
    assert (
        run(
            "def work(number):\n"
            f"    if os.getpid() != parent: {end}\n"
            "    return number\n"
            "print(forked.in_order(work, 101) == list(range(101)))"
        )
        == "True"
    )


def test_an_error_is_that_of_the_work() -> None:
    assert (
        run(
            "try:\n"
            "    forked.in_order(lambda number: 1 // (number - 80), 101)\n"
            "except ZeroDivisionError:\n"
            "    print('as ever')"
        )
        == "as ever"
    )


def test_both_together_keep_to_the_limit_on_memory() -> None:
    code = (
        "limit = lambda number=0: resource.getrlimit(resource.RLIMIT_AS)[0]\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "print(used, *sorted(set(forked.in_order(limit, 101))), limit())"
    )
    used, *inside, after = map(int, run(code, 1024 * MEBIBYTE).split())
    assert after == 1024 * MEBIBYTE
    assert len(inside) == 1, "the copy and the process have the same limit"
    assert 2 * (inside[0] - used) == pytest.approx(after - used, abs=8 * MEBIBYTE)


def test_a_copy_ends_with_its_process(tmp_path: Path) -> None:
    started = tmp_path / "copy"
    code = (
        "def work(number):\n"
        f"    if os.getpid() != parent: open({str(started)!r}, 'w').write(f'{{os.getpid()}}\\n')\n"
        "    time.sleep(60)\n"
        "forked.in_order(work, 101)"
    )
    with subprocess.Popen([sys.executable, "-c", SETTING + code], stdout=subprocess.PIPE) as process:
        until(lambda: started.exists() and started.read_text().endswith("\n"))
        process.send_signal(signal.SIGKILL)
        written, _ = process.communicate(timeout=PATIENCE)
        assert written == b"", "what it writes has an end"
    copy = Path("/proc", started.read_text().strip(), "stat")
    # One that has ended may still be in the list of processes, until its new parent has collected it.
    until(lambda: not copy.exists() or ") Z " in copy.read_text())


def test_a_long_pdf_is_read_as_it_would_be_by_one_process(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(
        pdf_of(
            *([(72, 700, f"Page {number} tells of the {number}th year.")] for number in range(70)), PARAGRAPH
        )
    )
    (read,) = extract(path)
    assert isinstance(read, Document)
    assert read == load(path)
    assert len(read.pages) == 71
