"""Answers and their sources as HTML; whatever comes from a document or a person is escaped here."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from index import DEFAULT_COLLECTION, Document, UnknownDocument
from qa import Answer, Citation
from quoth.web.listing import counted

# How much of the document stands around a quote, in characters: a few sentences, and in the opened document.
AROUND = 320
AROUND_OPEN = 200_000

_SPACE = re.compile(r"\s+")

FindDocument = Callable[[str], Document]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in the conversation and how far its answer has come; `cards` are its sources as HTML."""

    number: int
    question: str
    answer: Answer | None = None
    cards: str = ""
    running: bool = True
    problem: str = ""


def conversation(turns: Sequence[Turn], examples: Sequence[str], documents: int) -> str:
    """All turns, oldest first; before the first one, what to do."""
    if not turns:
        return _welcome(examples, documents)
    articles = "".join(_turn(turn) for turn in turns)
    return f'<div class="log" role="log" aria-label="Conversation">{articles}</div>'


def sources(turns: Sequence[Turn]) -> str:
    """The cards of every turn, of which the last one's are shown until a citation of another is clicked."""
    if not any(turn.cards for turn in turns):
        return '<p class="empty">Every answer is a quote. The passages it was taken from will stand here.</p>'
    return "".join(
        f'<div class="group" data-turn="{turn.number}"{"" if turn is turns[-1] else " hidden"}>'
        f"{turn.cards or '<p class=empty>No sources.</p>'}</div>"
        for turn in turns
    )


def cards(number: int, answer: Answer, find: FindDocument) -> str:
    """The sources of the answer in turn `number`, each passage in its surroundings."""
    if answer.answered:
        title = f'Confidence: <strong class="certainty">{escape(answer.certainty)}</strong>'
        shown, kind = answer.citations, "cited"
    else:
        title = "The closest passages. They don’t answer the question."
        shown, kind = answer.closest, "closest"
    if not shown:
        return ""
    articles = "".join(_card(number, citation, kind, find) for citation in shown)
    return f'<p class="group-title">{title}</p>{articles}'


def opened(document: Document, start: int, end: int) -> str:
    """The document itself, laid over the page, with the quote marked."""
    name = escape(document.name)
    return (
        f'<div class="opened" role="dialog" aria-modal="true" aria-label="{name}"'
        f' data-place="{escape(document.id)}-{start}-{end}"><header>'
        f'<h2 dir="auto">{name}</h2><button type="button" class="plain" data-close>Close</button></header>'
        f'<div class="pages" tabindex="0" dir="auto">{_marked(document, start, end, AROUND_OPEN)}</div></div>'
    )


def _welcome(examples: Sequence[str], documents: int) -> str:
    buttons = "".join(
        f'<li><button type="button" data-example="{escape(question)}">{escape(question)}</button></li>'
        for question in examples
    )
    offered = f'<p class="try">Try one of these:</p><ul class="examples">{buttons}</ul>' if buttons else ""
    what = (
        "Every answer is quoted word for word and shown where it stands. Nothing leaves this machine."
        if documents
        else "Add a document to begin: use the button, or drop files anywhere on this page."
    )
    return f'<div class="welcome"><h2>Ask your documents.</h2><p>{what}</p>{offered}</div>'


def _turn(turn: Turn) -> str:
    answer = turn.answer
    parts = [f'<h3 class="asked" dir="auto">{escape(turn.question)}</h3>']
    if answer and answer.question != " ".join(turn.question.split()):
        parts.append(f'<p class="understood" dir="auto">Understood as: {escape(answer.question)}</p>')
    if answer and (answer.answered or not turn.running):
        parts.append(_answer(turn.number, answer))
    if turn.problem:
        parts.append(f'<p class="problem" role="alert">{escape(turn.problem)}</p>')
    if turn.running:
        parts.append('<p class="waiting">Reading your documents…</p>')
    return f'<article class="turn" id="turn-{turn.number}" tabindex="-1">{"".join(parts)}</article>'


def _answer(number: int, answer: Answer) -> str:
    names = {citation.number: citation.name for citation in (answer.citations or answer.closest)}
    if not answer.answered:
        near = _chips(number, [citation.number for citation in answer.closest], names)
        hint = f"<p>The closest passages: {near}</p>" if near else ""
        said = f"<p><strong>{escape(answer.text)}</strong></p>"
        return f'<div class="not-found">{said}{hint}{_facts(answer)}</div>'
    items = [f"{escape(item.text)}{_chips(number, item.citations, names)}" for item in answer.items]
    if len(items) == 1:
        shown = f'<p class="quote" dir="auto">{items[0]}</p>{_others(number, answer, names)}'
    else:
        shown = '<ul class="quote">' + "".join(f'<li dir="auto">{item}</li>' for item in items) + "</ul>"
    return f'<div class="answer">{shown}{_facts(answer)}</div>'


def _others(number: int, answer: Answer, names: dict[int, str]) -> str:
    """What other passages say instead of the one answer."""
    said = [
        f"<q>{escape(item.text)}</q>{_chips(number, item.citations, names)}" for item in answer.alternatives
    ]
    return f'<p class="other" dir="auto">Other passages say: {"; ".join(said)}</p>' if said else ""


def _chips(turn: int, numbers: Iterable[int], names: dict[int, str]) -> str:
    return "".join(
        f'&nbsp;<a class="chip" href="#source-{turn}-{number}" data-turn="{turn}"'
        f' aria-label="Source {number}: {escape(names[number])}" title="{escape(names[number])}">{number}</a>'
        for number in numbers
    )


def _facts(answer: Answer) -> str:
    certainty = f"Confidence: {escape(answer.certainty)} · " if answer.answered else ""
    agreed = f"{answer.agreeing} documents say so · " if answer.agreeing > 1 else ""
    searched = counted(answer.searched.documents, "document")
    read = counted(answer.searched.passages_read, "passage")
    seconds = max(answer.milliseconds / 1000, 0.01)
    return f'<p class="facts">{certainty}{agreed}{searched} searched, {read} read in {seconds:.2f} s</p>'


def _card(turn: int, citation: Citation, kind: str, find: FindDocument) -> str:
    name = escape(citation.name)
    where = [f"page {citation.page}"] if citation.page else []
    if citation.collection != DEFAULT_COLLECTION:
        where.append(escape(citation.collection))
    try:
        passage = _marked(find(citation.document_id), citation.start, citation.end, AROUND)
    except UnknownDocument:
        passage = "<em>This document has been deleted or replaced since.</em>"
        opener = ""
    else:
        opener = (
            f'<button type="button" class="plain" data-document="{escape(citation.document_id)}"'
            f' data-start="{citation.start}" data-end="{citation.end}"'
            f' aria-label="Open {name} at this place">Open the document here</button>'
        )
    return (
        f'<article class="source {kind}" id="source-{turn}-{citation.number}" tabindex="-1"'
        f' aria-label="Source {citation.number}: {name}">'
        f'<header><span class="number">{citation.number}</span>'
        f'<h3 dir="auto">{name}</h3><span class="where">{" · ".join(where)}</span></header>'
        f'<p class="passage" dir="auto">{passage}</p>'
        f'<footer>{opener}<a class="back" href="#turn-{turn}">Back to the answer</a></footer></article>'
    )


def _marked(document: Document, start: int, end: int, around: int) -> str:
    """The text from `around` characters before the place to as many after it, cut between words."""
    text = document.text
    first, last = max(0, start - around), min(len(text), end + around)
    if first and (space := _SPACE.search(text, first, start)):
        first = space.end()
    if last < len(text) and (spaces := list(_SPACE.finditer(text, end, last))):
        last = spaces[-1].start()
    before = ("… " if first else "") + escape(text[first:start])
    after = escape(text[end:last]) + (" …" if last < len(text) else "")
    return f"{before}<mark>{escape(text[start:end])}</mark>{after}"
