"""HTML as a browser would see it, and answers to make it of."""

from html.parser import HTMLParser

from index import Document
from qa import Answer, Citation, Form, Item, Searched

HOSTILE = '<script>alert(1)</script><img src=x onerror="b"> \'"&amp; [a](javascript:b) $$x$$ {{value}} ${1}'


class Parsed(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.text = ""
        self.marked: list[str] = []
        self._in_mark = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")
        if tag == "mark":
            self._in_mark = True
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_mark:
            self.marked[-1] += data


def citation_of(document: Document, quote: str, number: int = 1) -> Citation:
    start = document.text.index(quote)
    return Citation.of(number, document, start, start + len(quote))


def answer_of(document: Document, *quotes: str, asked: str = "What?", confidence: float = 0.8) -> Answer:
    """An answer with an item for each quote, each with a citation of its own."""
    citations = tuple(citation_of(document, quote, number) for number, quote in enumerate(quotes, 1))
    items = tuple(Item(citation.quote, (citation.number,)) for citation in citations)
    form: Form = "phrase" if len(items) == 1 else "list"
    searched = Searched(1, 1, 1)
    return Answer(asked, asked, form, items, len(items), (), citations, confidence, (), searched, 12.0)


def no_answer(*closest: Citation, asked: str = "What?") -> Answer:
    return Answer(asked, asked, "none", (), 0, (), (), 0.1, closest, Searched(1, 1, 1), 1.0)
