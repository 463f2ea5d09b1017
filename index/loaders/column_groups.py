"""Columns that belong together under one name, in files that don't say how far the name reaches."""

from collections.abc import Sequence
from itertools import chain

from index.loaders.grids import Grid
from index.loaders.header_rows import figures, hold_values

FEWEST_GROUPED = 2  # columns under one name


def with_groups(grid: Grid) -> Grid:
    """The table with each name of its first row over all columns of its group, as a merged cell would be.

    That is done where a second row names the columns and the first row is empty between its names; and where
    nothing but that explains the rows: values below them, or names that come again under another group.
    """
    rows = grid.rows
    if len(rows) < 3 or any(number < 2 for number, _ in grid.repeated):
        return grid
    above, names = list(rows[0]), list(rows[1])
    width = max(len(above), len(names))
    above += [""] * (width - len(above))
    names += [""] * (width - len(names))
    groups = _groups(above, names)
    if not groups or figures(above) or figures(names):
        return grid
    if not (_come_again(names, groups) or (not (names[0] and above[0]) and hold_values(rows, 2))):
        return grid
    repeated = set(grid.repeated)
    for first, end in groups:
        above[first:end] = [above[first]] * (end - first)
        repeated.update((0, column) for column in range(first + 1, end))
    return Grid([above, names, *rows[2:]], repeated, grid.looks)


def _groups(above: Sequence[str], names: Sequence[str]) -> list[tuple[int, int]]:
    """The columns of each group, first and after the last; none where a column has no name or an odd one."""
    groups: list[tuple[int, int]] = []
    column = 0
    while column < len(above):
        end = column + 1
        while above[column] and end < len(above) and not above[end] and names[end]:
            end += 1
        if end - column >= FEWEST_GROUPED:
            if not names[column]:
                return []
            groups.append((column, end))
        elif column and not above[column]:
            return []
        column = end
    return groups


def _come_again(names: Sequence[str], groups: Sequence[tuple[int, int]]) -> bool:
    """Whether a name stands under more than one group, and under none twice."""
    under = [list(filter(None, names[first:end])) for first, end in groups]
    single = all(len(set(some)) == len(some) for some in under)
    return single and len(set(chain(*under))) < sum(map(len, under))
