"""The README's code is run as it stands there, and the reader's tables are those of the results."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import reader_tables
from tests.quoth.web.browser import running

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
REPORT = "The seed vault was opened on 26 February 2008. It lies on the island of Spitsbergen.\n"


def block(name: str) -> str:
    found = re.search(rf"<!-- tested: {name} -->\n```python\n(.*?)```", README, re.DOTALL)
    assert found, f"README.md has no block that is tested as {name}"
    return found[1]


def run(code: str, folder: Path) -> str:
    (folder / "report.txt").write_text(REPORT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_code_answers_from_the_file(tmp_path: Path) -> None:
    printed = run(block("python"), tmp_path)
    assert "2008" in printed
    assert "report.txt" in printed


def test_the_gradio_code_answers_from_a_live_server(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        printed = run(block("gradio").replace("http://127.0.0.1:7860", server.url), tmp_path)
    assert "2008" in printed
    assert "'name': 'report.txt'" in printed


@pytest.mark.parametrize("path", reader_tables.PAGES, ids=lambda path: path.name)
def test_the_readers_figures_are_those_of_the_committed_results(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert "<!-- reader: accuracy -->" in page
    assert reader_tables.filled(page, reader_tables.results()) == page
