"""Whether the answer is a list."""

from collections.abc import Sequence

from qa.reading.reader import Forms, Span

_FEWEST = 2
# A question is one for a list when the reader gives that form this much, and finds several items. Chosen on
# development questions: of 48 for a list it takes 34, of 300 for one thing 24.
_LIKELY = 0.2


def is_list(forms: Forms, selected: Sequence[Span]) -> bool:
    """Whether the question asks for several things, and they were found: `selected` are the items."""
    return forms.list >= _LIKELY and len(selected) >= _FEWEST
