"""How soon the page can be used with many documents in the library.

    python -m benchmarks.page_load [--documents 10000] [--visits 5]

Writes to results/page_load.json, for the first visit and for those after it, the seconds from the request for
the page until the list of documents is there and the box for the question takes text, and until Gradio, which
carries what is asked, is there too; then how long finding by name takes, from the last key to the rows found.
The counts depend on no machine: requests and bytes of the first visit, and what of the list is on the page.
The vectors are random: nothing is asked.
"""

import argparse
import os
import statistics
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.common import write
from index import Document, Library
from qa import Service
from quoth.web.chat import serving

CHROMIUM = os.environ.get("QUOTH_CHROMIUM", "/usr/bin/chromium")
PORT = 7868
_READY = """() => document.querySelector('#documents li')
  && document.querySelector('#question')?.checkVisibility() && performance.now()"""

_CONNECTED = "document.querySelector('gradio-app input[type=file]') && performance.now()"
_FETCHED = """() => ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
  .map(one => one.transferSize)"""


def fill(folder: Path, documents: int) -> None:
    """A library of short texts in twenty collections."""
    generator = np.random.default_rng(7)
    with Library.open(folder) as library, library.changing() as store:
        for number in range(documents):
            text = f"Report {number} tells of the {number % 97} ships that called at harbour {number % 13}."
            document = Document(f"report-{number:05d}.txt", text, collection=f"year {2000 + number % 20}")
            vector = generator.normal(size=(1, store.dimension)).astype(np.float32)
            store.add(document, [(0, len(text))], vector / np.linalg.norm(vector))


def visit(page: Page, url: str) -> tuple[float, float]:
    """Seconds until the list is there and the box takes text, and until the page is connected."""
    page.goto(url, wait_until="commit")
    ready, connected = (
        float(page.wait_for_function(what, polling=20).json_value()) / 1000 for what in (_READY, _CONNECTED)
    )
    return ready, connected


def sizes(page: Page) -> dict[str, int]:
    """What a visit has fetched, and what the page is made of."""
    fetched = page.evaluate(_FETCHED)
    return {
        "requests": len(fetched),
        "bytes": sum(fetched),
        "bytes_of_the_page_itself": fetched[0],
        "elements": page.evaluate("document.querySelectorAll('*').length"),
        "rows": page.locator("#documents li").count(),
    }


def find(page: Page, words: str) -> float:
    """Seconds from the last key to the rows found."""
    page.get_by_label("Find a document").fill("")
    page.wait_for_function("document.querySelectorAll('#documents li').length > 50")
    return float(
        page.evaluate(
            """words => new Promise(resolve => {
              const box = document.querySelector('#wanted'), began = performance.now();
              box.value = words;
              box.dispatchEvent(new Event('input', { bubbles: true }));
              const look = () => document.querySelector('#found').textContent.startsWith('1 of')
                ? resolve((performance.now() - began) / 1000) : requestAnimationFrame(look);
              look();
            })""",
            words,
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--visits", type=int, default=5)
    parsed = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder, "library"), parsed.documents)
        with (
            Service.open(Path(folder, "library")) as service,
            serving(service, "127.0.0.1", PORT) as url,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            first, counts = visit(page, url), sizes(page)
            later = [visit(page, url) for _ in range(1, parsed.visits)]
            finds = [find(page, f"report-{number:05d}") for number in (17, 4711, parsed.documents - 1)]
            figures = {
                "documents": parsed.documents,
                "first_visit_seconds": round(first[0], 2),
                "later_visits_seconds": round(statistics.median(ready for ready, _ in later), 2),
                "first_visit_connected_seconds": round(first[1], 2),
                "later_visits_connected_seconds": round(statistics.median(there for _, there in later), 2),
                "finding_by_name_seconds": round(statistics.median(finds), 2),
                "first_visit": counts,
            }
            browser.close()
    write("page_load", figures)


if __name__ == "__main__":
    main()
