"""Whatever comes from a document or a person is shown as text, and never as markup."""

from dataclasses import replace

import pytest

from benchmarks.attacks import payloads
from index import Document, DocumentInfo, Outcome, WatchStatus
from qa import Background, EmbedderChange, Item
from quoth.web import listing
from quoth.web.answers import article
from quoth.web.cards import cards
from quoth.web.document_view import document_view
from quoth.web.suggesting import buttons
from quoth.web.turn import Scope, ShownTurn
from quoth.web.upload_progress import upload_progress
from quoth.web.uploads import UploadingFile
from tests.quoth.web.parsed import HOSTILE, Parsed, answer_of, citation_of, no_answer

OUR_TAGS = set("a article blockquote button details div em footer h2 h3 header input label li mark p".split())
OUR_TAGS |= set("caption progress q section span strong summary table tbody td th thead tr ul".split())

DOCUMENT = Document(
    f"{HOSTILE}.txt",
    f"Before. {HOSTILE} After.\n{HOSTILE} | {HOSTILE}\nA second quote.",
    collection=HOSTILE,
)
ANSWER = replace(answer_of(DOCUMENT, HOSTILE, asked=HOSTILE), question=f"Understood {HOSTILE}")
PAIR = answer_of(DOCUMENT, HOSTILE, "A second quote.", asked=HOSTILE)
OTHERS = replace(PAIR, items=PAIR.items[1:], alternatives=(Item(HOSTILE, (1,)),))
INFO = DocumentInfo(DOCUMENT.id, DOCUMENT.name, HOSTILE, "", {}, "", 1, 1, 2)
FAILED = Outcome(HOSTILE, "failed", reason=HOSTILE)
ADDED = UploadingFile(HOSTILE, 1.0, Outcome(HOSTILE, "failed", reason=HOSTILE))


def turn(**values: object) -> str:
    given = {"running": False, **values}
    return article(ShownTurn(1, HOSTILE, **given), lambda _: DOCUMENT)  # type: ignore[arg-type]


PAGES = {
    "an answer": turn(answer=ANSWER),
    "a list": turn(answer=PAIR),
    "another answer": turn(answer=OTHERS),
    "an unsure answer": turn(answer=replace(ANSWER, confidence=0.2)),
    "no answer": turn(answer=no_answer(citation_of(DOCUMENT, HOSTILE), asked=HOSTILE)),
    "a problem": turn(problem=HOSTILE),
    "a running question": turn(running=True),
    "a collection": turn(scope=Scope(HOSTILE)),
    "sources": cards(1, ANSWER, lambda _: DOCUMENT),
    "near passages": cards(1, no_answer(citation_of(DOCUMENT, HOSTILE)), lambda _: DOCUMENT),
    "a document": document_view(DOCUMENT, 0, 5, [(3, 20)]),
    "documents": listing.rows([listing.Group(HOSTILE, 1), INFO, listing.Group("b", 1)]),
    "failed vectors": listing.background(Background(1, 1, HOSTILE, ())),
    "a new embedder": listing.background(Background(1, 0, "", (), EmbedderChange(HOSTILE, 0.5))),
    "a failed embedder": listing.background(Background(1, 0, "", (), EmbedderChange("e5", 0.5, HOSTILE))),
    "a watched folder": listing.background(
        Background(1, 0, "", (WatchStatus(HOSTILE, HOSTILE, "watching", failed=1, failures=(FAILED,)),))
    ),
    "a folder with an error": listing.background(
        Background(1, 0, "", (WatchStatus("a", "b", "error", message=HOSTILE),))
    ),
    "a folder being read": listing.background(
        Background(1, 0, "", (WatchStatus(HOSTILE, HOSTILE, "syncing", reading=3, read=1),))
    ),
    "files on their way": upload_progress([UploadingFile(HOSTILE), ADDED]),
    "many files": upload_progress([ADDED, *[UploadingFile(f"{number} {HOSTILE}") for number in range(9)]]),
    "suggested questions": buttons([(HOSTILE, HOSTILE)]),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_hostile_text_stays_text_wherever_it_comes_from(page: str) -> None:
    parsed = Parsed(page)
    assert parsed.tags <= OUR_TAGS
    assert not any(name.startswith("on") or name == "src" for name in parsed.attributes)
    assert all(link.startswith("#") for link in parsed.attributes.get("href", []))
    assert HOSTILE in parsed.text


def test_no_payload_becomes_markup() -> None:
    texts = list(payloads())
    assert len(texts) == 260
    for text in texts:
        document = Document(f"{text}.txt", f"Before. {text} After.", collection=text)
        answer = answer_of(document, document.text[8:-7], asked=text)
        info = replace(INFO, name=document.name, collection=text)

        def find(_: str, document: Document = document) -> Document:
            return document

        page = Parsed(
            article(ShownTurn(1, text, Scope(text), answer, running=False), find)
            + cards(1, answer, find)
            + document_view(document, 0, 5, [(3, 20)])
            + listing.rows([listing.Group(text, 1), info])
            + upload_progress([UploadingFile(text)])
            + buttons([(text, text)])
        )
        assert page.tags <= OUR_TAGS, text
        assert not any(name.startswith("on") for name in page.attributes), text
        assert all(link.startswith("#") for link in page.attributes.get("href", [])), text
