"""Words with a line drawn through them: they no longer hold. Lines under words are another thing."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from index.loaders.pdf.glyphs import Box, Glyphs
from index.loaders.pdf.grids import Rules

LOWEST, HIGHEST = 0.2, 0.8  # of a letter's own height between which a line goes through it
OVER = 0.7  # line heights by which it may be longer than the words that it goes through
THICKEST = 0.15  # line heights
FEWEST = 2  # letters and figures that it goes through
MOSTLY = 0.7  # of the letters and figures that it is drawn over


class LineWord(NamedTuple):
    """A word as pdfium has it, from the first to the last of its characters, with the places of both."""

    text: str
    start: int
    first: Box
    last: Box

    @property
    def left(self) -> float:
        return min(self.first[0], self.last[0])

    @property
    def right(self) -> float:
        return max(self.first[2], self.last[2])


def without_struck(words: list[LineWord], glyphs: Glyphs, rules: Rules) -> list[LineWord]:
    """The words of a line that no drawn line goes through; the others are noted."""
    if not words:
        return words
    usual = words[len(words) // 2]
    bottom, height = usual.first[1], max(usual.first[3] - usual.first[1], 1.0)
    strokes = [
        stroke
        for stroke in rules.through(bottom, bottom + height, glyphs.turn)
        if stroke[3] - stroke[1] < THICKEST * height and _strikes(stroke, words, glyphs, OVER * height)
    ]
    return _kept(words, strokes, glyphs) if strokes else words


def _strikes(stroke: Box, words: Sequence[LineWord], glyphs: Glyphs, over: float) -> bool:
    """Whether the stroke goes through words from where some begin to where some end, unlike a rule."""
    left, right = stroke[0], stroke[2]
    on = [word for word in words if word.left < right - 1 and word.right > left + 1]
    if not on or left < min(word.left for word in on) - over or right > max(word.right for word in on) + over:
        return False
    height = (stroke[1] + stroke[3]) / 2
    inks = [glyphs.ink(word.start + at) for word in on for at, sign in enumerate(word.text) if sign.isalnum()]
    under = [(ink[1], ink[3]) for ink in inks if left <= (ink[0] + ink[2]) / 2 <= right]
    crossed = [LOWEST < (height - low) / max(high - low, 0.1) < HIGHEST for low, high in under]
    return sum(crossed) >= max(FEWEST, MOSTLY * len(crossed))


def _kept(words: Sequence[LineWord], strokes: Sequence[Box], glyphs: Glyphs) -> list[LineWord]:
    """The words, and the parts of words, that no stroke covers."""
    kept: list[LineWord] = []
    for word in words:
        over = [one for one in strokes if one[0] < word.right and one[2] > word.left]
        if not over:
            kept.append(word)
            continue
        boxes = [glyphs.box(index) for index in range(word.start, word.start + len(word.text))]
        gone = [any(one[0] <= (box[0] + box[2]) / 2 <= one[2] for one in over) for box in boxes]
        at = 0
        for out, group in groupby(gone):
            end = at + len(list(group))
            if out:
                glyphs.struck_words.append(word.text[at:end])
                if kept:  # its space is none between cells
                    kept[-1] = kept[-1]._replace(last=boxes[end - 1])
            else:
                kept.append(LineWord(word.text[at:end], word.start + at, boxes[at], boxes[end - 1]))
            at = end
    return kept
