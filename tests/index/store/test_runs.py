from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.store.runs import count, marked, merged, numbers, pieces

RUNS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda run: (run[0], sum(run))))


def members(runs: list[tuple[int, int]]) -> set[int]:
    return {number for first, end in runs for number in range(first, end)}


@given(RUNS)
def test_merged_runs_hold_the_same_numbers_in_as_few_runs_as_can_be(runs: list[tuple[int, int]]) -> None:
    result = merged(runs)
    assert members(result) == members(runs)
    assert all(before[1] < after[0] for before, after in pairwise(result))
    assert count(result) == len(members(runs))


@given(RUNS, st.integers(0, 90), st.integers(1, 7))
def test_all_forms_hold_the_same_numbers(runs: list[tuple[int, int]], end: int, length: int) -> None:
    apart = merged(runs)
    assert numbers(apart).tolist() == sorted(members(runs))
    marks = marked(apart, end)
    assert len(marks) == end
    assert np.flatnonzero(marks).tolist() == sorted(number for number in members(runs) if number < end)
    cut = list(pieces(apart, length))
    assert members(cut) == members(runs)
    assert all(0 < last - first <= length for first, last in cut)
