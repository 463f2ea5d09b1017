"""Which answers say the same, though they are written differently."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.reading.reader import Span

_ARTICLE = re.compile(r"^(?:a|an|the)\s+")
_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")
_NOT_WORD = re.compile(r"[\W_]+")
_LEGAL_FORM = re.compile(
    r"(?<=\w)\s+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|sa)$"
)
_PLURAL = re.compile(r"(?<=[a-z]{2}[^su\W\d])s$")


@dataclass(slots=True)
class AnswerGroup:
    """Spans that say the same, the likeliest first; `text` is its text on one line."""

    text: str
    spans: list[Span] = field(default_factory=list)


def key(text: str) -> str:
    """Equal for what is the same but for case, signs, an article, a plural's s and a firm's legal form."""
    words = _NOT_WORD.sub(" ", _POSSESSIVE.sub("", _ARTICLE.sub("", text.lower()))).strip()
    return _PLURAL.sub("", _LEGAL_FORM.sub("", words)) or text


def grouped(spans: Sequence[Span], *, within: bool) -> list[AnswerGroup]:
    """The spans by what they say, in the order of each one's first; the same place counts once.

    With `within`, "Stoltenberg" says the same as "Jens Stoltenberg": the words of one are among the other's.
    """
    groups: dict[str, AnswerGroup] = {}
    words: dict[str, set[str]] = {}
    seen: set[tuple[str, int, int]] = set()
    for span in spans:
        place = (span.passage.document.id, span.start, span.end)
        # Passages overlap, so the same place may have been read twice.
        if place not in seen:
            seen.add(place)
            text = " ".join(span.text.split())
            own = key(text)
            if within and own not in groups:
                mine = set(own.split())
                own = next((other for other, its in words.items() if mine <= its or its <= mine), own)
                words.setdefault(own, mine)
            groups.setdefault(own, AnswerGroup(text)).spans.append(span)
    return list(groups.values())
