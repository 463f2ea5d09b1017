"""What the benchmarks share: the data, the machine's name, and where results go."""

import argparse
import gzip
import json
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
LIBRARIES = ("faiss-cpu", "numpy", "onnxruntime", "sentence-transformers", "tantivy", "torch")


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser that knows where the data are."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the data sets' folder")
    return parser


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSON-lines file; a clear end when it is not there."""
    if not path.exists():
        sys.exit(f"{path} is not there. Say with --data where the data sets are.")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "date": datetime.now(UTC).date().isoformat(),
    }


def write(name: str, figures: dict[str, Any]) -> None:
    """Prints the figures and keeps them, with the machine and the command, in results/NAME.json."""
    whole = {"command": f"python -m benchmarks.{name}", "machine": machine(), **figures}
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
