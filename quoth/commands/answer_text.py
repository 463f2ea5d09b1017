"""An Answer as a person reads it in a terminal."""

import textwrap
from collections.abc import Callable, Iterable, Iterator

from qa import Answer, Citation, Item
from quoth.counted import counted

Markup = Callable[[str], str]

_WIDTH = 100


def plain(text: str) -> str:
    """The mark of a quote where output goes to a file or a program: none."""
    return text


def bold(text: str) -> str:
    """The mark of a quote on a terminal."""
    return f"\033[1m{text}\033[0m"


def shown(answer: Answer, mark: Markup = plain) -> str:
    """The answer, the sentences it stands in with each quote marked, how sure it is, what was searched."""
    lines = _answered(answer, mark) if answer.answered else _refused(answer)
    return "\n".join([*lines, _searched(answer)])


def _answered(answer: Answer, mark: Markup) -> Iterator[str]:
    own = {number for item in answer.items for number in item.citations}
    whole = answer.form == "passage"
    yield from (_item(item, mark, whole) for item in answer.items)
    if answer.found > len(answer.items):
        yield f"{len(answer.items):,} of {answer.found:,}"
    yield ""
    yield from _cited((one for one in answer.citations if one.number in own), mark, quoted=not whole)
    if answer.alternatives:
        yield "Other passages say:" if answer.sure else "This may answer too:"
    for item in answer.alternatives:
        cited = [one for one in answer.citations if one.number in item.citations]
        whole = all(one.is_whole for one in cited)
        yield _item(item, mark, whole)
        yield from _cited(cited, mark, quoted=not whole)
    agreed = f", {answer.agreeing} documents say so" if answer.agreeing > 1 else ""
    sure = answer.certainty if answer.sure else "Unsure: check this"
    yield f"{sure} ({answer.confidence:.2f}){agreed}"


def _item(item: Item, mark: Markup, whole: bool) -> str:
    numbers = " ".join(f"[{number}]" for number in item.citations)
    return f"{f'“{item.text}”' if whole else mark(item.text)} {numbers}"


def _refused(answer: Answer) -> Iterator[str]:
    yield "No sure answer."
    if answer.closest:
        yield ""
        yield "The nearest sentences:"
        for citation in answer.closest:
            yield _place(citation)
            yield indented(citation.sentence)


def _cited(citations: Iterable[Citation], mark: Markup, quoted: bool) -> Iterator[str]:
    for citation in citations:
        yield _place(citation)
        if quoted:
            yield _sentence(citation, mark)


def _place(citation: Citation) -> str:
    page = f", {citation.place}" if citation.place else ""
    also = f" (also in {', '.join(citation.also)})" if citation.also else ""
    return f"[{citation.number}] {citation.name}{page}{also}"


def _sentence(citation: Citation, mark: Markup) -> str:
    """The sentence with each word of its quote marked, so that a line break inside it breaks no mark."""
    start, end = citation.start - citation.sentence_start, citation.end - citation.sentence_start
    before, quote, after = citation.sentence[:start], citation.sentence[start:end], citation.sentence[end:]
    marked = " ".join(mark(word) for word in quote.split())
    return indented(before + marked + after)


def indented(text: str) -> str:
    """Folded, and set off from the left."""
    return "\n".join(
        textwrap.fill(line, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False)
        for line in text.splitlines()
    )


def _searched(answer: Answer) -> str:
    searched = answer.searched
    return (
        f"{counted(searched.documents, 'document')} searched, {searched.passages_read:,} of "
        f"{counted(searched.passages, 'passage')} read, {answer.milliseconds:.0f} ms"
    )
