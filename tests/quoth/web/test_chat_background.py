"""What goes on by itself is shown on the page while it lasts: vectors on their way, a watched folder."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, expect

from index import Library, ModelError
from index.testing.hashed_embedder import HashedEmbedder
from qa import Service
from qa.reading.sentence_reader import SentenceReader
from quoth.web.first_look import STATE
from tests.index.library.test_picture_worker import SCAN
from tests.quoth.web.browser import PHONE, Visit
from tests.quoth.web.live import live

# Of Gradio, which counts its requests with pandas.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

LONG = "\n\n".join(
    f"Wombat {number} of Ganymede eats basalt, and it sleeps for {number} days. " * 12 for number in range(60)
)


class HeldEmbedder(HashedEmbedder):
    """Gives no vectors of passages before it is let, and fails for as long as it has cause to."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Semaphore(0)
        self.cause = ""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(texts) > 1:
            self.let.acquire()
            if self.cause:
                raise ModelError(self.cause)
        return super().embed(texts)


@pytest.fixture
def embedder() -> Iterator[HeldEmbedder]:
    made = HeldEmbedder()
    yield made
    made.let.release(1000)


@pytest.fixture
def service(tmp_path: Path, embedder: HeldEmbedder) -> Iterator[Service]:
    with Service(Library.open(tmp_path / "library", embedder), SentenceReader(embedder)) as made:
        yield made
        embedder.let.release(1000)


@pytest.fixture
def visit(tmp_path: Path, service: Service, browser: Browser) -> Iterator[Visit]:
    (tmp_path / "wombats.txt").write_text(LONG)
    service.add([tmp_path / "wombats.txt"])
    with live(service) as served:
        visit = Visit(browser, served.url)
        yield visit
        assert visit.errors == []
        visit.page.close()


def test_a_document_says_how_much_of_it_waits_for_vectors_until_nothing_does(
    visit: Visit, service: Service, embedder: HeldEmbedder
) -> None:
    passages = service.documents()[0].passages
    assert passages > 64, "more than are embedded at once"
    waits = visit.row("wombats.txt").locator(".waits")
    expect(waits).to_have_text(f"Found by its words. By meaning too: 0 of {passages} passages so far.")
    delete = visit.row("wombats.txt").get_by_role("button", name="Delete wombats.txt")
    delete.focus()
    embedder.let.release()
    expect(waits).to_contain_text(f"64 of {passages} passages")
    expect(delete, "the list written anew takes nothing away from under the hand").to_be_focused()
    embedder.let.release(1000)
    expect(waits).to_have_count(0)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    visit.page.wait_for_timeout(2500)
    assert set(asked) == {STATE}, "nothing changes, so the page only asks whether anything has"


def test_an_embedder_that_fails_is_said_and_can_be_tried_again(visit: Visit, embedder: HeldEmbedder) -> None:
    embedder.cause = "The model is damaged. Install Quoth again."
    embedder.let.release()
    problem = visit.page.locator("#background .problem")
    expect(problem).to_contain_text("found by words alone")
    expect(problem).to_contain_text(embedder.cause)
    embedder.cause = ""
    embedder.let.release(1000)
    problem.get_by_role("button", name="Try again").click()
    expect(problem).to_have_count(0)
    expect(visit.row("wombats.txt").locator(".waits")).to_have_count(0)


def test_pictures_that_cannot_be_read_are_said_and_can_be_tried_again(
    visit: Visit, service: Service, embedder: HeldEmbedder, tmp_path: Path
) -> None:
    embedder.let.release(1000)
    lock = service.library.folder / "pictures.lock"
    lock.mkdir()
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    service.add([tmp_path / "scan.pdf"])
    problem = visit.page.locator("#background .problem")
    expect(problem).to_contain_text("The text in 1 picture can’t be found, since something went wrong")
    expect(visit.row("scan.pdf")).to_contain_text("The text in 1 picture is not read yet.")
    assert str(tmp_path) not in problem.inner_text()
    visit.page.set_viewport_size(PHONE)
    tab = visit.page.locator('nav.tabs [data-tab="library"]')
    assert "!" in tab.evaluate("tab => getComputedStyle(tab, '::after').content")
    tab.click()
    lock.rmdir()
    again = problem.get_by_role("button", name="Try again")
    assert again.evaluate("button => button.offsetHeight") >= 44, "large enough for a thumb"
    again.click()
    expect(problem).to_have_count(0)
    expect(visit.row("scan.pdf")).to_contain_text("1 passage")
    assert tab.evaluate("tab => getComputedStyle(tab, '::after').content") == "none"


def test_a_change_of_the_embedder_shows_how_far_it_is(
    visit: Visit, service: Service, embedder: HeldEmbedder
) -> None:
    embedder.let.release(1000)
    expect(visit.row("wombats.txt").locator(".waits")).to_have_count(0)
    other = HeldEmbedder()
    other.name = "other words"
    service.library.change_embedder(other)
    visit.page.reload()
    changing = visit.page.get_by_label("New embedder", exact=True)
    expect(changing).to_contain_text("New embedder: other words")
    expect(changing).to_contain_text("0% · the present one answers until then")
    other.let.release(1000)
    expect(changing).to_have_count(0)
    assert service.library.embedder.name == "other words"


def test_a_watched_folder_shows_its_state_and_the_files_that_cannot_be_read(
    visit: Visit, service: Service, tmp_path: Path
) -> None:
    folder = tmp_path / "notes <b>"
    folder.mkdir()
    (folder / "wombat.txt").write_text("The wombat of Io eats sulphur.")
    (folder / "empty.txt").write_text("")
    service.watch(folder, "notes")
    visit.page.reload()
    watched = visit.page.get_by_label("Watched folder", exact=True)
    expect(watched).to_contain_text("notes <b>")
    expect(watched).to_contain_text("Watched · 1 file · into notes")
    expect(watched).to_contain_text("empty.txt: it is empty")
    expect(visit.row("wombat.txt")).to_be_visible()
    (folder / "another.txt").write_text("The wombat of Europa eats ice.")
    expect(visit.row("another.txt")).to_be_visible()
    expect(watched).to_contain_text("Watched · 2 files")
    folder.rename(tmp_path / "unplugged")
    expect(watched.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(watched).to_contain_text("Watched, but not up to date")
    expect(visit.row("wombat.txt")).to_be_visible()
