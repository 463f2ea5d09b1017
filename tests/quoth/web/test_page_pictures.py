"""Pages as pictures: served to this page alone while the document is there, with the quotes boxed."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from index import Document, UnknownDocument
from index.documents.places import PagePlace, packed
from qa import Service
from qa.access.view import View
from qa.access.viewer import NotAllowed, Viewer
from quoth.web import picture_view
from quoth.web.document_view import document_view
from quoth.web.page_pictures import picture_url
from tests.index.loaders.pdf.test_pdf import PARAGRAPH, pdf_of
from tests.quoth.web.live import Live, live
from tests.quoth.web.parsed import Parsed

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "report.pdf").write_bytes(pdf_of(PARAGRAPH, PARAGRAPH))
    (folder / "notes.txt").write_text("The vault opened in 2008.")
    with Service.open(folder / "library") as service:
        service.add([folder / "report.pdf"], metadata={"source": "uploaded"})
        service.add([folder / "notes.txt"])
        with live(service) as running:
            yield running


def id_of(server: Live, name: str) -> str:
    return next(info.id for info in server.service.documents() if info.name == name)


def test_a_page_is_served_and_asked_for_again_only_when_it_changed(server: Live) -> None:
    url = picture_url(id_of(server, "report.pdf"), 2, 800)
    reply = server.request("GET", url)
    assert (reply.status, reply.headers["content-type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(reply.body)).size == (800, 1067)
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"
    again = server.request("GET", url, headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "evil.example"}, 400),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_a_page_from_elsewhere_gets_none(server: Live, headers: dict[str, str], status: int) -> None:
    reply = server.request("GET", picture_url(id_of(server, "report.pdf"), 1, 800), headers=headers)
    assert reply.status == status
    assert (b"WEBP" in reply.body) == (status == 200)


def test_what_is_not_there_says_so_without_a_path_of_the_server(server: Live) -> None:
    urls = [
        picture_url("0" * 16, 1, 800),
        picture_url(id_of(server, "report.pdf"), 3, 800),
        picture_url(id_of(server, "notes.txt"), 1, 800),
        picture_url("..%2f..%2fetc%2fpasswd", 1, 800),
    ]
    for url in urls:
        reply = server.request("GET", url)
        assert reply.status == 404
        assert b"/tmp" not in reply.body and b"library" not in reply.body
    width = server.request("GET", picture_url(id_of(server, "report.pdf"), 1, 800) + "0" * 40)
    assert width.status == 200, "a width that is none is taken for the usual one"


def test_a_deleted_document_is_shown_no_more(server: Live, tmp_path: Path) -> None:
    (tmp_path / "gone.pdf").write_bytes(pdf_of(PARAGRAPH))
    (outcome,) = server.service.add([tmp_path / "gone.pdf"], metadata={"source": "uploaded"})
    url = picture_url(outcome.document_id or "", 1, 800)
    assert server.request("GET", url).status == 200
    server.service.remove(outcome.document_id or "")
    assert server.request("GET", url).status == 404


def test_a_hidden_document_is_not_there_whatever_is_asked_for(server: Live) -> None:
    (added,) = server.service.add_documents([("plan.txt", "The plan is secret.")], "secret")
    document = added.document_id or ""
    view = View(server.service, Viewer("bob", "reader", ("secret",)))
    with pytest.raises(UnknownDocument):
        view.document(document)
    with pytest.raises(UnknownDocument):
        view.suggestions(document)
    editor = View(server.service, Viewer("eve", "editor", ("secret",)))
    for change in (lambda: editor.remove_many([document]), lambda: editor.move([document], "mine")):
        with pytest.raises(UnknownDocument):
            change()
    for forbidden in (
        lambda: view.remove_many([document]),
        lambda: view.move([document], "mine"),
        lambda: view.undo_removal("key"),
        lambda: editor.move([document], "secret"),
    ):
        with pytest.raises(NotAllowed):
            forbidden()


def test_everybody_sees_their_own_judgements_alone(server: Live) -> None:
    bob, eve = (View(server.service, Viewer(name, "reader")) for name in ("bob", "eve"))
    bob.judgements.put("a-1", {"id": "a-1", "verdict": "right"})
    assert (bob.judgements.count(), eve.judgements.count(), eve.judgements.all()) == (1, 0, [])
    eve.judgements.drop("a-1")
    assert bob.judgements.all() == [{"id": "a-1", "verdict": "right"}]


def paged(pages: int, place: PagePlace) -> Document:
    text = "\n".join(f"Page {number} of it." for number in range(1, pages + 1))
    starts = tuple(text.index(f"Page {number} of") for number in range(1, pages + 1))
    return Document("<b>.pdf", text, pages=starts, places=packed([place]))


def test_the_lines_of_a_quote_are_boxed_on_their_page() -> None:
    document = paged(3, PagePlace(0, 2, 0.1, 0.2, 0.9, 0.25))
    html, first, last = picture_view.sheets(document, [(600.0, 800.0)] * 3, 0, [(5, 9)])
    parsed = Parsed(html)
    assert (first, last, parsed.attributes["data-page"]) == (1, 3, ["1", "2", "3"])
    boxed = "left: 9.70%; top: 19.70%; width: 80.60%; height: 5.60%"
    assert [style for style in parsed.attributes["style"] if "left" in style] == [boxed]
    assert html.index("page 2 of 3") < html.index("<mark") < html.index("page 3 of 3")
    assert "<b>" not in html


def test_of_many_pages_some_are_shown_with_the_way_to_the_others() -> None:
    pages = 3 * picture_view.AROUND
    document = paged(pages, PagePlace(0, 1, 0.1, 0.2, 0.9, 0.25))
    start = document.pages[pages // 2]
    shown = picture_view.sheets(document, [(600.0, 800.0)] * pages, start, [])
    assert len(Parsed(shown[0]).attributes["data-page"]) == 2 * picture_view.AROUND + 1
    text = Parsed(document_view(document, start, start, [], pictures=shown, choice=True)).text
    assert "Show earlier pages" in text and "Show later pages" in text
