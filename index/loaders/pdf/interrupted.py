"""Sentences that a footnote, a caption or a note at the side cuts in two, put together again."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.loaders.pdf.flow import Block, goes_on
from index.loaders.pdf.raised import SUPERSCRIPTS

MAX_BETWEEN = 4  # blocks that cut one sentence in two
SMALL = 0.93  # times the height of the sentence's type: footnotes are smaller
SAME_HEIGHT = 0.05  # of the height, by which the two halves of a sentence may differ

_CAPTION = re.compile(r"(?:Figure|Fig\.|Table|Chart|Source|Abbildung|Abb\.|Tabelle|Tab\.|Quelle)\s*[\dA-Z:]")


def uninterrupted(pages: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """The pages' blocks; what stands inside a sentence moved behind it, or before it at a page's end."""
    result = [_within(blocks) for blocks in pages]
    for blocks, following in pairwise(result):
        _over_the_end(blocks, following)
    return result


def _within(blocks: Sequence[Block]) -> list[Block]:
    result = list(blocks)
    for at in range(len(result) - 2):
        end = _end(result, at)
        if end < len(result) and end > at + 1 and _goes_on(result[at], result[end]):
            between = [replace(block, before="\n\n") for block in result[at + 1 : end]]
            result[at + 1 : end + 1] = [replace(result[end], before=" "), *between]
    return result


def _over_the_end(blocks: list[Block], following: Sequence[Block]) -> None:
    """Moves the footnotes at a page's end before the paragraph that goes on on the next page."""
    for at in range(max(len(blocks) - MAX_BETWEEN - 1, 0), len(blocks) - 1):
        if following and _end(blocks, at) == len(blocks) and _goes_on(blocks[at], following[0]):
            cut = replace(blocks[at], before="\n\n")
            blocks[at:] = [replace(block, before="\n\n") for block in blocks[at + 1 :]] + [cut]
            return


def _end(blocks: Sequence[Block], at: int) -> int:
    """The number of the first block after `at` that does not just interrupt it."""
    end = at + 1
    while end < len(blocks) and end - at <= MAX_BETWEEN and _interrupts(blocks[end], blocks[at]):
        end += 1
    return end


def _interrupts(block: Block, sentence: Block) -> bool:
    small = 0 < block.height < SMALL * sentence.height
    return small or block.text[0] in SUPERSCRIPTS or bool(_CAPTION.match(block.text))


def _goes_on(block: Block, following: Block) -> bool:
    same = abs(block.height - following.height) <= SAME_HEIGHT * block.height
    return block.open_ended and same and not following.level and goes_on(following.text)
