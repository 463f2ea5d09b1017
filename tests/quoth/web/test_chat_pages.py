"""A PDF in a real browser: its page as it looks with the quote boxed, or its text, as a person chooses."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from qa import Service
from tests.index.loaders.pdf.test_pdf import pdf_of, prose
from tests.quoth.web.browser import PHONE, Running, Visit

KEEPER = "The lighthouse keeper of Port Ellery is called Maud Tennant."
QUESTION = "Who is the lighthouse keeper of Port Ellery?"
FULL = [line for top in range(9) for line in prose(700 - 60 * top, f"Part {top} tells of cranes and sheds.")]
HARBOUR = pdf_of(FULL, FULL, [*FULL, *prose(60, KEEPER)], FULL)
# Whether a picture is there, and with how many pixels.
DRAWN = "image => image.complete && image.naturalWidth"


@pytest.fixture
def visit(browser: Browser, seeded: Running, seeds: Service) -> Iterator[Visit]:
    visit = Visit(browser, seeded.url)
    visit.add(("harbour.pdf", HARBOUR))
    yield visit
    seeds.remove("harbour.pdf")
    assert visit.errors == []
    visit.page.close()


def picture(visit: Visit, page: int) -> Locator:
    return visit.page.locator(f'#viewer [data-page="{page}"] img')


def test_a_quote_is_boxed_on_its_page_and_marked_in_the_text(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.page.locator("#turn-1 .cited").first.click()
    box = visit.page.locator('#viewer [data-page="3"] mark.box')
    expect(box).to_be_in_viewport()
    expect(visit.page.locator("#viewer .at")).to_have_text("Page 3 of 4")
    visit.page.wait_for_function(f"({DRAWN})(document.querySelector('#viewer [data-page=\"3\"] img'))")
    visit.page.get_by_role("button", name="Text", exact=True).click()
    expect(visit.page.locator("#viewer mark").first).to_have_text("Maud Tennant")
    expect(visit.page.locator("#viewer mark").first).to_be_in_viewport()
    visit.page.reload()
    visit.page.locator("#turn-1 .cited").first.click()
    expect(visit.page.locator("#viewer .prose").first).to_be_visible()
    expect(visit.page.get_by_role("button", name="Text", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_words_typed_over_the_pictures_are_found_in_the_text(visit: Visit) -> None:
    visit.row("harbour.pdf").locator(".name").click()
    expect(picture(visit, 1)).to_be_visible()
    visit.page.get_by_label("Find in this document").press_sequentially("lighthouse")
    expect(visit.page.locator("#viewer .found-at")).to_have_text("1 of 1")
    expect(visit.page.get_by_label("Find in this document")).to_have_value("lighthouse")
    expect(visit.page.get_by_label("Find in this document")).to_be_focused()


def test_on_a_phone_a_pdf_opens_as_text_with_its_name_in_view(
    visit: Visit, browser: Browser, seeded: Running
) -> None:
    small = Visit(browser, seeded.url, PHONE)
    small.ask(QUESTION)
    small.page.locator("#turn-1 .cited").first.click()
    expect(small.page.locator("#viewer mark").first).to_be_in_viewport()
    expect(small.page.locator("#viewer h2")).to_be_in_viewport()
    small.page.get_by_role("button", name="Pages", exact=True).click()
    expect(small.page.locator('#viewer [data-page="3"] mark.box')).to_be_in_viewport()
    assert small.errors == []
    small.page.close()
