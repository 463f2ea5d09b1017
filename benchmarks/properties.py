"""The property tests of `tests/` with many more examples, and others each time.

    python -m benchmarks.properties [--examples 1000] [--seed 1]

`scripts/test` tries the same 100 examples of each every time, so that it fails for what was changed and not
by chance; this looks further. The properties are those of parsing any bytes, of offsets in any text, of a
folder that changes in any way beside its library.
"""

import argparse
import re
import time
from typing import Any

import pytest

from benchmarks.common import write

EXAMPLES = re.compile(r"(\d+) passing, (\d+) failing")
LONGEST_SECONDS = 3600


class Longer:
    """A plugin of pytest that sets how many examples are tried, and keeps how many were, and what failed."""

    def __init__(self, examples: int) -> None:
        self._most = examples
        self.examples: dict[str, int] = {}
        self.failed: list[str] = []

    def pytest_configure(self) -> None:
        # Imported late: pytest has to load Hypothesis's own plugin first.
        from hypothesis import HealthCheck, settings

        every = list(HealthCheck)
        settings.register_profile(
            "long", max_examples=self._most, deadline=None, database=None, suppress_health_check=every
        )
        settings.load_profile("long")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        found = EXAMPLES.findall(getattr(item, "hypothesis_statistics", ""))
        self.examples[item.nodeid] = sum(int(number) for counts in found for number in counts)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--examples", type=int, default=1000, help="as many of each property")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    longer = Longer(given.examples)
    began = time.perf_counter()
    options = [f"--hypothesis-seed={given.seed}", f"--timeout={LONGEST_SECONDS}", "-m", "hypothesis"]
    status = pytest.main([*options, "tests/index", "tests/qa"], [longer])
    figures: dict[str, Any] = {
        "options": vars(given),
        "properties": len(longer.examples),
        "examples": longer.examples,
        "failed": longer.failed,
        "seconds": round(time.perf_counter() - began),
    }
    write("properties", figures)
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main())
