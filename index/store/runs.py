"""Half-open runs of passage numbers: what a search is limited to, and what a change touched."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Run = tuple[int, int]
Runs = Sequence[Run]


def count(runs: Runs) -> int:
    """How many numbers lie in the runs."""
    return sum(end - first for first, end in runs)


def merged(runs: Iterable[Run]) -> list[Run]:
    """The same numbers in order, in as few runs as can be."""
    result: list[Run] = []
    for first, end in sorted(runs):
        if result and first <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        elif first < end:
            result.append((first, end))
    return result


def marked(runs: Runs, end: int) -> NDArray[np.bool_]:
    """Which of the numbers below `end` lie in the runs, which are in order and don't overlap: bool [end]."""
    edges = np.minimum(np.array([0, *(edge for run in runs for edge in run), end]), end)
    return np.repeat(np.arange(len(edges) - 1) % 2 == 1, np.diff(edges))


def numbers(runs: Runs) -> NDArray[np.int64]:
    """The numbers in the runs, one by one."""
    return np.concatenate([np.arange(0), *(np.arange(first, end) for first, end in runs)]).astype(np.int64)


def pieces(runs: Runs, length: int) -> Iterator[Run]:
    """The runs cut into runs of at most `length`."""
    for first, end in runs:
        for start in range(first, end, length):
            yield start, min(start + length, end)
