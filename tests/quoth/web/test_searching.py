"""Passages without an answer: best first, escaped, with the way to their place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from index import Document
from qa import Service
from qa.access.view import View
from quoth.web.searching import Searching
from tests.quoth.web.browser import Running, Visit
from tests.quoth.web.parsed import HOSTILE, Parsed
from tests.waiting import PATIENCE

EVERYTHING = {"collection": "", "documents": []}


class Event:
    """An event as Gradio hands it on."""

    def __init__(self, **request: Any) -> None:
        self.request = request


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Service.open(tmp_path / "library") as opened:
        opened.add_documents([("vault.txt", "The vault opened in 2008.")])
        opened.add_documents([Document("b.pdf", f"Bees dance.\n{HOSTILE}", pages=(0, 12))], "default")
        assert opened.wait_until_embedded(PATIENCE)
        yield opened


def search(service: Service, **request: Any) -> dict[str, Any]:
    return Searching(View(service)).search(Event(**request))  # type: ignore[arg-type]


def test_the_best_passage_comes_first_with_its_place(service: Service) -> None:
    patch = search(service, words="When did the vault open?", scope=EVERYTHING)
    parsed = Parsed(patch["html"])
    assert patch["status"] == "2 passages, best first"
    assert parsed.text.index("vault.txt") < parsed.text.index("b.pdf")
    assert parsed.attributes["data-places"][0] == "0-25"
    assert "<script>alert(1)</script>" in parsed.text and "script" not in parsed.tags


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"words": "why " * 600, "scope": EVERYTHING}, "at most 2,000"),
        ({"words": 7, "scope": EVERYTHING}, "must be text"),
        ({"words": "vault"}, "can't be searched for"),
        ({"words": "vault", "scope": {"collection": "none", "documents": []}}, "no collection"),
        ({"words": "vault", "scope": {"collection": "", "documents": ["0" * 16]}}, "No passage fits."),
    ],
)
def test_what_cannot_be_searched_for_says_why(service: Service, request_: dict[str, Any], said: str) -> None:
    patch = search(service, **request_)
    assert said in patch["status"] and patch["html"] == ""


def test_passages_follow_what_is_typed_and_open_their_document(browser: Browser, seeded: Running) -> None:
    visit = Visit(browser, seeded.url)
    visit.page.get_by_role("button", name="Search", exact=True).click()
    expect(visit.page.get_by_label("Search the passages")).to_be_focused()
    visit.page.keyboard.type("temperature of the seeds in the vault")
    first = visit.page.locator("#hits li").first
    expect(first).to_contain_text("minus 18 degrees Celsius")
    first.locator(".cited").click()
    expect(visit.page.locator("#viewer mark").first).to_be_in_viewport()
    visit.page.keyboard.press("Escape")
    expect(first.locator(".cited")).to_be_focused()
    visit.page.get_by_role("button", name="Sources", exact=True).click()
    expect(visit.page.locator("#no-sources")).to_be_visible()
    assert visit.errors == []
    visit.page.close()
