"""Whether the answer is a list."""

from collections.abc import Sequence

from qa.answering.blocks import are_lines
from qa.reading.reader import Forms, Span

_FEWEST = 2
# A question is one for a list when the reader gives that form this much, and finds several items. Chosen on
# development questions: of 48 for a list it takes 34, of 300 for one thing 24. Less is enough where the items
# are all the lines of a list in the document.
_LIKELY, _LIKELY_OF_LINES = 0.2, 0.1


def is_list(forms: Forms, items: Sequence[Span]) -> bool:
    """Whether the question asks for several things, and they were found."""
    least = _LIKELY_OF_LINES if are_lines(items) else _LIKELY
    return len(items) >= _FEWEST and forms.list >= least
