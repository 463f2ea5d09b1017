"""Values of form fields and texts put on a page, set among its lines where a person sees them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.loaders.pdf.annotations import Kind, Written
from index.loaders.pdf.glyphs import Box, turned
from index.loaders.pdf.lines import Line, LineCell

MAX_LABEL = 120  # characters before a field that are taken for its label
LABEL_ABOVE = 1.2  # line heights between a field and the label over it
TICK_GAP = 2.5  # line heights between a box and what it stands for
_ROOM = 0.35  # line heights that a label may stand above or below its field

_BLANK = re.compile(r"_(?:\s?_){2,}|(?:\.\s?){4,}|(?:…\s?){2,}")
_LABEL_END = (":", "?", ".", ")", "=")


def with_written(lines: Sequence[Line], written: Sequence[Written]) -> list[Line]:
    """The lines with each value behind its label, each tick before its words, each text at its height."""
    result = list(lines)
    turn = _main_turn(lines)
    whole = " ".join(line.text for line in lines).casefold()
    for piece in sorted(written, key=lambda one: (-round(one.box[3]), one.box[0])):
        box = turned(piece.box, turn)
        beside = None if piece.kind is Kind.TEXT else _beside(result, box, turn, piece.kind)
        if piece.kind is Kind.TICK and piece.label.casefold() not in whole:
            piece = replace(piece, text=f"{piece.text} {piece.label}")
        if beside is not None:
            result[beside] = _set_in(result[beside], piece, box)
        else:
            at = _place(result, box, turn)
            result.insert(at, _own_line(result[:at], piece, box, turn))
    return result


def _main_turn(lines: Sequence[Line]) -> int:
    turns = [line.turn for line in lines for _ in line.text]
    return max(set(turns), key=turns.count) if turns else 0


def _beside(lines: Sequence[Line], box: Box, turn: int, kind: Kind) -> int | None:
    """The number of the line that the field stands in: at its height, and nearest to its side."""
    near: list[tuple[float, int]] = []
    for number, line in enumerate(lines):
        room = _ROOM * line.height
        middle = line.baseline + line.height / 2
        if line.turn != turn or not box[1] - room < middle < box[3] + room:
            continue
        gaps = [gap for cell in line.cells for gap in _gaps(cell, box, kind)]
        if gaps:
            near.append((min(gaps) + abs(middle - (box[1] + box[3]) / 2), number))
    return min(near)[1] if near else None


def _gaps(cell: LineCell, box: Box, kind: Kind) -> list[float]:
    """How far the cell is from the field on the side where its label may stand; 0 if it is around it."""
    if cell.left < box[0] and cell.right > box[0]:
        return [0.0]
    gaps = [box[0] - cell.right] if cell.right <= box[0] else []
    if kind is Kind.TICK and cell.left >= box[0]:
        gaps.append(max(cell.left - box[2], 0.0))
    return gaps


def _set_in(line: Line, piece: Written, box: Box) -> Line:
    """The line with the field in it."""
    cells = list(line.cells)
    before = sum(cell.left < box[0] for cell in cells)
    around = before and cells[before - 1].right > box[0] + 0.3 * (box[2] - box[0])
    if around:
        cells[before - 1] = _filled(cells[before - 1], piece, box)
        return replace(line, cells=tuple(cells), labelled=line.labelled or not line.is_row)
    if piece.kind is Kind.TICK:
        cells[max(before - 1, 0) : before + 1] = _ticked(cells, before, piece, box, line.height)
        return replace(line, cells=tuple(cells), labelled=True)
    labels = before > 0 and not line.cells[before - 1].filled and len(cells[before - 1].text) < MAX_LABEL
    if labels:
        cells[before - 1] = _as_label(cells[before - 1])
    cells.insert(before, _cell(piece, box))
    return replace(line, cells=tuple(cells), labelled=line.labelled or labels)


def _filled(cell: LineCell, piece: Written, box: Box) -> LineCell:
    """A text around a field, with the value in its gap: where blanks are drawn, else where it stands."""
    blanks = list(_BLANK.finditer(cell.text))
    share = (box[0] - cell.left) / max(cell.right - cell.left, 1.0)
    at = round(share * len(cell.text))
    if blanks:
        blank = min(blanks, key=lambda one: abs(one.start() - at))
        text = f"{cell.text[: blank.start()].rstrip()} {piece.text}{cell.text[blank.end() :]}"
    else:
        spaces = [number for number, sign in enumerate(cell.text) if sign == " "] or [len(cell.text)]
        space = min(spaces, key=lambda one: abs(one - at))
        text = f"{cell.text[:space]} {piece.text}{cell.text[space:]}"
    return replace(cell, text=text.strip(), right=max(cell.right, box[2]))


def _ticked(
    cells: Sequence[LineCell], before: int, piece: Written, box: Box, height: float
) -> list[LineCell]:
    """The cells on either side of a box, with its sign before what it stands for."""
    left, right = cells[max(before - 1, 0) : before], cells[before : before + 1]
    sign = _cell(piece, box)
    if right and right[0].left - box[2] < TICK_GAP * height:
        return [*left, replace(right[0], text=f"{piece.text} {right[0].text}", left=box[0])]
    if left and not left[0].filled:
        return [_as_label(left[0]), sign, *right]
    return [*left, sign, *right]


def _as_label(cell: LineCell) -> LineCell:
    text = _BLANK.sub("", cell.text).rstrip()
    plain = bool(text) and not text.endswith(_LABEL_END) and text[-1].isalnum()
    return replace(cell, text=f"{text}:" if plain else text or cell.text, joins=True)


def _cell(piece: Written, box: Box) -> LineCell:
    return LineCell(piece.text, box[0], box[2], box[1], box[3], filled=True)


def _place(lines: Sequence[Line], box: Box, turn: int) -> int:
    """Where among the lines a text of its own belongs: behind the last one that stands over it."""
    over = [
        number
        for number, line in enumerate(lines, 1)
        if line.turn == turn and line.baseline > box[3] - 0.5 * line.height
    ]
    beneath = [number for number in over if _overlaps(lines[number - 1], box)]
    return max(beneath or over, default=0)


def _overlaps(line: Line | LineCell, box: Box) -> bool:
    return line.left < box[2] and line.right > box[0]


def _own_line(above: Sequence[Line], piece: Written, box: Box, turn: int) -> Line:
    """A line for what stands in none: a field with the label above it, or the one that it gives itself."""
    height = min(box[3] - box[1], above[-1].height if above else 10.0)
    cell = _cell(piece, box)
    if piece.kind is Kind.VALUE:
        label = _label_above(above, box, turn) or piece.label
        if label:
            named = _as_label(LineCell(label, box[0], box[2], box[1], box[3]))
            return Line((named, cell), box[1], height, False, labelled=True, turn=turn)
    return Line((cell,), box[1], height, False, labelled=True, turn=turn)


def _label_above(above: Sequence[Line], box: Box, turn: int) -> str:
    cells = [
        cell
        for line in above[-3:]
        if line.turn == turn and -0.5 * line.height < line.baseline - box[3] < LABEL_ABOVE * line.height
        for cell in line.cells
        if _overlaps(cell, box) and not cell.filled and len(cell.text) < MAX_LABEL
    ]
    return cells[-1].text if cells else ""
