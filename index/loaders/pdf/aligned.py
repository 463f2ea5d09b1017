"""Tables that nothing rules: words in columns that only their places on a page tell apart.

Lines whose pieces keep to the same columns, with white between them, may be the rows of a table;
`aligned_rows` says where each row begins, and whether they are one. What is not sure stays as it is drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.loaders.pdf.aligned_rows import CLOSE_LINES, AlignedLine, AlignedPiece, table_rows
from index.loaders.pdf.cells import Extent, as_one
from index.loaders.pdf.columns import MAX_ROW_GAP
from index.loaders.pdf.grids import Rules
from index.loaders.pdf.lines import CELL_GAP, SAME_BASELINE, Line, LineCell
from index.loaders.pdf.rows import merged, rows_of, same_row

FEWEST_LINES = 3  # of a table
MOST_PIECES = 600  # of one page; what has more is a drawing
MAX_CELL_LINES = 12  # line heights by which the next cell may begin above the end of the one before
MIN_GUTTER = 0.5  # line heights of white between two columns
SAME_SIZE = 0.25  # of the height, by which the type of a table's lines may differ
MARGIN = 0.1  # line heights by which pieces of one column may miss each other


@dataclass(frozen=True, slots=True)
class _DrawnLine:
    """Fragments that are drawn one after the other on one line."""

    line: Line
    fragments: tuple[Line, ...]


def with_aligned(fragments: Sequence[Line], rules: Rules) -> list[Line]:
    """The lines of a page, with the rows of its tables where the first piece of each table is drawn."""
    drawn = _drawn_lines(fragments)
    if not FEWEST_LINES <= len(drawn) <= MOST_PIECES:
        return rows_of(fragments)
    tables = {id(members[0]): (members, rows) for members, rows in _tables(drawn, rules)}
    if not tables:
        return rows_of(fragments)
    inside = {id(one) for members, _ in tables.values() for one in members}
    result: list[Line] = []
    between: list[Line] = []
    for one in drawn:
        if id(one) in tables:
            result += rows_of(between)
            between = []
            result += tables[id(one)][1]
        elif id(one) not in inside:
            between += one.fragments
    return result + rows_of(between)


def _drawn_lines(fragments: Sequence[Line]) -> list[_DrawnLine]:
    drawn: list[_DrawnLine] = []
    for fragment in fragments:
        if drawn and same_row(drawn[-1].line, fragment):
            last = drawn[-1]
            drawn[-1] = _DrawnLine(merged(last.line, fragment), (*last.fragments, fragment))
        else:
            drawn.append(_DrawnLine(fragment, (fragment,)))
    return drawn


def _tables(drawn: Sequence[_DrawnLine], rules: Rules) -> Iterator[tuple[list[_DrawnLine], list[Line]]]:
    """The tables among the lines: what each is drawn with, in that order, and its rows."""
    for chunk in _chunks(drawn):
        lines = _lines(chunk)
        first = 0
        while first < len(lines):
            end, run = _run(lines, first)
            inside, rows = table_rows(run, rules) if len(run) >= FEWEST_LINES else ([], [])
            if rows:
                orders = sorted({piece.order for line in inside for piece in line.pieces})
                yield [chunk[order] for order in orders], rows
            first = max(end, first + 1)


def _chunks(drawn: Sequence[_DrawnLine]) -> Iterator[list[_DrawnLine]]:
    """The lines between places where drawing goes on in another column of the page."""
    chunk: list[_DrawnLine] = []
    for one in drawn:
        if chunk:
            above = chunk[-1].line
            up = one.line.baseline - above.baseline
            if one.line.turn != above.turn or up > MAX_CELL_LINES * above.height:
                yield chunk
                chunk = []
        chunk.append(one)
    yield chunk


def _lines(chunk: Sequence[_DrawnLine]) -> list[list[AlignedPiece]]:
    """The pieces by the lines that a reader sees, from the top and from the left."""
    pieces = [
        AlignedPiece(cell, one.line, order, all(fragment.bold for fragment in one.fragments))
        for order, one in enumerate(chunk)
        for cell in one.line.cells
    ]
    pieces.sort(key=lambda piece: -piece.line.baseline)
    lines: list[list[AlignedPiece]] = []
    for piece in pieces:
        near = SAME_BASELINE * piece.line.height
        if lines and lines[-1][0].line.baseline - piece.line.baseline < near:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    for line in lines:
        line.sort(key=lambda piece: piece.cell.left)
    return lines


def _run(lines: Sequence[list[AlignedPiece]], first: int) -> tuple[int, list[AlignedLine]]:
    """The lines from `first` on that keep to columns of their own: where they end, and their cells."""
    if len(lines[first]) < 2:
        return first + 1, []
    columns: list[Extent] = []
    run: list[list[AlignedPiece]] = []
    end = first
    while end < len(lines):
        line = lines[end]
        if run and not _follows(run[-1][0].line, line[0].line):
            break
        placed = _placed(columns, line)
        if placed is None:
            break
        columns, pieces = placed
        run.append(pieces)
        end += 1
    if len(columns) < 2:
        return end, []
    if first and (above := _over(columns, lines[first - 1], run[0])):
        columns, pieces = above
        run.insert(0, pieces)
    return end, [_aligned(columns, pieces) for pieces in run]


def _over(
    columns: Sequence[Extent], line: Sequence[AlignedPiece], below: Sequence[AlignedPiece]
) -> tuple[list[Extent], list[AlignedPiece]] | None:
    """The columns and pieces with the line above in them, if it is the beginning of a header's cell."""
    close = line[0].line.baseline - below[0].line.baseline < CLOSE_LINES * line[0].line.height
    if len(line) > 1 or not close or not _follows(line[0].line, below[0].line):
        return None
    placed = _placed(columns, line)
    inside = placed is not None and len(placed[0]) == len(columns) and line[0].cell.left > columns[0][1]
    return placed if inside else None


def _follows(above: Line, line: Line) -> bool:
    alike = abs(above.height - line.height) <= SAME_SIZE * above.height
    return alike and above.baseline - line.baseline < MAX_ROW_GAP * max(above.height, line.height)


def _placed(
    columns: Sequence[Extent], line: Sequence[AlignedPiece]
) -> tuple[list[Extent], list[AlignedPiece]] | None:
    """The columns with a further line in them, and its pieces; None where one lies in two columns."""
    wider = list(columns)
    pieces: list[AlignedPiece] = []
    ends: dict[int, float] = {}  # of the cells of this line
    for piece in line:
        for part in _parts(piece, columns):
            room = MARGIN * part.line.height
            touched = [
                at
                for at, (left, right) in enumerate(wider)
                if part.cell.left < right + room and part.cell.right > left - room
            ]
            if len(touched) > 1:
                return None
            extent = (part.cell.left, part.cell.right)
            if touched:
                at = touched[0]
                if part.cell.left - ends.get(at, part.cell.left) > CELL_GAP * part.line.height:
                    return None  # a header over several columns
                ends[at] = part.cell.right
                wider[at] = (min(wider[at][0], extent[0]), max(wider[at][1], extent[1]))
            else:
                ends[len(wider)] = part.cell.right
                wider.append(extent)
            pieces.append(part)
    wider.sort()
    gutter = MIN_GUTTER * line[0].line.height
    if any(other[0] - one[1] < gutter for one, other in pairwise(wider)):
        return None
    return wider, pieces


def _parts(piece: AlignedPiece, columns: Sequence[Extent]) -> Iterator[AlignedPiece]:
    """The piece, parted at a gap where two columns that it lies in have white between them."""
    cell, shift = piece.cell, 0
    for (_, end), (start, _) in pairwise(columns):
        gap = next((one for one in piece.cell.gaps if one[1] >= end - 1 and one[2] <= start + 1), None)
        gap = gap or next((one for one in piece.cell.gaps if one[1] < start and one[2] > end), None)
        if gap and cell.left < end and cell.right > start and gap[0] > shift:
            at, right_edge, left_edge = gap
            yield replace(piece, cell=replace(cell, text=cell.text[: at - shift], right=right_edge, gaps=()))
            cell = replace(cell, text=cell.text[at + 1 - shift :], left=left_edge, gaps=())
            shift = at + 1
    yield replace(piece, cell=cell)


def _aligned(columns: Sequence[Extent], pieces: Sequence[AlignedPiece]) -> AlignedLine:
    """A line with its cells by column; pieces of one column are put together."""
    cells: dict[int, LineCell] = {}
    for piece in pieces:
        at = next(number for number, (_, right) in enumerate(columns) if piece.cell.left < right)
        cell = piece.cell
        if at in cells:
            cell = as_one((cells[at], cell), f"{cells[at].text} {cell.text}")
        cells[at] = cell
    return AlignedLine(tuple(columns), cells, tuple(pieces))
