"""From candidate spans to an Answer: which are given, which agree, which are cited."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index import Hit, Passage
from qa.answer import Answer, Citation, Item, Searched
from qa.reader import Span

MOST_ITEMS = 20
CLOSEST = 3

_ARTICLE = re.compile(r"^(?:a|an|the)\s+")
_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")
_NOT_WORD = re.compile(r"[\W_]+")
_LEGAL_FORM = re.compile(
    r"(?<=\w)\s+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|sa)$"
)
_PLURAL = re.compile(r"(?<=[a-z]{2}[^su\W\d])s$")


def compose(
    question: str,
    spans: Sequence[Span],
    hits: Sequence[Hit],
    *,
    threshold: float,
    several: bool,
    searched: Searched,
    milliseconds: float,
) -> Answer:
    """The answer that `spans`, best first, support: one item, all of them if `several`, or none.

    Spans that say the same are one item with several citations.
    """
    given = [span for span in spans if span.probability >= threshold]
    items = _merged(given)[: MOST_ITEMS if several else 1]
    cited = [span for item in items for span in item.spans]
    numbers = {_place(span): number for number, span in enumerate(cited, 1)}
    return Answer(
        question=question,
        items=tuple(Item(item.text, tuple(numbers[_place(span)] for span in item.spans)) for item in items),
        citations=tuple(
            Citation.of(number, span.passage.document, span.start, span.end)
            for number, span in enumerate(cited, 1)
        ),
        confidence=spans[0].probability if spans else 0.0,
        closest=() if items else _closest([hit.passage for hit in hits]),
        searched=searched,
        milliseconds=milliseconds,
    )


@dataclass(slots=True)
class _Same:
    """Spans that say the same; `text` is the best one's."""

    text: str
    spans: list[Span] = field(default_factory=list)


def _merged(spans: Sequence[Span]) -> list[_Same]:
    merged: dict[str, _Same] = {}
    seen: set[tuple[str, int, int]] = set()
    for span in spans:
        # Passages overlap, so the same place may have been read twice.
        if _place(span) not in seen:
            seen.add(_place(span))
            text = " ".join(span.text.split())
            merged.setdefault(_key(text), _Same(text)).spans.append(span)
    return list(merged.values())


def _place(span: Span) -> tuple[str, int, int]:
    return span.passage.document.id, span.start, span.end


def _key(text: str) -> str:
    """Equal for what is the same but for case, signs, an article, a plural's s and a firm's legal form."""
    words = _NOT_WORD.sub(" ", _POSSESSIVE.sub("", _ARTICLE.sub("", text.lower()))).strip()
    return _PLURAL.sub("", _LEGAL_FORM.sub("", words)) or text


def _closest(passages: Sequence[Passage]) -> tuple[Citation, ...]:
    return tuple(
        Citation.of(number, passage.document, passage.start, passage.end)
        for number, passage in enumerate(passages[:CLOSEST], 1)
    )
