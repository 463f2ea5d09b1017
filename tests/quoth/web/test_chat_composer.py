"""Nothing that is typed is lost, whatever the page is doing: what can't be asked yet waits for its turn."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.quoth.web.browser import Running, Visit
from tests.quoth.web.seed_questions import REKOGNITION, SEEDS
from tests.waiting import PATIENCE

# Types and presses Enter as soon as there is a box, whatever else of the page is there.
HASTY = """question => new MutationObserver((_, observer) => {
  const box = document.querySelector("#question");
  if (!box) return;
  observer.disconnect();
  box.value = question;
  const enter = { key: "Enter", bubbles: true, cancelable: true };
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  if (box.dispatchEvent(new KeyboardEvent("keydown", enter))) box.value += "\\n";
}).observe(document, { childList: true, subtree: true })"""
LONG = "long " * 5_000


@pytest.fixture
def visit(browser: Browser, seeded: Running) -> Iterator[Visit]:
    visit = Visit(browser, seeded.url)
    yield visit
    assert visit.errors == []
    visit.page.close()


@contextmanager
def unheard(page: Page) -> Iterator[list[Route]]:
    """Inside, no question gets to the server; afterwards all do."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if '"history"' in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/queue/join**", hold)
    yield held
    for route in held:
        route.continue_()
    page.unroute("**/queue/join**", hold)


def enter(page: Page, question: str) -> None:
    page.get_by_label("Your question").press_sequentially(question)
    page.keyboard.press("Enter")


def test_a_question_waits_for_the_one_that_the_server_has_not_heard_of(visit: Visit) -> None:
    page, box, queue = (
        visit.page,
        visit.page.get_by_label("Your question"),
        visit.page.locator("#queue li:has(button)"),
    )
    with unheard(page) as held:
        enter(page, SEEDS)
        expect(box).to_have_value("")
        enter(page, REKOGNITION)
        expect(queue).to_contain_text(f"Next: {REKOGNITION}")
        expect(page.locator("#queue li").first).to_have_text(f"Asking: {SEEDS}")
        enter(page, "Is it")
        box.fill("a draft")
        assert len(held) == 1
    expect(page.locator("#turn-2 .asked")).to_contain_text(REKOGNITION)
    expect(page.locator("#turn-3 .actions")).to_be_visible()
    expect(page.locator("#turn-1 .asked")).to_contain_text(SEEDS)
    expect(queue).to_have_count(0)
    expect(box).to_have_value("a draft")


def test_what_the_server_has_not_heard_of_is_asked_when_the_page_is_opened_anew(visit: Visit) -> None:
    page, box = visit.page, visit.page.get_by_label("Your question")
    with unheard(page) as held:
        enter(page, SEEDS)
        enter(page, REKOGNITION)
        box.fill("and more")
        held.clear()
        page.reload()
    expect(box).to_have_value("and more")
    expect(page.locator("#turn-1 .asked")).to_contain_text(SEEDS)
    expect(page.locator("#turn-2 .asked")).to_contain_text(REKOGNITION)


def test_what_the_server_has_not_heard_of_is_in_the_box_of_another_tab(
    browser: Browser, visit: Visit
) -> None:
    page, box = visit.page, visit.page.get_by_label("Your question")
    with unheard(page) as held:
        enter(page, SEEDS)
        enter(page, REKOGNITION)
        box.fill("and more")
        held.clear()
        kept = page.context.storage_state()
    context = browser.new_context(storage_state=kept)
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_label("Your question")).to_have_value(f"{SEEDS}\n{REKOGNITION}\nand more")
    context.close()


def test_what_waited_and_is_asked_after_a_stop_is_there_when_the_page_is_opened_anew(visit: Visit) -> None:
    page, box = visit.page, visit.page.get_by_label("Your question")
    with unheard(page) as held:
        enter(page, SEEDS)
        enter(page, REKOGNITION)
        box.fill("and more")
        page.keyboard.press("Escape")
        expect(page.locator("#turn-1")).to_contain_text("Stopped before everything was read.")
        expect(page.locator("#queue li")).to_have_text([f"Asking: {REKOGNITION}"])
        held.clear()
        page.reload()
        expect(box).to_have_value("and more")
        expect(page.locator("#queue li")).to_have_text([f"Asking: {REKOGNITION}"])


def test_a_long_question_that_waits_leaves_the_box_in_sight(visit: Visit) -> None:
    page, box = visit.page, visit.page.get_by_label("Your question")
    with unheard(page):
        enter(page, SEEDS)
        box.fill(LONG)
        page.keyboard.press("Enter")
        expect(page.locator("#queue li")).to_have_count(2)
        expect(box).to_be_in_viewport(ratio=1)
        assert page.locator("#queue").evaluate("queue => queue.offsetHeight") < 160


def test_without_a_server_questions_wait_until_it_is_back(visit: Visit) -> None:
    page, box = visit.page, visit.page.get_by_label("Your question")
    expect(page.locator("gradio-app input[type=file]")).to_be_attached()
    page.context.set_offline(True)
    enter(page, SEEDS)
    expect(page.locator("#box-problem")).to_contain_text("Quoth can’t be reached just now.")
    enter(page, REKOGNITION)
    box.fill("a draft")
    expect(page.locator("#queue li")).to_have_text(
        [re.compile(f"Next: {one}") for one in (SEEDS, REKOGNITION)]
    )
    expect(page.locator(".toast-wrap"), "nothing lies on the tabs").to_be_hidden()
    page.context.set_offline(False)
    expect(page.locator("#turn-2 .actions")).to_be_visible()
    expect(page.locator(".asked")).to_contain_text([SEEDS, REKOGNITION])
    expect(page.locator("#box-problem")).to_be_hidden()
    expect(box).to_have_value("a draft")


def test_a_question_for_which_the_server_was_gone_for_a_moment_is_asked_once_more(visit: Visit) -> None:
    page = visit.page
    tries = 0

    def fail_once(route: Route) -> None:
        nonlocal tries
        if '"history"' not in (route.request.post_data or ""):
            return route.continue_()
        tries += 1
        return route.abort() if tries == 1 else route.continue_()

    page.route("**/queue/join**", fail_once)
    enter(page, SEEDS)
    expect(page.locator("#turn-1 .actions")).to_be_visible()
    assert tries == 2
    page.unroute("**/queue/join**", fail_once)


def test_a_question_that_fails_again_comes_back_with_the_reason(visit: Visit) -> None:
    page = visit.page

    def fail(route: Route) -> None:
        asked = '"history"' in (route.request.post_data or "")
        route.fulfill(status=503, json={"detail": "The server is too busy."}) if asked else route.continue_()

    page.route("**/queue/join**", fail)
    enter(page, SEEDS)
    expect(page.locator("#box-problem")).to_contain_text("busy")
    expect(page.get_by_label("Your question")).to_have_value(SEEDS)
    page.unroute("**/queue/join**", fail)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .actions")).to_be_visible()


def test_after_a_stop_the_next_question_is_asked(visit: Visit) -> None:
    page = visit.page
    with unheard(page) as held:
        enter(page, SEEDS)
        enter(page, REKOGNITION)
        page.keyboard.press("Escape")
        expect(page.locator("#turn-1")).to_contain_text("Stopped before everything was read.")
        expect(page.locator("#queue li:has(button)")).to_have_count(0)
        held.pop(0).abort()
    expect(page.locator("#turn-2 .actions")).to_be_visible()
    expect(page.locator("#turn-2 .asked")).to_contain_text(REKOGNITION)


def test_a_question_that_is_refused_comes_back_before_what_was_typed_since(visit: Visit) -> None:
    page, box = visit.page, visit.page.get_by_label("Your question")
    with unheard(page):
        box.fill(LONG)
        page.keyboard.press("Enter")
        enter(page, SEEDS)
        box.fill("a draft")
    expect(page.locator("#box-problem")).to_be_visible()
    expect(box).to_have_value(f"{LONG}\na draft")
    expect(page.locator("#turn-1 .asked")).to_contain_text(SEEDS)


def test_enter_before_the_page_is_ready_asks_once_it_is(browser: Browser, seeded: Running) -> None:
    page = browser.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.add_init_script(f"({HASTY})({SEEDS!r})")
    page.goto(seeded.url)
    expect(page.locator("#turn-1 .asked")).to_contain_text(SEEDS)
    page.close()


def test_the_page_is_drawn_and_takes_questions_without_a_file_of_gradio_s(
    browser: Browser, seeded: Running
) -> None:
    page = browser.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    held: list[Route] = []
    holding = True

    def hold(route: Route) -> None:
        if holding:
            held.append(route)
        else:
            route.continue_()

    page.route("**/assets/**", hold)
    page.goto(seeded.url, wait_until="commit")
    expect(page.locator("#documents li")).not_to_have_count(0)
    enter(page, SEEDS)
    enter(page, REKOGNITION)
    expect(page.locator("#queue li")).to_contain_text([SEEDS, REKOGNITION])
    early: Any = [{"name": "early.txt", "mimeType": "text/plain", "buffer": b"Early birds sing."}]
    page.set_input_files("#files", early)
    holding = False
    for route in held:
        route.continue_()
    expect(page.locator("#turn-2 .actions")).to_be_visible()
    expect(page.locator(".asked")).to_contain_text([SEEDS, REKOGNITION])
    row = page.locator("ul.documents li", has=page.get_by_text("early.txt", exact=True))
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    page.close()
