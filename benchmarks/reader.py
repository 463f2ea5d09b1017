"""How far the answers can be trusted: `quoth evaluate` over the evaluation sets.

    python -m benchmarks.reader [--data ../shared/data] [--limit 1000] [--limit-whole 400]

`given` reads each question's own passage; `whole` searches a library of all the passages first; `absent`
does so with the question's own article left out, so that every answer given is wrong.
"""

import json
import subprocess
import sys

from benchmarks.common import arguments, write

RUNS = {
    "squad given": ("squad", "--given-passage"),
    "squad2 given": ("squad2", "--given-passage"),
    "multispan given": ("multispan", "--given-passage"),
    "tydiqa given": ("tydiqa", "--given-passage"),
    "health given": ("health", "--given-passage"),
    "finance given": ("finance", "--given-passage"),
    "clapnq given": ("clapnq", "--given-passage"),
    "squad whole": ("squad",),
    "squad2 whole": ("squad2",),
    "squad2 absent": ("squad2", "--without-own-article"),
}


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--limit", type=int, default=1000, help="questions of a set at most, spread evenly")
    parser.add_argument(
        "--limit-whole", type=int, default=400, help="the same where passages are searched for"
    )
    parsed = parser.parse_args()
    figures = {}
    for name, (file, *options) in RUNS.items():
        limit = parsed.limit if "--given-passage" in options else parsed.limit_whole
        command = [sys.executable, "-m", "quoth.cli", "evaluate", str(parsed.data / f"eval/{file}.jsonl.gz")]
        command += [*options, "--limit", str(limit), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        figures[name] = {
            key: value
            for key, value in json.loads(done.stdout).items()
            if key not in ("risk_coverage", "reliability")
        }
        print(name, "done", file=sys.stderr, flush=True)
    write("reader", {"limit": parsed.limit, "limit_whole": parsed.limit_whole, "sets": figures})


if __name__ == "__main__":
    main()
