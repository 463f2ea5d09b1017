"""The sources of an answer as HTML: each stretch of text in its surroundings.

Whatever comes from a document or a person is escaped here.
"""

from collections.abc import Sequence
from html import escape

from index import DEFAULT_COLLECTION
from qa import Answer, Citation
from quoth.web.marked import Place, marked, within
from quoth.web.stretches import FindDocument, Stretch, document_of, stretches

# How much of the document stands around a quote, in characters: a few sentences.
AROUND = 320


def cards(number: int, answer: Answer, find: FindDocument) -> str:
    """The sources of the answer in turn `number`; empty when it has none."""
    found = stretches(answer.citations or answer.closest)
    if not found:
        return ""
    title = "Where the answer stands" if answer.answered else "The nearest passages"
    kind = "cited" if answer.answered else "closest"
    articles = "".join(_card(number, one, kind, found, find) for one in found)
    return f'<p class="group-title">{title}</p>{articles}'


def opener(citation: Citation, places: Sequence[Place], content: str, kind: str) -> str:
    """A button that opens the document at the citation, with all of these `places` marked."""
    marks = ",".join(f"{start}-{end}" for start, end in places)
    return (
        f'<button type="button" class="{kind}" data-document="{escape(citation.document_id)}"'
        f' data-start="{citation.start}" data-end="{citation.end}" data-places="{marks}">{content}</button>'
    )


def where(citation: Citation) -> str:
    """The place, and the collection where it is not the usual one."""
    parts = [citation.place] if citation.place else []
    if citation.collection != DEFAULT_COLLECTION:
        parts.append(citation.collection)
    return " · ".join(parts)


def _card(turn: int, one: Stretch, kind: str, all: Sequence[Stretch], find: FindDocument) -> str:
    name = escape(one.first.name)
    document = document_of(one, find)
    passage, button = "<em>This document has been deleted or replaced since.</em>", ""
    if document:
        places = [place for other in all for place in other.quotes
                  if other.first.document_id == document.id]  # fmt: skip
        passage = _passage(document.text, one, kind)
        hidden = f'<span class="unseen">: {name}</span>'
        button = opener(one.first, places, f"Open the document here{hidden}", "plain")
    also = f'<p class="also" dir="auto">Also in {escape(", ".join(one.also))}</p>' if one.also else ""
    return (
        f'<article class="source {kind}" id="source-{turn}-{one.number}" tabindex="-1"'
        f' aria-label="Source {one.number}: {name}">'
        f'<header><span class="number">{one.number}</span>'
        f'<h3 dir="auto">{name}</h3><span class="where">{escape(where(one.first))}</span></header>'
        f'<p class="passage" dir="auto">{passage}</p>{also}'
        f'<footer>{button}<a class="back" href="#turn-{turn}">Back to the answer</a></footer></article>'
    )


def _passage(text: str, one: Stretch, kind: str) -> str:
    """The stretch and what stands around it; of a closest passage, all of it with its best sentence."""
    start, end = one.sentence
    if kind == "closest":
        start, end = min(start, *(q[0] for q in one.quotes)), max(end, *(q[1] for q in one.quotes))
    first, last = within(text, start, end, 0 if kind == "closest" else AROUND)
    places = [(c.sentence_start, c.sentence_end) for c in one.citations] if kind == "closest" else one.quotes
    shown = marked(text, first, last, places, "pale" if kind == "closest" else "")
    return ("… " if first else "") + shown + (" …" if last < len(text) else "")
