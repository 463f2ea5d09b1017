"""The list of documents in a real browser: collections as groups, filters, several at once, undo."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from index import Filter
from qa import Service
from tests.quoth.web.browser import Running, Visit

ANIMALS = {f"{name}.txt": f"The {name} of Titan eats nothing but moonlight." for name in ("quoll", "wombat")}


@pytest.fixture
def visit(browser: Browser, seeded: Running, seeds: Service) -> Iterator[Visit]:
    seeds.add_documents(list(ANIMALS.items()), "animals", {"kind": "marsupial"})
    seeds.add_documents([("newt.txt", "The newt of Titan eats fog.")], "animals", {"kind": "amphibian"})
    visit = Visit(browser, seeded.url)
    yield visit
    for info in seeds.documents():
        if info.name in (*ANIMALS, "newt.txt"):
            seeds.remove(info.id)
    assert visit.errors == []
    visit.page.close()


def test_collections_are_groups_that_fold_and_can_be_asked_alone(visit: Visit) -> None:
    groups = visit.page.locator(".group-row .name")
    expect(groups).to_have_text(["animals", "default"])
    fold = visit.page.locator('[data-fold="animals"]')
    fold.click()
    expect(visit.row("quoll.txt")).to_have_count(0)
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    expect(visit.row("quoll.txt")).to_be_visible()
    visit.page.get_by_role("button", name="Ask only these: animals").click()
    expect(visit.page.get_by_label("Ask within")).to_have_value("animals")
    visit.ask("What does the newt of Titan eat?")
    expect(visit.page.locator("#turn-1 .facts")).to_contain_text("3 documents searched")


def test_a_filter_limits_the_list_and_what_is_asked_until_it_is_removed(visit: Visit) -> None:
    visit.page.get_by_label("Find a document").fill("kind=marsupial")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#documents .pick")).to_have_count(2)
    expect(visit.page.locator("#chosen")).to_contain_text("Asking documents with kind=marsupial")
    visit.ask("What does the quoll of Titan eat?")
    expect(visit.page.locator("#turn-1 .scope")).to_have_text("Asked of documents with kind=marsupial")
    expect(visit.page.locator("#turn-1 .facts")).to_contain_text("2 documents searched")
    visit.page.get_by_role("button", name="Remove the filter kind=marsupial").click()
    expect(visit.row("newt.txt")).to_be_visible()
    expect(visit.page.locator("#chosen")).to_be_hidden()


def test_several_documents_are_moved_deleted_and_brought_back(visit: Visit, seeds: Service) -> None:
    def pick() -> None:
        for name in ANIMALS:
            visit.row(name).locator(".pick").check()

    pick()
    visit.page.locator("#move-picked").click()
    visit.page.locator("#move-to").fill("pouched")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".group-row .name")).to_have_text(["animals", "default", "pouched"])
    assert {info.name for info in seeds.documents(Filter(("pouched",)))} == set(ANIMALS)
    expect(visit.page.locator("#toast")).to_contain_text("2 documents moved.")
    visit.page.get_by_role("button", name="Undo").click()
    expect(visit.page.locator(".group-row .name")).to_have_text(["animals", "default"])
    assert set(ANIMALS) < {info.name for info in seeds.documents(Filter(("animals",)))}
    expect(visit.page.locator("#toast")).to_be_hidden()
    pick()
    visit.page.locator("#remove-picked").click()
    visit.page.locator("#sure-yes").click()
    expect(visit.row("quoll.txt")).to_have_count(0)
    assert [info.name for info in seeds.documents(Filter(("animals",)))] == ["newt.txt"]
    visit.page.reload()
    visit.page.get_by_role("button", name="Undo").click()
    expect(visit.row("quoll.txt")).to_be_visible()
    assert set(ANIMALS) < {info.name for info in seeds.documents(Filter(("animals",)))}
    visit.page.reload()
    expect(visit.row("quoll.txt")).to_be_visible()
    expect(visit.page.locator("#toast")).to_be_hidden()
