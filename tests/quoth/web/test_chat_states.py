"""More states of the page for everyone, in the other colours: search, evaluation, uploads, dialogs."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from qa import Service
from tests.quoth.web.browser import DESKTOP, PHONE, Running, Visit
from tests.quoth.web.live import live
from tests.quoth.web.seed_questions import SEEDS
from tests.quoth.web.test_chat_access import SMALL, show, violations
from tests.quoth.web.test_chat_composer import enter, unheard

QUESTIONS = [
    {"question": SEEDS, "answers": ["minus 18 degrees Celsius"]},
    {"question": "Who deciphered the Rosetta Stone?", "answers": ["nobody at all"]},
    {"question": "Who is the king of Mars?", "answers": []},
]


NOTES: Any = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"The tide turned at noon."}
# Makes the latest answer an unsure one, which a sentence of the first answer stands beside.
UNSURE = """() => {
  const key = Object.keys(localStorage).find(one => one.startsWith("quoth.chat."));
  const chat = JSON.parse(localStorage.getItem(key)), { answer } = chat.turns.at(-1);
  const [other] = chat.turns[0].answer.citations, number = answer.citations.length + 1;
  const { sentence, sentence_start: start, sentence_end: end } = other;
  answer.citations.push({ ...other, number, start, end, quote: sentence });
  Object.assign(answer, { confidence: 0.55, alternatives: [{ text: sentence, citations: [number] }] });
  localStorage.setItem(key, JSON.stringify(chat));
}"""


@contextmanager
def on_its_way(page: Page) -> Iterator[None]:
    """Inside, uploads don't come to an end."""
    held: list[Route] = []
    page.route("**/gradio_api/upload**", lambda route: held.append(route))
    yield
    for route in held:
        route.continue_()
    page.unroute("**/gradio_api/upload**")


def states(visit: Visit, questions: Path) -> Iterator[str]:
    """The page in one state after another."""
    page = visit.page
    on_phone = page.viewport_size == PHONE
    visit.ask(SEEDS)
    with unheard(page):
        enter(page, "What is a seed?")
        enter(page, "And when did it open?")
        expect(page.locator("#queue li:has(button)")).to_contain_text("Next: And when did it open?")
        yield "a question on its way and another one waiting"
        page.keyboard.press("Escape")
        expect(page.locator("#turn-2")).to_contain_text("Stopped before everything was read.")
    expect(page.locator("#turn-3 .actions")).to_be_visible()
    yield "a follow-up after one that was stopped"
    if not on_phone:
        page.locator("#turn-1 .chip").first.hover()
        expect(page.locator("#preview")).to_be_visible()
        yield "a citation looked at"
    page.evaluate(UNSURE)
    page.reload()
    expect(page.locator("#turn-3 .unsure")).to_be_visible()
    expect(page.locator("#turn-3 .others")).to_contain_text("This may answer too")
    yield "an unsure answer with others beside it"
    page.get_by_label("Your question").fill("long " * 5_000)
    page.keyboard.press("Enter")
    expect(page.locator("#box-problem")).to_be_visible()
    yield "a question that is too long"
    page.get_by_label("Your question").fill("")
    if on_phone:
        show(page, "Sources")
    page.locator('[data-beside="searching"]').click()
    page.get_by_label("Search the passages").fill("seed vault")
    expect(page.locator("#hits li").first).to_be_visible()
    yield "search"
    page.locator('[data-beside="evaluating"]').click()
    page.locator(".format summary").click()
    yield "before an evaluation"
    page.locator(".format summary").click()
    with page.expect_file_chooser() as chooser:
        page.locator("#choose-questions").click()
    chooser.value.set_files(questions)
    expect(page.locator(".evaluation")).to_be_visible()
    expect(page.locator(".wrong li")).to_have_count(1)
    yield "an evaluation"
    if on_phone:
        show(page, "Documents")
    page.get_by_label("Find a document").fill("kind=none")
    page.keyboard.press("Enter")
    expect(page.locator("#no-documents")).to_be_visible()
    yield "a filter that fits nothing"
    page.get_by_role("button", name="Remove the filter kind=none").click()
    page.locator("#documents .pick").first.check()
    page.locator("#ask-picked").click()
    expect(page.locator("#chosen")).to_contain_text("Asking 1 document")
    yield "one document alone is asked"
    page.locator("#ask-all").click()
    if on_phone:
        show(page, "Documents")
    page.locator("#remove-picked").click()
    expect(page.locator("#sure")).to_be_visible()
    yield "deleting"
    page.keyboard.press("Escape")
    page.locator("#clear-picked").click()
    with on_its_way(page):
        page.set_input_files("#files", [NOTES])
        expect(page.locator("body")).to_have_class(re.compile("uploading"))
        yield "an upload on its way"
    expect(visit.row("notes.txt")).to_be_visible()
    visit.add(("broken.pdf", b"%PDF-1.4 nothing"), ("more.txt", "The ship sailed on Monday."))
    expect(page.locator(".upload-progress .lost")).to_be_visible()
    yield "an upload with a failure"
    visit.row("notes.txt").locator(".pick").check()
    page.locator("#move-picked").click()
    page.locator("#move-to").fill("ships")
    page.keyboard.press("Enter")
    page.locator('[data-fold="default"]').click()
    expect(page.locator('[data-fold="default"]')).to_have_attribute("aria-expanded", "false")
    yield "collections, one folded"
    page.locator('[data-fold="default"]').click()
    for name in ("more.txt", "notes.txt"):
        visit.row(name).get_by_role("button", name="Delete").click()
        expect(page.locator("#toast")).to_contain_text("1 document deleted.")
        expect(visit.row(name)).to_have_count(0)
    yield "a deletion that can be undone"
    page.context.set_offline(True)
    if on_phone:
        show(page, "Chat")
    expect(page.locator("#box-problem")).to_contain_text("Quoth can’t be reached just now.")
    yield "without a server"


@pytest.mark.parametrize(
    ("viewport", "theme"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["desktop", "phone"]
)
def test_nothing_stands_in_anybody_s_way_in_more_states(
    browser: Browser, seeded: Running, tmp_path: Path, viewport: Any, theme: Any
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join(map(json.dumps, QUESTIONS)))
    visit = Visit(browser, seeded.url, viewport, theme)
    wrong = {}
    for state in states(visit, questions):
        small = visit.page.evaluate(SMALL) if viewport is PHONE else []
        if found := violations(visit.page) + small:
            wrong[state] = found
    assert wrong == {}
    assert visit.errors == []
    visit.page.context.set_offline(False)
    visit.page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_stands_in_anybody_s_way_in_an_empty_library(
    browser: Browser, tmp_path: Path, theme: Any
) -> None:
    viewport: Any = PHONE
    with Service.open(tmp_path / "library") as service, live(service) as server:
        page = browser.new_page(viewport=viewport, color_scheme=theme)
        page.goto(server.url)
        expect(page.locator("#welcome")).to_contain_text("Add a document to begin")
        assert violations(page) + page.evaluate(SMALL) == []
        show(page, "Documents")
        expect(page.locator("#no-documents")).to_have_text("There are no documents yet.")
        assert violations(page) + page.evaluate(SMALL) == []
        page.close()
