"""Files are read in a process of their own: what it may take, and that it takes nothing else down."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Document, DocumentError, Library, Limits, SettingError, add_files
from index.loaders import extract, load_all
from index.loaders.process import processes
from qa import Service
from qa.settings import Settings
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, PARAGRAPH_TEXT, pdf_of
from tests.index.loaders.test_archive import zipped
from tests.waiting import until


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    processes.close()
    yield
    processes.close()


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """Markdown that takes minutes, since its parser takes time with the square of open brackets."""
    path = tmp_path / "slow.md"
    path.write_bytes(b"[" * 500_000)
    return path


def results(path: Path, limits: Limits = Limits()) -> list[Document | DocumentError]:
    return list(extract(path, limits=limits))


def workers() -> set[int]:
    """The processes that this one has started and that still run."""
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=False,
    )
    return {int(line.split()[0]) for line in found.stdout.splitlines() if "process.worker" in line}


def is_reading(process: int) -> bool:
    """Whether it has used the processor for longer than it takes to start."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]) > 1.5 * os.sysconf("SC_CLK_TCK")


def write_pdf(path: Path) -> Path:
    path.write_bytes(pdf_of(PARAGRAPH, title="Winter"))
    return path


def test_a_document_comes_back_as_it_was_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    options = {"name": "b/a.pdf", "collection": "work", "metadata": {"source": "here"}}
    there = list(extract(path, **options))  # type: ignore[arg-type]
    assert there == list(load_all(path, **options))  # type: ignore[arg-type]
    assert isinstance(there[0], Document)
    assert there[0].text == PARAGRAPH_TEXT


def test_an_archive_comes_back_member_by_member(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": "Words.", "b.bin": b"\0", "c.html": "<h1>H</h1>x"}))
    assert [(item.name, type(item)) for item in results(path)] == [
        ("a.zip/a.txt", Document),
        ("a.zip/b.bin", DocumentError),
        ("a.zip/c.html", Document),
    ]


def test_what_can_t_be_read_says_why(tmp_path: Path) -> None:
    bad = tmp_path / "a.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    for path, reason in (
        (bad, "it is damaged"),
        (tmp_path / "none.pdf", "no such file"),
        (tmp_path, "it is a f"),
    ):
        [item] = results(path)
        assert isinstance(item, DocumentError)
        assert item.name == path.name
        assert item.reason.startswith(reason)


@pytest.mark.skipif(sys.platform != "linux", reason="asks ps for the processes of this one")
def test_the_process_is_used_again_and_short_text_needs_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    (tmp_path / "a.md").write_text("# Words")
    assert [results(tmp_path / name)[0].name for name in ("a.txt", "a.md")] == ["a.txt", "a.md"]
    assert workers() == set()
    path = write_pdf(tmp_path / "a.pdf")
    results(path)
    first = workers()
    assert len(first) == 1
    results(path)
    assert workers() == first
    processes.close()
    assert workers() == set()


def test_reading_too_long_is_ended_and_the_next_file_goes_in(tmp_path: Path, slow: Path) -> None:
    began = time.monotonic()
    [item] = results(slow, Limits(seconds=0.5))
    assert isinstance(item, DocumentError)
    assert item.name == "slow.md"
    assert item.reason == "reading it takes longer than 0.5 s, which is the limit"
    assert time.monotonic() - began < 60, "without the limit it takes minutes"
    assert isinstance(results(write_pdf(tmp_path / "a.pdf"))[0], Document)


def test_a_member_that_takes_too_long_costs_the_archive_nothing_else(tmp_path: Path, slow: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": "Words.", "slow.md": slow.read_bytes(), "c.txt": "Others."}))
    found = results(path, Limits(seconds=5.0))
    assert [item.name for item in found] == ["a.zip/a.txt", "a.zip/slow.md", "a.zip/c.txt"]
    assert [isinstance(item, Document) for item in found] == [True, False, True]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit on memory")
def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.xml"
    path.write_bytes(b"<?xml version='1.0'?><a>" + b"<b/>" * 6_000_000 + b"</a>")
    [item] = results(path, Limits(megabytes=900))
    assert isinstance(item, DocumentError)
    assert "memory" in item.reason
    assert isinstance(results(write_pdf(tmp_path / "a.pdf"), Limits(megabytes=900))[0], Document)


@pytest.mark.skipif(sys.platform != "linux", reason="asks ps for the processes of this one")
def test_a_crash_of_the_reader_is_the_file_s_error(tmp_path: Path, slow: Path) -> None:
    def crash() -> None:
        until(lambda: any(map(is_reading, workers())))
        os.kill(workers().pop(), signal.SIGSEGV)

    thread = threading.Thread(target=crash)
    thread.start()
    [item] = results(slow)
    thread.join()
    assert isinstance(item, DocumentError)
    assert item.reason == "its reader crashed (exit status -11); the file is damaged or hostile"
    assert isinstance(results(write_pdf(tmp_path / "a.pdf"))[0], Document)


def test_a_process_that_was_killed_while_it_waited_is_replaced(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    results(path)
    for pid in workers():
        os.kill(pid, signal.SIGKILL)
    assert isinstance(results(path)[0], Document)


def test_several_threads_read_at_once(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    texts: list[str] = []

    def read() -> None:
        texts.extend(item.text for _ in range(5) for item in results(path) if isinstance(item, Document))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [PARAGRAPH_TEXT] * 20


def test_files_beside_are_not_taken_for_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    assert isinstance(results(write_pdf(tmp_path / "a.pdf"))[0], Document)


def test_a_script_without_a_main_guard_can_add_files(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf")
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom index.loaders import extract\n"
        f"print(*(item.name for item in extract(Path({str(tmp_path / 'a.pdf')!r}))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert (done.stdout, done.stderr) == ("a.pdf\n", "")


def test_no_part_of_a_file_that_was_ended_goes_in(tmp_path: Path, slow: Path) -> None:
    # The other one is read in this process, which has no such limit.
    (tmp_path / "a.txt").write_text("Words.")
    library = Library.open(tmp_path / "library")
    paths = [slow, tmp_path / "a.txt"]
    found = {added.name: added.status for added in add_files(library, paths, limits=Limits(seconds=0.5))}
    assert found == {"slow.md": "failed", "a.txt": "added"}
    assert [info.name for info in library.documents()] == ["a.txt"]
    library.close()


def test_limits_that_can_t_be_kept_are_refused() -> None:
    with pytest.raises(SettingError, match="768 or more"):
        Limits(megabytes=100)
    with pytest.raises(SettingError, match=r"from 0\.1"):
        Limits(seconds=0)
    assert Limits(seconds=60).allowed(1_000) == 60
    assert Limits(seconds=60).allowed(33 * 1024 * 1024) == 180


def test_the_service_keeps_to_the_settings(tmp_path: Path, slow: Path) -> None:
    environment = {"QUOTH_LOAD_SECONDS": "0.5", "QUOTH_LOAD_MEGABYTES": "1500", "QUOTH_LIBRARY": "x"}
    settings = Settings.from_environment(environment)
    assert (settings.load_seconds, settings.load_megabytes) == (0.5, 1500)
    with Service.open(tmp_path / "library", settings) as service:
        [added] = service.add([slow])
    assert (added.status, added.reason) == (
        "failed",
        "reading it takes longer than 0.5 s, which is the limit",
    )
    for wrong in ({"QUOTH_LOAD_SECONDS": "0"}, {"QUOTH_LOAD_MEGABYTES": "100"}):
        with pytest.raises(SettingError, match="must be"):
            Settings.from_environment(wrong)
