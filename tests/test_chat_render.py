"""What is shown of documents: the text itself, in its place, and never as markup."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from index import Added, Document, DocumentInfo, UnknownDocument
from qa import Answer, Citation, Item, Searched
from quoth import render
from quoth.render import Turn
from quoth.uploads import Coming

HOSTILE = '<script>alert(1)</script><img src=x onerror="b"> \'"&amp; [a](javascript:b) $$x$$ {{value}} ${1}'
OUR_TAGS = set("a article button div em footer h2 h3 header li mark p progress span strong ul".split())


class Parsed(HTMLParser):
    """The tags, attributes and text of a page as a browser would see them."""

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


def answer_of(document: Document, *quotes: str) -> Answer:
    starts = [document.text.index(quote) for quote in quotes]
    citations = tuple(
        Citation.of(number, document, start, start + len(quote))
        for number, (start, quote) in enumerate(zip(starts, quotes, strict=True), 1)
    )
    items = tuple(Item(citation.quote, (citation.number,)) for citation in citations)
    return Answer(HOSTILE, items, (), citations, 0.8, (), Searched(1, 1, 1), 12.0)


def test_hostile_text_stays_text_wherever_it_comes_from() -> None:
    document = Document(f"{HOSTILE}.txt", f"Before. {HOSTILE} After.", collection=HOSTILE)
    answer = answer_of(document, HOSTILE)
    cards = render.cards(1, answer, lambda _: document)
    info = DocumentInfo(document.id, document.name, HOSTILE, "", {}, "", 1, 1, 2)
    pages = [
        render.conversation([Turn(1, HOSTILE, answer, cards, False)], [], 1),
        render.conversation([Turn(1, HOSTILE, running=False, problem=HOSTILE)], [], 1),
        render.conversation([], [HOSTILE], 1),
        render.sources([Turn(1, HOSTILE, answer, cards)]),
        render.opened(document, 0, 5),
        render.documents([info, replace(info, collection="b")], 2, HOSTILE),
        render.coming([Coming(HOSTILE), Coming(HOSTILE, 1.0, Added(HOSTILE, "failed", reason=HOSTILE))]),
    ]
    for page in pages:
        parsed = Parsed(page)
        assert parsed.tags <= OUR_TAGS
        assert not any(name.startswith("on") or name == "src" for name in parsed.attributes)
        assert all(link.startswith("#") for link in parsed.attributes.get("href", []))
        assert HOSTILE in parsed.text


def test_the_quote_is_marked_exactly_among_what_stands_around_it() -> None:
    document = Document("a.txt", "One two three. " * 100 + "The <answer> is here." + " Four five six." * 100)
    answer = answer_of(document, "The <answer> is here.")
    parsed = Parsed(render.cards(1, answer, lambda _: document))
    assert parsed.marked == ["The <answer> is here."]
    assert "three. The <answer> is here. Four" in parsed.text
    assert len(parsed.text) < 2 * render.AROUND + 200


@pytest.mark.parametrize(
    "text", ["quote", "x" * 999 + "quote" + "y" * 999, "a\n\nquote\nb", "quote " + "z" * 999]
)
def test_the_surroundings_are_cut_but_never_the_quote(text: str) -> None:
    document = Document("a.txt", text)
    assert Parsed(render.cards(1, answer_of(document, "quote"), lambda _: document)).marked == ["quote"]
    assert Parsed(render.opened(document, text.index("quote"), text.index("quote") + 5)).marked == ["quote"]


def test_a_deleted_document_is_no_longer_shown() -> None:
    document = Document("secret.txt", "Before. The secret sentence. After.")

    def gone(_: str) -> Document:
        raise UnknownDocument("gone")

    shown = render.cards(1, answer_of(document, "The secret sentence."), gone)
    assert "secret sentence" not in shown
    assert "deleted or replaced" in shown


def test_an_answer_of_several_items_is_a_list_with_a_chip_for_each_citation() -> None:
    document = Document("a.txt", "First thing. Second thing.")
    answer = answer_of(document, "First thing.", "Second thing.")
    parsed = Parsed(render.conversation([Turn(1, "What?", answer, "", False)], [], 1))
    assert "ul" in parsed.tags
    assert parsed.attributes["href"] == ["#source-1-1", "#source-1-2"]
    assert "Understood as:" in parsed.text and "Confidence: likely" in parsed.text


def test_what_is_not_found_says_so_and_shows_the_closest_passages() -> None:
    document = Document("a.txt", "Nothing of the kind.")
    closest = Citation.of(1, document, 0, len(document.text))
    answer = Answer("What?", (), (), (), 0.1, (closest,), Searched(1, 1, 1), 1.0)
    parsed = Parsed(render.conversation([Turn(1, "What?", answer, "", False)], [], 1))
    assert "Not found in your documents." in parsed.text
    assert parsed.attributes["href"] == ["#source-1-1"]
    assert "don’t answer" in Parsed(render.cards(1, answer, lambda _: document)).text
