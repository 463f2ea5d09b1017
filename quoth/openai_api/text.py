"""An answer as the text of a message, and what can be told of an answer from such a text."""

import re

from qa import Answer, Citation, Turn

REFUSAL = "No sure answer."
_UNSURE = "Unsure: check this"
_NUMBERS = re.compile(r"(?: \[\d+\])+$")
_COUNTED = re.compile(r"[\d,]+ of [\d,]+")
_NAME = re.compile(
    r"^\[1\] “.*” \(\[(?P<name>[^\]]*?)(?:, page [\d,]+)?(?:, read from a picture)?\]\(", re.MULTILINE
)


def text_of(answer: Answer, link: str) -> str:
    """The answer with its quotes as Markdown: many clients show nothing but the text.

    `link` is the address of a document's text, with `{id}` in it.
    """
    if not answer.answered:
        lines = [REFUSAL, *(["", "The nearest sentences:"] if answer.closest else [])]
        return "\n".join([*lines, *(_cited(citation, link) for citation in answer.closest)])
    items = [" ".join([item.text, *(f"[{number}]" for number in item.citations)]) for item in answer.items]
    if len(items) < answer.found:
        items.append(f"{len(items):,} of {answer.found:,}")
    sure = [] if answer.sure else ["", f"{_UNSURE} ({answer.confidence:.2f})"]
    return "\n".join([*items, "", *(_cited(citation, link) for citation in answer.citations), *sure])


def turn_of(question: str, text: str) -> Turn:
    """The turn of a question and the text that `text_of` made of its answer.

    Of any other text, and of a refusal, the question alone.
    """
    first = _NAME.search(text)
    head, parted, _ = text.partition("\n\n")
    if not first or not parted or head == REFUSAL:
        return Turn(question)
    items = [_NUMBERS.sub("", line) for line in head.splitlines() if not _COUNTED.fullmatch(line)]
    return Turn(question, "; ".join(items), first["name"])


def cited_by(answer: Answer) -> tuple[Citation, ...]:
    """What stands below the text: the citations, or the closest passages of a refusal."""
    return answer.citations if answer.answered else answer.closest


def _cited(citation: Citation, link: str) -> str:
    page = f", {citation.place}" if citation.place else ""
    sentence = " ".join(citation.sentence.split())
    name = citation.name.replace("[", "(").replace("]", ")")
    address = link.replace("{id}", citation.document_id)
    return f"[{citation.number}] “{sentence}” ([{name}{page}]({address}))"
