"""Many documents in a real browser: the rows in sight alone are on the page, wherever it is scrolled."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.page_load import fill
from qa import Service
from tests.quoth.web.browser import DESKTOP, PHONE, Visit
from tests.quoth.web.live import Live, live

DOCUMENTS, GROUPS = 1_000, 20
# The names of the rows that a person sees.
IN_SIGHT = """() => [...document.querySelectorAll("#documents li .name")].filter(one => {
  const { top, bottom } = one.getBoundingClientRect();
  return bottom > 150 && top < innerHeight - 60;
}).map(one => one.textContent)"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("many") / "library"
    fill(folder, DOCUMENTS)
    with Service.open(folder) as service, live(service) as running:
        yield running


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_part_of_a_long_list_is_there_when_it_is_scrolled_to(
    browser: Browser, server: Live, viewport: Any
) -> None:
    visit = Visit(browser, server.url, viewport)
    page = visit.page
    scrolled = "#library" if viewport is DESKTOP else "html"
    if viewport is PHONE:
        page.get_by_role("button", name="Documents", exact=True).click()
    expect(page.locator("#count")).to_have_text("1,000")
    rows = page.locator("#documents li")
    assert rows.count() < 200
    for share, name in ((0.5, "report-00"), (1, "report-00999.txt"), (0, "report-00000.txt")):
        page.evaluate(
            "([where, share]) => { const at = document.querySelector(where);"
            " at.scrollTop = share * at.scrollHeight; }",
            [scrolled, share],
        )
        page.wait_for_function(f"({IN_SIGHT})().some(name => name.startsWith('{name}'))")
        assert rows.count() < 200
    expect(rows.first).to_have_attribute("aria-setsize", str(DOCUMENTS + GROUPS))
    assert visit.errors == []
    page.close()


def test_a_name_far_down_is_found_and_what_was_chosen_stays_chosen(browser: Browser, server: Live) -> None:
    visit = Visit(browser, server.url)
    page = visit.page
    visit.row("report-00020.txt").locator(".pick").check()
    page.evaluate("document.querySelector('#library').scrollTop = 20_000")
    expect(visit.row("report-00020.txt")).to_have_count(0)
    page.get_by_label("Find a document").press_sequentially("report-00999")
    expect(visit.row("report-00999.txt")).to_be_in_viewport()
    expect(page.locator("#found")).to_have_text("1 of 1,000")
    visit.row("report-00999.txt").locator(".pick").check()
    page.get_by_label("Find a document").fill("")
    expect(visit.row("report-00020.txt").locator(".pick")).to_be_checked()
    expect(page.locator("#picked-count")).to_have_text("2 chosen")
    assert visit.errors == []
    page.close()
