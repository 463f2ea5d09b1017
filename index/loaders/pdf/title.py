"""The title of a PDF that names none: what stands in the largest type on its first page."""

from collections.abc import Sequence

from index.loaders.builder import CELL
from index.loaders.pdf.flow import MAX_HEADING, Block
from index.loaders.pdf.style import HEADING_SIZE, Style, is_date

MAX_LINES = 3
FULL = 3  # words that name a document; "Annex 5" alone does not
MAX_ABOVE = 3  # blocks from the top among which a row may be larger than all headings
MAX_ROW = 80  # characters of such a row


def title_of(pages: Sequence[Sequence[Block]], style: Style) -> str:
    """What stands in the largest type on the first page, with a line or two close to it.

    Where text parts such headings, or others are on later pages, they head its parts: the first is the title.
    """
    blocks = next(filter(None, pages), [])
    highest = min((block.level for block in blocks if block.level), default=0)
    found = [at for at, block in enumerate(blocks) if highest and block.level == highest]
    above = [block for block in blocks[:MAX_ABOVE] if len(block.text) <= MAX_ROW]
    tallest = max(above, key=lambda block: block.height, default=None)
    if tallest and tallest.height > HEADING_SIZE * max(style.height, *(blocks[at].height for at in found), 0):
        return tallest.text.replace(CELL, ", ")[:MAX_HEADING]  # of a row: a name, and "INVOICE" beside it
    together = found == list(range(found[0], found[0] + len(found))) if found else True
    alone = not together or len(found) < sum(block.level == highest for one in pages for block in one)
    lines = [blocks[at] for at in found if not is_date(blocks[at].text)] or [blocks[at] for at in found]
    title = lines[0].text if lines else ""
    for line in [] if alone else lines[1:MAX_LINES]:
        if not line.close and len(title.split()) >= FULL:
            break
        title += f", {line.text}"
    return title[:MAX_HEADING]
