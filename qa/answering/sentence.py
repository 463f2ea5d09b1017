"""The sentences that a quote stands in: what a person has to read to believe it."""

from index import quotable

# Sentences are searched for from one line break to the next, but no farther than this from the quote.
_FARTHEST = 2_000


def sentences_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The half-open place of the sentences or table rows of `text` that hold `text[start:end]`."""
    first = max(text.rfind("\n", 0, start) + 1, start - _FARTHEST, 0)
    line_end = text.find("\n", end)
    last = min(len(text) if line_end < 0 else line_end, end + _FARTHEST)
    held = [place for place in quotable(text, first, last) if place[0] < end and start < place[1]]
    return (min(held[0][0], start), max(held[-1][1], end)) if held else (start, end)
