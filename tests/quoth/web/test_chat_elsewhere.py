"""Changes made elsewhere show on a page that nobody touches: by another browser, or by another process."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from qa import Service
from quoth.web.first_look import STATE
from tests.quoth.web.browser import Running, Visit

OKAPI = "The okapi of Callisto eats fern at night."
QUESTION = "What does the okapi of Callisto eat at night?"
COUNTED = """() => {
  window.changes = 0;
  new MutationObserver(records => (window.changes += records.length))
    .observe(document.querySelector("#panes"),
             { subtree: true, childList: true, attributes: true, characterData: true });
}"""
HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def visit(browser: Browser, seeded: Running, seeds: Service) -> Iterator[Visit]:
    visit = Visit(browser, seeded.url)
    yield visit
    for info in seeds.documents():
        if info.name == "okapi.txt":
            seeds.remove(info.id)
    assert visit.errors == []
    visit.page.close()


def asked(visit: Visit) -> list[str]:
    """The paths that the page asks for from now on."""
    paths: list[str] = []
    visit.page.on("request", lambda request: paths.append(urlsplit(request.url).path))
    return paths


def next_answer(visit: Visit) -> None:
    """Waits until the page has asked once more whether anything has changed."""
    with visit.page.expect_response(lambda response: urlsplit(response.url).path == STATE):
        pass


def test_what_another_process_adds_and_deletes_shows_after_at_most_two_looks(
    visit: Visit, seeds: Service
) -> None:
    next_answer(visit)
    paths = asked(visit)
    (outcome,) = seeds.add_documents([("okapi.txt", OKAPI)])
    expect(visit.row("okapi.txt")).to_be_visible()
    assert 1 <= paths.count(STATE) <= 2, "one may have been on its way"
    visit.ask(QUESTION)
    expect(visit.page.locator("#turn-1 .evidence, #turn-1 .quoted").first).to_contain_text("fern")
    seeds.remove(outcome.document_id or "")
    expect(visit.row("okapi.txt")).to_have_count(0)
    expect(visit.page.locator("#turn-1")).to_contain_text("This document has been deleted")


def test_what_is_changed_in_another_browser_shows(visit: Visit, browser: Browser, seeded: Running) -> None:
    other = Visit(browser, seeded.url)
    other.add(("okapi.txt", OKAPI))
    expect(visit.row("okapi.txt")).to_be_visible()
    other.row("okapi.txt").get_by_role("button", name="Delete").click()
    expect(visit.row("okapi.txt")).to_have_count(0)
    other.page.close()


def test_a_page_changes_nothing_while_nothing_changes_and_asks_nothing_while_nobody_sees_it(
    visit: Visit, seeds: Service
) -> None:
    next_answer(visit)
    visit.page.evaluate(COUNTED)
    paths = asked(visit)
    next_answer(visit)
    next_answer(visit)
    assert visit.page.evaluate("window.changes") == 0
    assert set(paths) == {STATE}
    visit.page.evaluate(HIDDEN, True)
    paths.clear()
    seeds.add_documents([("okapi.txt", OKAPI)])
    visit.page.wait_for_timeout(2500)
    assert paths == []
    visit.page.evaluate(HIDDEN, False)
    expect(visit.row("okapi.txt")).to_be_visible()
