"""The page for everyone: axe-core, targets for thumbs, keys alone, a visible focus, nothing that jumps."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, ViewportSize, expect

from qa import Service
from tests.quoth.web.browser import DESKTOP, PHONE, Running, Visit
from tests.quoth.web.seed_questions import COMPANIES, SEEDS, UNANSWERABLE
from tests.quoth.web.test_chat_pages import HARBOUR

SERIOUS = ("moderate", "serious", "critical")
# What a thumb hits, by name, where it is less than 44 pixels wide or high. A link in a line of text may be.
SMALL = """() => [...document.querySelectorAll("#panes *, dialog *, #part-top *, #toast *")]
  .filter(one => one.matches("button, a[href], input:not([type=file]), select, textarea, summary"))
  .filter(one => one.checkVisibility({ visibilityProperty: true }))
  .map(one => [one.outerHTML.slice(0, 90), (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 43.5 || box.height < 43.5))
  .map(([html, box]) => `${html} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""
# The largest sum of shifts within five seconds that no gap of a second parts, as browsers count it.
SHIFT = """() => new Promise(resolve => {
  let worst = 0, sum = 0, first = 0, last = -Infinity;
  new PerformanceObserver(list => {
    for (const { value, startTime, hadRecentInput } of list.getEntries()) {
      if (hadRecentInput) continue;
      if (startTime - last > 1000 || startTime - first > 5000) [sum, first] = [0, startTime];
      [sum, last] = [sum + value, startTime];
      worst = Math.max(worst, sum);
    }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(worst), 300);
})"""
OUTLINED = """() => {
  const style = getComputedStyle(document.activeElement);
  const inside = document.activeElement.closest("#box");
  return style.outlineStyle !== "none" || Boolean(inside) || document.activeElement === document.body;
}"""


@pytest.fixture(scope="module", autouse=True)
def harbour(seeds: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    path = tmp_path_factory.mktemp("harbour") / "harbour.pdf"
    path.write_bytes(HARBOUR)
    seeds.add([path])
    yield
    seeds.remove("harbour.pdf")


def states(visit: Visit) -> Iterator[str]:
    """The page in one state after another."""
    page = visit.page
    expect(page.locator("#tries button").first).to_be_visible()
    yield "first visit"
    visit.ask(SEEDS)
    yield "an answer"
    visit.ask(COMPANIES)
    yield "a list"
    visit.ask(UNANSWERABLE)
    yield "a refusal"
    page.locator('[data-verdict="wrong"]').last.click()
    expect(page.locator(".correction textarea")).to_be_focused()
    yield "a correction"
    if page.viewport_size == PHONE:
        page.locator("#turn-1 .chip").first.click()
        yield "a sheet"
        page.keyboard.press("Escape")
        show(page, "Sources")
        yield "sources"
        show(page, "Documents")
    page.locator("#documents .pick").first.check()
    yield "documents, one chosen"
    page.locator("#move-picked").click()
    yield "moving"
    page.keyboard.press("Escape")
    page.locator("#clear-picked").click()
    visit.row("harbour.pdf").locator(".name").click()
    expect(page.locator("#viewer .sheet").first).to_be_visible()
    yield "a document"
    page.locator('[data-as="text"], [data-as="pages"]').and_(page.locator('[aria-pressed="false"]')).click()
    expect(page.locator("#viewer .sheet").first).to_be_visible()
    yield "the document otherwise"
    page.locator("#viewer [data-close]").click()
    page.get_by_role("button", name="Chats").click()
    expect(page.locator("#chat-list li").first).to_be_visible()
    yield "conversations"


def show(page: Page, part: str) -> None:
    page.get_by_role("button", name=part, exact=True).click()


def axe(page: Page, **options: Any) -> list[Any]:
    """What axe-core objects to; it is read once a page, and only what it objects to comes back."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    run = "options => axe.run(document, options).then(results => results.violations)"
    found: list[Any] = page.evaluate(run, {"resultTypes": ["violations"], **options})
    return found


def violations(page: Page) -> list[str]:
    """What axe-core finds; the page's other colours are looked at for their contrast."""
    found = axe(page)
    if page.locator("#panes").count():
        other = "document.body.classList.toggle('dark')"
        # Without motion, so that no colour is on its way from the one to the other.
        page.emulate_media(reduced_motion="reduce")
        page.evaluate(other)
        found += axe(page, runOnly=["color-contrast"])
        page.evaluate(other)
        page.emulate_media(reduced_motion="no-preference")
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(
    ("viewport", "theme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_nothing_stands_in_anybody_s_way_in_any_state(
    browser: Browser, seeded: Running, viewport: Any, theme: Any
) -> None:
    visit = Visit(browser, seeded.url, viewport, theme)
    checks: list[Callable[[], list[str]]] = [lambda: violations(visit.page)]
    if viewport is PHONE:
        checks.append(lambda: visit.page.evaluate(SMALL))
    wrong = {state: found for state in states(visit) for check in checks if (found := check())}
    assert wrong == {}
    assert visit.page.evaluate(SHIFT) < 0.1
    assert visit.errors == []
    visit.page.close()


def test_everything_is_reached_by_keys_with_the_focus_in_sight(browser: Browser, seeded: Running) -> None:
    visit = Visit(browser, seeded.url)
    page, keys = visit.page, visit.page.keyboard
    page.evaluate("document.activeElement.blur()")
    keys.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    keys.type(SEEDS)
    keys.press("Enter")
    expect(page.locator("#spoken")).to_contain_text("minus 18 degrees Celsius. 1 source.")
    keys.press("ArrowUp")
    expect(page.get_by_label("Your question")).to_have_value(SEEDS)
    seen: set[str] = set()
    page.locator("#open-chats").focus()
    for _ in range(40):
        keys.press("Tab")
        assert page.evaluate(OUTLINED), page.evaluate("document.activeElement.outerHTML")
        seen.add(page.evaluate("document.activeElement.className || document.activeElement.id"))
    assert {"chip", "cited plain", "pick", "name", "upload", "into", "wanted"} <= {
        one.split(" svelte")[0] if " " not in one.split(" svelte")[0] else one for one in seen
    } | {"upload"}
    page.locator("#turn-1 .chip").first.focus()
    expect(page.locator("#preview")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#preview")).to_be_hidden()
    page.locator("#turn-1 .cited").first.focus()
    keys.press("Enter")
    expect(page.locator("#viewer h2")).to_be_focused()
    keys.press("Escape")
    expect(page.locator("#turn-1 .cited").first).to_be_focused()
    assert visit.errors == []
    page.close()


def test_all_of_the_first_screen_of_a_phone_is_in_sight(browser: Browser, seeded: Running) -> None:
    visit = Visit(browser, seeded.url, PHONE)
    expect(visit.page.get_by_role("button", name="Use via API")).to_be_in_viewport(ratio=1)
    expect(visit.page.get_by_label("Your question")).to_be_in_viewport(ratio=1)
    assert visit.errors == []
    visit.page.close()


def test_on_a_narrow_screen_the_tab_of_what_stands_beside_the_chat_is_pressed(
    browser: Browser, seeded: Running
) -> None:
    visit = Visit(browser, seeded.url, ViewportSize(width=1024, height=768))
    sources = visit.page.get_by_role("button", name="Sources", pressed=True).and_(
        visit.page.locator(".tabs *")
    )
    expect(sources).to_be_visible()
    visit.page.locator(".tabs").get_by_role("button", name="Documents").click()
    expect(sources).to_have_count(0)
    visit.page.close()
