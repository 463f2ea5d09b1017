"""Which items a list has, and whether the answer is one."""

import re
from collections.abc import Sequence

from qa.reading.grouping import grouped
from qa.reading.reader import Forms, Span

_FEWEST = 2
# Several figures are rather the cells of a table, or the ends of a range, than several answers.
_FIGURE = re.compile(r"[\W\d_]*\d[\W\d_]*(?:thousand|million|billion|percent)?", re.IGNORECASE)
# A question is one for a list when the reader takes it for one, or thinks it possible and finds several.
_LIKELY, _POSSIBLE = 0.5, 0.15
# What stands between two members of an enumeration.
_BETWEEN = re.compile(
    r"\s*(?:[,;/&]|(?:[,;]\s*)?\b(?:and|or|as well as|along with)\b)\s*(?:(?:the|an?)\s+)?", re.IGNORECASE
)


def is_list(forms: Forms, spans: Sequence[Span], selected: Sequence[Span]) -> bool:
    """Whether the question asks for several things, and the passages name them.

    `spans` are the places of a single answer, best first, `selected` the items that a list would have.
    """
    if len(selected) < _FEWEST:
        return False
    return forms.list >= _LIKELY or (forms.list >= _POSSIBLE and names_several(spans, selected))


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


def names_several(spans: Sequence[Span], selected: Sequence[Span]) -> bool:
    """Whether two or more of the items stand in the passage of the best answer.

    A list that lacks the best single answer is none. Mere figures don't count, nor do parts of one name.
    """
    if not spans or not any(item.overlaps(spans[0]) for item in selected):
        return False
    items = [item for item in selected if item.passage.id == spans[0].passage.id and not _is_figure(item)]
    return len(grouped(_apart(items), within=True)) >= _FEWEST


def _is_figure(item: Span) -> bool:
    return bool(_FIGURE.fullmatch(item.text.strip()))


def _adjoin(item: Span, other: Span) -> bool:
    first, second = sorted((item, other), key=lambda span: span.start)
    return bool(_BETWEEN.fullmatch(item.passage.document.text, first.end, second.start))


def _apart(items: Sequence[Span]) -> list[Span]:
    """The items without those that go on where another ends: "minus" and "18 degrees" are one thing."""
    kept: list[Span] = []
    for item in sorted(items, key=lambda item: item.start):
        between = item.passage.document.text[kept[-1].end : item.start] if kept else ","
        if between.strip(" "):
            kept.append(item)
    return kept
