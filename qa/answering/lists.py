"""Which items a list has, and whether the answer is one."""

import re
from collections.abc import Sequence

from qa.reading.reader import Forms, Span

_FEWEST = 2
# A question is one for a list when the reader gives that form this much, and finds several items. Chosen on
# development questions: of 48 for a list it takes 35, of 300 for one thing 18.
_LIKELY = 0.2
# A figure is rather a cell of a table, or the end of a range, than one of several answers.
_FIGURE = re.compile(r"[\W\d_]*\d[\W\d_]*(?:thousand|million|billion|percent)?", re.IGNORECASE)
# What stands between two members of an enumeration.
_BETWEEN = re.compile(
    r"\s*(?:[,;/&]|(?:[,;]\s*)?\b(?:and|or|as well as|along with)\b)\s*(?:(?:the|an?)\s+)?", re.IGNORECASE
)


def is_list(forms: Forms, selected: Sequence[Span]) -> bool:
    """Whether the question asks for several things, and they were found: `selected` are the items."""
    return forms.list >= _LIKELY and len(selected) >= _FEWEST


def completed(spans: Sequence[Span], items: Sequence[Span], selected: Sequence[Span]) -> tuple[Span, ...]:
    """The selected items, and those, however unlikely, in one enumeration with the best single answer.

    Who hears of "Lennon" where it says "written by Lennon and McCartney" wants to hear of both. `spans` are
    the places of a single answer, `items` all that a list might have, `selected` those that are sure enough;
    each best first.
    """
    if not spans:
        return tuple(selected)
    best = spans[0]
    met = [item for item in selected if item.overlaps(best)]
    near = [item for item in items if item.passage.id == best.passage.id and not _is_figure(item)]
    added = _enumerated_with(met or [best], near)
    if added and not met:
        added = [best, *added]
    return (*selected, *(item for item in added if not any(item.overlaps(other) for other in selected)))


def _enumerated_with(members: Sequence[Span], items: Sequence[Span]) -> list[Span]:
    """Those of the items that only a comma or an "and" parts from a member, or from one found so."""
    found = list(members)
    while True:
        more = next(
            (
                item
                for item in items
                if not any(item.overlaps(one) for one in found) and any(_adjoin(item, one) for one in found)
            ),
            None,
        )
        if more is None:
            return found[len(members) :]
        found.append(more)


def _is_figure(item: Span) -> bool:
    return bool(_FIGURE.fullmatch(item.text.strip()))


def _adjoin(item: Span, other: Span) -> bool:
    first, second = sorted((item, other), key=lambda span: span.start)
    return bool(_BETWEEN.fullmatch(item.passage.document.text, first.end, second.start))
