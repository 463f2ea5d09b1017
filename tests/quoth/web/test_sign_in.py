"""Signing in as a person does it, and what the page offers whom."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.quoth.web.browser import DESKTOP, PHONE
from tests.quoth.web.live import QUESTION, Live, library, live
from tests.quoth.web.test_access import PASSWORD, add_users
from tests.quoth.web.test_chat_access import violations
from tests.waiting import PATIENCE

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with library(tmp_path_factory.mktemp("signing")) as service:
        service.add_documents([("zephyr.txt", "The Zephyr reactor was sealed in Karlsbad.")], "anns-notes")
        assert service.wait_until_embedded(PATIENCE)
        add_users(service.library.folder)
        with live(service) as running:
            yield running


@pytest.fixture
def page(browser: Browser, server: Live) -> Iterator[Page]:
    opened = browser.new_page(viewport=DESKTOP)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(server.url)
    yield opened
    assert errors == []
    opened.close()


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_a_wrong_password_is_said_and_the_right_one_opens_the_chat(page: Page) -> None:
    expect(page).to_have_title("Sign in · Quoth")
    sign_in(page, "ann", "wrong horse")
    expect(page.get_by_role("alert")).to_have_text("That name and password don't belong together.")
    sign_in(page, "ann")
    expect(page.locator("#documents li:not(.group-row)")).to_have_count(2)
    expect(page.get_by_role("button", name="Add files")).to_be_visible()


@pytest.mark.parametrize(("viewport", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_nothing_stands_in_anybody_s_way_on_the_way_in(page: Page, viewport: Any, theme: Any) -> None:
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=theme)
    assert violations(page) == []
    sign_in(page, "dan", "wrong horse")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


def test_a_reader_is_offered_nothing_that_changes_the_library(page: Page) -> None:
    sign_in(page, "cara")
    expect(page.locator("#documents li")).to_have_count(1)
    for unseen in ("#upload", "#documents .ask", "#into", "#part-documents .hint:visible"):
        expect(page.locator(unseen).first).to_be_hidden()
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .actions")).to_be_visible()


def test_two_users_of_one_browser_keep_their_conversations_apart(page: Page) -> None:
    sign_in(page, "ann")
    page.get_by_label("Your question").fill("Where was the Zephyr reactor sealed?")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-1 .actions")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    sign_in(page, "bob")
    expect(page.locator("#documents li")).to_have_count(1)
    expect(page.locator(".turn")).to_have_count(0)
    page.get_by_role("button", name="Chats").click()
    expect(page.locator("#chat-list li")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "ann")
    expect(page.locator("#turn-1 .short")).to_contain_text("Karlsbad")


@pytest.mark.parametrize("path", ["/sign-in", "/openapi"])
def test_the_pages_without_a_script_are_accessible(path: str, browser: Browser, server: Live) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page()
    page.goto(f"{server.url}/sign-in")
    if path == "/openapi":
        sign_in(page, "ann")
        expect(page.locator("#documents li")).not_to_have_count(0)
        page.goto(f"{server.url}{path}")
    for viewport, theme in product((DESKTOP, PHONE), ("light", "dark")):
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("moderate", "serious", "critical")] == []
    page.close()
