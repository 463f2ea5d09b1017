"""What is shown of documents: the text itself, in its place, and never as markup."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from index import Added, Document, DocumentInfo, Synced, UnknownDocument, WatchStatus
from qa import Answer, Background, Citation, EmbedderChange, Item, Searched
from quoth.web import listing, render
from quoth.web.render import Turn
from quoth.web.uploads import Coming

HOSTILE = '<script>alert(1)</script><img src=x onerror="b"> \'"&amp; [a](javascript:b) $$x$$ {{value}} ${1}'
OUR_TAGS = set("a article button div em footer h2 h3 header li mark p progress span strong ul".split())
OUR_TAGS |= {"details", "section", "summary"}


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
    return Answer(
        HOSTILE, HOSTILE, "phrase", items, len(items), (), citations, 0.8, (), Searched(1, 1, 1), 12.0
    )


def test_hostile_text_stays_text_wherever_it_comes_from() -> None:
    document = Document(f"{HOSTILE}.txt", f"Before. {HOSTILE} After.", collection=HOSTILE)
    answer = answer_of(document, HOSTILE)
    cards = render.cards(1, answer, lambda _: document)
    info = DocumentInfo(document.id, document.name, HOSTILE, "", {}, "", 1, 1, 2)
    failed = Synced(HOSTILE, "failed", reason=HOSTILE)
    watched = [
        WatchStatus(HOSTILE, HOSTILE, "watching", failed=1, failures=(failed,)),
        WatchStatus(HOSTILE, HOSTILE, "error", message=HOSTILE),
        WatchStatus(HOSTILE, HOSTILE, "syncing", reading=3, read=1),
    ]
    pages = [
        listing.background(Background(1, 1, HOSTILE, ())),
        listing.background(Background(1, 0, "", (), EmbedderChange(HOSTILE, 0.5))),
        listing.background(Background(1, 0, "", (), EmbedderChange(HOSTILE, 0.5, HOSTILE))),
        *(listing.background(Background(1, 0, "", (status,))) for status in watched),
        render.conversation([Turn(1, HOSTILE, answer, cards, False)], [], 1),
        render.conversation([Turn(1, HOSTILE, running=False, problem=HOSTILE)], [], 1),
        render.conversation([], [HOSTILE], 1),
        render.sources([Turn(1, HOSTILE, answer, cards)]),
        render.opened(document, 0, 5),
        listing.documents([info, replace(info, collection="b")], 2, HOSTILE),
        listing.coming([Coming(HOSTILE), Coming(HOSTILE, 1.0, Added(HOSTILE, "failed", reason=HOSTILE))]),
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
    answer = Answer("What?", "What?", "none", (), 0, (), (), 0.1, (closest,), Searched(1, 1, 1), 1.0)
    parsed = Parsed(render.conversation([Turn(1, "What?", answer, "", False)], [], 1))
    assert "Not found in your documents." in parsed.text
    assert parsed.attributes["href"] == ["#source-1-1"]
    assert "don’t answer" in Parsed(render.cards(1, answer, lambda _: document)).text


def test_only_a_document_that_waits_for_vectors_says_so() -> None:
    info = DocumentInfo("1", "a.txt", "default", "", {}, "", 9, 1_400, 2)
    whole = replace(info, id="2", name="b.txt", embedded=1_400)
    parsed = Parsed(listing.documents([replace(info, embedded=120), whole], 2))
    assert parsed.text.count("By meaning too") == 1
    assert "By meaning too: 120 of 1,400 passages so far." in parsed.text


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (WatchStatus("~/a", "default"), "Looking through it…"),
        (WatchStatus("~/a", "default", "syncing"), "Looking through it…"),
        (WatchStatus("~/a", "default", "syncing", reading=400, read=120), "Reading 120 of 400 new files"),
        (WatchStatus("~/a", "default", "watching", 1_000, synced="2024"), "Watched · 1,000 files"),
        (WatchStatus("~/a", "default", "syncing", 1_000, synced="2024"), "Watched · 1,000 files"),
        (WatchStatus("~/a", "b", "watching", 2, synced="2024"), "Watched · 2 files · into b"),
        (WatchStatus("~/a", "default", "missing", message="It is gone."), "It is gone. Quoth keeps trying."),
        (WatchStatus("~/a", "default", "stopped", 2, synced="2024"), "No longer watched"),
        (
            WatchStatus("~/a", "default", "watching", 2, 9, failures=(Synced("c.pdf", "failed"),)),
            "and 8 more",
        ),
    ],
)
def test_a_watched_folder_says_how_it_stands_with_it(status: WatchStatus, said: str) -> None:
    parsed = Parsed(listing.background(Background(1, 0, "", (status,))))
    assert "~/a" in parsed.text and said in parsed.text


def test_a_change_of_the_embedder_says_how_far_it_is_or_what_ended_it() -> None:
    going = Background(1, 0, "", (), EmbedderChange("e5-small", 0.4))
    assert "New embedder: e5-small" in Parsed(listing.background(going)).text
    assert "40% · the present one answers until then" in Parsed(listing.background(going)).text
    assert going.busy and not going.idle
    ended = Background(1, 0, "", (), EmbedderChange("e5-small", 0.4, "The disk is full."))
    assert "Not changed." in Parsed(listing.background(ended)).text
    assert "The disk is full." in Parsed(listing.background(ended)).text
    assert not ended.busy


def test_nothing_is_said_of_what_goes_on_while_nothing_does() -> None:
    assert listing.background(Background(7, 0, "", ())) == ""
    assert listing.background(Background(7, 12, "", ())) == "", "each document says it of itself"
