"""People's questions about a hundred real documents: how many are served, and how many answers are wrong.

    python -m benchmarks.real [--data ../shared/data] [--library FOLDER]

The question set brings its own scorer (data/real/README.md), which judges what a person is shown. A library
that was made by an earlier run can be named, which saves the time of filling it.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.common import arguments, write


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--library", help="filled by this command if it is not there")
    parsed = parser.parse_args()
    real: Path = parsed.data / "real"
    with tempfile.TemporaryDirectory() as folder:
        library, out = parsed.library or f"{folder}/library", Path(folder) / "answers.jsonl"
        roots = [str(parsed.data / "documents"), str(real / "documents")]
        scripts = [str(real / name) for name in ("ask_real.py", "questions.jsonl")]
        asking = [sys.executable, *scripts, library, str(out), *roots]
        subprocess.run(asking, check=True)
        found = scored(real, out)
    write("real", found)
    print(json.dumps(found["all"], indent=1))


def scored(real: Path, out: Path) -> dict[str, Any]:
    """The scorer's summary of all questions, and the share served of each kind."""
    scorer = _module(real / "score_real.py")
    golds, answers = ([json.loads(line) for line in path.open()] for path in (real / "questions.jsonl", out))
    judged = scorer.score(golds, {answer["id"]: answer for answer in answers})
    kinds = dict.fromkeys(gold["kind"] for gold in golds if gold["answerable"])
    served = {
        kind: scorer.summary([one for one in judged if one[0]["kind"] == kind])["served"] for kind in kinds
    }
    milliseconds = sorted(answer["milliseconds"] for answer in answers)
    return {
        "all": _rounded(scorer.summary(judged)),
        "served by kind": _rounded(served),
        "milliseconds, p50": milliseconds[len(milliseconds) // 2],
    }


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}


if __name__ == "__main__":
    main()
