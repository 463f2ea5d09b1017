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
from collections.abc import Sequence
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
        library = parsed.library or f"{folder}/library"
        found = scored(real, ask_all(parsed.data, library, Path(folder) / "answers.jsonl"))
    write("real", found)
    print(json.dumps(found["all"], indent=1))


def ask_all(data: Path, library: str, out: Path) -> list[dict[str, Any]]:
    """What is shown for each question, by the set's own script; the library is filled if it is not there."""
    real = data / "real"
    scripts = [str(real / name) for name in ("ask_real.py", "questions.jsonl")]
    roots = [str(data / "documents"), str(real / "documents")]
    subprocess.run([sys.executable, *scripts, library, str(out), *roots], check=True)
    return read_lines(out)


def scored(real: Path, answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The scorer's summary of all questions, and the share served of each kind."""
    scorer = module_at(real / "score_real.py")
    golds = read_lines(real / "questions.jsonl")
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


def module_at(path: Path) -> ModuleType:
    """The module in that file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}


if __name__ == "__main__":
    main()
