#!/usr/bin/env python3
"""Installs the frameworks of docs/retrievers.md aside, and runs each of its blocks on a small library.

    .venv/bin/python scripts/try_retrievers.py [FOLDER]

Needs the network unless FOLDER, where they are installed, has them already. The exit status is 1 when a block
does not print the passage that answers.
"""

import os
import re
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
REPORT = "The seed vault was opened on 26 February 2008. It lies on the island of Spitsbergen.\n"
BLOCK = re.compile(r"<!-- tried: (\S+) -->\n```python\n(.*?)```", re.DOTALL)
# What is installed aside comes after what Quoth has, which must not be replaced.
BEFORE = "import os, sys\nsys.path.append(os.environ['ASIDE'])\n"


def run(code: str, aside: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "report.txt").write_text(REPORT, encoding="utf-8")
        environment = {
            **os.environ,
            "ASIDE": aside,
            "PYTHONPATH": str(ROOT),
            "HAYSTACK_TELEMETRY_ENABLED": "0",
        }
        done = subprocess.run(  # noqa: S603 - our own blocks
            [sys.executable, "-c", BEFORE + code], cwd=folder, env=environment, capture_output=True, text=True
        )
        print(done.stdout or done.stderr)
        return done.returncode == 0 and f"report.txt {REPORT.strip()}" in done.stdout


def main() -> int:
    blocks = BLOCK.findall((ROOT / "docs" / "retrievers.md").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as fresh:
        aside = sys.argv[1] if len(sys.argv) > 1 else fresh
        names = [name for name, _ in blocks]
        if not any(Path(aside).glob("langchain_core")):
            subprocess.run(  # noqa: S603 - names from our own page
                [sys.executable, "-m", "pip", "install", "-q", "--target", aside, *names], check=True
            )
        versions = {one.name: one.version for one in distributions(path=[aside])}
        worked = []
        for name, code in blocks:
            print(f"{name} {versions.get(name)}:")
            worked.append(run(code, aside))
    return 0 if worked and all(worked) else 1


if __name__ == "__main__":
    sys.exit(main())
