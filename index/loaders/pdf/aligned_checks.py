"""Whether rows of aligned words are a table, and not columns of prose, a list, a form or an index."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from index.loaders.pdf.cells import Extent, first_word
from index.loaders.pdf.flow import MARKER, NUMBER, SENTENCE_END
from index.loaders.pdf.lines import LineCell

FEWEST_ROWS = 3
FEWEST_WITHOUT_HEADER = 4
FEWEST_CELLS = 2  # of each column, below the first row
FILLED = 0.6  # of the places of a table that hold something
ROWS_FILLED = 0.8  # of its rows that have two cells or more
ALIGNED = 0.8  # of a column's cells that begin, end or have their middle at one place
NEAR = 0.7  # line heights by which these places may differ
MOST_LABELS = 0.15  # of the rows, with cells that end with a colon: those of a form
MOST_MARKERS = 0.5  # of the rows that begin with the marker of a list
WORDS = 0.3  # of the cells that hold a word
LONGEST = 600  # characters of a cell
MOST_RUNNING_ON = 0.05  # of the cells that go on with a sentence of the row above
FIGURES = 0.5  # of the rows that hold nothing but figures behind their label: those of another kind of table
RISING = 0.9  # of the numbers of pages in a list of contents

_FIGURE = re.compile(r"[($€£¥+–—-]*\s?[$€£¥]?\s?\d[\d.,\s]*[%)]*(?:\s?\(\d\))?|[—–-]{1,2}|N/A|\*+|[$€£¥(%)]+")
_PAGE = re.compile(r"\d{1,4}|[ivxlc]{1,7}", re.I)
_LEADER = re.compile(r"(?:\.\s?){3,}\Z|\A[.\s]+\Z|\s\.\Z")  # the dots of forms and lists of contents


class RowOfCells(Protocol):
    """A row of what may be a table: the lines of its cells by column."""

    cells: dict[int, list[LineCell]]

    def text(self, column: int) -> str: ...


def is_table(rows: Sequence[RowOfCells], columns: Sequence[Extent], *, heads: bool) -> bool:
    """Whether all that tells tables from other text that stands in columns speaks for one.

    `heads`: the first row is set apart from those below it.
    """
    if len(rows) < (FEWEST_ROWS if heads else FEWEST_WITHOUT_HEADER):
        return False
    body = rows[1:]
    if any(sum(at in row.cells for row in body) < FEWEST_CELLS for at in range(len(columns))):
        return False
    cells = [row.text(column) for row in rows for column in row.cells]
    return (
        len(cells) >= FILLED * len(rows) * len(columns)
        and sum(len(row.cells) > 1 for row in rows) >= ROWS_FILLED * len(rows)
        and max(map(len, cells)) <= LONGEST
        and sum(any(map(str.isalpha, cell)) and len(cell) > 1 for cell in cells) >= WORDS * len(cells)
        and sum(cell.endswith(":") for cell in cells) <= MOST_LABELS * len(rows)
        and not any(map(_LEADER.search, cells))
        and not _is_list(body, len(columns))
        and not _is_of_figures(body)
        and not _is_contents(body, len(columns) - 1)
        and all(
            _is_aligned([row.cells[at][0] for row in body if at in row.cells]) for at in range(len(columns))
        )
        and not _runs_on(rows, columns)
    )


def _is_list(rows: Sequence[RowOfCells], width: int) -> bool:
    firsts = [row.cells[0][0].text for row in rows if 0 in row.cells]
    marked = sum(map(_is_marker, firsts))
    alike = max((firsts.count(one) for one in set(firsts)), default=0)
    return width == 2 and max(marked, alike) > MOST_MARKERS * len(rows)


def _is_marker(text: str) -> bool:
    return bool(MARKER.match(text) or NUMBER.match(text) or text.rstrip("-–").isdigit())


def _is_contents(rows: Sequence[RowOfCells], last: int) -> bool:
    """Whether the last column holds the numbers of pages, as a list of contents does."""
    pages = [page for row in rows for page in row.text(last).split()]
    if not all(map(_PAGE.fullmatch, pages)):
        return False
    numbers = [int(page) for page in pages if page.isdigit()]
    return sum(one <= other for one, other in pairwise(numbers)) >= RISING * (len(numbers) - 1)


def _is_of_figures(rows: Sequence[RowOfCells]) -> bool:
    """Whether most rows are a label and figures, or figures alone."""
    figures = [
        len(row.cells) > 1 and all(_FIGURE.fullmatch(row.text(column)) for column in row.cells if column)
        for row in rows
    ]
    first = figures.index(True) if True in figures else len(rows)
    return sum(figures) > FIGURES * (len(rows) - first)


def _is_aligned(cells: Sequence[LineCell]) -> bool:
    """Whether the cells of a column have one side, or their middle, at one place."""
    if len(cells) < 2:
        return True
    room = NEAR * max(cells[0].top - cells[0].bottom, 1.0)
    sides = (
        [cell.left for cell in cells],
        [cell.right for cell in cells],
        [(cell.left + cell.right) / 2 for cell in cells],
    )
    return any(_share_near(places, room) >= ALIGNED for places in sides)


def _share_near(places: Sequence[float], room: float) -> float:
    middle = sorted(places)[len(places) // 2]
    return sum(abs(place - middle) <= room for place in places) / len(places)


def _runs_on(rows: Sequence[RowOfCells], columns: Sequence[Extent]) -> bool:
    """Whether cells go on with sentences that the row above does not end, as columns of prose do."""
    running = count = 0
    for above, row in pairwise(rows):
        for column, (left, right) in enumerate(columns):
            if column not in above.cells or column not in row.cells:
                continue
            last, first = above.cells[column][-1], row.cells[column][0]
            count += 1
            full = last.right - last.left + first_word(first) > right - left - 1
            running += (
                full and " " in last.text and first.text[:1].islower() and not SENTENCE_END.search(last.text)
            )
    return running > MOST_RUNNING_ON * max(count, 1)
