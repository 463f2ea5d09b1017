"""A turn as HTML: the question, the answer in its sentences, and what can be done with it.

Whatever comes from a document or a person is escaped here.
"""

from collections.abc import Sequence
from html import escape

from qa import Answer, Citation, Item
from quoth.counted import counted
from quoth.web.cards import opener, where
from quoth.web.exporting import copied
from quoth.web.marked import marked, within
from quoth.web.stretches import FindDocument, Stretch, document_of, numbers, stretches
from quoth.web.turn import ShownTurn

# The sentences shown under an answer at once; more of them can be unfolded.
_MOST_SENTENCES = 3
# How much of a closest passage is shown around its best sentence, in characters.
_AROUND = 140
_GONE = "<em>This document has been deleted or replaced since.</em>"


def article(turn: ShownTurn, find: FindDocument) -> str:
    """The whole turn."""
    answer = turn.answer
    parts = [f'<h3 class="asked" dir="auto">{escape(turn.question)}</h3>']
    if turn.scope.words:
        parts.append(f'<p class="scope" dir="auto">{escape(turn.scope.words)}</p>')
    if answer and answer.question != " ".join(turn.question.split()):
        parts.append(_understood(answer))
    if answer and (answer.answered or not turn.running):
        parts.append(_AnswerHtml(turn.number, answer, find).html())
    if turn.problem:
        parts.append(f'<p class="problem">{escape(turn.problem)}</p>')
    if turn.running:
        parts.append('<p class="waiting">Reading your documents…</p>')
    else:
        parts.append(_actions(turn, find))
    return f'<article class="turn" id="turn-{turn.number}" tabindex="-1">{"".join(parts)}</article>'


def spoken(turn: ShownTurn) -> str:
    """What a screen reader is told once the answer is there."""
    answer = turn.answer
    if turn.problem or not answer:
        return turn.problem
    if not answer.answered:
        near = counted(len(stretches(answer.closest)), "near passage")
        return f"No sure answer; {near} shown." if answer.closest else "Nothing near was found."
    unsure = "" if answer.sure else "Unsure, check this: "
    places = counted(len(stretches(answer.citations)), "source")
    return f"{unsure}{answer.text}. {places}."


def _are_whole(held: Sequence[Stretch]) -> bool:
    """Whether whole sentences are quoted, so that no few words of them stand out."""
    return all(one.is_whole for stretch in held for one in stretch.citations)


class _AnswerHtml:
    """One answer with its sentences."""

    def __init__(self, turn: int, answer: Answer, find: FindDocument) -> None:
        self._turn, self._answer, self._find = turn, answer, find
        self._stretches = stretches(answer.citations or answer.closest)
        self._numbers = numbers(self._stretches)

    def html(self) -> str:
        answer = self._answer
        if not answer.answered:
            return f'<div class="not-found">{self._closest()}{_facts(answer)}</div>'
        sure = answer.sure
        note = "" if sure else '<p class="unsure-note">Unsure: check this</p>'
        shown = self._table() if len(answer.items) > 1 else self._single()
        kind = "answer" if sure else "answer unsure"
        return f'<div class="{kind}">{note}{shown}{self._others()}{_facts(answer)}</div>'

    def _single(self) -> str:
        item = self._answer.items[0]
        held = self._held(item)
        whole = self._answer.form == "passage" or _are_whole(held)
        text = self._text(item)
        short = "" if whole or not text else f'<p class="short" dir="auto">{text}</p>'
        return short + self._sentences(held, "quoted" if whole else "evidence")

    def _table(self) -> str:
        answer = self._answer
        rows = "".join(self._row(item) for item in answer.items)
        more = answer.found > len(answer.items)
        count = f"{len(answer.items)} of {answer.found:,}" if more else counted(len(answer.items), "item")
        head = "".join(
            f'<th role="columnheader" scope="col">{title}</th>'
            for title in ("Answer", "In its sentence", "Source")
        )
        return (
            f'<table class="items" role="table"><caption>{count}</caption>'
            f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
            f'<tbody role="rowgroup">{rows}</tbody></table>'
        )

    def _row(self, item: Item) -> str:
        first = next(one for one in self._answer.citations if one.number == item.citations[0])
        sentence, cite = self._sentence(Stretch(self._numbers[first.number], (first,))), self._named(first)
        return (
            f'<tr role="row"><th role="rowheader" scope="row" dir="auto">{self._text(item)}</th>'
            f'<td role="cell" dir="auto">{sentence}</td>'
            f'<td role="cell" class="cite">{self._chips(item)} {cite}</td></tr>'
        )

    def _others(self) -> str:
        """What other passages say instead of the one answer, or what may answer beside an unsure one."""
        shown = "".join(f"<li>{self._other(item)}</li>" for item in self._answer.alternatives)
        title = "Other passages say" if self._answer.sure else "This may answer too"
        return f'<div class="others"><p>{title}</p><ul>{shown}</ul></div>' if shown else ""

    def _other(self, item: Item) -> str:
        held = self._held(item)
        if _are_whole(held):
            return self._sentences(held, "quoted")
        return f'<q dir="auto">{self._text(item)}</q>{self._sentences(held, "evidence")}'

    def _closest(self) -> str:
        if not self._stretches:
            return '<p class="short">No answer</p><p>Nothing near your question was found.</p>'
        near = self._sentences(self._stretches, "evidence perhaps", "pale")
        return f'<p class="short">No sure answer</p><p class="perhaps-title">Perhaps</p>{near}'

    def _sentences(self, held: Sequence[Stretch], kind: str, mark: str = "") -> str:
        shown = [
            f'<li><blockquote dir="auto">{self._sentence(one, mark, kind == "quoted")}</blockquote>'
            f'<p class="cite">{self._chip(one)} {self._named(one.first)}</p></li>'
            for one in held
        ]
        first, rest = shown[:_MOST_SENTENCES], shown[_MOST_SENTENCES:]
        more = (
            f'<details class="more"><summary>{counted(len(rest), "more passage")}</summary>'
            f'<ul class="{kind}">{"".join(rest)}</ul></details>'
            if rest
            else ""
        )
        return f'<ul class="{kind}">{"".join(first)}</ul>{more}'

    def _sentence(self, one: Stretch, mark: str = "", plain: bool = False) -> str:
        document = document_of(one, self._find)
        if not document:
            return _GONE
        start, end = one.sentence
        if mark:
            citation = one.first
            first, last = within(document.text, start, end, _AROUND, (citation.start, citation.end))
            before = "… " if first > citation.start else ""
            after = " …" if last < citation.end else ""
            return before + marked(document.text, first, last, [(start, end)], mark) + after
        return marked(document.text, start, end, [] if plain else one.quotes)

    def _named(self, citation: Citation) -> str:
        places = [place for one in self._stretches for place in one.quotes
                  if one.first.document_id == citation.document_id]  # fmt: skip
        name = f'<span class="file" dir="auto">{escape(citation.name)}</span>'
        page = f'<span class="page">{escape(where(citation))}</span>' if where(citation) else ""
        return opener(citation, places, f"{name} {page}".strip(), "cited plain")

    def _text(self, item: Item) -> str:
        """What the item says, as long as a document says it."""
        stands = any(document_of(one, self._find) for one in self._held(item))
        return escape(item.text) if stands else ""

    def _held(self, item: Item) -> list[Stretch]:
        wanted = {self._numbers[number] for number in item.citations}
        return [
            Stretch(
                one.number, tuple(c for c in one.citations if c.number in item.citations) or one.citations
            )
            for one in self._stretches
            if one.number in wanted
        ]

    def _chips(self, item: Item) -> str:
        return " ".join(self._chip(one) for one in self._held(item))

    def _chip(self, one: Stretch) -> str:
        return (
            f'<a class="chip" href="#source-{self._turn}-{one.number}" data-turn="{self._turn}"'
            f' aria-label="{one.number}, source: {escape(one.first.name)}">{one.number}</a>'
        )


def _stand(found: Sequence[Stretch], find: FindDocument) -> bool:
    """Whether there are any, and the documents still say all of them."""
    return bool(found) and all(document_of(one, find) for one in found)


def _understood(answer: Answer) -> str:
    return (
        f'<p class="understood" dir="auto">Understood as <q>{escape(answer.question)}</q> '
        '<button type="button" class="icon" data-act="literal" title="Ask exactly what was typed"'
        ' aria-label="Ask exactly what was typed">×</button></p>'
    )


def _facts(answer: Answer) -> str:
    certainty = f'<span class="certainty">{escape(answer.certainty.capitalize())}</span> · '
    agreed = f"{answer.agreeing} documents say so · " if answer.agreeing > 1 else ""
    searched = counted(answer.searched.documents, "document")
    read = counted(answer.searched.passages_read, "passage")
    seconds = max(answer.milliseconds / 1000, 0.01)
    shown = certainty if answer.answered else ""
    return f'<p class="facts">{shown}{agreed}{searched} searched, {read} read in {seconds:.2f} s</p>'


def _actions(turn: ShownTurn, find: FindDocument) -> str:
    """Copy, edit, ask again, and whether it was right; what is gone from the library can't be copied."""
    copy = ""
    if turn.answer and _stand(stretches(turn.answer.citations or turn.answer.closest), find):
        text = escape(copied(turn.answer))
        copy = f'<button type="button" data-act="copy" data-copy="{text}">Copy</button>'
    judged = "".join(
        f'<button type="button" data-verdict="{word.lower()}" aria-pressed="false">{word}</button>'
        for word in ("Right", "Wrong", "Incomplete")
    )
    verdicts = f'<span class="verdicts" role="group" aria-label="Was this answer right?">{judged}</span>'
    return (
        f'<div class="actions">{copy}<button type="button" data-act="edit">Edit question</button>'
        f'<button type="button" data-act="again">Ask again</button>{verdicts if turn.answer else ""}</div>'
    )
