"""The chat in a real browser: ask, see the quote in its place, add, ask about it, delete, gone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from qa import Service
from tests.quoth.web.browser import DESKTOP, PHONE, Running, Visit
from tests.quoth.web.seed_questions import REKOGNITION, SEEDS, UNANSWERABLE

HOSTILE_NAME = "<img src=x onerror=hacked()>.txt"
HOSTILE_TEXT = """The purple wombat of Ganymede eats <script>hacked()</script><img src="//evil.example"> ore.
It sleeps [here](javascript:hacked()) for ${hacked()} {{value}} $$x^2$$ nine &lt;b&gt; days.
"""
# The contrast that WCAG asks of text, by the formula it gives.
CONTRASTS = """selectors => {
  const channel = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const parts = color => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const color = parts(getComputedStyle(element).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  return selectors.map(selector => {
    const element = document.querySelector(selector);
    const [a, b] = [luminance(parts(getComputedStyle(element).color)), luminance(behind(element))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
}"""


@pytest.fixture(scope="module")
def server(seeded: Running) -> Running:
    return seeded


@pytest.fixture(scope="module")
def service(seeds: Service) -> Service:
    return seeds


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    visit = Visit(browser, server.url)
    yield visit
    assert visit.hosts <= {urlsplit(server.url).netloc, ""}, "the page asked another machine for something"
    assert visit.errors == []
    visit.page.close()


def test_an_answer_is_marked_where_it_stands_and_its_citation_leads_there(
    visit: Visit, service: Service
) -> None:
    visit.ask(SEEDS)
    citation = service.ask(SEEDS).citations[0]
    source = visit.page.locator("#source-1-1")
    expect(source.locator("mark").first).to_have_text(citation.quote)
    expect(source.locator("h3")).to_have_text(citation.name)
    expect(visit.page.locator("#turn-1 .facts")).to_contain_text(service.ask(SEEDS).certainty.capitalize())
    visit.page.locator("#turn-1 .chip").first.click()
    expect(source).to_be_focused()
    expect(source).to_be_in_viewport()


def test_a_citation_of_an_earlier_answer_brings_its_sources_back(visit: Visit) -> None:
    visit.ask(SEEDS)
    visit.ask(REKOGNITION)
    expect(visit.page.locator("#source-1-1")).to_be_hidden()
    expect(visit.page.locator("#source-2-1")).to_be_visible()
    visit.page.locator("#turn-1 .chip").first.click()
    expect(visit.page.locator("#source-1-1")).to_be_visible()
    expect(visit.page.locator("#source-2-1")).to_be_hidden()


def test_the_document_opens_at_the_place_and_closes_again(visit: Visit) -> None:
    visit.ask(SEEDS)
    opener = visit.page.locator("#source-1-1 [data-document]")
    for _ in range(2):
        opener.click()
        opened = visit.page.get_by_role("region", name="Text of")
        expect(opened.locator("mark").first).to_be_in_viewport()
        expect(opened).to_contain_text("The first withdrawal")
        visit.page.keyboard.press("Escape")
        expect(opened).to_have_count(0)
        expect(opener).to_be_focused()


def test_the_way_back_of_the_browser_closes_the_document(visit: Visit) -> None:
    visit.ask(SEEDS)
    visit.page.locator("#source-1-1 [data-document]").click()
    expect(visit.page.locator("#viewer mark").first).to_be_visible()
    visit.page.go_back()
    expect(visit.page.locator("#viewer .viewer")).to_have_count(0)
    expect(visit.page.locator("#turn-1")).to_be_visible()


def test_words_are_found_in_the_open_document(visit: Visit) -> None:
    visit.row("svalbard-seed-vault.md").locator(".name").click()
    find = visit.page.get_by_label("Find in this document")
    find.fill("WITHDRAWAL")
    expect(visit.page.locator("#viewer .found-at")).to_contain_text("1 of ")
    find.fill("no such words")
    expect(visit.page.locator("#viewer .found-at")).to_have_text("not found")


def test_what_is_not_found_says_so_beside_the_closest_passages(visit: Visit) -> None:
    visit.ask(UNANSWERABLE)
    expect(visit.page.locator("#turn-1")).to_contain_text("No sure answer")
    expect(visit.page.locator("#source-list .closest").first).to_be_visible()


def test_a_question_that_refers_back_shows_how_it_was_understood(visit: Visit) -> None:
    visit.ask(REKOGNITION)
    visit.ask("Why did it do that?")
    expect(visit.page.locator("#turn-2 .understood")).to_contain_text("Rekognition", ignore_case=True)


def test_a_suggestion_is_asked_by_a_click_and_a_new_chat_offers_it_again(visit: Visit) -> None:
    offered = visit.page.locator("#tries button").first
    question = offered.inner_text()
    offered.click()
    expect(visit.page.locator("#turn-1 .actions")).to_be_visible()
    expect(visit.page.locator("#turn-1 .asked")).to_have_text(question)
    expect(visit.page.locator("#turn-1 .certainty"), "it is answered surely").to_be_visible()
    visit.page.get_by_role("button", name="New chat").click()
    expect(visit.page.get_by_role("button", name=question)).to_be_visible()
    expect(visit.page.locator(".turn, .source")).to_have_count(0)


def test_a_document_just_added_comes_with_questions_that_it_answers(visit: Visit, service: Service) -> None:
    visit.add(("pangolin.md", "# Notes\n\nThe Ceres pangolin is a small animal of the dwarf planet Ceres.\n"))
    offered = visit.page.locator("#suggested button", has_text="What is the Ceres pangolin?")
    expect(offered).to_be_visible()
    expect(visit.page.locator("#tries"), "nothing is offered twice").to_be_hidden()
    offered.click()
    expect(visit.page.locator("#source-1-1 h3")).to_have_text("pangolin.md")
    expect(visit.page.locator("#suggested")).to_be_hidden()
    service.remove("pangolin.md")


def test_a_file_is_added_asked_about_deleted_and_gone(visit: Visit) -> None:
    visit.add(
        ("wombat.txt", "The purple wombat of Ganymede eats only basalt. It sleeps a lot."), ("empty.txt", "")
    )
    expect(visit.page.locator(".upload-progress .added")).to_contain_text("wombat.txt")
    expect(visit.page.locator(".upload-progress .failed")).to_contain_text("empty")
    question = "What does the purple wombat of Ganymede eat?"
    visit.ask(question)
    expect(visit.page.locator("#source-1-1 mark")).to_contain_text("basalt")
    row = visit.row("wombat.txt")
    row.get_by_role("button", name="Delete wombat.txt").click()
    expect(row).to_have_count(0)
    visit.page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    expect(visit.page.locator("#groups")).to_contain_text("basalt")
    row.get_by_role("button", name="Delete wombat.txt").click()
    expect(row).to_have_count(0)
    expect(visit.page.locator("#groups")).not_to_contain_text("basalt")
    expect(visit.page.locator("#turn-1 .answer")).not_to_contain_text("basalt")
    visit.ask(question)
    expect(visit.page.locator("#turn-2")).not_to_contain_text("basalt")
    expect(visit.page.locator("#groups")).not_to_contain_text("basalt")


def test_a_question_can_be_asked_within_a_collection(visit: Visit, service: Service) -> None:
    visit.page.get_by_label("Add to collection").fill("animals")
    visit.add(("quoll.txt", "The quoll of Titan eats nothing but moonlight.\n"))
    visit.page.get_by_label("Ask within").select_option("animals")
    visit.ask("What does the quoll of Titan eat?")
    expect(visit.page.locator("#source-1-1 h3")).to_have_text("quoll.txt")
    expect(visit.page.locator("#turn-1 .facts")).to_contain_text("1 document searched")
    service.remove("quoll.txt", "animals")


def test_the_page_about_the_api_shows_its_endpoints(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Use via API").click()
    for endpoint in ("/ask", "/search", "/documents", "/remove", "/add"):
        expect(visit.page.get_by_text(endpoint, exact=True).first).to_be_visible()


def test_dropped_files_are_added_from_anywhere_on_the_page(visit: Visit, service: Service) -> None:
    visit.page.locator("#log").evaluate(
        """element => {
          const carried = new DataTransfer();
          carried.items.add(new File(["The quokka of Saturn sings at noon."], "quokka.txt"));
          const all = { bubbles: true, cancelable: true, dataTransfer: carried };
          for (const kind of ["dragenter", "dragover", "drop"])
            element.dispatchEvent(new DragEvent(kind, all));
        }"""
    )
    expect(visit.row("quokka.txt")).to_be_visible()
    service.remove("quokka.txt")


def test_a_hostile_document_stays_text(visit: Visit, service: Service) -> None:
    visit.page.evaluate("() => { window.hacked = () => { window.wasHacked = true } }")
    visit.add((HOSTILE_NAME, HOSTILE_TEXT))
    visit.ask("What does the purple wombat of Ganymede eat?")
    passage = visit.page.locator("#source-1-1 .passage")
    expect(passage).to_contain_text('<script>hacked()</script><img src="//evil.example"> ore.')
    expect(passage).to_contain_text("${hacked()} {{value}} $$x^2$$ nine &lt;b&gt; days.")
    expect(visit.page.locator("#source-1-1 h3")).to_have_text(HOSTILE_NAME)
    visit.page.locator("#source-1-1 [data-document]").click()
    expect(visit.page.locator("#viewer")).to_contain_text("[here](javascript:hacked())")
    assert visit.page.locator("#panes img, #panes script").count() == 0
    assert visit.page.evaluate("window.wasHacked") is None
    service.remove(HOSTILE_NAME)


def test_a_reload_shows_the_conversation_and_the_documents_again(visit: Visit, service: Service) -> None:
    visit.ask(SEEDS)
    answer = visit.page.locator("#turn-1 .answer").inner_text()
    visit.page.reload()
    expect(visit.page.locator("#documents li")).to_have_count(len(service.documents()))
    expect(visit.page.locator("#turn-1 .answer")).to_have_text(answer, use_inner_text=True)
    expect(visit.page.locator("#source-1-1 mark").first).to_be_visible()


def test_a_conversation_is_deleted_and_brought_back(visit: Visit) -> None:
    visit.ask(SEEDS)
    visit.page.get_by_role("button", name="Chats").click()
    visit.page.get_by_role("button", name=f"Delete {SEEDS}").click()
    expect(visit.page.locator(".turn")).to_have_count(0)
    visit.page.get_by_role("button", name="Undo").click()
    expect(visit.page.locator("#turn-1 .asked")).to_have_text(SEEDS)


def test_an_empty_question_is_not_asked_and_one_too_long_says_so(visit: Visit) -> None:
    box = visit.page.get_by_label("Your question")
    box.fill("   ")
    visit.page.keyboard.press("Enter")
    box.fill("why " * 600)
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#box-problem")).to_contain_text("at most 2,000")
    expect(box).to_have_value("why " * 600)
    expect(visit.page.locator(".turn")).to_have_count(0)


def test_on_a_phone_a_citation_opens_above_the_chat_and_one_part_of_the_page_is_shown(
    browser: Browser, server: Running
) -> None:
    visit = Visit(browser, server.url, PHONE)
    visit.ask(SEEDS)
    visit.page.locator("#turn-1 .chip").first.click()
    expect(visit.page.locator("#sheet mark").first).to_be_in_viewport()
    visit.page.locator("#sheet .close").click()
    expect(visit.page.locator("#sheet")).to_be_hidden()
    for name, pane in (("Sources", "#beside"), ("Documents", "#library"), ("Chat", "#chat")):
        visit.page.get_by_role("button", name=name, exact=True).click()
        for other in ("#beside", "#library", "#chat"):
            expect(visit.page.locator(other)).to_be_visible(visible=other == pane)
    assert visit.errors == []
    visit.page.close()


def test_documents_are_found_by_name(visit: Visit) -> None:
    visit.page.get_by_label("Find a document").press_sequentially("rosetta")
    expect(visit.page.locator("#documents li")).to_have_count(1)
    expect(visit.row("rosetta-stone.md")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_and_is_readable_on_every_screen(
    browser: Browser, server: Running, viewport: Any, theme: Any
) -> None:
    visit = Visit(browser, server.url, viewport, theme)
    visit.ask(SEEDS)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    if viewport is DESKTOP:
        assert visit.page.evaluate("document.documentElement.scrollHeight") == viewport["height"]
    texts = [".asked", ".answer .short", ".answer blockquote", "#turn-1 .facts", "#turn-1 .actions button"]
    texts += [".chip", "#ask", "#new-chat", "#upload", ".brand p", ".brand h1"]
    texts += [".source h3", ".source .number", ".passage", ".passage mark", ".source [data-document]"]
    texts += [".documents .name", ".documents .facts", ".documents .ask"]
    contrasts = dict(zip(texts, visit.page.evaluate(CONTRASTS, texts), strict=True))
    assert {text: round(contrast, 2) for text, contrast in contrasts.items() if contrast < 4.5} == {}
    visit.page.close()
