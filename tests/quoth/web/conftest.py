"""What starts slowly is started once: one browser, and one server on the seeds, for all tests of the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from qa import Service
from tests.quoth.web.browser import Running, chromium, running
from tests.waiting import PATIENCE


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`python app.py` on a new library; tests leave it with the documents that it came with."""
    with running(tmp_path_factory.mktemp("seeded")) as server:
        yield server


@pytest.fixture(scope="session")
def seeds(seeded: Running) -> Iterator[Service]:
    """The same library seen from another process."""
    with Service.open(seeded.log.parent / "library") as opened:
        assert opened.wait_until_embedded(PATIENCE)
        yield opened
